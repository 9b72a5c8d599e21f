/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lockinit.c - the locks of streams that a program opens.
 *
 * They are in a list, guarded by the library's own lock, so that a forked
 * child can free those whose owners it does not have.
 */
#include "forkhook.h"
#include "lock.h"

#include <stdlib.h>
#include <sys/lock.h>

struct stream_lock {
	struct __lock lock; /* must be first */
	struct stream_lock *next;
};

static struct stream_lock *locks;

/* Without memory for one, a stream shares the lock of malloc() itself. */
void
__retarget_lock_init(_LOCK_T *lock)
{
	struct stream_lock *new = calloc(1, sizeof(*new));

	if (new == NULL) {
		*lock = &__lock___libc_recursive_mutex;
		return;
	}
	__LIBC_LOCK();
	new->next = locks;
	locks = new;
	__LIBC_UNLOCK();
	*lock = &new->lock;
}

void
__retarget_lock_init_recursive(_LOCK_T *lock)
{
	__retarget_lock_init(lock);
}

/* Locks that are not in the list lie in the standard streams. */
void
__retarget_lock_close(_LOCK_T lock)
{
	struct stream_lock **link, *found;

	__LIBC_LOCK();
	for (link = &locks; *link != NULL; link = &(*link)->next) {
		if (&(*link)->lock == lock)
			break;
	}
	found = *link;
	if (found != NULL)
		*link = found->next;
	__LIBC_UNLOCK();
	free(found);
}

void
__retarget_lock_close_recursive(_LOCK_T lock)
{
	__retarget_lock_close(lock);
}

void
__tine_fork_locks(enum fork_phase phase)
{
	if (phase != FORK_CHILD)
		return;
	for (struct stream_lock *one = locks; one != NULL; one = one->next) {
		if (lock_is_orphan(&one->lock))
			one->lock = (struct __lock){0};
	}
}
