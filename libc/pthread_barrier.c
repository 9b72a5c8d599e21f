/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pthread_barrier.c - where threads wait until all have come.
 *
 * The state is two halves: below, the number of the turn, on which threads
 * wait; above, how many have come in this turn.  They change at once, so that
 * who comes while a turn ends belongs to the next.
 *
 * The last one to come may destroy the barrier while the others are still
 * leaving.  So destroying waits until nobody is inside, and the last access
 * of whoever leaves is to count itself out.  One that is killed inside never
 * does.
 */
#include "futex.h"

#include <errno.h>
#include <pthread.h>

/* In __inside: somebody waits to destroy it. */
#define DOOMED 0x80000000u

#define ARRIVAL 0x100000000ul

/* The half that is waited on comes first: the machine is little-endian. */
static const uint32_t *
turn_of(const pthread_barrier_t *barrier)
{
	return (const uint32_t *)&barrier->__state;
}

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

	if (__atomic_load_n(&barrier->__state, __ATOMIC_RELAXED) >= ARRIVAL)
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

/* Come; the turn.  *last: all have come, and the turn is over. */
static uint32_t
arrive(pthread_barrier_t *barrier, bool *last)
{
	uint64_t old = __atomic_load_n(&barrier->__state, __ATOMIC_RELAXED);
	uint64_t new;

	/* Each thread passes on what it and all before it have written. */
	do {
		new = old + ARRIVAL;
		*last = new / ARRIVAL == barrier->__limit;
		if (*last)
			new = (uint32_t)old + 1u;
	} while (!__atomic_compare_exchange_n(&barrier->__state, &old, new,
	    false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED));
	return (uint32_t)old;
}

/* Returns 0, but PTHREAD_BARRIER_SERIAL_THREAD in one of the threads. */
int
pthread_barrier_wait(pthread_barrier_t *barrier)
{
	bool shared = barrier->__shared;
	uint32_t turn;
	bool last;

	__atomic_add_fetch(&barrier->__inside, 1, __ATOMIC_RELAXED);
	turn = arrive(barrier, &last);
	if (last)
		(void)__tine_futex_wake_in(turn_of(barrier), FUTEX_ALL, shared);
	else
		while (
		    __atomic_load_n(turn_of(barrier), __ATOMIC_ACQUIRE) == turn)
			(void)__tine_futex_wait_in(
			    turn_of(barrier), turn, PROC_FOREVER, shared);
	leave(barrier);
	return last ? PTHREAD_BARRIER_SERIAL_THREAD : 0;
}
