/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * itimer.c - the interval timer of a process; see sleep.h.
 */
#include <abi/errors.h>
#include <ipc/proc.h>

#include "console.h"
#include "proc.h"
#include "signal.h"
#include "sleep.h"
#include "times.h"

#define ITIMER_REAL 0
/* Longer than any machine is on; sums with it do not overflow. */
#define TICKS_MAX (1ul << 62)

/* A time that a caller asked for, as one that there can be. */
static uint64_t
itimer_clip(uint64_t ticks)
{
	uint64_t least = times_milliseconds(1);

	if (ticks == 0)
		return 0;
	if (ticks < least)
		return least;
	return ticks < TICKS_MAX ? ticks : TICKS_MAX;
}

/* SIGALRM; then the first end of an interval that is still to come. */
static void
itimer_expire(struct timer *timer)
{
	const struct proc_siginfo info = {
	    .signo = SIGALRM,
	    .code = PROC_SI_TIMER,
	};
	struct proc *proc = LIST_ENTRY(timer, struct proc, itimer);
	uint64_t interval = proc->itimer_interval;
	uint64_t now = now_ticks();

	if (interval != 0)
		timer_set(timer,
		    now + interval - (now - timer->deadline) % interval,
		    itimer_expire);
	signal_proc(proc, &info);
}

/* What is left; an end that has passed unseen is still to come. */
static uint64_t
itimer_left(const struct timer *timer)
{
	uint64_t now = now_ticks();

	if (!timer_runs(timer))
		return 0;
	return timer->deadline > now ? timer->deadline - now : 1;
}

int
itimer_call(struct proc *proc, const struct proc_itimer_req *req,
    struct proc_itimer_rep *rep)
{
	uint64_t value = itimer_clip(req->value);

	if (req->which != ITIMER_REAL)
		return TINE_EINVAL;
	rep->value = itimer_left(&proc->itimer);
	rep->interval = proc->itimer_interval;
	if (!req->set)
		return 0;
	timer_stop(&proc->itimer);
	/* Without a value there is nothing to be repeated. */
	proc->itimer_interval = value != 0 ? itimer_clip(req->interval) : 0;
	if (value != 0)
		timer_set(&proc->itimer, now_ticks() + value, itimer_expire);
	return 0;
}
