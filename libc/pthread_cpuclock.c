/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pthread_cpuclock.c - the clock of the time that a thread ran.
 */
#include "cpuclock.h"
#include "thread.h"

#include <errno.h>
#include <pthread.h>

/* Returns 0, or ESRCH: there is no such thread. */
int
pthread_getcpuclockid(pthread_t thread, clockid_t *clock)
{
	int32_t lid = __tine_thread_lid(thread);

	if (lid == 0)
		return ESRCH;
	*clock = CPUCLOCK_THREAD | (clockid_t)lid;
	return 0;
}
