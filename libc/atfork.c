/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * atfork.c - handlers that fork() calls.
 *
 * Those before it run from the last to the first that was registered, those
 * after it from the first to the last.  The lock is held from before until
 * after, so that the same handlers run each time.
 */
#include "forkhook.h"
#include "lock.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

NEEDS_FORK_HOOK;

struct handlers {
	void (*run[FORK_CHILD + 1])(void);
	struct handlers *earlier, *later;
};

static struct handlers *first, *last;
static struct __lock handlers_lock;

/* Returns 0 or ENOMEM. */
int
pthread_atfork(void (*before)(void), void (*parent)(void), void (*child)(void))
{
	struct handlers *new = malloc(sizeof(*new));

	if (new == NULL)
		return ENOMEM;
	*new = (struct handlers){
	    .run = {[FORK_PREPARE] = before,
		[FORK_PARENT] = parent,
		[FORK_CHILD] = child},
	};
	lock_acquire(&handlers_lock);
	new->earlier = last;
	if (last != NULL)
		last->later = new;
	else
		first = new;
	last = new;
	lock_release(&handlers_lock);
	return 0;
}

void
__tine_fork_handlers(enum fork_phase phase)
{
	struct handlers *one;

	if (phase == FORK_PREPARE)
		lock_acquire(&handlers_lock);
	one = phase == FORK_PREPARE ? last : first;
	while (one != NULL) {
		if (one->run[phase] != NULL)
			one->run[phase]();
		one = phase == FORK_PREPARE ? one->earlier : one->later;
	}
	if (phase != FORK_PREPARE)
		lock_release(&handlers_lock);
}
