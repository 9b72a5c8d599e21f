/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pthread_attr.c - what a thread is to be like.
 */
#include "thread.h"

#include <errno.h>

int
pthread_attr_init(pthread_attr_t *attributes)
{
	*attributes = (pthread_attr_t){
	    .__stacksize = THREAD_STACK_DEFAULT,
	    .__guardsize = THREAD_GUARD_DEFAULT,
	    .__detachstate = PTHREAD_CREATE_JOINABLE,
	    .__inheritsched = PTHREAD_INHERIT_SCHED,
	    .__policy = SCHED_OTHER,
	};
	return 0;
}

int
pthread_attr_destroy(pthread_attr_t *attributes)
{
	(void)attributes;
	return 0;
}

/* Returns 0, or EINVAL: no such state. */
int
pthread_attr_setdetachstate(pthread_attr_t *attributes, int state)
{
	if (state != PTHREAD_CREATE_JOINABLE &&
	    state != PTHREAD_CREATE_DETACHED)
		return EINVAL;
	attributes->__detachstate = state;
	return 0;
}

int
pthread_attr_getdetachstate(const pthread_attr_t *attributes, int *state)
{
	*state = attributes->__detachstate;
	return 0;
}

/*
 * Memory that the thread is to have for its stack, on top of which its
 * thread-local variables will lie.  It is not guarded.  Returns 0, or EINVAL:
 * less than PTHREAD_STACK_MIN.
 */
int
pthread_attr_setstack(pthread_attr_t *attributes, void *stack, size_t size)
{
	if (stack == NULL || size < PTHREAD_STACK_MIN)
		return EINVAL;
	attributes->__stack = stack;
	attributes->__stacksize = size;
	return 0;
}

int
pthread_attr_getstack(const pthread_attr_t *restrict attributes,
    void **restrict stack, size_t *restrict size)
{
	*stack = attributes->__stack;
	*size = attributes->__stacksize;
	return 0;
}

/* Returns 0, or EINVAL: less than PTHREAD_STACK_MIN. */
int
pthread_attr_setstacksize(pthread_attr_t *attributes, size_t size)
{
	if (size < PTHREAD_STACK_MIN)
		return EINVAL;
	attributes->__stacksize = size;
	return 0;
}

int
pthread_attr_getstacksize(
    const pthread_attr_t *restrict attributes, size_t *restrict size)
{
	*size = attributes->__stacksize;
	return 0;
}

/* Rounded up to whole pages; 0: no guard.  EINVAL: absurd. */
int
pthread_attr_setguardsize(pthread_attr_t *attributes, size_t size)
{
	if (size > SIZE_MAX / 4)
		return EINVAL;
	attributes->__guardsize = size;
	return 0;
}

int
pthread_attr_getguardsize(
    const pthread_attr_t *restrict attributes, size_t *restrict size)
{
	*size = attributes->__guardsize;
	return 0;
}
