/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pthread_once.c - what is to be done once, by whoever comes first.
 */
#include "futex.h"

#include <pthread.h>
#include <stdbool.h>

enum once_state {
	ONCE_NEW = 0, /* PTHREAD_ONCE_INIT */
	ONCE_RUNNING,
	ONCE_AWAITED, /* running, and somebody waits for its end */
	ONCE_DONE,
};

static bool
state_change(pthread_once_t *once, uint32_t *old, uint32_t new)
{
	return __atomic_compare_exchange_n(&once->__state, old, new, false,
	    __ATOMIC_ACQUIRE, __ATOMIC_ACQUIRE);
}

static void
once_run(pthread_once_t *once, void (*routine)(void))
{
	routine();
	if (__atomic_exchange_n(&once->__state, ONCE_DONE, __ATOMIC_RELEASE) ==
	    ONCE_AWAITED)
		(void)__tine_futex_wake(&once->__state, FUTEX_ALL);
}

/* Run routine, unless that was done already.  On return it has run. */
int
pthread_once(pthread_once_t *once, void (*routine)(void))
{
	uint32_t state = __atomic_load_n(&once->__state, __ATOMIC_ACQUIRE);

	while (state != ONCE_DONE) {
		if (state == ONCE_NEW &&
		    state_change(once, &state, ONCE_RUNNING)) {
			once_run(once, routine);
			return 0;
		}
		if (state == ONCE_RUNNING)
			(void)state_change(once, &state, ONCE_AWAITED);
		else if (state == ONCE_AWAITED)
			(void)__tine_futex_wait(
			    &once->__state, ONCE_AWAITED, PROC_FOREVER);
		state = __atomic_load_n(&once->__state, __ATOMIC_ACQUIRE);
	}
	return 0;
}
