/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sigchild.c - signals where processes and LWPs begin and end.
 */
#include <ipc/proc.h>

#include "cred.h"
#include "pgrp.h"
#include "sigacts.h"
#include "siginfo.h"
#include "sigpost.h"
#include "sigset.h"
#include "stop.h"

#define CLD_EXITED 1
#define CLD_KILLED 2

/* Parts of a wait status. */
#define STATUS_TERMSIG(status) ((status)&0x7f)
#define STATUS_CODE(status) ((status) >> 8 & 0xff)

void
signal_lwp_inherit(const struct lwp *from, struct lwp *to)
{
	to->sigmask = from->sigmask;
	to->altstack_sp = from->altstack_sp;
	to->altstack_size = from->altstack_size;
}

void
signal_lwp_gone(struct lwp *lwp)
{
	struct proc *proc = lwp->proc;

	siginfo_drop(&lwp->sigpending, &lwp->siginfos, ~0ul);
	/* What it was to take is for the others. */
	lwp->sigmask = ~0ul;
	if (proc->sigpending != 0 && proc->stop_signal == 0)
		signal_pass_on(lwp);
}

void
signal_exec(struct lwp *lwp, struct sigacts *acts)
{
	struct proc *proc = lwp->proc;

	if (acts != proc->sigacts) {
		sigacts_release(proc->sigacts);
		proc->sigacts = acts;
	}
	sigacts_exec(acts);
	proc->flags &= ~(PROC_NOCLDWAIT | PROC_CLDSIGIGN);
	/* F74: as in NetBSD, and not in POSIX, nothing stays pending. */
	siginfo_drop(&proc->sigpending, &proc->siginfos, ~0ul);
	siginfo_drop(&lwp->sigpending, &lwp->siginfos, ~0ul);
	lwp->altstack_sp = 0;
	lwp->altstack_size = 0;
}

void
signal_exit(struct proc *proc)
{
	siginfo_drop(&proc->sigpending, &proc->siginfos, ~0ul);
	stop_forget(proc);
	if (proc->sigacts != NULL)
		sigacts_release(proc->sigacts);
	proc->sigacts = NULL;
}

bool
signal_disowns(const struct proc *parent)
{
	return (parent->flags & (PROC_NOCLDWAIT | PROC_CLDSIGIGN)) != 0;
}

void
signal_child(struct proc *proc)
{
	int32_t signal = STATUS_TERMSIG(proc->status);
	const struct proc_siginfo info = {
	    .signo = proc->exitsig,
	    .code = signal != 0 ? CLD_KILLED : CLD_EXITED,
	    .status = signal != 0 ? signal : STATUS_CODE(proc->status),
	    .pid = proc->pid,
	    .uid = proc->cred->euid,
	};

	if (proc->exitsig != 0)
		signal_proc(proc->parent, &info);
}
