/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lwp_park.c - _lwp_park() and _lwp_unpark().
 *
 * NetBSD kern_lwp.c, sys_lwp.c: an unpark that finds nobody parked is kept,
 * one only, for the next park.
 */
#include "lwp.h"

#include <abi/errors.h>

#include "console.h"
#include "reply.h"
#include "sigdeliver.h"
#include "signal.h"

int
lwp_unpark(const struct proc *proc, int32_t lid)
{
	struct lwp *lwp = lwp_find_live(proc, lid);

	if (lwp == NULL)
		return TINE_ESRCH;
	if (lwp->state == LWP_PARKED)
		(void)reply_error(lwp_unblock(lwp), 0);
	else
		lwp->flags |= LWPF_UNPARKED;
	return 0;
}

int
lwp_park(struct lwp *lwp, token_t token, uint64_t deadline, int32_t unpark)
{
	int error;

	if (unpark != 0) {
		error = lwp_unpark(lwp->proc, unpark);
		if (error)
			return error;
	}
	/* As in NetBSD, this comes before a pending unpark, which stays. */
	if (deadline <= now_ticks())
		return TINE_ETIMEDOUT;
	if (lwp->flags & LWPF_UNPARKED) {
		lwp->flags &= ~LWPF_UNPARKED;
		return TINE_EALREADY;
	}
	/* After a handler it is never made again, as in NetBSD. */
	if (signal_waits(lwp)) {
		signal_answer(lwp, token, ANSWER_INTR);
		return SERVE_LATER;
	}
	lwp_block_until(lwp, LWP_PARKED, token, deadline);
	return SERVE_LATER;
}
