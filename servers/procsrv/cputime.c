/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cputime.c - what happens when a process has run for some time; see
 * cputime.h.
 */
#include "cputime.h"

#include <abi/errors.h>
#include <ipc/proc.h>

#include "console.h"
#include "limit.h"
#include "pool.h"
#include "proc.h"
#include "signal.h"
#include "times.h"

#define SECOND 1000u /* in milliseconds */
/* procsrv looks at a process no more often; the more LWPs, the dearer. */
#define LOOK_LEAST 10u
#define LWPS_IN_A_MILLISECOND 4u
/* As a limit: longer than any machine is on. */
#define SECONDS_MAX (1ul << 32)

/* The times that a process can have run until. */
enum what {
	WHAT_VIRTUAL, /* all time is user time, so that both are the same */
	WHAT_PROF,
	WHAT_LIMIT,
	WHAT_COUNT
};

struct cputimer {
	struct timer timer; /* when to look; runs iff there is a when */
	struct proc *proc;
	uint64_t when; /* ticks that the process will have run */
	uint64_t interval; /* 0: once */
	enum what what;
};

struct cputime {
	uint64_t unused; /* the pool's */
	struct cputimer of[WHAT_COUNT];
};

static struct pool pool = POOL_INIT(AREA_CPUTIMES, struct cputime);

int
cputime_reserve(struct proc *proc)
{
	struct cputime *cputime;
	void *item;
	int error;

	if (proc->cputime != NULL)
		return 0;
	error = pool_get(&pool, &item);
	if (error)
		return error;
	cputime = item;
	*cputime = (struct cputime){};
	for (enum what what = 0; what < WHAT_COUNT; what++) {
		cputime->of[what].proc = proc;
		cputime->of[what].what = what;
	}
	proc->cputime = cputime;
	return 0;
}

void
cputime_free(struct proc *proc)
{
	if (proc->cputime == NULL)
		return;
	for (enum what what = 0; what < WHAT_COUNT; what++)
		timer_stop(&proc->cputime->of[what].timer);
	pool_put(&pool, proc->cputime);
	proc->cputime = NULL;
}

static void cputimer_look(struct timer *timer);

/* Look when the time can have come: if all LWPs run, each on a hart. */
static void
cputimer_set(struct cputimer *cputimer, uint64_t used)
{
	uint32_t lwps = cputimer->proc->nlwps;
	uint64_t least =
	    times_milliseconds(LOOK_LEAST + lwps / LWPS_IN_A_MILLISECOND);
	uint64_t wait = 0;

	if (cputimer->when > used)
		wait = (cputimer->when - used) / (lwps > 0 ? lwps : 1);
	timer_set(&cputimer->timer, now_ticks() + (wait > least ? wait : least),
	    cputimer_look);
}

static void
cputimer_signal(const struct cputimer *cputimer, int32_t signal)
{
	const struct proc_siginfo info = {
	    .signo = signal,
	    .code = PROC_SI_TIMER,
	};

	signal_proc(cputimer->proc, &info);
}

static uint64_t
seconds(uint64_t seconds)
{
	return times_milliseconds(SECOND) *
	       (seconds < SECONDS_MAX ? seconds : SECONDS_MAX);
}

/* SIGXCPU each second; at the hard limit, SIGKILL. */
static void
limit_reached(struct cputimer *cputimer, uint64_t used)
{
	const struct limit *limit = &cputimer->proc->limits->of[PROC_LIMIT_CPU];
	uint64_t hard = seconds(limit->hard);

	if (used >= hard) {
		cputimer_signal(cputimer, SIGKILL);
		return;
	}
	cputimer->when = used + seconds(1);
	if (cputimer->when > hard)
		cputimer->when = hard;
	cputimer_set(cputimer, used);
	cputimer_signal(cputimer, SIGXCPU);
}

static void
itimer_reached(struct cputimer *cputimer, uint64_t used)
{
	uint64_t interval = cputimer->interval;

	if (interval != 0) {
		cputimer->when =
		    used + interval - (used - cputimer->when) % interval;
		cputimer_set(cputimer, used);
	}
	cputimer_signal(
	    cputimer, cputimer->what == WHAT_PROF ? SIGPROF : SIGVTALRM);
}

static void
cputimer_look(struct timer *timer)
{
	struct cputimer *cputimer = LIST_ENTRY(timer, struct cputimer, timer);
	uint64_t used = times_proc(cputimer->proc);

	if (used < cputimer->when)
		cputimer_set(cputimer, used);
	else if (cputimer->what == WHAT_LIMIT)
		limit_reached(cputimer, used);
	else
		itimer_reached(cputimer, used);
}

void
cputime_limit(struct proc *proc)
{
	const struct limit *limit = &proc->limits->of[PROC_LIMIT_CPU];
	struct cputimer *cputimer = &proc->cputime->of[WHAT_LIMIT];

	timer_stop(&cputimer->timer);
	/* The hard limit is not below it. */
	if (limit->soft == PROC_LIMIT_INFINITY)
		return;
	cputimer->when = seconds(limit->soft);
	cputimer_set(cputimer, times_proc(proc));
}

int
cputime_fork(const struct proc *parent, struct proc *child)
{
	if (parent->limits->of[PROC_LIMIT_CPU].soft == PROC_LIMIT_INFINITY)
		return 0;
	return cputime_reserve(child);
}

/* What is left; a time that has passed unseen is still to come. */
static uint64_t
cputimer_left(const struct cputimer *cputimer)
{
	uint64_t used;

	if (!timer_runs(&cputimer->timer))
		return 0;
	used = times_proc(cputimer->proc);
	return cputimer->when > used ? cputimer->when - used : 1;
}

int
cputime_itimer(struct proc *proc, const struct proc_itimer_req *req,
    struct proc_itimer_rep *rep)
{
	bool prof = req->which == PROC_ITIMER_PROF;
	struct cputimer *cputimer;
	uint64_t used;
	int error;

	if (proc->cputime == NULL && (!req->set || req->value == 0))
		return 0;
	error = cputime_reserve(proc);
	if (error)
		return error;
	cputimer = &proc->cputime->of[prof ? WHAT_PROF : WHAT_VIRTUAL];
	rep->value = cputimer_left(cputimer);
	rep->interval = cputimer->interval;
	if (!req->set)
		return 0;
	timer_stop(&cputimer->timer);
	cputimer->interval = req->value != 0 ? req->interval : 0;
	if (req->value == 0)
		return 0;
	used = times_proc(proc);
	cputimer->when = used + req->value;
	cputimer_set(cputimer, used);
	return 0;
}

uint32_t
cputime_count(void)
{
	return pool.used;
}
