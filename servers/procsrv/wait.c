/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * wait.c - waiting for children.
 *
 * A wait that finds nothing keeps its token in the LWP; the death of a child
 * looks at it again.  A zombie goes only when the answer that tells of it has
 * reached somebody.
 */
#include "wait.h"

#include <abi/errors.h>
#include <ipc/proc.h>

#include "pgrp.h"
#include "pid.h"
#include "proc.h"
#include "reply.h"
#include "signal.h"

#define OPTIONS_KNOWN \
	(PROC_WAIT_NOHANG | PROC_WAIT_UNTRACED | PROC_WAIT_ALTSIG | \
	    PROC_WAIT_ALLSIG | PROC_WAIT_CONTINUED | PROC_WAIT_EXITED | \
	    PROC_WAIT_TRAPPED | PROC_WAIT_NOWAIT | PROC_WAIT_NOZOMBIE)

/* Whether a wait by a process is for this child of its. */
static bool
child_selected(const struct proc *proc, const struct proc *child, int32_t pid,
    uint32_t options)
{
	bool alternate = (options & PROC_WAIT_ALTSIG) != 0;

	if ((options & PROC_WAIT_ALLSIG) == 0 &&
	    alternate == (child->exitsig == SIGCHLD))
		return false;
	if (pid == -1)
		return true;
	if (pid > 0)
		return child->pid == pid;
	if (pid == 0)
		return child->pgrp == proc->pgrp;
	return (int64_t)child->pgrp->pgid == -(int64_t)pid;
}

/*
 * Look for the latest dead among the children that are waited for; NULL in
 * *deadp if all are alive.  ECHILD: there are none.
 */
static int
children_search(
    const struct proc *proc, int32_t pid, uint32_t options, struct proc **deadp)
{
	bool want_dead =
	    proc->nzombies > 0 && (options & PROC_WAIT_NOZOMBIE) == 0;
	bool found = false;

	*deadp = NULL;
	LIST_FOREACH(link, &proc->children)
	{
		struct proc *child = LIST_ENTRY(link, struct proc, sibling);

		if (!child_selected(proc, child, pid, options))
			continue;
		found = true;
		if (!want_dead)
			break;
		if (child->state == PROC_ZOMBIE) {
			*deadp = child;
			break;
		}
	}
	return found ? 0 : TINE_ECHILD;
}

/* The same for one child, which its pid finds at once. */
static int
child_search(
    const struct proc *proc, int32_t pid, uint32_t options, struct proc **deadp)
{
	struct proc *child = pid_proc(pid);

	*deadp = NULL;
	if (child == NULL || child->parent != proc ||
	    !child_selected(proc, child, pid, options))
		return TINE_ECHILD;
	if (child->state == PROC_ZOMBIE && (options & PROC_WAIT_NOZOMBIE) == 0)
		*deadp = child;
	return 0;
}

static int
wait_search(
    const struct proc *proc, int32_t pid, uint32_t options, struct proc **deadp)
{
	if (pid > 0)
		return child_search(proc, pid, options, deadp);
	return children_search(proc, pid, options, deadp);
}

/* Tell a waiter of a dead child, and then let the child go. */
static void
wait_collect(token_t token, struct proc *dead, uint32_t options)
{
	if (reply_wait(token, dead->pid, dead->status) != 0)
		return;
	if ((options & PROC_WAIT_NOWAIT) == 0)
		proc_reap(dead);
}

int
wait_call(struct lwp *lwp, token_t token, int32_t pid, uint32_t options)
{
	struct proc *dead;
	int error;

	if ((options & ~OPTIONS_KNOWN) != 0)
		return TINE_EINVAL;
	error = wait_search(lwp->proc, pid, options, &dead);
	if (error)
		return error;
	if (dead != NULL) {
		wait_collect(token, dead, options);
		return SERVE_LATER;
	}
	if (options & PROC_WAIT_NOHANG)
		return 0;
	lwp->wait_id = pid;
	lwp->wait_options = options;
	lwp->token = token;
	lwp->state = LWP_WAITING;
	return SERVE_LATER;
}

/* Look again for one LWP. */
static void
wait_again(struct lwp *lwp)
{
	token_t token = lwp->token;
	struct proc *dead;
	int error;

	error = wait_search(lwp->proc, lwp->wait_id, lwp->wait_options, &dead);
	if (error == 0 && dead == NULL)
		return;
	lwp->token = 0;
	lwp->state = LWP_RUNNING;
	if (error)
		(void)reply_error(token, error);
	else
		wait_collect(token, dead, lwp->wait_options);
}

void
wait_wake(struct proc *proc)
{
	LIST_FOREACH(link, &proc->lwps)
	{
		struct lwp *lwp = LIST_ENTRY(link, struct lwp, link);

		if (lwp->state == LWP_WAITING)
			wait_again(lwp);
	}
}
