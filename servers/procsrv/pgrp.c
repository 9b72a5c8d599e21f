/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pgrp.c - process groups and sessions.
 */
#include "pgrp.h"

#include <abi/errors.h>

#include "check.h"
#include "orphan.h"
#include "pid.h"
#include "pool.h"
#include "proc.h"
#include "terminal.h"

static struct pool pgrps = POOL_INIT(AREA_PGRPS, struct pgrp);
static struct pool sessions = POOL_INIT(AREA_SESSIONS, struct session);

/* A new group of a session, with the leader's number; yet empty.  ENOMEM. */
static int
pgrp_create(
    const struct proc *leader, struct session *session, struct pgrp **pgrpp)
{
	struct pgrp *pgrp;
	void *item;
	int error;

	error = pool_get(&pgrps, &item);
	if (error)
		return error;
	pgrp = item;
	pgrp->pgid = leader->pid;
	pgrp->session = session;
	list_init(&pgrp->members);
	session->groups++;
	pid_bear_pgrp(leader->pid, pgrp);
	*pgrpp = pgrp;
	return 0;
}

/* Put a process that is in no group into one. */
static void
pgrp_enter(struct proc *proc, struct pgrp *pgrp)
{
	proc->pgrp = pgrp;
	list_insert_head(&pgrp->members, &proc->pgrp_link);
}

/* A new session with one group that is empty yet.  ENOMEM. */
static int
session_start(const struct proc *leader, struct pgrp **pgrpp)
{
	struct session *session;
	void *item;
	int error;

	error = pool_get(&sessions, &item);
	if (error)
		return error;
	session = item;
	session->sid = leader->pid;
	session->groups = 0;
	error = pgrp_create(leader, session, pgrpp);
	if (error) {
		pool_put(&sessions, session);
		return error;
	}
	pid_bear_session(leader->pid, session);
	return 0;
}

int
session_create(struct proc *leader)
{
	struct pgrp *pgrp;
	int error;

	error = session_start(leader, &pgrp);
	if (error)
		return error;
	pgrp_enter(leader, pgrp);
	return 0;
}

void
pgrp_join(struct proc *proc, struct proc *after)
{
	proc->pgrp = after->pgrp;
	list_insert_after(&after->pgrp_link, &proc->pgrp_link);
}

void
pgrp_leave(struct proc *proc)
{
	struct pgrp *pgrp = proc->pgrp;
	struct session *session = pgrp->session;

	list_remove(&proc->pgrp_link);
	proc->pgrp = NULL;
	if (!list_empty(&pgrp->members))
		return;
	terminal_forget(pgrp);
	pid_leave_pgrp(pgrp->pgid);
	pool_put(&pgrps, pgrp);
	PROC_ASSERT(session->groups > 0);
	if (--session->groups > 0)
		return;
	pid_leave_session(session->sid);
	pool_put(&sessions, session);
}

/* Move a process to another group, which may orphan some. */
static void
pgrp_move(struct proc *proc, struct pgrp *pgrp)
{
	const struct care before = orphans_care(proc);

	pgrp_leave(proc);
	pgrp_enter(proc, pgrp);
	orphans_tell(proc, &before, NULL);
}

/* Whether proc is a descendant of another, or the same. */
static bool
proc_descends(const struct proc *proc, const struct proc *from)
{
	while (proc != from && proc != NULL)
		proc = proc->parent;
	return proc == from;
}

/* Whom setpgid() is about, and whether the caller may move it. */
static int
pgrp_target(struct proc *caller, int32_t pid, struct proc **targetp)
{
	struct proc *target = pid_proc(pid);

	if (target == caller) {
		*targetp = target;
		return 0;
	}
	if (target == NULL || target->state == PROC_ZOMBIE ||
	    !proc_descends(target, caller))
		return TINE_ESRCH;
	if (target->pgrp->session != caller->pgrp->session)
		return TINE_EPERM;
	if ((target->flags & PROC_AFORK) == 0)
		return TINE_EACCES;
	*targetp = target;
	return 0;
}

int
pgrp_set(struct proc *caller, int32_t pid, int32_t pgid)
{
	struct proc *target;
	struct pgrp *pgrp;
	int error;

	if (pgid < 0)
		return TINE_EINVAL;
	error = pgrp_target(caller, pid != 0 ? pid : caller->pid, &target);
	if (error)
		return error;
	pgrp = pid_pgrp(pgid != 0 ? pgid : target->pid);
	if (pgrp == target->pgrp)
		return 0;
	if (target->pgrp->session->sid == target->pid)
		return TINE_EPERM;
	if (pgrp != NULL && pgrp->session != target->pgrp->session)
		return TINE_EPERM;
	if (pgrp == NULL && pgid != 0 && pgid != target->pid)
		return TINE_EPERM;
	if (pgrp == NULL) {
		error = pgrp_create(target, target->pgrp->session, &pgrp);
		if (error)
			return error;
	}
	pgrp_move(target, pgrp);
	return 0;
}

int
pgrp_set_session(struct proc *caller)
{
	struct pgrp *pgrp;
	int error;

	if (pid_pgrp(caller->pid) != NULL)
		return TINE_EPERM;
	error = session_start(caller, &pgrp);
	if (error)
		return error;
	pgrp_move(caller, pgrp);
	return 0;
}

uint32_t
pgrp_count(void)
{
	return pgrps.used;
}

uint32_t
session_count(void)
{
	return sessions.used;
}
