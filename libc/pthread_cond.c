/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pthread_cond.c - condition variables.
 *
 * The state is two halves: below, a number that each signal and broadcast
 * changes, on which threads wait; above, how many have come to wait since
 * the last time that there were none, so that a signal for nobody costs
 * nothing.  A thread comes while it has the mutex, and reads the number.  It
 * is asleep on that number, or on its way to sleep on it, in which case a
 * change of the number keeps it awake.
 *
 * After its sleep a thread does not touch the state: whoever woke it may have
 * destroyed it already.  So the upper half goes back to zero when a broadcast
 * wakes all, or a signal finds nobody to wake and nobody has come meanwhile.
 */
#include "futex.h"
#include "mutex.h"
#include "point.h"

#include <errno.h>
#include <limits.h>
#include <pthread.h>

#define NUMBER_MASK 0xfffffffful
#define COMER (NUMBER_MASK + 1)

/* The half that is waited on comes first: the machine is little-endian. */
static const uint32_t *
number_of(const pthread_cond_t *cond)
{
	return (const uint32_t *)&cond->__state;
}

static bool
state_change(pthread_cond_t *cond, uint64_t *old, uint64_t new)
{
	return __atomic_compare_exchange_n(&cond->__state, old, new, false,
	    __ATOMIC_RELAXED, __ATOMIC_RELAXED);
}

int
pthread_cond_init(pthread_cond_t *restrict cond,
    const pthread_condattr_t *restrict attributes)
{
	*cond = (pthread_cond_t)PTHREAD_COND_INITIALIZER;
	if (attributes != NULL) {
		cond->__clock = attributes->__clock;
		cond->__shared = attributes->__shared;
	}
	return 0;
}

int
pthread_cond_destroy(pthread_cond_t *cond)
{
	(void)cond;
	return 0;
}

/* Note that the caller will wait; the number to wait on. */
static uint32_t
come(pthread_cond_t *cond)
{
	uint64_t old = __atomic_load_n(&cond->__state, __ATOMIC_RELAXED);
	uint64_t new;

	do {
		new = old + COMER;
		/* Rather one too few than none at all. */
		if (new < COMER)
			new = old;
	} while (!state_change(cond, &old, new));
	return (uint32_t)(new &NUMBER_MASK);
}

/* What a thread has to do after its wait. */
struct wait {
	pthread_cond_t *cond;
	pthread_mutex_t *mutex;
	uint32_t depth;
	bool shared;
};

static void
wait_end(const struct wait *wait)
{
	(void)__tine_mutex_take(wait->mutex, PROC_FOREVER);
	wait->mutex->__depth = wait->depth;
}

/*
 * It is cancelled.  If it was also woken, another is to have that: one that
 * sleeps, as whoever is on its way to sleep has seen the number change.
 */
static void
wait_cancel(void *argument)
{
	const struct wait *wait = argument;

	(void)__tine_futex_wake_in(number_of(wait->cond), 1, wait->shared);
	wait_end(wait);
}

static int
wait_until(pthread_cond_t *cond, pthread_mutex_t *mutex, uint64_t deadline)
{
	struct wait wait = {cond, mutex, mutex->__depth, cond->__shared};
	uint32_t number;
	int error;

	if (mutex->__type != PTHREAD_MUTEX_NORMAL &&
	    !__tine_mutex_is_mine(mutex))
		return EPERM;
	number = come(cond);
	mutex->__depth = 0;
	__tine_mutex_drop(mutex);
	pthread_cleanup_push(wait_cancel, &wait);
	error = POINT(__tine_futex_wait_in(
	    number_of(cond), number, deadline, wait.shared));
	pthread_cleanup_pop(0);
	wait_end(&wait);
	return error == ETIMEDOUT ? error : 0;
}

/*
 * Give the mutex back, wait, take it again.  Returns 0, also when nobody has
 * signalled: a handler may have run; or EPERM: the caller does not have the
 * mutex.
 */
int
pthread_cond_wait(
    pthread_cond_t *restrict cond, pthread_mutex_t *restrict mutex)
{
	return wait_until(cond, mutex, PROC_FOREVER);
}

/* As pthread_cond_wait(); ETIMEDOUT, EINVAL no such time. */
int
pthread_cond_timedwait(pthread_cond_t *restrict cond,
    pthread_mutex_t *restrict mutex, const struct timespec *restrict time)
{
	uint64_t deadline;
	int error;

	error =
	    __tine_deadline(cond->__clock != 0 ? cond->__clock : CLOCK_REALTIME,
		time, &deadline);
	return error ? error : wait_until(cond, mutex, deadline);
}

int
pthread_cond_signal(pthread_cond_t *cond)
{
	uint64_t old = __atomic_load_n(&cond->__state, __ATOMIC_RELAXED);
	bool shared = cond->__shared;
	uint64_t new;

	do {
		if (old < COMER)
			return 0;
		new = (old & ~NUMBER_MASK) | ((old + 1) & NUMBER_MASK);
	} while (!state_change(cond, &old, new));
	if (__tine_futex_wake_in(number_of(cond), 1, shared) == 0)
		(void)state_change(cond, &new, new &NUMBER_MASK);
	return 0;
}

int
pthread_cond_broadcast(pthread_cond_t *cond)
{
	uint64_t old = __atomic_load_n(&cond->__state, __ATOMIC_RELAXED);
	bool shared = cond->__shared;

	do {
		if (old < COMER)
			return 0;
	} while (!state_change(cond, &old, (old + 1) & NUMBER_MASK));
	(void)__tine_futex_wake_in(number_of(cond), FUTEX_ALL, shared);
	return 0;
}

int
pthread_condattr_init(pthread_condattr_t *attributes)
{
	*attributes = (pthread_condattr_t){.__clock = CLOCK_REALTIME};
	return 0;
}

int
pthread_condattr_destroy(pthread_condattr_t *attributes)
{
	(void)attributes;
	return 0;
}

/* Returns 0, or EINVAL: not a clock to wait by. */
int
pthread_condattr_setclock(pthread_condattr_t *attributes, clockid_t clock)
{
	if (clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC)
		return EINVAL;
	attributes->__clock = clock;
	return 0;
}

int
pthread_condattr_getclock(
    const pthread_condattr_t *restrict attributes, clockid_t *restrict clock)
{
	*clock = attributes->__clock;
	return 0;
}
