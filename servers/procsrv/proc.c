/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * proc.c - records of processes and LWPs, and how they hang together.
 */
#include "proc.h"

#include <string.h>

#include "check.h"
#include "cred.h"
#include "limit.h"
#include "pgrp.h"
#include "pid.h"
#include "pool.h"
#include "siginfo.h"
#include "times.h"

struct proc *proc0;
struct proc *initproc;

static struct pool procs = POOL_INIT(AREA_PROCS, struct proc);
static struct pool lwps = POOL_INIT(AREA_LWPS, struct lwp);

int
proc_alloc(struct proc **procp)
{
	struct proc *proc;
	void *item;
	int error;

	error = pool_get(&procs, &item);
	if (error)
		return error;
	proc = item;
	memset(proc, 0, sizeof(*proc));
	list_init(&proc->children);
	list_init(&proc->lwps);
	list_init(&proc->siginfos);
	proc->state = PROC_IDLE;
	*procp = proc;
	return 0;
}

void
proc_free(struct proc *proc)
{
	proc->state = 0;
	pool_put(&procs, proc);
}

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
	timer_stop(&lwp->timer);
	siginfo_drop(&lwp->sigpending, &lwp->siginfos, ~0ul);
	lwp->state = LWP_FREE;
	lwp->token = 0;
	pool_put(&lwps, lwp);
}

void
lwp_attach(struct lwp *lwp)
{
	lwp->lid = ++lwp->proc->last_lid;
	list_insert_tail(&lwp->proc->lwps, &lwp->link);
}

void
lwp_block(struct lwp *lwp, enum lwp_state state, token_t token)
{
	PROC_ASSERT(lwp->state == LWP_RUNNING && state > LWP_RUNNING);
	lwp->state = state;
	lwp->token = token;
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

	if (lwp == NULL || lwp->state == LWP_FREE ||
	    lwp->generation != identity >> 32)
		return NULL;
	return lwp;
}

struct lwp *
proc_lwp(const struct proc *proc)
{
	struct link *link = list_first(&proc->lwps);

	return link != NULL ? LIST_ENTRY(link, struct lwp, link) : NULL;
}

void
proc_adopt(struct proc *parent, struct proc *proc)
{
	proc->parent = parent;
	list_insert_head(&parent->children, &proc->sibling);
	if (proc->state == PROC_ZOMBIE)
		parent->nzombies++;
}

void
proc_disown(struct proc *proc)
{
	list_remove(&proc->sibling);
	if (proc->state == PROC_ZOMBIE) {
		PROC_ASSERT(proc->parent->nzombies > 0);
		proc->parent->nzombies--;
	}
}

void
proc_reap(struct proc *proc)
{
	PROC_ASSERT(proc->state == PROC_ZOMBIE);
	times_reap(proc);
	proc_disown(proc);
	/* F10, F12: zombies count until here. */
	limit_leave(proc->cred->user);
	pgrp_leave(proc);
	pid_leave_proc(proc->pid);
	limits_release(proc->limits);
	cred_release(proc->cred);
	proc_free(proc);
}

void
proc_set_name(struct proc *proc, const char *path, size_t length)
{
	size_t start = length;

	while (start > 0 && path[start - 1] != '/')
		start--;
	length -= start;
	if (length > sizeof(proc->name) - 1)
		length = sizeof(proc->name) - 1;
	memset(proc->name, 0, sizeof(proc->name));
	memcpy(proc->name, path + start, length);
}

void
proc_check(const struct proc *proc)
{
	uint32_t nzombies = 0;

	PROC_ASSERT(pid_proc(proc->pid) == proc);
	LIST_FOREACH(link, &proc->children)
	{
		const struct proc *child =
		    LIST_ENTRY(link, struct proc, sibling);

		PROC_ASSERT(child->parent == proc);
		nzombies += child->state == PROC_ZOMBIE;
	}
	PROC_ASSERT(nzombies == proc->nzombies);
	LIST_FOREACH(link, &proc->lwps)
	{
		const struct lwp *lwp = LIST_ENTRY(link, struct lwp, link);

		PROC_ASSERT(lwp->proc == proc);
		PROC_ASSERT((lwp->token != 0) == (lwp->state > LWP_RUNNING &&
						     lwp->state != LWP_DEAD));
	}
	if (proc->state == PROC_ZOMBIE)
		PROC_ASSERT(list_empty(&proc->lwps) && proc->space == 0 &&
			    list_empty(&proc->children) &&
			    proc->vfork_lwp == 0);
}

uint32_t
proc_count(void)
{
	return procs.used;
}

uint32_t
lwp_count(void)
{
	return lwps.used;
}
