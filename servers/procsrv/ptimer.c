/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ptimer.c - the timers that a process makes; see ptimer.h.
 */
#include "ptimer.h"

#include <abi/errors.h>
#include <ipc/proc.h>

#include "console.h"
#include "pool.h"
#include "proc.h"
#include "siginfo.h"
#include "signal.h"
#include "sigset.h"
#include "times.h"

struct ptimer {
	struct timer timer; /* not first used when free: the pool's link */
	struct ptimer *next; /* of its process, by id */
	struct proc *proc;
	uint64_t interval; /* 0: once */
	uint64_t value; /* si_value */
	uint64_t serial; /* tells its signals from those of others */
	int32_t id;
	int32_t signal; /* 0: none */
	uint32_t overruns; /* of the signal that was sent last */
	uint32_t taken; /* of the one before */
};

static struct pool ptimers = POOL_INIT(AREA_PTIMERS, struct ptimer);
static uint64_t serials;

/* Where a process's timer is linked; NULL: it has none with this id. */
static struct ptimer **
ptimer_link(struct ptimer **link, int32_t id)
{
	for (; *link != NULL; link = &(*link)->next) {
		if ((*link)->id == id)
			return link;
	}
	return NULL;
}

static struct ptimer *
ptimer_find(const struct proc *proc, int32_t id)
{
	struct ptimer *timer = proc->ptimers;

	while (timer != NULL && timer->id != id)
		timer = timer->next;
	return timer;
}

/* The link behind all timers with ids up to the first gap, and its id. */
static struct ptimer **
ptimer_gap(struct ptimer **link, int32_t *idp)
{
	int32_t id = 1;

	for (; *link != NULL && (*link)->id == id; link = &(*link)->next)
		id++;
	*idp = id;
	return link;
}

int
ptimer_create(
    struct proc *proc, const struct proc_timer_create_req *req, int32_t *idp)
{
	struct ptimer **link = ptimer_gap(&proc->ptimers, idp);
	struct ptimer *timer;
	void *item;

	if (req->signal < 0 || req->signal >= PROC_NSIG)
		return TINE_EINVAL;
	if (*idp > PROC_TIMER_MAX || pool_get(&ptimers, &item) != 0)
		return TINE_EAGAIN;
	timer = item;
	*timer = (struct ptimer){
	    .next = *link,
	    .proc = proc,
	    .value = req->value_is_id ? (uint64_t)*idp : req->value,
	    .serial = ++serials,
	    .id = *idp,
	    .signal = req->signal,
	};
	*link = timer;
	return 0;
}

static void
ptimer_unlink(struct ptimer **link)
{
	struct ptimer *timer = *link;

	*link = timer->next;
	timer_stop(&timer->timer);
	pool_put(&ptimers, timer);
}

int
ptimer_delete(struct proc *proc, int32_t id)
{
	struct ptimer **link = ptimer_link(&proc->ptimers, id);

	if (link == NULL)
		return TINE_EINVAL;
	ptimer_unlink(link);
	return 0;
}

void
ptimers_delete(struct proc *proc)
{
	while (proc->ptimers != NULL)
		ptimer_unlink(&proc->ptimers);
}

/* Whether the signal that it sent last has not been taken yet. */
static bool
ptimer_pends(const struct ptimer *timer)
{
	const struct proc *proc = timer->proc;
	uint64_t bit;

	if (timer->signal == 0)
		return false;
	bit = SIGBIT(timer->signal);
	if ((proc->sigpending & bit) == 0)
		return false;
	/* One that is not queued is pending once, whoever sent it. */
	return (bit & SIGSET_QUEUED) == 0 ||
	       siginfo_has_timer(&proc->siginfos, timer->serial);
}

/* Some times have passed: send a signal, or count them. */
static void
ptimer_signal(struct ptimer *timer, uint64_t times)
{
	const struct proc_siginfo info = {
	    .signo = timer->signal,
	    .code = PROC_SI_TIMER,
	    .value = timer->value,
	    .spare = {timer->serial},
	};
	bool pends = ptimer_pends(timer);
	uint64_t overruns = pends ? timer->overruns + times : times - 1;

	if (overruns > PROC_TIMER_OVERRUNS)
		overruns = PROC_TIMER_OVERRUNS;
	if (!pends)
		timer->taken = timer->overruns;
	timer->overruns = (uint32_t)overruns;
	if (!pends)
		signal_proc(timer->proc, &info);
}

static void
ptimer_expire(struct timer *running)
{
	struct ptimer *timer = LIST_ENTRY(running, struct ptimer, timer);
	uint64_t deadline = running->deadline;
	uint64_t times = 1;

	if (timer->interval != 0) {
		times += (now_ticks() - deadline) / timer->interval;
		timer_set(
		    running, deadline + times * timer->interval, ptimer_expire);
	}
	if (timer->signal != 0)
		ptimer_signal(timer, times);
}

int
ptimer_set(struct proc *proc, const struct proc_timer_set_req *req,
    struct proc_timer_set_rep *rep)
{
	uint64_t value = req->value < TICKS_MAX ? req->value : TICKS_MAX;
	struct ptimer *timer = ptimer_find(proc, req->id);

	if (timer == NULL || req->how > PROC_TIMER_ABSOLUTE)
		return TINE_EINVAL;
	rep->value = timer_left(&timer->timer);
	rep->interval = timer->interval;
	if (req->how == PROC_TIMER_ASK)
		return 0;
	timer_stop(&timer->timer);
	timer->interval = times_clip(req->interval);
	if (value == 0)
		return 0;
	if (req->how == PROC_TIMER_RELATIVE)
		value += now_ticks();
	timer_set(&timer->timer, value, ptimer_expire);
	return 0;
}

int
ptimer_overrun(const struct proc *proc, int32_t id, uint32_t *countp)
{
	const struct ptimer *timer = ptimer_find(proc, id);

	if (timer == NULL)
		return TINE_EINVAL;
	*countp = ptimer_pends(timer) ? timer->taken : timer->overruns;
	return 0;
}

uint32_t
ptimer_count(void)
{
	return ptimers.used;
}
