/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lwp_wait.c - waiting for the end of LWPs: _lwp_wait() and _lwp_detach().
 *
 * To be held beside lwp_wait() of NetBSD's kern_lwp.c.  One that has ended is
 * given at once to who waits for it in particular, or else to who waits for
 * any; so a DEAD one that is found is the finder's.
 */
#include "lwp.h"

#include <abi/errors.h>

#include "reply.h"
#include "signal.h"

/* Whether all LWPs of a process wait for others, lwp at the least. */
static bool
all_wait(const struct lwp *lwp)
{
	const struct proc *proc = lwp->proc;

	if (proc->ndead > 0)
		return false;
	LIST_FOREACH(link, &proc->lwps)
	{
		const struct lwp *other = LIST_ENTRY(link, struct lwp, link);

		if (other != lwp && other->state != LWP_JOINING)
			return false;
	}
	return true;
}

/* Look for a DEAD one with this id; NULL in *deadp: it still runs. */
static int
search_one(const struct lwp *lwp, int32_t lid, struct lwp **deadp)
{
	struct lwp *other = lwp_find(lwp->proc, lid);

	*deadp = NULL;
	if (other == NULL)
		return TINE_ESRCH;
	if (other->flags & LWPF_DETACHED)
		return TINE_EINVAL;
	/* Longer circles are not looked for, nor does NetBSD. */
	if (other == lwp ||
	    (other->state == LWP_JOINING && other->join_lid == lwp->lid))
		return TINE_EDEADLK;
	if (other->state == LWP_DEAD)
		*deadp = other;
	return 0;
}

/* The same for any. */
static int
search_any(const struct lwp *lwp, struct lwp **deadp)
{
	bool found = false;

	*deadp = NULL;
	LIST_FOREACH(link, &lwp->proc->lwps)
	{
		struct lwp *other = LIST_ENTRY(link, struct lwp, link);

		if (other == lwp || (other->flags & LWPF_DETACHED) != 0)
			continue;
		found = true;
		if (other->state == LWP_DEAD) {
			*deadp = other;
			break;
		}
	}
	return found ? 0 : TINE_ESRCH;
}

static int
search(const struct lwp *lwp, int32_t lid, struct lwp **deadp)
{
	int error;

	if (lid != 0)
		error = search_one(lwp, lid, deadp);
	else
		error = search_any(lwp, deadp);
	if (error == 0 && *deadp == NULL && all_wait(lwp))
		error = TINE_EDEADLK;
	return error;
}

int
lwp_wait(struct lwp *lwp, token_t token, int32_t lid, int32_t *lidp)
{
	struct lwp *dead;
	int error;

	error = search(lwp, lid, &dead);
	if (error)
		return error;
	if (dead != NULL) {
		*lidp = dead->lid;
		lwp_remove(dead);
		/* Others may have waited for it, too. */
		lwp_wait_wake(lwp->proc, *lidp);
		return 0;
	}
	if (signal_waits(lwp))
		return signal_error(lwp);
	lwp->join_lid = lid;
	lwp_block(lwp, LWP_JOINING, token);
	return SERVE_LATER;
}

/* Look again for one LWP that waits; whether it is answered. */
static bool
wait_again(struct lwp *lwp)
{
	struct lwp *dead;
	int error;

	error = search(lwp, lwp->join_lid, &dead);
	if (error) {
		(void)reply_error(lwp_unblock(lwp), error);
	} else if (dead != NULL) {
		/* Nothing is lost: a blocked thread takes its answer. */
		(void)reply_lwp(lwp_unblock(lwp), dead->lid);
		lwp_remove(dead);
	}
	return error != 0 || dead != NULL;
}

/* All that wait for this id look again. */
static void
wake_those(const struct proc *proc, int32_t lid)
{
	LIST_FOREACH(link, &proc->lwps)
	{
		struct lwp *lwp = LIST_ENTRY(link, struct lwp, link);

		if (lwp->state == LWP_JOINING && lwp->join_lid == lid)
			(void)wait_again(lwp);
	}
}

static bool
waits_for_any(const struct lwp *lwp)
{
	return lwp->state == LWP_JOINING && lwp->join_lid == 0;
}

/* The only LWP that is not detached; NULL: there are others, or none. */
static struct lwp *
joinable_alone(const struct proc *proc)
{
	struct lwp *found = NULL;

	LIST_FOREACH(link, &proc->lwps)
	{
		struct lwp *lwp = LIST_ENTRY(link, struct lwp, link);

		if (lwp->flags & LWPF_DETACHED)
			continue;
		if (found != NULL)
			return NULL;
		found = lwp;
	}
	return found;
}

/*
 * Those that wait for any look again, up to the first that finds nothing:
 * nor would the others, of which there may be thousands, but for one that is
 * itself all that the others can wait for.
 */
static void
wake_any(const struct proc *proc)
{
	struct lwp *alone;

	LIST_FOREACH(link, &proc->lwps)
	{
		struct lwp *lwp = LIST_ENTRY(link, struct lwp, link);

		if (waits_for_any(lwp) && !wait_again(lwp))
			break;
	}
	alone = joinable_alone(proc);
	if (alone != NULL && waits_for_any(alone))
		(void)wait_again(alone);
}

void
lwp_wait_wake(struct proc *proc, int32_t lid)
{
	struct lwp *first = proc_lwp(proc);

	wake_those(proc, lid);
	wake_any(proc);
	/* If none but waiters are left, one of them has to go on. */
	if (first->state == LWP_JOINING)
		(void)wait_again(first);
}

int
lwp_detach(struct lwp *lwp, int32_t lid)
{
	struct lwp *target = lwp_find(lwp->proc, lid);

	if (target == NULL)
		return TINE_ESRCH;
	if (target->flags & LWPF_DETACHED)
		return TINE_EINVAL;
	target->flags |= LWPF_DETACHED;
	if (target->state == LWP_DEAD)
		lwp_remove(target);
	lwp_wait_wake(lwp->proc, lid);
	return 0;
}
