/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sleep.c - LWPs that wait for a time, and the process's interval timer.
 */
#include "sleep.h"

#include <abi/errors.h>
#include <ipc/proc.h>

#include "console.h"
#include "exit.h"
#include "proc.h"
#include "reply.h"
#include "sigdeliver.h"
#include "signal.h"
#include "times.h"

uint32_t forkfsleep;

static void
sleep_expire(struct timer *timer)
{
	struct lwp *lwp = LIST_ENTRY(timer, struct lwp, timer);

	(void)reply_error(lwp_unblock(lwp), 0);
}

int
sleep_call(struct lwp *lwp, token_t token, uint64_t deadline)
{
	if (deadline <= now_ticks())
		return 0;
	/* After a handler it is never made again (F75). */
	if (signal_waits(lwp)) {
		signal_answer(lwp, token, ANSWER_INTR);
		return SERVE_LATER;
	}
	lwp_block(lwp, LWP_SLEEPING, token);
	timer_set(&lwp->timer, deadline, sleep_expire);
	return SERVE_LATER;
}

/* What came for it meanwhile takes effect now; SIGKILL before the answer. */
static void
refused_expire(struct timer *timer)
{
	struct lwp *lwp = LIST_ENTRY(timer, struct lwp, timer);
	token_t token = lwp_unblock(lwp);

	lwp->flags &= ~LWPF_NOINTR;
	if (!exit_resume(lwp->proc))
		(void)reply_error(token, TINE_EAGAIN);
}

int
sleep_refused(struct lwp *lwp, token_t token)
{
	uint64_t ticks;

	if (forkfsleep == 0)
		return TINE_EAGAIN;
	ticks = times_milliseconds(forkfsleep);
	lwp_block(lwp, LWP_SLEEPING, token);
	lwp->flags |= LWPF_NOINTR;
	timer_set(&lwp->timer, now_ticks() + ticks, refused_expire);
	return SERVE_LATER;
}
