/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * stop.c - stopped processes; see stop.h.
 */
#include "stop.h"

#include "cred.h"
#include "pgrp.h"
#include "sigset.h"
#include "wait.h"

#define CLD_STOPPED 5
#define CLD_CONTINUED 6

void
stop_lwp(struct lwp *lwp, token_t token, enum answer how)
{
	lwp_block(lwp, LWP_STOPPED, token);
	lwp->stopped_in = how;
}

void
lwp_stop(struct lwp *lwp)
{
	enum answer how;

	if (lwp->state == LWP_STOPPED || lwp->state == LWP_DEAD)
		return;
	if (!lwp_interruptible(lwp)) {
		signal_interrupt(lwp);
		return;
	}
	how = signal_answer_of(lwp);
	stop_lwp(lwp, lwp_unblock(lwp), how);
}

/* SIGCHLD for a stop or its end, unless the parent does not want it. */
static void
parent_tell(struct proc *proc, int32_t code, int32_t status)
{
	const struct proc_siginfo info = {
	    .signo = SIGCHLD,
	    .code = code,
	    .status = status,
	    .pid = proc->pid,
	    .uid = proc->cred->euid,
	};

	if ((proc->parent->flags & PROC_NOCLDSTOP) == 0)
		signal_proc(proc->parent, &info);
	wait_wake(proc->parent);
}

void
stop_check(struct proc *proc)
{
	if (proc->stop_signal == 0 || proc->state != PROC_ACTIVE ||
	    (proc->flags & PROC_ENDING) != 0)
		return;
	LIST_FOREACH(link, &proc->lwps)
	{
		const struct lwp *lwp = LIST_ENTRY(link, struct lwp, link);

		if (lwp->state != LWP_STOPPED && lwp->state != LWP_DEAD)
			return;
	}
	proc->state = PROC_STOPPED;
	proc->flags &= ~PROC_REPORT_CONT;
	proc->flags |= PROC_REPORT_STOP;
	parent_tell(proc, CLD_STOPPED, proc->stop_signal);
}

void
stop_begin(struct proc *proc, int32_t signal)
{
	if (proc->stop_signal != 0)
		return;
	proc->stop_signal = signal;
	LIST_FOREACH(link, &proc->lwps)
	{
		lwp_stop(LIST_ENTRY(link, struct lwp, link));
	}
	stop_check(proc);
}

void
stop_forget(struct proc *proc)
{
	proc->stop_signal = 0;
	proc->flags &= ~(PROC_REPORT_STOP | PROC_REPORT_CONT);
	if (proc->state == PROC_STOPPED)
		proc->state = PROC_ACTIVE;
}

void
stop_end(struct proc *proc)
{
	bool stopped = proc->state == PROC_STOPPED;

	if (proc->stop_signal == 0)
		return;
	stop_forget(proc);
	LIST_FOREACH(link, &proc->lwps)
	{
		signal_resume(LIST_ENTRY(link, struct lwp, link));
	}
	if (!stopped)
		return;
	proc->flags |= PROC_REPORT_CONT;
	parent_tell(proc, CLD_CONTINUED, SIGCONT);
}

bool
pgrp_orphaned(const struct pgrp *pgrp, const struct proc *leaving)
{
	LIST_FOREACH(link, &pgrp->members)
	{
		const struct proc *proc =
		    LIST_ENTRY(link, struct proc, pgrp_link);
		const struct proc *parent = proc->parent;

		if (proc == leaving || proc->state == PROC_ZOMBIE ||
		    parent == NULL)
			continue;
		if (parent == leaving)
			parent = initproc;
		if (parent->pgrp != pgrp &&
		    parent->pgrp->session == pgrp->session)
			return false;
	}
	return true;
}
