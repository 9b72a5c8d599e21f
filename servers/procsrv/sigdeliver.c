/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sigdeliver.c - an LWP takes its signals.
 *
 * Whoever has the token of its call can let an LWP enter a handler: the kernel
 * saves, above a head that is made here, the registers as they are after the
 * answer.  So a wait that procsrv itself keeps ends, and kill() to oneself
 * returns, right in the handler.  An LWP that runs, or is elsewhere, is
 * interrupted and comes by with a call that the kernel makes for it, its AST.
 *
 * One signal is taken at a time.  If another is to be taken in the first
 * one's handler, the LWP is interrupted before it begins, and nests.
 */
#include "sigdeliver.h"

#include <abi/errors.h>
#include <ipc/message.h>
#include <ipc/proc.h>
#include <ipc/slots.h>
#include <ipc/sys.h>
#include <ipc/vm.h>

#include "check.h"
#include "exit.h"
#include "last.h"
#include "reply.h"
#include "sigacts.h"
#include "siginfo.h"
#include "sigpost.h"
#include "sigset.h"
#include "stop.h"

#define REG_SP 2
#define REG_A1 11

bool
signal_waits(const struct lwp *lwp)
{
	return lwp_signals(lwp) != 0;
}

int32_t
signal_take(struct lwp *lwp, uint64_t set, struct proc_siginfo *info)
{
	struct proc *proc = lwp->proc;
	int32_t signal;

	if (lwp->sigpending & set) {
		signal = sigset_first(lwp->sigpending & set);
		siginfo_take(&lwp->sigpending, &lwp->siginfos, signal, info);
		return signal;
	}
	if (proc->sigpending & set) {
		signal = sigset_first(proc->sigpending & set);
		siginfo_take(&proc->sigpending, &proc->siginfos, signal, info);
		return signal;
	}
	return 0;
}

enum answer
signal_answer_of(const struct lwp *lwp)
{
	switch (lwp->state) {
	case LWP_SIGSUSPENDED:
	case LWP_SIGWAITING:
	case LWP_SLEEPING:
	case LWP_PARKED:
		return ANSWER_INTR;
	default:
		return ANSWER_RESTART;
	}
}

/* Not inlined: struct regs is big, and its callers have others of that size. */
__attribute__((noinline)) bool
signal_on_altstack(const struct lwp *lwp)
{
	struct sysret ret;
	struct regs regs;

	if (lwp->altstack_size == 0)
		return false;
	ret = sys_thread_read(SLOT_STEWARD, lwp->thread, &regs);
	return ret.error == 0 &&
	       regs.x[REG_SP] - lwp->altstack_sp < lwp->altstack_size;
}

/*
 * A read of a terminal was cancelled for a stop, to be made again; now there
 * is a handler, without SA_RESTART.
 */
__attribute__((noinline)) static void
restart_forbid(const struct lwp *lwp)
{
	struct sysret ret;
	struct regs regs;

	ret = sys_thread_read(SLOT_STEWARD, lwp->thread, &regs);
	if (ret.error || MSG_LABEL(regs.x[REG_A1]) != TINE_ERESTART)
		return;
	regs.x[REG_A1] = MSG_INFO(TINE_EINTR, 0);
	(void)sys_thread_write(SLOT_STEWARD, lwp->thread, &regs);
}

/* Describe the context that the handler is to return to. */
static void
context_fill(const struct lwp *lwp, struct proc_ucontext *context)
{
	context->flags = 0;
	context->link = 0;
	context->mask =
	    (lwp->flags & LWPF_OLDMASK) ? lwp->sigoldmask : lwp->sigmask;
	context->mask_high = 0;
	context->stack_sp = lwp->altstack_sp;
	context->stack_size = lwp->altstack_size;
	context->stack_flags = lwp->altstack_size == 0 ? PROC_SS_DISABLE : 0;
	context->unused = 0;
	context->spare = 0;
}

/* Choose the stack; says so in the context too. */
static uint64_t
stack_choose(const struct lwp *lwp, const struct sigact *act,
    struct proc_ucontext *context)
{
	if (lwp->altstack_size == 0)
		return 0;
	if (signal_on_altstack(lwp)) {
		context->stack_flags = PROC_SS_ONSTACK;
		return 0;
	}
	if ((act->flags & PROC_SA_ONSTACK) == 0)
		return 0;
	return lwp->altstack_sp + lwp->altstack_size;
}

static uint64_t
answer_label(const struct sigact *act, enum answer how)
{
	if (how == ANSWER_PLAIN)
		return 0;
	if (how == ANSWER_RESTART && (act->flags & PROC_SA_RESTART) != 0)
		return TINE_ERESTART;
	return TINE_EINTR;
}

/* The mask, and the action, while a handler runs. */
static void
handler_begins(struct lwp *lwp, const struct sigact *act, int32_t signal)
{
	static const struct sigact by_default;

	lwp->sigmask |= act->mask;
	if ((act->flags & PROC_SA_NODEFER) == 0)
		lwp->sigmask |= SIGBIT(signal);
	lwp->flags &= ~LWPF_OLDMASK;
	if ((act->flags & PROC_SA_RESETHAND) != 0)
		sigacts_set(lwp->proc->sigacts, signal, &by_default);
}

void
signal_enter(struct lwp *lwp, token_t token, enum answer how,
    const struct proc_siginfo *info)
{
	const struct sigact act = lwp->proc->sigacts->of[info->signo];
	struct signal_delivery *delivery = last_delivery();
	struct proc_sigframe *frame = (void *)delivery->head;

	if (lwp->flags & LWPF_CANCELLED && (act.flags & PROC_SA_RESTART) == 0)
		restart_forbid(lwp);
	lwp->flags &= ~LWPF_CANCELLED;
	frame->info = *info;
	context_fill(lwp, &frame->context);
	delivery->pc = act.handler;
	delivery->ra = act.trampoline;
	delivery->sp = stack_choose(lwp, &act, &frame->context);
	delivery->a0 = (uint64_t)info->signo;
	delivery->a1_offset = offsetof(struct proc_sigframe, info);
	delivery->a2_offset = offsetof(struct proc_sigframe, context);
	delivery->label = answer_label(&act, how);
	delivery->head_bytes = sizeof(*frame);
	handler_begins(lwp, &act, info->signo);
	if (signal_waits(lwp))
		signal_interrupt(lwp);
	/* First: another LWP's handler would be in last_delivery()'s place. */
	last_enter(lwp, token);
	if (lwp->proc->sigpending != 0)
		signal_pass_on(lwp);
}

/*
 * Act on a signal that an LWP has taken, in the call with this token.  False:
 * it does nothing, and the call is still to be answered.
 */
static bool
signal_act(struct lwp *lwp, token_t token, enum answer how,
    const struct proc_siginfo *info)
{
	struct proc *proc = lwp->proc;
	uint64_t bit = SIGBIT(info->signo);

	if (proc->sigacts->caught & bit) {
		signal_enter(lwp, token, how, info);
		return true;
	}
	if ((proc->sigacts->ignored & bit) != 0 || proc == initproc ||
	    info->signo == SIGCONT)
		return false;
	if ((bit & SIGSET_STOP) == 0) {
		proc_doom(proc, info->signo);
		return true;
	}
	if ((bit & SIGSET_TTYSTOP) != 0 && pgrp_orphaned(proc->pgrp, NULL))
		return false;
	stop_lwp(lwp, token, how);
	stop_begin(proc, info->signo);
	return true;
}

/* End what sigsuspend() set; false: it was not in force. */
static bool
mask_restore(struct lwp *lwp)
{
	if ((lwp->flags & LWPF_OLDMASK) == 0)
		return false;
	lwp->flags &= ~LWPF_OLDMASK;
	lwp->sigmask = lwp->sigoldmask;
	return true;
}

void
signal_answer(struct lwp *lwp, token_t token, enum answer how)
{
	struct proc_siginfo info;

	/* Who is to die is not answered, and its thread goes on no more. */
	if (lwp->proc->flags & PROC_ENDING)
		return;
	do {
		while (signal_take(lwp, ~lwp_held(lwp), &info) != 0) {
			if (signal_act(lwp, token, how, &info))
				return;
		}
	} while (mask_restore(lwp));
	lwp->flags &= ~LWPF_CANCELLED;
	/* A thread that is gone has nothing to go on with. */
	(void)reply_error(token, how == ANSWER_PLAIN ? 0 : TINE_ERESTART);
}

int
signal_done(struct lwp *lwp, token_t token, int error)
{
	if (error || !signal_waits(lwp) || lwp->proc->stop_signal != 0 ||
	    (lwp->proc->flags & PROC_ENDING) != 0)
		return error;
	signal_answer(lwp, token, ANSWER_PLAIN);
	return SERVE_LATER;
}

void
signal_awaited(struct lwp *lwp, const struct proc_siginfo *info)
{
	/* Its thread is there as long as it waits. */
	(void)reply_siginfo(lwp_unblock(lwp), info);
}

void
signal_ast(struct lwp *lwp, token_t token)
{
	struct proc *proc = lwp->proc;

	lwp->flags &= ~LWPF_AST;
	if (proc->stop_signal == 0 && (lwp->flags & LWPF_SUSPENDED) == 0) {
		signal_answer(lwp, token, ANSWER_PLAIN);
		return;
	}
	stop_lwp(lwp, token, ANSWER_PLAIN);
	stop_check(proc);
}

void
signal_resume(struct lwp *lwp)
{
	enum answer how = lwp->stopped_in;

	if (lwp->state != LWP_STOPPED || lwp->proc->stop_signal != 0 ||
	    (lwp->flags & LWPF_SUSPENDED) != 0)
		return;
	signal_answer(lwp, lwp_unblock(lwp), how);
}

void
signal_fault(struct lwp *lwp, token_t token, const struct proc_siginfo *info)
{
	const struct proc *proc = lwp->proc;
	uint64_t bit = SIGBIT(info->signo);

	if (proc->flags & PROC_ENDING)
		return;
	if ((proc->sigacts->caught & bit) != 0 && (lwp->sigmask & bit) == 0)
		signal_enter(lwp, token, ANSWER_PLAIN, info);
	else
		proc_doom(lwp->proc, info->signo);
}
