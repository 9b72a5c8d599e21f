/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lockwait.c - waiting for a lock.
 *
 * Whoever has waited takes the lock as contended: it can't know whether it
 * was the only one.  The price is at most one wake of nobody.
 */
#include "lock.h"

#include <errno.h>

/* Have the owner wake us.  False: the word is not what it was. */
static bool
mark_contended(uint32_t *word, uint32_t seen)
{
	if (seen & LOCK_CONTENDED)
		return true;
	return __atomic_compare_exchange_n(word, &seen, seen | LOCK_CONTENDED,
	    false, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
}

int
__tine_lock_wait(uint32_t *word, uint64_t deadline, bool shared)
{
	uint32_t mine = lock_self() | LOCK_CONTENDED;
	uint32_t seen;

	for (;;) {
		seen = 0;
		if (__atomic_compare_exchange_n(word, &seen, mine, false,
			__ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
			return 0;
		if (!mark_contended(word, seen))
			continue;
		if (__tine_futex_wait_in(word, seen | LOCK_CONTENDED, deadline,
			shared) == ETIMEDOUT)
			return ETIMEDOUT;
	}
}
