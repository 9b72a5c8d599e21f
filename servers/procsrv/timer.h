/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * timer.h - what procsrv does at a time.
 *
 * All timers are in one heap; the kernel's one timer of procsrv's notification
 * is set for the earliest, or for one before it that was stopped.  Times are
 * ticks of rdtime.
 *
 * Invariant: a timer is in the heap iff its expire is not NULL.
 */
#ifndef TINE_PROCSRV_TIMER_H
#define TINE_PROCSRV_TIMER_H

#include <abi/types.h>

/* A timer that is all zeros does not run. */
struct timer {
	/* In a heap, timer.c: the first below, and those beside it. */
	struct timer *child;
	struct timer *next;
	struct timer *prev; /* the one above, if it is that one's first */
	uint64_t order; /* of those with one deadline */
	uint64_t deadline;
	/* What to do; the timer has stopped then, and may be set again. */
	void (*expire)(struct timer *timer);
};

/* Set, or set anew, a timer; a deadline that has passed expires soon. */
void timer_set(
    struct timer *timer, uint64_t deadline, void (*expire)(struct timer *));

/* Stop a timer, whether it runs or not. */
void timer_stop(struct timer *timer);

static inline bool
timer_runs(const struct timer *timer)
{
	return timer->expire != NULL;
}

/* Ticks until its end, not 0 if that has passed unseen; 0: it does not run. */
uint64_t timer_left(const struct timer *timer);

/* EVENT_TIMER came: expire all that are due. */
void timer_event(void);

#endif
