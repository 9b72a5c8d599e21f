/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * timer.c - what procsrv does at a time; see timer.h.
 */
#include "timer.h"

#include <stddef.h>

#include <ipc/slots.h>
#include <ipc/sys.h>

#include "console.h"

static struct list queue;

/* Have the kernel tell us when the earliest timer is due. */
static void
timer_arm(void)
{
	struct link *first = list_first(&queue);
	uint64_t deadline = ~0ul;

	if (first != NULL)
		deadline = LIST_ENTRY(first, struct timer, link)->deadline;
	(void)sys_timer_set(SLOT_NOTIFICATION, deadline, EVENT_TIMER);
}

static void
timer_remove(struct timer *timer)
{
	list_remove(&timer->link);
	timer->expire = NULL;
}

void
timer_set(
    struct timer *timer, uint64_t deadline, void (*expire)(struct timer *))
{
	struct link *at;

	if (queue.head.next == NULL)
		list_init(&queue);
	if (timer_runs(timer))
		timer_remove(timer);
	timer->deadline = deadline;
	timer->expire = expire;
	at = queue.head.prev;
	while (at != &queue.head &&
	       LIST_ENTRY(at, struct timer, link)->deadline > deadline)
		at = at->prev;
	list_insert_after(at, &timer->link);
	if (queue.head.next == &timer->link)
		timer_arm();
}

void
timer_stop(struct timer *timer)
{
	if (timer_runs(timer))
		timer_remove(timer);
}

void
timer_event(void)
{
	uint64_t now = now_ticks();
	struct link *link;

	if (queue.head.next == NULL)
		return;
	while ((link = list_first(&queue)) != NULL) {
		struct timer *timer = LIST_ENTRY(link, struct timer, link);
		void (*expire)(struct timer *) = timer->expire;

		if (timer->deadline > now)
			break;
		timer_remove(timer);
		expire(timer);
	}
	timer_arm();
}
