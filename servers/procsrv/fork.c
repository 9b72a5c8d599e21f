/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fork.c - process creation.
 *
 *   reserve  everything that can fail, undone in reverse order on error;
 *   inherit  fill in the child from its parent; cannot fail;
 *   publish  make the child visible, then runnable; cannot fail.
 *
 * To be held beside NetBSD kern_fork.c 1.209.  What there is a lock held over
 * several steps is here the server's one thread: nobody's request runs
 * between the steps of one.
 */
#include "fork.h"

#include <string.h>

#include <abi/errors.h>
#include <ipc/slots.h>
#include <ipc/sys.h>
#include <ipc/vm.h>

#include "check.h"
#include "cputime.h"
#include "cred.h"
#include "exit.h"
#include "limit.h"
#include "pgrp.h"
#include "pid.h"
#include "proc.h"
#include "reply.h"
#include "sigacts.h"
#include "signal.h"

#define REG_SP 2

struct fork_statistics fork_statistics;

/* The child's memory and thread: the one call to vmsrv. */
static int
fork_memory(const struct proc *parent, struct lwp *l2, uint32_t flags)
{
	struct vm_fork_req req = {
	    .space = parent->space,
	    .identity = lwp_identity(l2),
	    .flags = (flags & FORK_SHAREVM) ? VM_FORK_SHARE : 0,
	};
	struct vm_fork_rep rep;
	int error;

	error = vm_fork(SLOT_VM, &req, &rep);
	if (error)
		return error;
	l2->proc->space = rep.space;
	l2->thread = rep.thread;
	return 0;
}

/* Let the child's thread begin with another stack pointer. */
static int
fork_stack(const struct lwp *l2, uint64_t stack)
{
	struct regs regs;
	struct sysret ret;

	ret = sys_thread_read(SLOT_STEWARD, l2->thread, &regs);
	if (ret.error)
		return (int)ret.error;
	regs.x[REG_SP] = stack;
	ret = sys_thread_write(SLOT_STEWARD, l2->thread, &regs);
	return (int)ret.error;
}

/* Make the child's thread the copy of the calling one. */
static int
fork_thread(struct lwp *l2, const struct fork_args *args)
{
	struct sysret ret;

	ret = sys_thread_clone(SLOT_STEWARD, args->token, l2->thread);
	if (ret.error)
		return (int)ret.error;
	l2->token = ret.value;
	return args->stack != 0 ? fork_stack(l2, args->stack) : 0;
}

void
fork_inherit(
    const struct proc *parent, struct proc *child, const struct fork_args *args)
{
	child->flags = (parent->flags & PROC_INHERITED) | PROC_AFORK;
	if (args->flags & FORK_SYSTEM)
		child->flags |= PROC_SYSTEM | PROC_NOCLDWAIT;
	child->exitsig = args->exitsig;
	/* Its thread, the caller's copy, runs by it already. */
	child->nice = parent->nice;
	child->cred = cred_hold(parent->cred);
	child->limits = limits_hold(parent->limits);
	memcpy(child->name, parent->name, sizeof(child->name));
	if (child->cputime != NULL)
		cputime_limit(child);
}

void
fork_link(struct proc *forker, struct proc *child, uint32_t flags)
{
	child->pid = pid_take(child);
	proc_adopt((flags & FORK_NOWAIT) ? initproc : forker, child);
	pgrp_join(child, forker);
	child->start = now_ticks();
	child->state = PROC_ACTIVE;
}

static void
fork_count(uint32_t flags)
{
	fork_statistics.forks++;
	if (flags & FORK_PPWAIT)
		fork_statistics.ppwait++;
	if (flags & FORK_SHAREVM)
		fork_statistics.sharevm++;
}

/* Make the child visible, then runnable; let the parent wait, for vfork. */
static void
fork_publish(struct lwp *l1, struct lwp *l2, const struct fork_args *args)
{
	struct proc *child = l2->proc;
	token_t token = l2->token;

	lwp_attach(l2);
	fork_link(l1->proc, child, args->flags);
	fork_count(args->flags);
	if (args->flags & FORK_PPWAIT) {
		child->vfork_lwp = lwp_identity(l1);
		l1->vfork_pid = child->pid;
		lwp_block(l1, LWP_VFORKING, args->token);
	}
	/* Its thread was made a moment ago and can't be gone. */
	l2->token = 0;
	(void)reply_fork(token, 0, 1);
}

int
fork1(struct lwp *l1, const struct fork_args *args, struct proc **childp)
{
	struct proc *p1 = l1->proc;
	struct proc *p2;
	struct lwp *l2;
	int error;

	error = limit_enter(p1);
	if (error)
		return error;
	error = pid_reserve();
	if (error)
		goto undo_limit;
	error = proc_alloc(&p2);
	if (error)
		goto undo_limit;
	error = lwp_alloc(p2, &l2);
	if (error)
		goto undo_proc;
	error = sigacts_fork(p1->sigacts, args->flags, &p2->sigacts);
	if (error)
		goto undo_lwp;
	error = cputime_fork(p1, p2);
	if (error)
		goto undo_sigacts;
	error = fork_memory(p1, l2, args->flags);
	if (error)
		goto undo_cputime;
	error = fork_thread(l2, args);
	if (error)
		goto undo_memory;

	/* Committed: nothing below can fail. */
	fork_inherit(p1, p2, args);
	signal_lwp_inherit(l1, l2);
	fork_publish(l1, l2, args);
	*childp = p2;
	return 0;

undo_memory:
	exit_memory(p2->space, l2->thread);
undo_cputime:
	cputime_free(p2);
undo_sigacts:
	sigacts_release(p2->sigacts);
undo_lwp:
	lwp_free(l2);
undo_proc:
	proc_free(p2);
undo_limit:
	limit_leave(p1->cred->user);
	return error;
}
