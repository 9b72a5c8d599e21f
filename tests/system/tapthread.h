/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tapthread.h - what the tests of threads have in common.
 */
#ifndef TINE_TESTS_TAPTHREAD_H
#define TINE_TESTS_TAPTHREAD_H

#include <pthread.h>
#include <stdint.h>

#define THREADS_MAX 16

/* As an argument of a thread. */
#define POINTER(value) ((void *)(uintptr_t)(value))

/* A thread; without one, there is no test. */
pthread_t thread_start(void *(*run)(void *), void *argument);
/* Its result, or -1. */
long thread_join(pthread_t thread);
/* Run so many at once, with arguments from 0 on; the sum of the results. */
long threads_run(int count, void *(*run)(void *));

#endif
