/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sigserve.c - requests that are about signals: check, look up, act.
 */
#include <abi/errors.h>
#include <abi/page.h>
#include <ipc/proc.h>
#include <ipc/sys.h>

#include "exit.h"
#include "kill.h"
#include "last.h"
#include "pid.h"
#include "reply.h"
#include "serve.h"
#include "sigacts.h"
#include "sigdeliver.h"
#include "siginfo.h"
#include "sigpost.h"
#include "sigset.h"

#define IPC_PROTOCOL proc
#define IPC_DEF <ipc/proc.def>
#include <ipc/serve.h>

int
serve_proc_kill(const struct ipc_msg *msg, const struct proc_kill_req *req,
    struct proc_kill_rep *rep)
{
	CALLER(lwp, msg);
	(void)rep;
	return signal_done(
	    lwp, msg->token, signal_kill(lwp, req->pid, req->signal));
}

int
serve_proc_kill_user(const struct ipc_msg *msg,
    const struct proc_kill_user_req *req, struct proc_kill_user_rep *rep)
{
	CALLER(lwp, msg);
	(void)rep;
	/* It reaches others only, so the caller is there to be answered. */
	return signal_kill_user(lwp, req->uid, req->signal);
}

int
serve_proc_sigqueue(const struct ipc_msg *msg,
    const struct proc_sigqueue_req *req, struct proc_sigqueue_rep *rep)
{
	CALLER(lwp, msg);
	(void)rep;
	return signal_done(lwp, msg->token,
	    signal_queue(lwp, req->pid, req->signal, req->value));
}

int
serve_proc_lwp_kill(const struct ipc_msg *msg,
    const struct proc_lwp_kill_req *req, struct proc_lwp_kill_rep *rep)
{
	CALLER(lwp, msg);
	(void)rep;
	return signal_done(
	    lwp, msg->token, signal_lwp_kill(lwp, req->lid, req->signal));
}

/* Forget signals of a process, its own and its LWPs'. */
static void
pending_drop(struct proc *proc, uint64_t set)
{
	siginfo_drop(&proc->sigpending, &proc->siginfos, set);
	LIST_FOREACH(link, &proc->lwps)
	{
		struct lwp *lwp = LIST_ENTRY(link, struct lwp, link);

		siginfo_drop(&lwp->sigpending, &lwp->siginfos, set);
	}
}

/* Keep in a process's flags what its action for SIGCHLD says. */
static void
child_flags(struct proc *proc, const struct sigact *act)
{
	proc->flags &= ~(PROC_NOCLDSTOP | PROC_NOCLDWAIT | PROC_CLDSIGIGN);
	if (act->flags & PROC_SA_NOCLDSTOP)
		proc->flags |= PROC_NOCLDSTOP;
	/* Whoever's children are init's, init's own stay with it. */
	if (proc == initproc)
		return;
	if (act->flags & PROC_SA_NOCLDWAIT)
		proc->flags |= PROC_NOCLDWAIT;
	if (act->handler == PROC_SIG_IGN)
		proc->flags |= PROC_CLDSIGIGN;
}

/* The same for all that have these actions in common (F33). */
static void
child_flags_shared(const struct sigacts *acts, const struct sigact *act)
{
	for (uint32_t i = 0; i < pid_table_size(); i++) {
		struct proc *proc = pid_slot_proc(i);

		if (proc != NULL && proc->sigacts == acts)
			child_flags(proc, act);
	}
}

static void
action_set(struct proc *proc, int32_t signal, const struct sigact *act)
{
	struct sigacts *acts = proc->sigacts;

	sigacts_set(acts, signal, act);
	if (signal == SIGCHLD && acts->refs > 1)
		child_flags_shared(acts, act);
	else if (signal == SIGCHLD)
		child_flags(proc, act);
	if (acts->ignored & SIGBIT(signal))
		pending_drop(proc, SIGBIT(signal));
}

int
serve_proc_sigaction(const struct ipc_msg *msg,
    const struct proc_sigaction_req *req, struct proc_sigaction_rep *rep)
{
	int32_t signal = (int32_t)req->signal;
	struct sigact act;

	CALLER(lwp, msg);
	if (req->signal == 0 || req->signal >= PROC_NSIG)
		return TINE_EINVAL;
	if (req->set && ((SIGBIT(signal) & SIGSET_CANTMASK) != 0 ||
			    (req->flags & ~PROC_SA_ALL) != 0))
		return TINE_EINVAL;
	sigacts_get(lwp->proc->sigacts, signal, &act);
	rep->handler = act.handler;
	rep->mask = act.mask;
	rep->flags = (uint32_t)act.flags;
	if (!req->set)
		return 0;
	act.handler = req->handler;
	act.trampoline = req->trampoline;
	act.mask = req->mask & ~SIGSET_CANTMASK;
	act.flags = req->flags;
	if (SIGBIT(signal) & SIGSET_NORESET)
		act.flags &= ~(uint64_t)PROC_SA_RESETHAND;
	action_set(lwp->proc, signal, &act);
	return 0;
}

/* Hold these signals; what the process has pending may be for others now. */
static void
mask_set(struct lwp *lwp, uint64_t mask)
{
	lwp->sigmask = mask & ~SIGSET_CANTMASK;
	if (lwp->proc->sigpending != 0)
		signal_pass_on(lwp);
}

int
serve_proc_sigmask(const struct ipc_msg *msg,
    const struct proc_sigmask_req *req, struct proc_sigmask_rep *rep)
{
	CALLER(lwp, msg);
	rep->old = lwp->sigmask;
	switch (req->how) {
	case 0:
		return 0;
	case PROC_SIG_BLOCK:
		mask_set(lwp, lwp->sigmask | req->set);
		break;
	case PROC_SIG_UNBLOCK:
		mask_set(lwp, lwp->sigmask & ~req->set);
		break;
	case PROC_SIG_SETMASK:
		mask_set(lwp, req->set);
		break;
	default:
		return TINE_EINVAL;
	}
	/* The answer has results: the handler is entered after it. */
	if (signal_waits(lwp))
		signal_interrupt(lwp);
	return 0;
}

int
serve_proc_sigpending(const struct ipc_msg *msg,
    const struct proc_sigpending_req *req, struct proc_sigpending_rep *rep)
{
	CALLER(lwp, msg);
	(void)req;
	rep->set = lwp->sigpending | lwp->proc->sigpending;
	return 0;
}

int
serve_proc_sigsuspend(const struct ipc_msg *msg,
    const struct proc_sigsuspend_req *req, struct proc_sigsuspend_rep *rep)
{
	CALLER(lwp, msg);
	(void)rep;
	lwp->sigoldmask = lwp->sigmask;
	lwp->flags |= LWPF_OLDMASK;
	mask_set(lwp, req->set);
	if (signal_waits(lwp))
		signal_answer(lwp, msg->token, ANSWER_INTR);
	else
		lwp_block(lwp, LWP_SIGSUSPENDED, msg->token);
	return SERVE_LATER;
}

/* Nothing came in time. */
static void
sigwait_expire(struct timer *timer)
{
	struct lwp *lwp = LIST_ENTRY(timer, struct lwp, timer);

	(void)reply_error(lwp_unblock(lwp), TINE_EAGAIN);
}

int
serve_proc_sigwait(const struct ipc_msg *msg,
    const struct proc_sigwait_req *req, struct proc_sigwait_rep *rep)
{
	uint64_t set = req->set & ~SIGSET_CANTMASK;
	struct proc_siginfo info;

	CALLER(lwp, msg);
	if (signal_take(lwp, set, &info) != 0) {
		sigwait_fill(&info, rep);
		return 0;
	}
	if (req->deadline == 0)
		return TINE_EAGAIN;
	if (signal_waits(lwp)) {
		signal_answer(lwp, msg->token, ANSWER_INTR);
		return SERVE_LATER;
	}
	lwp_block(lwp, LWP_SIGWAITING, msg->token);
	lwp->sigwait = set;
	if (req->deadline != PROC_FOREVER)
		timer_set(&lwp->timer, req->deadline, sigwait_expire);
	return SERVE_LATER;
}

/* EINVAL, ENOMEM: what can't be an alternate stack. */
static int
altstack_check(const struct proc_sigaltstack_req *req)
{
	if (req->flags & ~PROC_SS_DISABLE)
		return TINE_EINVAL;
	if (req->flags & PROC_SS_DISABLE)
		return 0;
	if (req->size < PROC_MINSIGSTKSZ)
		return TINE_ENOMEM;
	if (req->sp >= USER_TOP || req->size > USER_TOP - req->sp)
		return TINE_EINVAL;
	return 0;
}

int
serve_proc_sigaltstack(const struct ipc_msg *msg,
    const struct proc_sigaltstack_req *req, struct proc_sigaltstack_rep *rep)
{
	bool disable = (req->flags & PROC_SS_DISABLE) != 0;
	bool active;
	int error;

	CALLER(lwp, msg);
	active = signal_on_altstack(lwp);
	rep->sp = lwp->altstack_sp;
	rep->size = lwp->altstack_size;
	rep->flags = active                    ? PROC_SS_ONSTACK
		     : lwp->altstack_size == 0 ? PROC_SS_DISABLE
					       : 0;
	if (!req->set)
		return 0;
	if (active)
		return TINE_EPERM;
	error = altstack_check(req);
	if (error)
		return error;
	lwp->altstack_sp = disable ? 0 : req->sp;
	lwp->altstack_size = disable ? 0 : req->size;
	return 0;
}

int
serve_proc_sigreturn(const struct ipc_msg *msg,
    const struct proc_sigreturn_req *req, struct proc_sigreturn_rep *rep)
{
	CALLER(lwp, msg);
	(void)rep;
	mask_set(lwp, req->mask);
	/* Before it goes on, it takes what it does not hold any more. */
	if (signal_waits(lwp))
		signal_interrupt(lwp);
	last_leave(lwp, msg->token);
	return SERVE_LATER;
}

int
serve_proc_fault(const struct ipc_msg *msg, const struct proc_fault_req *req,
    struct proc_fault_rep *rep)
{
	const struct proc_siginfo info = {
	    .signo = req->signal,
	    .code = req->code,
	    .address = req->address,
	};

	CALLER(lwp, msg);
	(void)rep;
	if (req->signal <= 0 || req->signal >= PROC_NSIG)
		return TINE_EINVAL;
	signal_fault(lwp, msg->token, &info);
	return SERVE_LATER;
}
