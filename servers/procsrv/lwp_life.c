/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lwp_life.c - LWPs created, suspended and ended.
 *
 * A new one is a copy of the caller as fork() makes it, so that it has the
 * caller's capabilities, endpoints and priority, but in the same space; it is
 * answered with other registers.  A suspended one is stopped at its AST,
 * whose token is kept: where it stands then, all its registers are its own.
 */
#include "lwp.h"

#include <abi/errors.h>
#include <ipc/slots.h>
#include <ipc/sys.h>
#include <ipc/vm.h>

#include "exit.h"
#include "futex.h"
#include "limit.h"
#include "signal.h"
#include "stop.h"
#include "times.h"

#define REG_PC 0
#define LWP_FLAGS (PROC_LWP_DETACHED | PROC_LWP_SUSPENDED)

/* A stopped thread for a new LWP. */
static int
create_thread(struct lwp *l2)
{
	const struct vm_thread_new_req req = {
	    .space = l2->proc->space, .identity = lwp_identity(l2)};
	struct vm_thread_new_rep rep;
	int error;

	error = vm_thread_new(SLOT_VM, &req, &rep);
	if (error)
		return error;
	l2->thread = rep.thread;
	return 0;
}

/* Make it a copy of the caller, and let it go with other registers. */
static int
create_start(const struct lwp *l2, token_t token, const struct regs *regs)
{
	struct sysret ret;

	ret = sys_thread_clone(SLOT_STEWARD, token, l2->thread);
	if (ret.error)
		return (int)ret.error;
	token = ret.value;
	/* Flag first: then it stops before its first instruction. */
	if (l2->flags & LWPF_SUSPENDED) {
		ret = sys_thread_interrupt(SLOT_STEWARD, l2->thread);
		if (ret.error)
			return (int)ret.error;
	}
	ret = sys_reply_regs(token, regs);
	return (int)ret.error;
}

static void
create_inherit(const struct lwp *l1, struct lwp *l2, uint32_t flags)
{
	/* An alternate stack is of one LWP alone. */
	l2->sigmask = l1->sigmask;
	if (flags & PROC_LWP_DETACHED)
		l2->flags |= LWPF_DETACHED;
	if (flags & PROC_LWP_SUSPENDED)
		l2->flags |= LWPF_SUSPENDED | LWPF_AST;
}

int
lwp_create(struct lwp *l1, token_t token, const struct regs *regs,
    uint32_t flags, int32_t *lidp)
{
	struct proc *proc = l1->proc;
	struct lwp *l2;
	int error;

	if ((flags & ~LWP_FLAGS) != 0 || (regs->x[REG_PC] & 1) != 0 ||
	    regs->x[REG_PC] >= USER_TOP)
		return TINE_EINVAL;
	if (proc->nlwps + proc->ndead >= proc->limits->of[PROC_LIMIT_NTHR].soft)
		return TINE_EAGAIN;
	error = lwp_alloc(proc, &l2);
	if (error)
		return error;
	create_inherit(l1, l2, flags);
	error = create_thread(l2);
	if (error)
		goto undo_lwp;
	error = create_start(l2, token, regs);
	if (error)
		goto undo_thread;

	/* Committed: nothing below can fail. */
	lwp_attach(l2);
	*lidp = l2->lid;
	return 0;

undo_thread:
	exit_thread(proc->space, l2->thread);
undo_lwp:
	lwp_free(l2);
	return error;
}

void
lwp_exit(struct lwp *lwp)
{
	struct proc *proc = lwp->proc;
	int32_t lid = lwp->lid;

	if (proc->nlwps == 1) {
		exit1(proc, STATUS_EXIT(0));
		return;
	}
	signal_lwp_gone(lwp);
	times_lwp_gone(lwp);
	exit_thread(proc->space, lwp->thread);
	if (lwp->flags & LWPF_WOKEN)
		futex_pass_on(lwp);
	if (lwp->flags & LWPF_DETACHED) {
		lwp_remove(lwp);
	} else {
		lwp->thread = 0;
		lwp->state = LWP_DEAD;
		proc->nlwps--;
		proc->ndead++;
	}
	lwp_wait_wake(proc, lid);
}

/* Whether all other LWPs of its process are suspended. */
static bool
others_suspended(const struct lwp *lwp)
{
	LIST_FOREACH(link, &lwp->proc->lwps)
	{
		const struct lwp *other = LIST_ENTRY(link, struct lwp, link);

		if (other != lwp && other->state != LWP_DEAD &&
		    (other->flags & LWPF_SUSPENDED) == 0)
			return false;
	}
	return true;
}

int
lwp_suspend(struct lwp *lwp, int32_t lid)
{
	struct lwp *target = lwp_find_live(lwp->proc, lid);

	if (target == NULL)
		return TINE_ESRCH;
	if (target == lwp && others_suspended(lwp))
		return TINE_EDEADLK;
	if (target->flags & LWPF_SUSPENDED)
		return 0;
	target->flags |= LWPF_SUSPENDED;
	lwp_stop(target);
	return 0;
}

int
lwp_continue(struct lwp *lwp, int32_t lid)
{
	struct lwp *target = lwp_find_live(lwp->proc, lid);

	if (target == NULL)
		return TINE_ESRCH;
	target->flags &= ~LWPF_SUSPENDED;
	signal_resume(target);
	return 0;
}
