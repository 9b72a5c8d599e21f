/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * list.h - circular doubly linked lists, and queues of them by priority.
 *
 * A list head and the links of its members are the same struct; an element
 * that is on no list has a link that points to itself or was never used.
 */
#pragma once

#include <abi/types.h>

struct list {
	struct list *next;
	struct list *prev;
};

#define container_of(pointer, type, member) \
	((type *)((uintptr_t)(pointer)-offsetof(type, member)))

static inline void
list_init(struct list *head)
{
	head->next = head;
	head->prev = head;
}

static inline bool
list_empty(const struct list *head)
{
	return head->next == head;
}

static inline void
list_insert_after(struct list *at, struct list *link)
{
	link->next = at->next;
	link->prev = at;
	at->next->prev = link;
	at->next = link;
}

static inline void
list_insert_tail(struct list *head, struct list *link)
{
	list_insert_after(head->prev, link);
}

static inline void
list_remove(struct list *link)
{
	link->prev->next = link->next;
	link->next->prev = link->prev;
}

/*
 * One list for each priority and a bit for each list that is not empty.
 *
 * Invariant: bit p of ready is set iff queue[p] is not empty; the bits above
 * all priorities are the owner's.
 */
struct prioq {
	uint64_t ready;
	struct list queue[PRIORITIES];
};

static inline void
prioq_init(struct prioq *q)
{
	q->ready = 0;
	for (unsigned int p = 0; p < PRIORITIES; p++)
		list_init(&q->queue[p]);
}

static inline void
prioq_insert(struct prioq *q, struct list *link, uint64_t priority, bool first)
{
	if (first)
		list_insert_after(&q->queue[priority], link);
	else
		list_insert_tail(&q->queue[priority], link);
	q->ready |= 1ul << priority;
}

static inline void
prioq_remove(struct prioq *q, struct list *link, uint64_t priority)
{
	list_remove(link);
	if (list_empty(&q->queue[priority]))
		q->ready &= ~(1ul << priority);
}

/* The highest priority in q, which must not be empty. */
static inline uint64_t
prioq_top(const struct prioq *q)
{
	return PRIORITIES - 1 -
	       (uint64_t)__builtin_clzl(q->ready << (64 - PRIORITIES));
}

/* The oldest element of the highest priority; q must not be empty. */
static inline struct list *
prioq_first(const struct prioq *q)
{
	return q->queue[prioq_top(q)].next;
}
