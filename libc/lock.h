/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lock.h - locks of one word that know their owner.
 *
 * The word is 0 when the lock is free; otherwise it tells the owner, with
 * LOCK_CONTENDED if somebody may be waiting.  Threads are told apart by where
 * their blocks of thread-local variables lie: tp is at hand, while the LWP's
 * id would have to be asked for.  Below USER_TOP, tp without its lowest six
 * bits fits into the word, and of those that differ only in the lowest seven
 * there can't be two.  fork() keeps tp, so what its caller holds, the child
 * holds; a vfork() child has the same tp as its parent, which does not run.
 *
 * Taking a lock is one compare-and-swap, after which the word names the owner
 * at once: a signal handler that takes the lock again sees whose it is.
 *
 * Memory order: taking a lock acquires what its last owner released.
 */
#ifndef TINE_LIBC_LOCK_H
#define TINE_LIBC_LOCK_H

#include "futex.h"

#include <stdbool.h>
#include <stdint.h>

#define LOCK_CONTENDED 1u

/* picolibc's locks: recursive, all of them. */
struct __lock {
	uint32_t word;
	uint32_t depth; /* how often its owner took it again */
};

/* The lock of malloc(), atexit(), setenv() and the like. */
extern struct __lock __lock___libc_recursive_mutex;

static inline uint32_t
lock_self(void)
{
	uintptr_t tp = (uintptr_t)__builtin_thread_pointer();

	return (uint32_t)(tp >> 6) & ~LOCK_CONTENDED;
}

static inline bool
lock_is_mine(const uint32_t *word)
{
	uint32_t seen = __atomic_load_n(word, __ATOMIC_RELAXED);

	return (seen & ~LOCK_CONTENDED) == lock_self();
}

static inline bool
lock_try(uint32_t *word)
{
	uint32_t free = 0;

	return __atomic_compare_exchange_n(word, &free, lock_self(), false,
	    __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}

/*
 * Take a lock that lock_try() did not get; shared: with other processes.
 * Returns 0 or ETIMEDOUT.  Waits for the caller itself, too, if it has the
 * lock.
 */
int __tine_lock_wait(uint32_t *word, uint64_t deadline, bool shared);

static inline void
lock_drop(uint32_t *word, bool shared)
{
	uint32_t old = __atomic_exchange_n(word, 0, __ATOMIC_RELEASE);

	if (old & LOCK_CONTENDED)
		(void)__tine_futex_wake_in(word, 1, shared);
}

/* The same for recursive locks. */

static inline void
lock_acquire(struct __lock *lock)
{
	if (lock_try(&lock->word))
		return;
	if (lock_is_mine(&lock->word))
		lock->depth++;
	else
		(void)__tine_lock_wait(&lock->word, PROC_FOREVER, false);
}

static inline bool
lock_try_again(struct __lock *lock)
{
	if (lock_try(&lock->word))
		return true;
	if (!lock_is_mine(&lock->word))
		return false;
	lock->depth++;
	return true;
}

static inline void
lock_release(struct __lock *lock)
{
	if (lock->depth > 0)
		lock->depth--;
	else
		lock_drop(&lock->word, false);
}

/* In a forked child: whether the owner is a thread that it does not have. */
static inline bool
lock_is_orphan(const struct __lock *lock)
{
	return lock->word != 0 && !lock_is_mine(&lock->word);
}

#endif
