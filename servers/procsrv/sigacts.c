/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sigacts.c - what a process does about each signal; see sigacts.h.
 *
 * A copy is made at each fork, so that only what was ever set is copied.
 */
#include "sigacts.h"

#include <abi/errors.h>

#include "check.h"
#include "pool.h"
#include "sigset.h"

static struct pool pool = POOL_INIT(AREA_SIGACTS, struct sigacts);

int
sigacts_create(struct sigacts **actsp)
{
	struct sigacts *acts;
	void *item;
	int error;

	error = pool_get(&pool, &item);
	if (error)
		return error;
	acts = item;
	acts->refs = 1;
	acts->caught = 0;
	acts->ignored = SIGSET_IGNORE;
	acts->kept = 0;
	*actsp = acts;
	return 0;
}

struct sigacts *
sigacts_hold(struct sigacts *acts)
{
	acts->refs++;
	return acts;
}

void
sigacts_release(struct sigacts *acts)
{
	PROC_ASSERT(acts->refs > 0);
	if (--acts->refs == 0)
		pool_put(&pool, acts);
}

static int
sigacts_copy(const struct sigacts *from, struct sigacts **actsp)
{
	struct sigacts *to;
	int error;

	error = sigacts_create(&to);
	if (error)
		return error;
	to->caught = from->caught;
	to->ignored = from->ignored;
	to->kept = from->kept;
	for (uint64_t left = from->kept; left != 0; left &= left - 1)
		to->of[sigset_first(left)] = from->of[sigset_first(left)];
	*actsp = to;
	return 0;
}

int
sigacts_fork(struct sigacts *acts, uint32_t flags, struct sigacts **actsp)
{
	if ((flags & FORK_SHARESIGS) == 0)
		return sigacts_copy(acts, actsp);
	*actsp = sigacts_hold(acts);
	return 0;
}

int
sigacts_unshare(struct sigacts *acts, struct sigacts **actsp)
{
	if (acts->refs > 1)
		return sigacts_copy(acts, actsp);
	*actsp = acts;
	return 0;
}

void
sigacts_exec(struct sigacts *acts)
{
	uint64_t reset = acts->caught | SIGBIT(SIGCHLD);

	acts->kept &= ~reset;
	acts->caught = 0;
	acts->ignored |= reset & SIGSET_IGNORE;
}

void
sigacts_get(const struct sigacts *acts, int32_t signal, struct sigact *act)
{
	if (acts->kept & SIGBIT(signal))
		*act = acts->of[signal];
	else
		*act = (struct sigact){0};
}

void
sigacts_set(struct sigacts *acts, int32_t signal, const struct sigact *act)
{
	uint64_t bit = SIGBIT(signal);
	bool caught =
	    act->handler != PROC_SIG_DFL && act->handler != PROC_SIG_IGN;
	bool ignored = act->handler == PROC_SIG_IGN ||
		       (!caught && (bit & SIGSET_IGNORE) != 0);

	acts->of[signal] = *act;
	acts->kept |= bit;
	acts->caught = caught ? acts->caught | bit : acts->caught & ~bit;
	acts->ignored = ignored && signal != SIGCONT ? acts->ignored | bit
						     : acts->ignored & ~bit;
}

uint32_t
sigacts_count(void)
{
	return pool.used;
}
