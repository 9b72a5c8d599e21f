/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * timer.c - what procsrv does at a time; see timer.h.
 *
 * Timers are in a pairing heap: each is due no later than those below it.  To
 * set one takes the same time however many run, which any process can make
 * many; to remove one, the logarithm of that in the long run.
 */
#include "timer.h"

#include <stddef.h>

#include <ipc/slots.h>
#include <ipc/sys.h>

#include "console.h"

/* The timer that is due first; NULL: none runs. */
static struct timer *first;
/* Counts those that were set. */
static uint64_t orders;

static bool
is_earlier(const struct timer *a, const struct timer *b)
{
	if (a->deadline != b->deadline)
		return a->deadline < b->deadline;
	return a->order < b->order;
}

/* Make one heap of two; either may be none. */
static struct timer *
heap_meld(struct timer *a, struct timer *b)
{
	struct timer *swap = a;

	if (a == NULL || b == NULL)
		return a != NULL ? a : b;
	if (is_earlier(b, a)) {
		a = b;
		b = swap;
	}
	b->next = a->child;
	b->prev = a;
	if (b->next != NULL)
		b->next->prev = b;
	a->child = b;
	a->next = NULL;
	a->prev = NULL;
	return a;
}

/*
 * Make one heap of those beside each other: in pairs first, and then all of
 * them from the last pair on, or it would not pay in the long run.
 */
static struct timer *
heap_join(struct timer *timer)
{
	struct timer *pairs = NULL;
	struct timer *heap = NULL;

	while (timer != NULL) {
		struct timer *second = timer->next;
		struct timer *rest = second != NULL ? second->next : NULL;
		struct timer *pair;

		timer->next = NULL;
		pair = heap_meld(timer, second);
		pair->next = pairs;
		pairs = pair;
		timer = rest;
	}
	while (pairs != NULL) {
		struct timer *rest = pairs->next;

		heap = heap_meld(heap, pairs);
		pairs = rest;
	}
	if (heap != NULL)
		heap->next = heap->prev = NULL;
	return heap;
}

/* Have the kernel tell us when the earliest timer is due. */
static void
timer_arm(void)
{
	uint64_t deadline = first != NULL ? first->deadline : ~0ul;

	(void)sys_timer_set(SLOT_NOTIFICATION, deadline, EVENT_TIMER);
}

static void
timer_remove(struct timer *timer)
{
	struct timer *below = heap_join(timer->child);

	if (timer == first) {
		first = below;
	} else {
		if (timer->prev->child == timer)
			timer->prev->child = timer->next;
		else
			timer->prev->next = timer->next;
		if (timer->next != NULL)
			timer->next->prev = timer->prev;
		first = heap_meld(first, below);
	}
	timer->expire = NULL;
}

void
timer_set(
    struct timer *timer, uint64_t deadline, void (*expire)(struct timer *))
{
	if (timer_runs(timer))
		timer_remove(timer);
	*timer = (struct timer){
	    .deadline = deadline, .order = orders++, .expire = expire};
	first = heap_meld(first, timer);
	if (first == timer)
		timer_arm();
}

void
timer_stop(struct timer *timer)
{
	if (timer_runs(timer))
		timer_remove(timer);
}

uint64_t
timer_left(const struct timer *timer)
{
	uint64_t now = now_ticks();

	if (!timer_runs(timer))
		return 0;
	return timer->deadline > now ? timer->deadline - now : 1;
}

void
timer_event(void)
{
	uint64_t now = now_ticks();

	while (first != NULL && first->deadline <= now) {
		struct timer *timer = first;
		void (*expire)(struct timer *) = timer->expire;

		timer_remove(timer);
		expire(timer);
	}
	timer_arm();
}
