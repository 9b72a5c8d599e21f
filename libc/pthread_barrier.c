/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pthread_barrier.c - where threads wait until all have come.
 *
 * The last one to come may destroy the barrier while the others are still
 * leaving.  So destroying waits until nobody is inside, and the last access
 * of whoever leaves is to count itself out.
 */
#include "futex.h"

#include <errno.h>
#include <pthread.h>

/* In __inside: somebody waits to destroy it. */
#define DOOMED 0x80000000u

/* Returns 0, or EINVAL: for nobody. */
int
pthread_barrier_init(pthread_barrier_t *restrict barrier,
    const pthread_barrierattr_t *restrict attributes, unsigned int count)
{
	if (count == 0)
		return EINVAL;
	*barrier = (pthread_barrier_t){.__limit = count};
	if (attributes != NULL)
		barrier->__shared = attributes->__shared;
	return 0;
}

/* Returns 0, or EBUSY: threads wait for others to come. */
int
pthread_barrier_destroy(pthread_barrier_t *barrier)
{
	uint32_t inside;

	if (__atomic_load_n(&barrier->__arrived, __ATOMIC_RELAXED) != 0)
		return EBUSY;
	inside =
	    __atomic_or_fetch(&barrier->__inside, DOOMED, __ATOMIC_ACQUIRE);
	while (inside != DOOMED) {
		(void)__tine_futex_wait_in(&barrier->__inside, inside,
		    PROC_FOREVER, barrier->__shared);
		inside = __atomic_load_n(&barrier->__inside, __ATOMIC_ACQUIRE);
	}
	return 0;
}

static void
leave(pthread_barrier_t *barrier)
{
	bool shared = barrier->__shared;
	uint32_t inside;

	inside = __atomic_sub_fetch(&barrier->__inside, 1, __ATOMIC_RELEASE);
	if (inside == DOOMED)
		(void)__tine_futex_wake_in(
		    &barrier->__inside, FUTEX_ALL, shared);
}

/* Returns 0, but PTHREAD_BARRIER_SERIAL_THREAD in one of the threads. */
int
pthread_barrier_wait(pthread_barrier_t *barrier)
{
	uint32_t turn, arrived;
	int result = 0;

	__atomic_add_fetch(&barrier->__inside, 1, __ATOMIC_RELAXED);
	turn = __atomic_load_n(&barrier->__turn, __ATOMIC_RELAXED);
	/* Each thread passes on what it and all before it have written. */
	arrived = __atomic_add_fetch(&barrier->__arrived, 1, __ATOMIC_ACQ_REL);
	if (arrived == barrier->__limit) {
		__atomic_store_n(&barrier->__arrived, 0, __ATOMIC_RELAXED);
		__atomic_store_n(&barrier->__turn, turn + 1, __ATOMIC_RELEASE);
		(void)__tine_futex_wake_in(
		    &barrier->__turn, FUTEX_ALL, barrier->__shared);
		result = PTHREAD_BARRIER_SERIAL_THREAD;
	}
	while (__atomic_load_n(&barrier->__turn, __ATOMIC_ACQUIRE) == turn)
		(void)__tine_futex_wait_in(
		    &barrier->__turn, turn, PROC_FOREVER, barrier->__shared);
	leave(barrier);
	return result;
}
