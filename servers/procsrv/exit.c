/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * exit.c - the end of processes.
 *
 * The order is NetBSD's exit1() (F73), as far as there is something to end:
 * threads and memory, the vfork parent, children, the zombie, the waiter.
 * An LWP that waits for a vfork child (F50), or for its fork to be refused
 * (F13), can't be ended: then exit1() stops after the others have ended, and
 * is taken up again when that wait is over.
 */
#include "exit.h"

#include <ipc/slots.h>
#include <ipc/sys.h>
#include <ipc/vm.h>

#include "check.h"
#include "cputime.h"
#include "futex.h"
#include "limit.h"
#include "orphan.h"
#include "proc.h"
#include "ptimer.h"
#include "reply.h"
#include "signal.h"
#include "times.h"
#include "wait.h"

/* Processes to end, the oldest doom first. */
static struct proc *doomed_first;
static struct proc *doomed_last;

void
exit_memory(uint64_t space, uint64_t thread)
{
	const struct vm_release_req req = {.space = space, .thread = thread};
	struct vm_release_rep rep;

	/* Nothing is left to be done for one that vmsrv does not know. */
	(void)vm_release(SLOT_VM, &req, &rep);
}

void
exit_thread(uint64_t space, uint64_t thread)
{
	const struct vm_thread_free_req req = {
	    .space = space, .thread = thread};
	struct vm_thread_free_rep rep;

	/* Likewise. */
	(void)vm_thread_free(SLOT_VM, &req, &rep);
}

/* Put a process into the queue of exit_doomed(), if it is not in it. */
static void
doomed_insert(struct proc *proc)
{
	if (proc->flags & PROC_DOOMED)
		return;
	proc->flags |= PROC_DOOMED;
	proc->doomed_next = NULL;
	if (doomed_first == NULL)
		doomed_first = proc;
	else
		doomed_last->doomed_next = proc;
	doomed_last = proc;
}

bool
exit_resume(struct proc *proc)
{
	if ((proc->flags & PROC_ENDING) == 0)
		return false;
	doomed_insert(proc);
	return true;
}

void
vfork_wake(struct proc *proc)
{
	struct proc *parent;
	struct lwp *lwp;
	token_t token;

	if (proc->vfork_lwp == 0)
		return;
	lwp = lwp_lookup(proc->vfork_lwp);
	proc->vfork_lwp = 0;
	if (lwp == NULL)
		return;
	PROC_ASSERT(lwp->state == LWP_VFORKING);
	parent = lwp->proc;
	token = lwp_unblock(lwp);
	/* What the child set for itself was in force in the shared space. */
	if (parent->limits != proc->limits)
		(void)limits_push(parent->limits, parent->space);
	if (!exit_resume(parent))
		(void)reply_fork(token, lwp->vfork_pid, 0);
}

/* Give a process's children to init, and tell init if some are dead. */
static void
exit_children(struct proc *proc)
{
	bool dead = proc->nzombies > 0;
	struct link *link;

	while ((link = list_first(&proc->children)) != NULL) {
		struct proc *child = LIST_ENTRY(link, struct proc, sibling);

		proc_disown(child);
		child->exitsig = SIGCHLD;
		proc_adopt(initproc, child);
	}
	if (dead)
		wait_wake(initproc);
}

static void
init_died(int32_t status)
{
	console_write("init died (signal ");
	console_write_number(status & 0x7f);
	console_write(", exit ");
	console_write_number(status >> 8 & 0xff);
	console_write(")\n");
	console_panic("init died");
}

/* Whether exit_lwps() leaves this one. */
static bool
lwp_stays(const struct lwp *lwp, const struct lwp *but)
{
	return lwp == but || (but == NULL && lwp_uninterruptible(lwp));
}

/*
 * Take those that are to end out of whatever they do, so that none runs on
 * while others end.
 */
static void
stop_lwps(const struct proc *proc, const struct lwp *but)
{
	LIST_FOREACH(link, &proc->lwps)
	{
		const struct lwp *lwp = LIST_ENTRY(link, struct lwp, link);

		if (lwp->state != LWP_DEAD && !lwp_stays(lwp, but))
			(void)sys_thread_stop(SLOT_STEWARD, lwp->thread);
	}
}

void
exit_lwps(struct proc *proc, const struct lwp *but, uint64_t space)
{
	uint32_t users = proc->nlwps - (but != NULL ? 1 : 0);
	struct link *next = proc->lwps.head.next;

	/* The only one stops when it is destroyed. */
	if (users > 1)
		stop_lwps(proc, but);
	while (next != &proc->lwps.head) {
		struct lwp *lwp = LIST_ENTRY(next, struct lwp, link);

		next = next->next;
		if (lwp_stays(lwp, but))
			continue;
		if (lwp->state != LWP_DEAD) {
			times_lwp_gone(lwp);
			if (users-- > 1)
				exit_thread(space, lwp->thread);
			else
				exit_memory(space, lwp->thread);
			if (lwp->flags & LWPF_WOKEN)
				futex_pass_on(lwp);
		}
		lwp_remove(lwp);
	}
}

/* A process without LWPs becomes a zombie; the record may be gone then. */
static void
exit_zombie(struct proc *proc)
{
	struct proc *parent = proc->parent;

	timer_stop(&proc->itimer);
	ptimers_delete(proc);
	cputime_free(proc);
	proc->space = 0;
	vfork_wake(proc);
	orphans_exit(proc);
	signal_exit(proc);
	if (!list_empty(&proc->children))
		exit_children(proc);

	/* The latest dead comes first among its siblings (F23). */
	proc_disown(proc);
	proc->status = proc->exit_status;
	proc->state = PROC_ZOMBIE;
	if (signal_disowns(parent)) {
		proc->exitsig = SIGCHLD;
		proc_adopt(initproc, proc);
		/* Perhaps it had no other child to wait for. */
		wait_wake(parent);
		parent = initproc;
	} else {
		proc_adopt(parent, proc);
	}
	signal_child(proc);
	wait_wake(parent);
}

void
exit1(struct proc *proc, int32_t status)
{
	PROC_ASSERT(proc->state != PROC_ZOMBIE && proc->parent != NULL);
	if (proc == initproc) {
		init_died(status);
		return;
	}
	if ((proc->flags & PROC_EXITING) == 0) {
		proc->flags |= PROC_EXITING;
		proc->exit_status = status;
	}
	exit_lwps(proc, NULL, proc->space);
	if (proc->nlwps == 0)
		exit_zombie(proc);
}

void
proc_doom(struct proc *proc, int32_t signal)
{
	if (proc->flags & (PROC_DOOMED | PROC_EXITING))
		return;
	proc->exit_status = STATUS_SIGNAL(signal);
	doomed_insert(proc);
}

/* Not inlined: nearly always there are none. */
__attribute__((noinline)) static void
doomed_exit(void)
{
	struct proc *proc;

	/* An end may doom others: a vfork parent that was killed meanwhile. */
	while ((proc = doomed_first) != NULL) {
		doomed_first = proc->doomed_next;
		proc->flags &= ~PROC_DOOMED;
		exit1(proc, proc->exit_status);
	}
}

void
exit_doomed(void)
{
	if (doomed_first != NULL)
		doomed_exit();
}
