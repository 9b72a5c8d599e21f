/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sem.c - semaphores.
 *
 * The state is two halves: below, the value, on which threads wait while it
 * is 0; above, how many do.  One atomic addition raises the value and tells
 * whether to wake somebody: after it, the semaphore may be gone.
 *
 * Between processes: one that is killed while it waits is counted for good,
 * and posts ask for wakes in vain.
 */
#include "futex.h"
#include "internal.h"
#include "point.h"

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdbool.h>

#define VALUE_MASK 0xfffffffful
#define WAITER (VALUE_MASK + 1)

/* The half that is waited on comes first: the machine is little-endian. */
static const uint32_t *
value_of(const sem_t *sem)
{
	return (const uint32_t *)&sem->__state;
}

/*
 * Returns 0, or -1 with EINVAL: more than SEM_VALUE_MAX.  In memory that is
 * not shared, shared changes nothing: each process has its own after fork().
 */
int
sem_init(sem_t *sem, int shared, unsigned int value)
{
	if (value > SEM_VALUE_MAX)
		return __tine_fail(EINVAL);
	*sem = (sem_t){.__state = value, .__shared = shared != 0};
	return 0;
}

int
sem_destroy(sem_t *sem)
{
	(void)sem;
	return 0;
}

static bool
try(sem_t *sem)
{
	uint64_t old = __atomic_load_n(&sem->__state, __ATOMIC_RELAXED);

	do {
		if ((old & VALUE_MASK) == 0)
			return false;
	} while (!__atomic_compare_exchange_n(&sem->__state, &old, old - 1,
	    false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED));
	return true;
}

/* Returns 0, or -1 with EAGAIN: the value is 0. */
int
sem_trywait(sem_t *sem)
{
	return try(sem) ? 0 : __tine_fail(EAGAIN);
}

/*
 * Who waits is cancelled.  If it was also woken, another is to see the value
 * that is left.
 */
static void
wait_cancel(void *argument)
{
	sem_t *sem = argument;

	__atomic_sub_fetch(&sem->__state, WAITER, __ATOMIC_RELAXED);
	(void)__tine_futex_wake_in(value_of(sem), 1, sem->__shared);
}

/* EINTR: a signal handler ran; ETIMEDOUT. */
static int
wait_until(sem_t *sem, uint64_t deadline)
{
	int error;

	while (!try(sem)) {
		__atomic_add_fetch(&sem->__state, WAITER, __ATOMIC_RELAXED);
		pthread_cleanup_push(wait_cancel, sem);
		error = POINT(__tine_futex_wait_in(
		    value_of(sem), 0, deadline, sem->__shared));
		pthread_cleanup_pop(0);
		__atomic_sub_fetch(&sem->__state, WAITER, __ATOMIC_RELAXED);
		if (error == EINTR || error == ETIMEDOUT)
			return error;
	}
	return 0;
}

/* Returns 0, or -1 with EINTR: a signal handler ran. */
int
sem_wait(sem_t *sem)
{
	point_pass();
	return tine_result(wait_until(sem, PROC_FOREVER));
}

/* As sem_wait(); ETIMEDOUT, EINVAL no such time. */
int
sem_timedwait(sem_t *restrict sem, const struct timespec *restrict time)
{
	uint64_t deadline;
	int error;

	point_pass();
	if (try(sem))
		return 0;
	error = __tine_deadline(CLOCK_REALTIME, time, &deadline);
	if (error == 0)
		error = wait_until(sem, deadline);
	return tine_result(error);
}

/* Returns 0, or -1 with EOVERFLOW.  Signal handlers may call it. */
int
sem_post(sem_t *sem)
{
	uint64_t old = __atomic_load_n(&sem->__state, __ATOMIC_RELAXED);
	bool shared = sem->__shared;

	do {
		if ((old & VALUE_MASK) == SEM_VALUE_MAX)
			return __tine_fail(EOVERFLOW);
	} while (!__atomic_compare_exchange_n(&sem->__state, &old, old + 1,
	    false, __ATOMIC_RELEASE, __ATOMIC_RELAXED));
	if (old >= WAITER)
		(void)__tine_futex_wake_in(value_of(sem), 1, shared);
	return 0;
}

int
sem_getvalue(sem_t *restrict sem, int *restrict value)
{
	uint64_t state = __atomic_load_n(&sem->__state, __ATOMIC_RELAXED);

	*value = (int)(state & VALUE_MASK);
	return 0;
}
