/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * signal.c - a signal arrives: for whom, and what it does at once.
 *
 * What is ignored is dropped here, and what ends or stops a process by default
 * does so here; an LWP need not run for it.  Only what has a handler, or is
 * held, becomes pending.  To be held beside kpsignal2() of NetBSD's
 * kern_sig.c.
 */
#include "signal.h"

#include <ipc/proc.h>
#include <ipc/slots.h>
#include <ipc/sys.h>
#include <ipc/tty.h>

#include "exit.h"
#include "pgrp.h"
#include "sigacts.h"
#include "sigdeliver.h"
#include "siginfo.h"
#include "sigpost.h"
#include "sigset.h"
#include "stop.h"

/* How well an LWP suits a signal of its process; the first: not at all. */
enum rank {
	RANK_NEVER,
	RANK_SUSPENDED, /* by _lwp_suspend() */
	RANK_LATER, /* waits, and no signal ends that */
	RANK_RUNS,
	RANK_WAITS,
	RANK_SELF, /* sends it */
	RANK_AWAITS, /* in sigtimedwait() */
};

static enum rank
lwp_rank(const struct lwp *lwp, uint64_t bit, const struct lwp *self)
{
	if (lwp->state == LWP_SIGWAITING && (lwp->sigwait & bit) != 0)
		return RANK_AWAITS;
	if (lwp->state == LWP_DEAD || (lwp_held(lwp) & bit) != 0)
		return RANK_NEVER;
	if (lwp == self)
		return RANK_SELF;
	if (lwp->state == LWP_RUNNING)
		return RANK_RUNS;
	if (lwp->state == LWP_STOPPED)
		return RANK_SUSPENDED;
	return lwp_interruptible(lwp) ? RANK_WAITS : RANK_LATER;
}

/* The LWP to take a signal; NULL: all hold it.  *rankp tells how. */
static struct lwp *
lwp_choose(const struct proc *proc, uint64_t bit, const struct lwp *self,
    enum rank *rankp)
{
	struct lwp *best = NULL;

	*rankp = RANK_NEVER;
	LIST_FOREACH(link, &proc->lwps)
	{
		struct lwp *lwp = LIST_ENTRY(link, struct lwp, link);
		enum rank rank = lwp_rank(lwp, bit, self);

		if (rank <= *rankp)
			continue;
		*rankp = rank;
		best = lwp;
	}
	return best;
}

/* What a call that is made again is answered with, by the next signal. */
static int
cancel_error(const struct lwp *lwp)
{
	const struct sigacts *acts = lwp->proc->sigacts;
	uint64_t set = lwp_signals(lwp);
	int32_t signal;

	if (set == 0 || lwp->proc->stop_signal != 0)
		return TINE_ERESTART;
	signal = sigset_first(set);
	if ((acts->caught & SIGBIT(signal)) != 0 &&
	    (acts->of[signal].flags & PROC_SA_RESTART) == 0)
		return TINE_EINTR;
	return TINE_ERESTART;
}

void
signal_interrupt(struct lwp *lwp)
{
	struct sysret ret = sys_thread_interrupt(SLOT_STEWARD, lwp->thread);
	struct tty_cancel_req req = {.identity = lwp_identity(lwp)};
	struct tty_cancel_rep rep;

	if (ret.error)
		return;
	lwp->flags |= LWPF_AST;
	if (ret.value != BADGE_TTY)
		return;
	req.error = (uint32_t)cancel_error(lwp);
	/* A ttysrv that is gone has nobody waiting for it. */
	(void)tty_cancel(SLOT_TTY, &req, &rep);
	lwp->flags |= LWPF_CANCELLED;
}

int
signal_error(struct lwp *lwp)
{
	int error = cancel_error(lwp);

	signal_interrupt(lwp);
	return error;
}

/* Have an LWP take a signal that is pending for it. */
static void
lwp_wake(struct lwp *lwp, const struct lwp *self)
{
	enum answer how;

	/* Who serves itself asks at the end; who stopped, when it goes on. */
	if (lwp == self || lwp->state == LWP_STOPPED)
		return;
	if (!lwp_interruptible(lwp)) {
		signal_interrupt(lwp);
		return;
	}
	how = signal_answer_of(lwp);
	signal_answer(lwp, lwp_unblock(lwp), how);
}

void
signal_pass_on(struct lwp *lwp)
{
	struct proc *proc = lwp->proc;
	uint64_t set = proc->sigpending & lwp_held(lwp);

	if (proc->stop_signal != 0)
		return;
	for (; set != 0; set &= set - 1) {
		enum rank rank;
		struct lwp *other =
		    lwp_choose(proc, SIGBIT(sigset_first(set)), NULL, &rank);

		if (other != NULL && other != lwp && rank != RANK_AWAITS)
			lwp_wake(other, NULL);
	}
}

/* Forget what the opposite of a stop, or of its end, has made pending. */
static void
opposites_drop(struct proc *proc, uint64_t bit)
{
	uint64_t set = bit == SIGBIT(SIGCONT) ? SIGSET_STOP : SIGBIT(SIGCONT);

	if (proc->sigpending & set)
		siginfo_drop(&proc->sigpending, &proc->siginfos, set);
	LIST_FOREACH(link, &proc->lwps)
	{
		struct lwp *lwp = LIST_ENTRY(link, struct lwp, link);

		if (lwp->sigpending & set)
			siginfo_drop(&lwp->sigpending, &lwp->siginfos, set);
	}
}

/* Whether a signal is dropped as it arrives. */
static bool
signal_dropped(const struct proc *proc, uint64_t bit)
{
	const struct sigacts *acts = proc->sigacts;

	if ((acts->ignored & bit) != 0)
		return true;
	return (bit & SIGSET_TTYSTOP) != 0 && (acts->caught & bit) == 0 &&
	       pgrp_orphaned(proc->pgrp, NULL);
}

/* What a signal that nobody holds does by default. */
static void
signal_default(struct proc *proc, int32_t signal)
{
	uint64_t bit = SIGBIT(signal);

	/* F75: init is immune to what it doesn't catch. */
	if (proc == initproc || signal == SIGCONT)
		return;
	if (bit & SIGSET_STOP) {
		stop_begin(proc, signal);
		return;
	}
	if (signal == SIGKILL)
		stop_forget(proc);
	proc_doom(proc, signal);
}

static int
signal_put(struct proc *proc, struct lwp *lwp, const struct proc_siginfo *info)
{
	if (lwp != NULL)
		return siginfo_put(&lwp->sigpending, &lwp->siginfos, info);
	return siginfo_put(&proc->sigpending, &proc->siginfos, info);
}

/* Whether a process takes signals at all. */
static bool
proc_takes(const struct proc *proc)
{
	return (proc->state == PROC_ACTIVE || proc->state == PROC_STOPPED) &&
	       (proc->flags & (PROC_SYSTEM | PROC_ENDING)) == 0;
}

/* The LWP that takes a signal, of all or of one; NULL: it is held. */
static struct lwp *
lwp_receiver(const struct proc *proc, struct lwp *lwp, uint64_t bit,
    const struct lwp *self, enum rank *rankp)
{
	if (lwp == NULL)
		return lwp_choose(proc, bit, self, rankp);
	*rankp = lwp_rank(lwp, bit, self);
	return *rankp != RANK_NEVER ? lwp : NULL;
}

int
signal_post(struct proc *proc, struct lwp *lwp, const struct proc_siginfo *info,
    struct lwp *self)
{
	uint64_t bit = SIGBIT(info->signo);
	struct lwp *receiver;
	enum rank rank;
	bool caught;
	int error;

	if (!proc_takes(proc) || signal_dropped(proc, bit))
		return 0;
	if (bit & (SIGSET_STOP | SIGBIT(SIGCONT)))
		opposites_drop(proc, bit);
	receiver = lwp_receiver(proc, lwp, bit, self, &rank);
	if (rank == RANK_AWAITS && (bit & SIGSET_CANTMASK) == 0) {
		signal_awaited(receiver, info);
		return 0;
	}
	caught = (proc->sigacts->caught & bit) != 0;
	if (receiver != NULL && !caught &&
	    (proc->stop_signal == 0 || info->signo == SIGKILL)) {
		signal_default(proc, info->signo);
		return 0;
	}
	error = 0;
	if (receiver == NULL || caught || info->signo != SIGCONT)
		error = signal_put(proc, lwp, info);
	if (info->signo == SIGCONT && proc->stop_signal != 0)
		stop_end(proc);
	else if (error == 0 && receiver != NULL && proc->stop_signal == 0)
		lwp_wake(receiver, self);
	return error;
}

void
signal_proc(struct proc *proc, const struct proc_siginfo *info)
{
	(void)signal_post(proc, NULL, info, NULL);
}

void
signal_lwp(struct lwp *lwp, const struct proc_siginfo *info)
{
	(void)signal_post(lwp->proc, lwp, info, NULL);
}

void
signal_pgrp(struct pgrp *pgrp, const struct proc_siginfo *info)
{
	LIST_FOREACH(link, &pgrp->members)
	{
		struct proc *proc = LIST_ENTRY(link, struct proc, pgrp_link);

		if (proc != initproc)
			signal_proc(proc, info);
	}
}
