/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pgrp.c - process groups and sessions.
 */
#include "pgrp.h"

#include "check.h"
#include "pid.h"
#include "pool.h"
#include "proc.h"

static struct pool pgrps = POOL_INIT(AREA_PGRPS, struct pgrp);
static struct pool sessions = POOL_INIT(AREA_SESSIONS, struct session);

int
session_create(struct proc *leader)
{
	struct session *session;
	struct pgrp *pgrp;
	void *item;
	int error;

	error = pool_get(&sessions, &item);
	if (error)
		return error;
	session = item;
	error = pool_get(&pgrps, &item);
	if (error)
		goto undo_session;
	pgrp = item;

	/* Committed: nothing below can fail. */
	session->sid = leader->pid;
	session->groups = 1;
	pid_bear_session(leader->pid, session);
	pgrp->pgid = leader->pid;
	pgrp->session = session;
	list_init(&pgrp->members);
	pid_bear_pgrp(leader->pid, pgrp);
	leader->pgrp = pgrp;
	list_insert_head(&pgrp->members, &leader->pgrp_link);
	return 0;

undo_session:
	pool_put(&sessions, session);
	return error;
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
	pid_leave_pgrp(pgrp->pgid);
	pool_put(&pgrps, pgrp);
	PROC_ASSERT(session->groups > 0);
	if (--session->groups > 0)
		return;
	pid_leave_session(session->sid);
	pool_put(&sessions, session);
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
