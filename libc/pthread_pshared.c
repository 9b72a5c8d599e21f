/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pthread_pshared.c - whether locks are shared between processes; protocols.
 *
 * A shared lock is to lie in memory that the processes share; elsewhere it is
 * each process's own.  Where all threads have one priority, none is inherited
 * or raised.
 */
#include <errno.h>
#include <pthread.h>

/* Returns 0, or EINVAL: neither PRIVATE nor SHARED. */
static int
set_shared(int *value, int shared)
{
	if (shared != PTHREAD_PROCESS_PRIVATE &&
	    shared != PTHREAD_PROCESS_SHARED)
		return EINVAL;
	*value = shared;
	return 0;
}

/* For each kind of lock a pair of functions, which return what is above. */
#define SHARED(kind) \
	int pthread_##kind##_setpshared( \
	    pthread_##kind##_t *attributes, int shared) \
	{ \
		return set_shared(&attributes->__shared, shared); \
	} \
\
	int pthread_##kind##_getpshared( \
	    const pthread_##kind##_t *restrict attributes, \
	    int *restrict shared) \
	{ \
		*shared = attributes->__shared; \
		return 0; \
	}

/* clang-format off */
SHARED(mutexattr)
SHARED(condattr)
SHARED(rwlockattr)
SHARED(barrierattr)
/* clang-format on */

int
pthread_barrierattr_init(pthread_barrierattr_t *attributes)
{
	attributes->__shared = PTHREAD_PROCESS_PRIVATE;
	return 0;
}

int
pthread_barrierattr_destroy(pthread_barrierattr_t *attributes)
{
	(void)attributes;
	return 0;
}

/* Returns 0; ENOTSUP: another than PTHREAD_PRIO_NONE; EINVAL: none at all. */
int
pthread_mutexattr_setprotocol(pthread_mutexattr_t *attributes, int protocol)
{
	(void)attributes;
	switch (protocol) {
	case PTHREAD_PRIO_NONE:
		return 0;
	case PTHREAD_PRIO_INHERIT:
	case PTHREAD_PRIO_PROTECT:
		return ENOTSUP;
	default:
		return EINVAL;
	}
}

int
pthread_mutexattr_getprotocol(
    const pthread_mutexattr_t *restrict attributes, int *restrict protocol)
{
	(void)attributes;
	*protocol = PTHREAD_PRIO_NONE;
	return 0;
}
