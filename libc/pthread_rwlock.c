/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pthread_rwlock.c - locks for many readers or one writer.
 *
 * A reader waits only for a writer that has the lock, not for one that waits:
 * so a thread may read twice.  Readers without end keep writers waiting.
 *
 * The state is the number of readers, or WRITER; AWAITED: somebody sleeps
 * until the lock is free.
 */
#include "owner.h"

#include <errno.h>
#include <pthread.h>

#define WRITER 0x80000000u
#define AWAITED 0x40000000u
#define READERS_MAX (AWAITED - 1)

int
pthread_rwlock_init(pthread_rwlock_t *restrict lock,
    const pthread_rwlockattr_t *restrict attributes)
{
	*lock = (pthread_rwlock_t)PTHREAD_RWLOCK_INITIALIZER;
	if (attributes != NULL)
		lock->__shared = attributes->__shared;
	return 0;
}

/* Returns 0, or EBUSY: it is locked. */
int
pthread_rwlock_destroy(pthread_rwlock_t *lock)
{
	return __atomic_load_n(&lock->__state, __ATOMIC_RELAXED) ? EBUSY : 0;
}

static bool
state_change(pthread_rwlock_t *lock, uint32_t *old, uint32_t new)
{
	return __atomic_compare_exchange_n(&lock->__state, old, new, false,
	    __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}

/* Returns 0, EBUSY, or EAGAIN: too many readers. */
int
pthread_rwlock_tryrdlock(pthread_rwlock_t *lock)
{
	uint32_t old = __atomic_load_n(&lock->__state, __ATOMIC_RELAXED);

	do {
		if (old & WRITER)
			return EBUSY;
		if ((old & READERS_MAX) == READERS_MAX)
			return EAGAIN;
	} while (!state_change(lock, &old, old + 1));
	return 0;
}

/* Returns 0 or EBUSY. */
int
pthread_rwlock_trywrlock(pthread_rwlock_t *lock)
{
	uint32_t old = __atomic_load_n(&lock->__state, __ATOMIC_RELAXED);

	do {
		if (old & ~AWAITED)
			return EBUSY;
	} while (!state_change(lock, &old, old | WRITER));
	owner_set(&lock->__writer, lock->__shared);
	return 0;
}

static int
lock_until(
    pthread_rwlock_t *lock, int (*try)(pthread_rwlock_t *), uint64_t deadline)
{
	uint32_t seen;
	int error;

	while ((error = try(lock)) == EBUSY) {
		if (owner_is_self(&lock->__writer, lock->__shared))
			return EDEADLK;
		seen = __atomic_load_n(&lock->__state, __ATOMIC_RELAXED);
		if ((seen & ~AWAITED) == 0)
			continue;
		if (!(seen & AWAITED) &&
		    !state_change(lock, &seen, seen | AWAITED))
			continue;
		if (__tine_futex_wait_in(&lock->__state, seen | AWAITED,
			deadline, lock->__shared) == ETIMEDOUT)
			return ETIMEDOUT;
	}
	return error;
}

static int
lock_before(pthread_rwlock_t *lock, int (*try)(pthread_rwlock_t *),
    const struct timespec *time)
{
	uint64_t deadline;
	int error;

	error = try(lock);
	if (error != EBUSY)
		return error;
	error = __tine_deadline(CLOCK_REALTIME, time, &deadline);
	return error ? error : lock_until(lock, try, deadline);
}

/* Returns 0, EDEADLK (the caller writes), or EAGAIN: too many readers. */
int
pthread_rwlock_rdlock(pthread_rwlock_t *lock)
{
	return lock_until(lock, pthread_rwlock_tryrdlock, PROC_FOREVER);
}

/* As pthread_rwlock_rdlock(); ETIMEDOUT, EINVAL no such time. */
int
pthread_rwlock_timedrdlock(
    pthread_rwlock_t *restrict lock, const struct timespec *restrict time)
{
	return lock_before(lock, pthread_rwlock_tryrdlock, time);
}

/* Returns 0, or EDEADLK: the caller writes already. */
int
pthread_rwlock_wrlock(pthread_rwlock_t *lock)
{
	return lock_until(lock, pthread_rwlock_trywrlock, PROC_FOREVER);
}

/* As pthread_rwlock_wrlock(); ETIMEDOUT, EINVAL no such time. */
int
pthread_rwlock_timedwrlock(
    pthread_rwlock_t *restrict lock, const struct timespec *restrict time)
{
	return lock_before(lock, pthread_rwlock_trywrlock, time);
}

/* Returns 0, or EPERM: nobody has it, or another thread writes. */
int
pthread_rwlock_unlock(pthread_rwlock_t *lock)
{
	uint32_t old = __atomic_load_n(&lock->__state, __ATOMIC_RELAXED);
	bool shared = lock->__shared;
	uint32_t new;

	if ((old & ~AWAITED) == 0)
		return EPERM;
	if (old & WRITER) {
		if (!owner_is_self(&lock->__writer, lock->__shared))
			return EPERM;
		owner_clear(&lock->__writer);
	}
	do {
		new = old &WRITER ? 0 : old - 1;
		if ((new &READERS_MAX) == 0)
			new = 0;
	} while (!__atomic_compare_exchange_n(&lock->__state, &old, new, false,
	    __ATOMIC_RELEASE, __ATOMIC_RELAXED));
	if (new == 0 && (old & AWAITED))
		(void)__tine_futex_wake_in(&lock->__state, FUTEX_ALL, shared);
	return 0;
}

int
pthread_rwlockattr_init(pthread_rwlockattr_t *attributes)
{
	attributes->__shared = PTHREAD_PROCESS_PRIVATE;
	return 0;
}

int
pthread_rwlockattr_destroy(pthread_rwlockattr_t *attributes)
{
	(void)attributes;
	return 0;
}
