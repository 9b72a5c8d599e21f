/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * list.h - doubly linked lists whose links lie in the members.
 *
 * A list is a ring through its head.  A link that is in no list points to
 * nothing in particular; who owns it knows.
 */
#ifndef TINE_PROCSRV_LIST_H
#define TINE_PROCSRV_LIST_H

#include <abi/types.h>

struct link {
	struct link *next;
	struct link *prev;
};

struct list {
	struct link head;
};

/* The structure of this type that has link as its member. */
#define LIST_ENTRY(link, type, member) \
	((type *)(void *)((char *)(link)-offsetof(type, member)))

/* For each link of a list that the body leaves as it is. */
#define LIST_FOREACH(link, list) \
	for (struct link *link = (list)->head.next; link != &(list)->head; \
	     link = link->next)

static inline void
list_init(struct list *list)
{
	list->head.next = &list->head;
	list->head.prev = &list->head;
}

static inline bool
list_empty(const struct list *list)
{
	return list->head.next == &list->head;
}

/* The first link; NULL: none. */
static inline struct link *
list_first(const struct list *list)
{
	return list_empty(list) ? NULL : list->head.next;
}

static inline void
list_insert_after(struct link *where, struct link *link)
{
	link->next = where->next;
	link->prev = where;
	where->next->prev = link;
	where->next = link;
}

static inline void
list_insert_head(struct list *list, struct link *link)
{
	list_insert_after(&list->head, link);
}

static inline void
list_insert_tail(struct list *list, struct link *link)
{
	list_insert_after(list->head.prev, link);
}

static inline void
list_remove(struct link *link)
{
	link->prev->next = link->next;
	link->next->prev = link->prev;
}

#endif
