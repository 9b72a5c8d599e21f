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
#include "times.h"

struct proc *proc0;
struct proc *initproc;

static struct pool procs = POOL_INIT(AREA_PROCS, struct proc);

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

/* Assert an LWP's invariants. */
static void
lwp_check(const struct proc *proc, const struct lwp *lwp)
{
	bool dead = lwp->state == LWP_DEAD;
	bool waits = lwp->state > LWP_RUNNING && !dead;

	PROC_ASSERT(lwp->proc == proc);
	PROC_ASSERT((lwp->token != 0) == waits);
	PROC_ASSERT((lwp->thread == 0) == dead);
	PROC_ASSERT(waits || !timer_runs(&lwp->timer));
	PROC_ASSERT(lwp_find(proc, lwp->lid) == lwp);
	PROC_ASSERT(
	    (proc->flags & PROC_EXITING) == 0 || lwp_uninterruptible(lwp));
	PROC_ASSERT(
	    (lwp->flags & LWPF_NOINTR) == 0 || lwp->state == LWP_SLEEPING);
}

void
proc_check(const struct proc *proc)
{
	uint32_t nzombies = 0;
	uint32_t nlwps = 0;
	uint32_t ndead = 0;

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

		lwp_check(proc, lwp);
		if (lwp->state == LWP_DEAD)
			ndead++;
		else
			nlwps++;
	}
	PROC_ASSERT(ndead == proc->ndead && nlwps == proc->nlwps);
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
