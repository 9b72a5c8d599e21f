/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rename.h - our pthread.h and semaphore.h beside the host's.
 *
 * Included before all else in the files of libc that are tested, and in the
 * test: the host's headers, some of which define types of pthread.h, and then
 * other names for ours.
 */
#ifndef TINE_TESTS_RENAME_H
#define TINE_TESTS_RENAME_H

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/types.h>
#include <time.h>

/* The host has these. */
#undef SEM_VALUE_MAX
#undef PTHREAD_STACK_MIN
#undef PTHREAD_KEYS_MAX
#undef PTHREAD_CANCELED
#undef PTHREAD_DESTRUCTOR_ITERATIONS

#define getpid tine_getpid
#define pthread_t tine_pthread_t
#define pthread_key_t tine_pthread_key_t
#define pthread_spinlock_t tine_pthread_spinlock_t
#define pthread_attr_t tine_pthread_attr_t
#define pthread_mutex_t tine_pthread_mutex_t
#define pthread_mutexattr_t tine_pthread_mutexattr_t
#define pthread_cond_t tine_pthread_cond_t
#define pthread_condattr_t tine_pthread_condattr_t
#define pthread_rwlock_t tine_pthread_rwlock_t
#define pthread_rwlockattr_t tine_pthread_rwlockattr_t
#define pthread_barrier_t tine_pthread_barrier_t
#define pthread_barrierattr_t tine_pthread_barrierattr_t
#define pthread_once_t tine_pthread_once_t

#define pthread_mutex_init tine_pthread_mutex_init
#define pthread_mutex_destroy tine_pthread_mutex_destroy
#define pthread_mutex_lock tine_pthread_mutex_lock
#define pthread_mutex_trylock tine_pthread_mutex_trylock
#define pthread_mutex_timedlock tine_pthread_mutex_timedlock
#define pthread_mutex_unlock tine_pthread_mutex_unlock
#define pthread_mutexattr_init tine_pthread_mutexattr_init
#define pthread_mutexattr_destroy tine_pthread_mutexattr_destroy
#define pthread_mutexattr_settype tine_pthread_mutexattr_settype
#define pthread_mutexattr_gettype tine_pthread_mutexattr_gettype
#define pthread_cond_init tine_pthread_cond_init
#define pthread_cond_destroy tine_pthread_cond_destroy
#define pthread_cond_wait tine_pthread_cond_wait
#define pthread_cond_timedwait tine_pthread_cond_timedwait
#define pthread_cond_signal tine_pthread_cond_signal
#define pthread_cond_broadcast tine_pthread_cond_broadcast
#define pthread_condattr_init tine_pthread_condattr_init
#define pthread_condattr_destroy tine_pthread_condattr_destroy
#define pthread_condattr_setclock tine_pthread_condattr_setclock
#define pthread_condattr_getclock tine_pthread_condattr_getclock
#define pthread_rwlock_init tine_pthread_rwlock_init
#define pthread_rwlock_destroy tine_pthread_rwlock_destroy
#define pthread_rwlock_rdlock tine_pthread_rwlock_rdlock
#define pthread_rwlock_tryrdlock tine_pthread_rwlock_tryrdlock
#define pthread_rwlock_timedrdlock tine_pthread_rwlock_timedrdlock
#define pthread_rwlock_wrlock tine_pthread_rwlock_wrlock
#define pthread_rwlock_trywrlock tine_pthread_rwlock_trywrlock
#define pthread_rwlock_timedwrlock tine_pthread_rwlock_timedwrlock
#define pthread_rwlock_unlock tine_pthread_rwlock_unlock
#define pthread_rwlockattr_init tine_pthread_rwlockattr_init
#define pthread_rwlockattr_destroy tine_pthread_rwlockattr_destroy
#define pthread_barrier_init tine_pthread_barrier_init
#define pthread_barrier_destroy tine_pthread_barrier_destroy
#define pthread_barrier_wait tine_pthread_barrier_wait
#define pthread_mutexattr_setpshared tine_pthread_mutexattr_setpshared
#define pthread_mutexattr_getpshared tine_pthread_mutexattr_getpshared
#define pthread_condattr_setpshared tine_pthread_condattr_setpshared
#define pthread_condattr_getpshared tine_pthread_condattr_getpshared
#define pthread_rwlockattr_setpshared tine_pthread_rwlockattr_setpshared
#define pthread_rwlockattr_getpshared tine_pthread_rwlockattr_getpshared
#define pthread_barrierattr_setpshared tine_pthread_barrierattr_setpshared
#define pthread_barrierattr_getpshared tine_pthread_barrierattr_getpshared
#define pthread_barrierattr_init tine_pthread_barrierattr_init
#define pthread_barrierattr_destroy tine_pthread_barrierattr_destroy
#define pthread_mutexattr_setprotocol tine_pthread_mutexattr_setprotocol
#define pthread_mutexattr_getprotocol tine_pthread_mutexattr_getprotocol
#define pthread_once tine_pthread_once
#define sem_t tine_sem_t
#define sem_init tine_sem_init
#define sem_destroy tine_sem_destroy
#define sem_wait tine_sem_wait
#define sem_trywait tine_sem_trywait
#define sem_timedwait tine_sem_timedwait
#define sem_post tine_sem_post
#define sem_getvalue tine_sem_getvalue

#endif
