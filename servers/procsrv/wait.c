/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * wait.c - waiting for children (F70).
 *
 * A wait that finds nothing keeps its token in the LWP; news of a child has
 * it look again.  News is consumed, a zombie reaped or a stop told once, only
 * when the answer that tells of it has reached somebody.  All of wait6's
 * results are in that answer.  A caller that is not sure of its pointer for the
 * status has it written before that: there is no EFAULT that comes too late.
 */
#include "wait.h"

#include <abi/errors.h>
#include <ipc/copy.h>
#include <ipc/proc.h>

#include "cred.h"
#include "pgrp.h"
#include "pid.h"
#include "proc.h"
#include "reply.h"
#include "signal.h"
#include "times.h"

#define OPTIONS_SELECT \
	(PROC_WAIT_EXITED | PROC_WAIT_UNTRACED | PROC_WAIT_CONTINUED | \
	    PROC_WAIT_TRAPPED)
#define OPTIONS_KNOWN \
	(OPTIONS_SELECT | PROC_WAIT_NOHANG | PROC_WAIT_ALTSIG | \
	    PROC_WAIT_ALLSIG | PROC_WAIT_NOWAIT | PROC_WAIT_NOZOMBIE)

/* What there can be to tell of a child. */
enum news {
	NEWS_NONE,
	NEWS_DEAD,
	NEWS_STOPPED,
	NEWS_CONTINUED,
};

/* Whether an LWP's wait is for this child of its process. */
static bool
child_selected(const struct lwp *lwp, const struct proc *child)
{
	uint32_t options = lwp->wait_options;
	bool alternate = (options & PROC_WAIT_ALTSIG) != 0;

	if ((options & PROC_WAIT_ALLSIG) == 0 &&
	    alternate == (child->exitsig == SIGCHLD))
		return false;
	/* Nothing will ever be told of it. */
	if (child->state == PROC_ZOMBIE && (options & PROC_WAIT_EXITED) == 0)
		return false;
	switch (lwp->wait_idtype) {
	case PROC_P_PID:
		return child->pid == lwp->wait_id;
	case PROC_P_PGID:
		return child->pgrp->pgid == lwp->wait_id;
	default:
		return true;
	}
}

/* What there is to tell of a child to who waits with these options. */
static enum news
child_news(const struct proc *child, uint32_t options)
{
	if (child->state == PROC_ZOMBIE)
		return (options & PROC_WAIT_NOZOMBIE) ? NEWS_NONE : NEWS_DEAD;
	if ((options & PROC_WAIT_CONTINUED) != 0 &&
	    (child->flags & PROC_REPORT_CONT) != 0)
		return NEWS_CONTINUED;
	if ((options & PROC_WAIT_UNTRACED) != 0 &&
	    child->state == PROC_STOPPED &&
	    (child->flags & PROC_REPORT_STOP) != 0)
		return NEWS_STOPPED;
	return NEWS_NONE;
}

/* Whether a look at all children can find more than that there are some. */
static bool
news_possible(const struct proc *proc, uint32_t options)
{
	return (options & (PROC_WAIT_UNTRACED | PROC_WAIT_CONTINUED)) != 0 ||
	       proc->nzombies > 0;
}

/* Look at all children; the latest dead is the first. */
static int
children_search(const struct lwp *lwp, struct proc **childp)
{
	const struct proc *proc = lwp->proc;
	bool possible = news_possible(proc, lwp->wait_options);
	bool found = false;

	*childp = NULL;
	LIST_FOREACH(link, &proc->children)
	{
		struct proc *child = LIST_ENTRY(link, struct proc, sibling);

		if (!child_selected(lwp, child))
			continue;
		found = true;
		if (!possible)
			break;
		if (child_news(child, lwp->wait_options) != NEWS_NONE) {
			*childp = child;
			break;
		}
	}
	return found ? 0 : TINE_ECHILD;
}

/* Look at one child, which its pid finds at once. */
static int
child_search(const struct lwp *lwp, struct proc **childp)
{
	struct proc *child = pid_proc(lwp->wait_id);

	if (child == NULL || child->parent != lwp->proc ||
	    !child_selected(lwp, child))
		return TINE_ECHILD;
	*childp =
	    child_news(child, lwp->wait_options) != NEWS_NONE ? child : NULL;
	return 0;
}

/*
 * Look for a child of which there is something to tell; NULL in *childp if
 * there is nothing yet.  ECHILD: there are none to wait for.
 */
static int
wait_search(const struct lwp *lwp, struct proc **childp)
{
	if (lwp->wait_idtype == PROC_P_PID)
		return child_search(lwp, childp);
	return children_search(lwp, childp);
}

/* What wait() says of a child. */
static int32_t
news_status(const struct proc *child, enum news news)
{
	switch (news) {
	case NEWS_STOPPED:
		return STATUS_STOPPED(child->stop_signal);
	case NEWS_CONTINUED:
		return STATUS_CONTINUED;
	default:
		return child->status;
	}
}

/* Tell a waiter of a child; whether it heard that. */
static bool
wait_tell(token_t token, const struct proc *child, enum news news)
{
	const struct proc_wait_rep rep = {
	    .pid = child->pid,
	    .status = news_status(child, news),
	    .user = times_proc(child),
	    .children_user = child->times_children,
	    .uid = child->cred->user->uid,
	};

	return reply_wait(token, &rep) == 0;
}

/* Write the status to the caller's window.  EFAULT, ESTALE, ENOMEM. */
__attribute__((noinline)) static int
wait_write(token_t token, const struct proc *child, enum news news)
{
	int32_t status = news_status(child, news);

	return ipc_copy_out(token, 0, &status, sizeof(status));
}

/*
 * Tell an LWP, which waits in the call with this token, the news of a child;
 * whether the child is gone with that.
 */
static bool
wait_collect(const struct lwp *lwp, token_t token, struct proc *child)
{
	uint32_t options = lwp->wait_options;
	enum news news = child_news(child, options);

	if (lwp->wait_write) {
		int error = wait_write(token, child, news);

		if (error) {
			(void)reply_error(token, error);
			return false;
		}
	}
	if (!wait_tell(token, child, news) || (options & PROC_WAIT_NOWAIT) != 0)
		return false;
	switch (news) {
	case NEWS_STOPPED:
		child->flags &= ~PROC_REPORT_STOP;
		return false;
	case NEWS_CONTINUED:
		child->flags &= ~PROC_REPORT_CONT;
		return false;
	default:
		proc_reap(child);
		return true;
	}
}

/* Keep what a caller waits for in its LWP.  EINVAL. */
static int
wait_parse(struct lwp *lwp, const struct proc_wait_req *req)
{
	if ((req->options & ~OPTIONS_KNOWN) != 0 ||
	    (req->options & OPTIONS_SELECT) == 0)
		return TINE_EINVAL;
	if (req->idtype != PROC_P_ALL && req->idtype != PROC_P_PID &&
	    req->idtype != PROC_P_PGID)
		return TINE_EINVAL;
	lwp->wait_idtype = req->idtype;
	lwp->wait_id = req->id;
	lwp->wait_options = req->options;
	lwp->wait_write = req->write;
	if (req->idtype == PROC_P_PGID && req->id == 0)
		lwp->wait_id = lwp->proc->pgrp->pgid;
	return 0;
}

int
wait_call(struct lwp *lwp, token_t token, const struct proc_wait_req *req)
{
	struct proc *child;
	int error;

	error = wait_parse(lwp, req);
	if (error)
		return error;
	error = wait_search(lwp, &child);
	if (error)
		return error;
	if (child != NULL) {
		/* Other LWPs may have waited for that one alone. */
		if (wait_collect(lwp, token, child))
			wait_wake(lwp->proc);
		return SERVE_LATER;
	}
	if (req->options & PROC_WAIT_NOHANG)
		return 0;
	if (signal_waits(lwp))
		return signal_error(lwp);
	lwp_block(lwp, LWP_WAITING, token);
	return SERVE_LATER;
}

/* Look again for one LWP; whether a child is gone with that. */
static bool
wait_again(struct lwp *lwp)
{
	struct proc *child;
	token_t token;
	int error;

	error = wait_search(lwp, &child);
	if (error == 0 && child == NULL)
		return false;
	token = lwp_unblock(lwp);
	if (error == 0)
		return wait_collect(lwp, token, child);
	(void)reply_error(token, error);
	return false;
}

void
wait_wake(struct proc *proc)
{
	bool reaped;

	/* One gets it; others may now have nothing left to wait for. */
	do {
		reaped = false;
		LIST_FOREACH(link, &proc->lwps)
		{
			struct lwp *lwp = LIST_ENTRY(link, struct lwp, link);

			if (lwp->state == LWP_WAITING && wait_again(lwp))
				reaped = true;
		}
	} while (reaped);
}
