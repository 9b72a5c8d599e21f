/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lock.h - the one lock, and what clang's -Wthread-safety needs to know.
 *
 * kernel_lock guards everything that harts share.  It is taken after a trap
 * has saved the user's registers, and dropped before they are put back; no
 * kernel code runs user code or waits while it holds it.
 */
#pragma once

#include <abi/types.h>

#ifdef __clang__
#define SAFETY(attribute) __attribute__((attribute))
#else
#define SAFETY(attribute)
#endif
#define GUARDED_BY(lock) SAFETY(guarded_by(lock))
#define REQUIRES(lock) SAFETY(requires_capability(lock))
#define ACQUIRES(lock) SAFETY(acquire_capability(lock))
#define RELEASES(lock) SAFETY(release_capability(lock))
#define UNCHECKED SAFETY(no_thread_safety_analysis)

#define MUST_CHECK __attribute__((warn_unused_result))

struct SAFETY(capability("lock")) lock {
	uint64_t held;
};

extern struct lock kernel_lock;

/* What most functions need of their caller. */
#define LOCKED REQUIRES(kernel_lock)

/*
 * Take the lock, and 0, if it is free.  Acquire pairs with the release in
 * lock_release(), so that what the last holder wrote is seen.
 */
static inline __attribute__((always_inline)) uint64_t
lock_try(struct lock *lock) UNCHECKED
{
	return __atomic_exchange_n(&lock->held, 1, __ATOMIC_ACQUIRE);
}

/* Wait for the lock, and do meanwhile what its holder may ask of us. */
void lock_wait(struct lock *lock) ACQUIRES(lock);

static inline __attribute__((always_inline)) void
lock_acquire(struct lock *lock) ACQUIRES(lock) UNCHECKED
{
	if (__builtin_expect(lock_try(lock) != 0, 0))
		lock_wait(lock);
}

static inline void
lock_release(struct lock *lock) RELEASES(lock) UNCHECKED
{
	__atomic_store_n(&lock->held, 0, __ATOMIC_RELEASE);
}
