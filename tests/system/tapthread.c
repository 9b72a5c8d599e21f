/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tapthread.c - what the tests of threads have in common; see tapthread.h.
 */
#include "tapthread.h"

#include <err.h>
#include <string.h>

pthread_t
thread_start(void *(*run)(void *), void *argument)
{
	pthread_t thread;
	int error;

	/* Which leaves errno alone; so do we. */
	error = pthread_create(&thread, NULL, run, argument);
	if (error)
		errx(1, "pthread_create: %s", strerror(error));
	return thread;
}

long
thread_join(pthread_t thread)
{
	void *result;

	return pthread_join(thread, &result) == 0 ? (long)result : -1;
}

long
threads_run(int count, void *(*run)(void *))
{
	pthread_t threads[THREADS_MAX];
	long sum = 0;

	for (long i = 0; i < count; i++)
		threads[i] = thread_start(run, (void *)i);
	for (int i = 0; i < count; i++)
		sum += thread_join(threads[i]);
	return sum;
}
