/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * notify.c - notifications and their timers; see notify.h.
 */
#include "notify.h"
#include "endpoint.h"
#include "kassert.h"
#include "sched.h"

void
notification_init(struct notification *notification)
{
	notification->deadline = TIMER_NEVER;
}

void
notification_end(struct notification *notification)
{
	if (notification->bound != NULL)
		notification->bound->notification = NULL;
	notification_arm(notification, TIMER_NEVER, 0);
}

bool
notification_take(struct notification *notification, struct thread *thread)
{
	if (notification->pending == 0)
		return false;
	endpoint_refuse(thread, 0);
	thread->regs[REG_A1] = MSG_INFO(0, 1);
	thread->regs[REG_A2] = notification->pending;
	thread->regs[REG_T2] = SENDER_NOTIFICATION;
	notification->pending = 0;
	return true;
}

void
notification_set(struct notification *notification, uint64_t bits)
{
	struct thread *bound = notification->bound;

	notification->pending |= bits;
	if (bound == NULL || bound->state != THREAD_RECEIVING)
		return;
	if (!notification_take(notification, bound))
		return;
	list_remove(&bound->link);
	sched_ready(bound);
	KCHECK(notification_check(notification));
}

static struct notification *
notification_of(struct list *link)
{
	return container_of(link, struct notification, timer_link);
}

void
notification_arm(
    struct notification *notification, uint64_t deadline, uint64_t bits)
{
	struct list *head = &hart_self()->timers;
	struct list *at = head;

	if (notification->deadline != TIMER_NEVER)
		list_remove(&notification->timer_link);
	notification->deadline = deadline;
	notification->timer_bits = bits;
	if (deadline == TIMER_NEVER)
		return;
	/* A timer for each server at the most: the list is short. */
	while (
	    at->next != head && notification_of(at->next)->deadline <= deadline)
		at = at->next;
	list_insert_after(at, &notification->timer_link);
}

uint64_t
notification_next(void)
{
	struct list *head = &hart_self()->timers;

	return list_empty(head) ? TIMER_NEVER
				: notification_of(head->next)->deadline;
}

void
notification_fire(uint64_t now)
{
	struct list *head = &hart_self()->timers;
	struct notification *notification;

	while (!list_empty(head)) {
		notification = notification_of(head->next);
		if (notification->deadline > now)
			break;
		list_remove(&notification->timer_link);
		notification->deadline = TIMER_NEVER;
		notification_set(notification, notification->timer_bits);
	}
}
