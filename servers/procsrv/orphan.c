/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * orphan.c - process groups that nobody looks after any more.
 */
#include "orphan.h"

#include <ipc/proc.h>

#include "pgrp.h"
#include "pid.h"
#include "proc.h"
#include "signal.h"
#include "stop.h"

/* Whether a parent looks after its child's group. */
static bool
parent_cares(const struct proc *parent, const struct pgrp *pgrp)
{
	return parent->pgrp != pgrp && parent->pgrp->session == pgrp->session;
}

/* Tell a group, if some of it have stopped and nobody looks after it. */
static void
pgrp_tell(struct pgrp *pgrp, const struct proc *leaving)
{
	const struct proc_siginfo hangup = {.signo = SIGHUP};
	const struct proc_siginfo go_on = {.signo = SIGCONT};
	bool stopped = false;

	LIST_FOREACH(link, &pgrp->members)
	{
		const struct proc *proc =
		    LIST_ENTRY(link, struct proc, pgrp_link);

		stopped =
		    stopped || (proc->state == PROC_STOPPED && proc != leaving);
	}
	if (!stopped || !pgrp_orphaned(pgrp, leaving))
		return;
	signal_pgrp(pgrp, &hangup);
	signal_pgrp(pgrp, &go_on);
}

struct care
orphans_care(const struct proc *proc)
{
	return (struct care){
	    .session = proc->pgrp->session,
	    .pgid = proc->pgrp->pgid,
	    .cared_for = parent_cares(proc->parent, proc->pgrp),
	};
}

void
orphans_tell(const struct proc *proc, const struct care *before,
    const struct proc *leaving)
{
	/* It may have been the last member. */
	struct pgrp *old = pid_pgrp(before->pgid);

	if (before->cared_for && old != NULL)
		pgrp_tell(old, leaving);
	LIST_FOREACH(link, &proc->children)
	{
		const struct proc *child =
		    LIST_ENTRY(link, struct proc, sibling);
		struct pgrp *pgrp = child->pgrp;

		if (child->state != PROC_ZOMBIE && pgrp != old &&
		    pgrp->session == before->session)
			pgrp_tell(pgrp, leaving);
	}
}

void
orphans_exit(const struct proc *proc)
{
	const struct care before = orphans_care(proc);

	orphans_tell(proc, &before, proc);
}
