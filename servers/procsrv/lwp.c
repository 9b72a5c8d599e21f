/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lwp.c - records of LWPs, and how they wait.
 */
#include "lwp.h"

#include <abi/errors.h>

#include "check.h"
#include "pool.h"
#include "proc.h"
#include "reply.h"
#include "siginfo.h"

static struct pool lwps = POOL_INIT(AREA_LWPS, struct lwp);

int
lwp_alloc(struct proc *proc, struct lwp **lwpp)
{
	uint32_t generation;
	struct lwp *lwp;
	uint32_t index;
	void *item;
	int error;

	error = pool_get(&lwps, &item);
	if (error)
		return error;
	lwp = item;
	/* A record's first use: pool_get() just counted it. */
	index = lwp->generation == 0 ? lwps.count - 1 : lwp->index;
	generation = lwp->generation + 1;
	/* 0 is for records never used. */
	if (generation == 0)
		generation = 1;
	*lwp = (struct lwp){
	    .proc = proc,
	    .index = index,
	    .generation = generation,
	    .state = LWP_RUNNING,
	};
	list_init(&lwp->siginfos);
	*lwpp = lwp;
	return 0;
}

void
lwp_free(struct lwp *lwp)
{
	PROC_ASSERT(lwp->state != LWP_FUTEX && !timer_runs(&lwp->timer));
	siginfo_drop(&lwp->sigpending, &lwp->siginfos, ~0ul);
	lwp->state = LWP_FREE;
	lwp->token = 0;
	pool_put(&lwps, lwp);
}

/* An id that no LWP of the process has; past the largest, from 1 again. */
static int32_t
lid_next(struct proc *proc)
{
	do {
		if (proc->last_lid == INT32_MAX)
			proc->last_lid = 0;
		proc->last_lid++;
	} while (lwp_find(proc, proc->last_lid) != NULL);
	return proc->last_lid;
}

void
lwp_attach(struct lwp *lwp)
{
	struct proc *proc = lwp->proc;

	lwp->lid = lid_next(proc);
	list_insert_tail(&proc->lwps, &lwp->link);
	proc->nlwps++;
}

void
lwp_remove(struct lwp *lwp)
{
	struct proc *proc = lwp->proc;

	if (lwp->state == LWP_DEAD) {
		proc->ndead--;
	} else {
		proc->nlwps--;
		if (lwp->state != LWP_RUNNING)
			(void)lwp_unblock(lwp);
	}
	list_remove(&lwp->link);
	lwp_free(lwp);
}

void
lwp_block(struct lwp *lwp, enum lwp_state state, token_t token)
{
	PROC_ASSERT(lwp->state == LWP_RUNNING && state > LWP_RUNNING);
	lwp->state = state;
	lwp->token = token;
}

/* The deadline of whoever waits has come. */
static void
lwp_expire(struct timer *timer)
{
	struct lwp *lwp = LIST_ENTRY(timer, struct lwp, timer);

	(void)reply_error(lwp_unblock(lwp), TINE_ETIMEDOUT);
}

void
lwp_block_until(
    struct lwp *lwp, enum lwp_state state, token_t token, uint64_t deadline)
{
	lwp_block(lwp, state, token);
	if (deadline != PROC_FOREVER)
		timer_set(&lwp->timer, deadline, lwp_expire);
}

token_t
lwp_unblock(struct lwp *lwp)
{
	token_t token = lwp->token;

	PROC_ASSERT(lwp->state > LWP_RUNNING && lwp->state != LWP_DEAD);
	timer_stop(&lwp->timer);
	if (lwp->state == LWP_FUTEX)
		list_remove(&lwp->queue_link);
	lwp->state = LWP_RUNNING;
	lwp->token = 0;
	return token;
}

struct lwp *
lwp_lookup(uint64_t identity)
{
	struct lwp *lwp = pool_item(&lwps, (uint32_t)identity);

	if (lwp == NULL || lwp->state == LWP_FREE || lwp->state == LWP_DEAD ||
	    lwp->generation != identity >> 32)
		return NULL;
	return lwp;
}

struct lwp *
lwp_find(const struct proc *proc, int32_t lid)
{
	LIST_FOREACH(link, &proc->lwps)
	{
		struct lwp *lwp = LIST_ENTRY(link, struct lwp, link);

		if (lwp->lid == lid)
			return lwp;
	}
	return NULL;
}

struct lwp *
lwp_find_live(const struct proc *proc, int32_t lid)
{
	struct lwp *lwp = lwp_find(proc, lid);

	return lwp != NULL && lwp->state != LWP_DEAD ? lwp : NULL;
}

struct lwp *
proc_lwp(const struct proc *proc)
{
	LIST_FOREACH(link, &proc->lwps)
	{
		struct lwp *lwp = LIST_ENTRY(link, struct lwp, link);

		if (lwp->state != LWP_DEAD)
			return lwp;
	}
	return NULL;
}

uint32_t
lwp_count(void)
{
	return lwps.used;
}
