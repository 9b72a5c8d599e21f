/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mutex.h - mutexes as condition variables use them.
 */
#ifndef TINE_LIBC_MUTEX_H
#define TINE_LIBC_MUTEX_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

/* Whether the caller has it.  One that is shared and NORMAL does not know. */
bool __tine_mutex_is_mine(const pthread_mutex_t *mutex);

/* Take one that the caller has not; 0 or ETIMEDOUT. */
int __tine_mutex_take(pthread_mutex_t *mutex, uint64_t deadline);

/* Give it back, however often its owner took it. */
void __tine_mutex_drop(pthread_mutex_t *mutex);

#endif
