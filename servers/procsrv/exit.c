/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * exit.c - the end of processes.
 *
 * The order is NetBSD's exit1() (F73), as far as there is something to end:
 * threads and memory, the vfork parent, children, the zombie, the waiter.
 */
#include "exit.h"

#include <ipc/slots.h>
#include <ipc/sys.h>
#include <ipc/vm.h>

#include "check.h"
#include "limit.h"
#include "orphan.h"
#include "proc.h"
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
vfork_wake(struct proc *proc)
{
	struct lwp *lwp = lwp_lookup(proc->vfork_lwp);
	token_t token;

	proc->vfork_lwp = 0;
	if (lwp == NULL)
		return;
	PROC_ASSERT(lwp->state == LWP_VFORKING);
	token = lwp->token;
	lwp->token = 0;
	lwp->state = LWP_RUNNING;
	/* What the child set for itself was in force in the shared space. */
	if (lwp->proc->limits != proc->limits)
		(void)limits_push(lwp->proc->limits, lwp->proc->space);
	if (lwp->proc->kill_signal != 0)
		proc_doom(lwp->proc, lwp->proc->kill_signal);
	else
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

/* End the threads of a process, and with the last its use of the space. */
static void
exit_lwps(struct proc *proc)
{
	struct link *link;

	while ((link = list_first(&proc->lwps)) != NULL) {
		struct lwp *lwp = LIST_ENTRY(link, struct lwp, link);

		list_remove(link);
		times_lwp_gone(lwp);
		exit_memory(proc->space, lwp->thread);
		lwp_free(lwp);
	}
	proc->space = 0;
}

void
exit1(struct proc *proc, int32_t status)
{
	struct proc *parent = proc->parent;

	PROC_ASSERT(proc->state == PROC_ACTIVE && parent != NULL);
	if (proc == initproc) {
		init_died(status);
		return;
	}
	timer_stop(&proc->itimer);
	exit_lwps(proc);
	vfork_wake(proc);
	orphans_exit(proc);
	signal_exit(proc);
	if (!list_empty(&proc->children))
		exit_children(proc);

	/* The latest dead comes first among its siblings (F23). */
	proc_disown(proc);
	proc->status = status;
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
proc_doom(struct proc *proc, int32_t signal)
{
	struct lwp *lwp = proc_lwp(proc);

	if (proc->flags & PROC_DOOMED)
		return;
	if (proc->kill_signal == 0)
		proc->kill_signal = signal;
	if (lwp != NULL && lwp_uninterruptible(lwp))
		return;
	proc->flags |= PROC_DOOMED;
	proc->doomed_next = NULL;
	if (doomed_first == NULL)
		doomed_first = proc;
	else
		doomed_last->doomed_next = proc;
	doomed_last = proc;
}

/*
 * Take the threads of a process out of whatever they do, so that none runs
 * on while its process is taken apart.
 */
static void
stop_lwps(const struct proc *proc)
{
	LIST_FOREACH(link, &proc->lwps)
	{
		const struct lwp *lwp = LIST_ENTRY(link, struct lwp, link);

		(void)sys_thread_stop(SLOT_STEWARD, lwp->thread);
	}
}

void
exit_doomed(void)
{
	struct proc *proc;

	/* An end may doom others: a vfork parent that was killed meanwhile. */
	while ((proc = doomed_first) != NULL) {
		doomed_first = proc->doomed_next;
		stop_lwps(proc);
		exit1(proc, STATUS_SIGNAL(proc->kill_signal));
	}
}
