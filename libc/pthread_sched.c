/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pthread_sched.c - how threads are scheduled; see sched.c.
 *
 * Attributes keep any policy and priority.  A thread can be created or run
 * with SCHED_OTHER alone.
 */
#include "thread.h"

#include <errno.h>
#include <sched.h>

/* Returns 0, or EINVAL: neither. */
int
pthread_attr_setinheritsched(pthread_attr_t *attributes, int inherit)
{
	if (inherit != PTHREAD_INHERIT_SCHED &&
	    inherit != PTHREAD_EXPLICIT_SCHED)
		return EINVAL;
	attributes->__inheritsched = inherit;
	return 0;
}

int
pthread_attr_getinheritsched(
    const pthread_attr_t *restrict attributes, int *restrict inherit)
{
	*inherit = attributes->__inheritsched;
	return 0;
}

static bool
is_policy(int policy)
{
	return policy == SCHED_OTHER || policy == SCHED_FIFO ||
	       policy == SCHED_RR;
}

/* Returns 0, or EINVAL: no such policy. */
int
pthread_attr_setschedpolicy(pthread_attr_t *attributes, int policy)
{
	if (!is_policy(policy))
		return EINVAL;
	attributes->__policy = policy;
	return 0;
}

int
pthread_attr_getschedpolicy(
    const pthread_attr_t *restrict attributes, int *restrict policy)
{
	*policy = attributes->__policy;
	return 0;
}

static bool
has_priority(int policy, int priority)
{
	return priority >= sched_get_priority_min(policy) &&
	       priority <= sched_get_priority_max(policy);
}

/* Returns 0, or EINVAL: no policy has such a priority. */
int
pthread_attr_setschedparam(pthread_attr_t *restrict attributes,
    const struct sched_param *restrict parameters)
{
	int priority = parameters->sched_priority;

	/* The policy may be set later. */
	if (!has_priority(SCHED_OTHER, priority) &&
	    !has_priority(SCHED_FIFO, priority))
		return EINVAL;
	attributes->__priority = priority;
	return 0;
}

int
pthread_attr_getschedparam(const pthread_attr_t *restrict attributes,
    struct sched_param *restrict parameters)
{
	*parameters =
	    (struct sched_param){.sched_priority = attributes->__priority};
	return 0;
}

/* Returns 0; ENOTSUP: PTHREAD_SCOPE_PROCESS; EINVAL: neither. */
int
pthread_attr_setscope(pthread_attr_t *attributes, int scope)
{
	(void)attributes;
	if (scope == PTHREAD_SCOPE_SYSTEM)
		return 0;
	return scope == PTHREAD_SCOPE_PROCESS ? ENOTSUP : EINVAL;
}

int
pthread_attr_getscope(
    const pthread_attr_t *restrict attributes, int *restrict scope)
{
	(void)attributes;
	*scope = PTHREAD_SCOPE_SYSTEM;
	return 0;
}

/*
 * Returns 0 or
 *	ESRCH	no such thread
 *	EINVAL	no such policy, or it has no such priority
 *	EPERM	another policy than SCHED_OTHER
 */
int
pthread_setschedparam(
    pthread_t thread, int policy, const struct sched_param *parameters)
{
	if (__tine_thread_lid(thread) == 0)
		return ESRCH;
	if (!is_policy(policy) ||
	    !has_priority(policy, parameters->sched_priority))
		return EINVAL;
	return policy == SCHED_OTHER ? 0 : EPERM;
}

/* Returns 0 or ESRCH: no such thread. */
int
pthread_getschedparam(pthread_t thread, int *restrict policy,
    struct sched_param *restrict parameters)
{
	if (__tine_thread_lid(thread) == 0)
		return ESRCH;
	*policy = SCHED_OTHER;
	*parameters = (struct sched_param){.sched_priority = 0};
	return 0;
}

/* Returns 0; ESRCH: no such thread; EINVAL: SCHED_OTHER has no such one. */
int
pthread_setschedprio(pthread_t thread, int priority)
{
	const struct sched_param parameters = {.sched_priority = priority};

	return pthread_setschedparam(thread, SCHED_OTHER, &parameters);
}

static int concurrency;

/* A hint that POSIX lets a system ignore, but not forget.  EINVAL: below 0. */
int
pthread_setconcurrency(int level)
{
	if (level < 0)
		return EINVAL;
	concurrency = level;
	return 0;
}

int
pthread_getconcurrency(void)
{
	return concurrency;
}
