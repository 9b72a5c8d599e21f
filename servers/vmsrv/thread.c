/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * thread.c - thread objects.
 *
 * Most spaces have one thread, so a space's threads are a list.
 */
#include "thread.h"

#include <ipc/sys.h>

#include "ledger.h"
#include "own.h"
#include "park.h"
#include "report.h"
#include "root.h"

static struct pool threads;
static uint32_t reserved; /* records, beyond those in use */

void
thread_init(void)
{
	pool_init(&threads, OWN_THREADS, sizeof(struct thread));
	reserved = 0;
}

int
thread_reserve(void)
{
	int error = park_thread_add();

	if (error)
		return error;
	error = pool_reserve(&threads, threads.used + reserved + 1);
	if (error == 0)
		error = ledger_charge(1);
	if (error) {
		park_thread_drop();
		return error;
	}
	reserved++;
	return 0;
}

void
thread_unreserve(void)
{
	reserved--;
	ledger_release(1);
	park_thread_drop();
}

static void
thread_insert(struct space *space, struct thread *thread)
{
	thread->next = space->threads;
	space->threads = thread;
	space->nthreads++;
}

/* Where a space's list points to a thread; NULL: it is not in it. */
static struct thread **
thread_find(struct space *space, objname_t name)
{
	struct thread **link = &space->threads;

	while (*link != NULL && (*link)->name != name)
		link = &(*link)->next;
	return *link == NULL ? NULL : link;
}

static struct thread *
thread_remove(struct space *space, struct thread **link)
{
	struct thread *thread = *link;

	*link = thread->next;
	space->nthreads--;
	return thread;
}

int
thread_create(struct space *space, uint64_t identity, objname_t *name)
{
	struct sysret made =
	    sys_create(ROOT_MEMORY, KIND_THREAD, space->name, identity);
	struct thread *thread;

	if (made.error != 0)
		return TINE_ENOMEM;

	/* Committed: there is a record for each that was reserved. */
	thread = pool_alloc(&threads);
	ASSERT(thread != NULL);
	reserved--;
	thread->name = made.value;
	thread_insert(space, thread);
	*name = made.value;
	return 0;
}

int
thread_add(struct space *space, uint64_t identity, objname_t *name)
{
	int error = thread_reserve();

	if (error)
		return error;
	error = thread_create(space, identity, name);
	if (error)
		thread_unreserve();
	return error;
}

bool
thread_in(const struct space *space, objname_t name)
{
	const struct thread *thread = space->threads;

	while (thread != NULL && thread->name != name)
		thread = thread->next;
	return thread != NULL;
}

int
thread_destroy(struct space *space, objname_t name)
{
	struct thread **link = thread_find(space, name);
	struct sysret gone;

	if (link == NULL)
		return TINE_ESRCH;
	gone = sys_thread_stop(ROOT_MEMORY, name);
	ASSERT(gone.error == 0);
	do {
		gone = sys_destroy(ROOT_MEMORY, name);
	} while (gone.error == TINE_EAGAIN);
	ASSERT(gone.error == 0);
	pool_free(&threads, thread_remove(space, link));
	ledger_release(1);
	park_thread_remove(name);
	return 0;
}

int
thread_set_priority(
    const struct space *space, objname_t name, uint64_t priority)
{
	struct sysret done;

	if (!thread_in(space, name))
		return TINE_ESRCH;
	done =
	    sys_thread_configure(ROOT_MEMORY, name, THREAD_PRIORITY, priority);
	ASSERT(done.error == 0);
	return 0;
}

int
thread_move(struct space *from, struct space *to, objname_t name)
{
	struct thread **link = thread_find(from, name);

	if (link == NULL ||
	    sys_thread_configure(ROOT_MEMORY, name, THREAD_SPACE, to->name)
		    .error != 0)
		return TINE_ESRCH;
	thread_insert(to, thread_remove(from, link));
	return 0;
}
