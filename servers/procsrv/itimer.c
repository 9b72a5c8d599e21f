/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * itimer.c - the interval timers of a process; see sleep.h.
 */
#include <abi/errors.h>
#include <ipc/proc.h>

#include "console.h"
#include "cputime.h"
#include "proc.h"
#include "signal.h"
#include "sleep.h"
#include "times.h"

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

/* setitimer() and getitimer() of ITIMER_REAL, with times that there can be. */
static void
itimer_real(struct proc *proc, const struct proc_itimer_req *req,
    struct proc_itimer_rep *rep)
{
	rep->value = timer_left(&proc->itimer);
	rep->interval = proc->itimer_interval;
	if (!req->set)
		return;
	timer_stop(&proc->itimer);
	/* Without a value there is nothing to be repeated. */
	proc->itimer_interval = req->value != 0 ? req->interval : 0;
	if (req->value != 0)
		timer_set(
		    &proc->itimer, now_ticks() + req->value, itimer_expire);
}

int
itimer_call(struct proc *proc, const struct proc_itimer_req *req,
    struct proc_itimer_rep *rep)
{
	const struct proc_itimer_req clipped = {
	    .which = req->which,
	    .set = req->set,
	    .value = times_clip(req->value),
	    .interval = times_clip(req->interval),
	};

	switch (req->which) {
	case PROC_ITIMER_REAL:
		itimer_real(proc, &clipped, rep);
		return 0;
	case PROC_ITIMER_VIRTUAL:
	case PROC_ITIMER_PROF:
		return cputime_itimer(proc, &clipped, rep);
	default:
		return TINE_EINVAL;
	}
}
