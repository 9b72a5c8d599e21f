/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * owner.h - owners of locks that processes share.
 *
 * In a word of lock.h a thread is told by its tp, which a fork()ed child has,
 * too.  Locks that processes share therefore tell their owner, where anybody
 * asks for it, by tp and process id: a number that no other thread of the
 * system writes.  The owner writes it when it has the lock and takes it away
 * before it gives the lock back, so that nobody else finds itself there; unless
 * it is killed, and the id comes again.
 *
 * Of a lock that is not shared the child is the owner, too.  Children of
 * vfork(), __vfork44() and clone() that lock something are not told from their
 * parent.
 */
#ifndef TINE_LIBC_OWNER_H
#define TINE_LIBC_OWNER_H

#include "lock.h"

#include <stdbool.h>
#include <stdint.h>

/* The calling thread among those of all processes.  It may ask procsrv. */
uint64_t __tine_owner_shared(void);

/* The calling thread among those that may have a lock; never 0. */
static inline uint64_t
owner_self(bool shared)
{
	return shared ? __tine_owner_shared() : lock_self();
}

static inline void
owner_set(uint64_t *owner, bool shared)
{
	__atomic_store_n(owner, owner_self(shared), __ATOMIC_RELAXED);
}

static inline void
owner_clear(uint64_t *owner)
{
	__atomic_store_n(owner, 0, __ATOMIC_RELAXED);
}

static inline bool
owner_is_self(const uint64_t *owner, bool shared)
{
	uint64_t seen = __atomic_load_n(owner, __ATOMIC_RELAXED);

	return seen != 0 && seen == owner_self(shared);
}

#endif
