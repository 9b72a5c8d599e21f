/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pthread.c - the life of threads.
 *
 * procsrv knows every thread as an LWP that somebody waits for: a detached
 * one, too.  For when it ends, its stack must not go before its LWP has, and
 * only the wait tells when that is.  So a detached thread enters itself in
 * the list of the dead, and whoever next creates or ends a thread waits for
 * it, which is not for long, and frees its stack.
 *
 * The list's lock is held while an LWP is created, so that whoever finds a
 * thread in the list finds the id of its LWP.
 */
#include "forkhook.h"
#include "internal.h"
#include "thread.h"

#include <errno.h>
#include <stdlib.h>

#include <abi/types.h>

NEEDS_FORK_HOOK;

#pragma weak __tine_thread_values

#define FIRST_LID 1

static struct __pthread first_thread = {.lid = FIRST_LID};
/* NULL in the first thread. */
static _Thread_local struct __pthread *current;

static struct __lock list_lock;
static struct __pthread *list = &first_thread; /* l: all but the dead */
static struct __pthread *dead; /* l: singly linked */
static unsigned int running = 1; /* l: threads that have not exited */

pthread_t
pthread_self(void)
{
	return current != NULL ? current : &first_thread;
}

int
pthread_equal(pthread_t a, pthread_t b)
{
	return a == b;
}

static void
list_insert(struct __pthread *thread)
{
	thread->previous = NULL;
	thread->next = list;
	if (list != NULL)
		list->previous = thread;
	list = thread;
}

static void
list_remove(struct __pthread *thread)
{
	if (thread->previous != NULL)
		thread->previous->next = thread->next;
	else
		list = thread->next;
	if (thread->next != NULL)
		thread->next->previous = thread->previous;
}

static bool
list_has(const struct __pthread *thread)
{
	const struct __pthread *one = list;

	while (one != NULL && one != thread)
		one = one->next;
	return one != NULL;
}

static void
bury(struct __pthread *thread)
{
	list_remove(thread);
	thread->next = dead;
	dead = thread;
}

/* Wait until an LWP is gone.  ESRCH, EINVAL, EDEADLK. */
static int
lwp_wait(int32_t lid)
{
	struct proc_lwp_wait_req req = {.lid = lid};
	struct proc_lwp_wait_rep rep;
	int error;

	do {
		error = proc_lwp_wait(SLOT_PROC, &req, &rep);
	} while (error == TINE_EINTR || error == TINE_ERESTART);
	return error;
}

/* Free what the dead have left. */
static void
reap(void)
{
	struct __pthread *thread, *next;

	lock_acquire(&list_lock);
	thread = dead;
	dead = NULL;
	lock_release(&list_lock);
	for (; thread != NULL; thread = next) {
		next = thread->next;
		if (thread->lid == 0 || lwp_wait(thread->lid) == 0)
			__tine_stack_free(thread->memory, thread->bytes);
	}
}

/* A thread-local variable of ours, in another thread's block. */
static void *
in_block(char *tls, void *variable)
{
	return tls + ((char *)variable - (char *)__builtin_thread_pointer());
}

/*
 * Where a thread begins.  It may have run a signal handler by now, so that
 * what the functions of pthread.h need was there before it was.
 */
static void
run(struct __pthread *thread)
{
	pthread_exit(thread->start(thread->argument));
}

/* The registers that it begins with; those for rounding are inherited. */
static void
regs_start(struct regs *regs, struct __pthread *thread, char *tls)
{
	*regs = (struct regs){0};
	regs->x[0] = (uintptr_t)run;
	regs->x[2] = (uintptr_t)tls;
	__asm__ volatile("mv %0, gp" : "=r"(regs->x[3]));
	regs->x[4] = (uintptr_t)tls;
	regs->x[10] = (uintptr_t)thread;
	__asm__ volatile("frcsr %0" : "=r"(regs->fcsr));
}

/* The thread may have run before this returns.  EAGAIN. */
static int
lwp_create(struct __pthread *thread, char *tls)
{
	struct proc_lwp_create_req req = {0};
	struct proc_lwp_create_rep rep;
	struct regs regs;
	int error;

	regs_start(&regs, thread, tls);
	lock_acquire(&list_lock);
	error = proc_lwp_create(SLOT_PROC, &req, &rep, &regs, sizeof(regs));
	if (error == 0) {
		thread->lid = rep.lid;
		list_insert(thread);
		running++;
	}
	lock_release(&list_lock);
	return error ? EAGAIN : 0;
}

/*
 * Whether a thread may run as its attributes demand.  EPERM: not by another
 * policy than SCHED_OTHER; EINVAL: not with that priority.
 */
static int
check_scheduling(const pthread_attr_t *attributes)
{
	if (attributes->__inheritsched == PTHREAD_INHERIT_SCHED)
		return 0;
	if (attributes->__policy != SCHED_OTHER)
		return EPERM;
	return attributes->__priority == 0 ? 0 : EINVAL;
}

/*
 * Returns 0 or
 *	EAGAIN	no memory, or too many
 *	EINVAL	the stack that the attributes name has no room for the
 *		thread-local variables, or there is no such priority
 *	EPERM	another policy than SCHED_OTHER
 */
int
pthread_create(pthread_t *restrict result,
    const pthread_attr_t *restrict attributes, void *(*start)(void *),
    void *restrict argument)
{
	struct __pthread *thread;
	pthread_attr_t defaults;
	char *tls;
	int error;

	reap();
	if (attributes == NULL) {
		(void)pthread_attr_init(&defaults);
		attributes = &defaults;
	}
	error = check_scheduling(attributes);
	if (error == 0)
		error = __tine_stack_alloc(attributes, &thread, &tls);
	if (error)
		return error;
	__tine_tls_init(tls);
	*(struct __pthread **)in_block(tls, &current) = thread;
	thread->cancel = in_block(tls, &__tine_cancel);
	/* Nobody but the first thread can come here before there is another. */
	if (current == NULL)
		first_thread.cancel = &__tine_cancel;
	thread->start = start;
	thread->argument = argument;
	thread->detached = attributes->__detachstate == PTHREAD_CREATE_DETACHED;
	/* It may be gone by the time that it has been created. */
	*result = thread;
	error = lwp_create(thread, tls);
	if (error)
		__tine_stack_free(thread->memory, thread->bytes);
	return error;
}

void
__pthread_cleanup_push(
    struct __pthread_cleanup *cleanup, void (*routine)(void *), void *argument)
{
	struct __pthread *self = pthread_self();

	*cleanup = (struct __pthread_cleanup){
	    .__outer = self->cleanups,
	    .__routine = routine,
	    .__argument = argument,
	};
	self->cleanups = cleanup;
}

void
__pthread_cleanup_pop(struct __pthread_cleanup *cleanup, int execute)
{
	pthread_self()->cleanups = cleanup->__outer;
	if (execute)
		cleanup->__routine(cleanup->__argument);
}

static void
lwp_exit(void)
{
	struct proc_lwp_exit_req req = {};
	struct proc_lwp_exit_rep rep;

	(void)proc_lwp_exit(SLOT_PROC, &req, &rep);
	__builtin_trap();
}

/*
 * Leave the ranks; whether the caller was the last.  From here on, somebody
 * may wait for its LWP and free its stack.
 */
static bool
leave(struct __pthread *self)
{
	bool last;

	lock_acquire(&list_lock);
	last = --running == 0;
	self->exited = true;
	if (self->detached && !last)
		bury(self);
	lock_release(&list_lock);
	return last;
}

/*
 * End the calling thread: run what pthread_cleanup_push() has pushed, then
 * the destructors of its values.  The last one ends the process with exit(0).
 */
void
pthread_exit(void *result)
{
	struct __pthread *self = pthread_self();

	/* Once is enough. */
	__tine_cancel.disabled = true;
	while (self->cleanups != NULL)
		__pthread_cleanup_pop(self->cleanups, 1);
	if (__tine_thread_values != NULL)
		__tine_thread_values();
	reap();
	self->result = result;
	if (leave(self))
		exit(0);
	lwp_exit();
	__builtin_unreachable();
}

/* Whether a thread may be joined or detached: 0, ESRCH or EINVAL. */
static int
joinable(const struct __pthread *thread)
{
	if (!list_has(thread))
		return ESRCH;
	return thread->detached || thread->joined ? EINVAL : 0;
}

/* Have nobody else join or detach a thread.  ESRCH, EINVAL. */
static int
join_begin(struct __pthread *thread, int32_t *lid)
{
	int error;

	lock_acquire(&list_lock);
	error = joinable(thread);
	if (error == 0) {
		thread->joined = true;
		*lid = thread->lid;
	}
	lock_release(&list_lock);
	return error;
}

/* Who was to join a thread is cancelled. */
static void
join_undo(void *argument)
{
	struct __pthread *thread = argument;

	lock_acquire(&list_lock);
	thread->joined = false;
	lock_release(&list_lock);
}

/*
 * Wait for a thread to end and free its stack.  Returns 0 or
 *	EDEADLK	the caller itself
 *	ESRCH	there is no such thread (any more)
 *	EINVAL	it is detached, or is being joined
 */
int
pthread_join(pthread_t thread, void **result)
{
	int32_t lid;
	int error;

	if (thread == pthread_self())
		return EDEADLK;
	error = join_begin(thread, &lid);
	if (error)
		return error;
	pthread_cleanup_push(join_undo, thread);
	error = POINT(lwp_wait(lid));
	pthread_cleanup_pop(0);
	if (error) {
		join_undo(thread);
		return error;
	}
	lock_acquire(&list_lock);
	list_remove(thread);
	lock_release(&list_lock);
	if (result != NULL)
		*result = thread->result;
	__tine_stack_free(thread->memory, thread->bytes);
	return 0;
}

/*
 * Have a thread leave nothing when it ends.  Returns 0 or
 *	ESRCH	there is no such thread (any more)
 *	EINVAL	it is detached already, or is being joined
 */
int
pthread_detach(pthread_t thread)
{
	int error;

	lock_acquire(&list_lock);
	error = joinable(thread);
	if (error == 0)
		thread->detached = true;
	if (error == 0 && thread->exited)
		bury(thread);
	lock_release(&list_lock);
	return error;
}

int32_t
__tine_thread_lid(pthread_t thread)
{
	int32_t lid;

	lock_acquire(&list_lock);
	lid = list_has(thread) ? thread->lid : 0;
	lock_release(&list_lock);
	return lid;
}

int
__tine_thread_ask(
    pthread_t thread, bool *open, bool (*is_open)(const struct cancel *))
{
	struct cancel *cancel = &__tine_cancel;
	bool there;

	lock_acquire(&list_lock);
	there = list_has(thread);
	/* The first thread's is not known before there is another. */
	if (there && thread->cancel != NULL)
		cancel = thread->cancel;
	/* One that waits to be joined is there, but has ended already. */
	if (there && !thread->exited) {
		__atomic_store_n(&cancel->asked, true, __ATOMIC_SEQ_CST);
		*open = is_open(cancel);
	}
	lock_release(&list_lock);
	return there ? 0 : ESRCH;
}

/* Keep the caller alone, as the first LWP.  The others have none. */
static void
keep_self(void)
{
	struct __pthread *self = pthread_self();
	struct __pthread *thread, *next;

	for (thread = list; thread != NULL; thread = next) {
		next = thread->next;
		if (thread != self)
			bury(thread);
	}
	for (thread = dead; thread != NULL; thread = thread->next)
		thread->lid = 0;
	self->lid = FIRST_LID;
	running = 1;
}

void
__tine_fork_threads(enum fork_phase phase)
{
	if (phase == FORK_PREPARE) {
		lock_acquire(&list_lock);
		return;
	}
	if (phase == FORK_CHILD)
		keep_self();
	lock_release(&list_lock);
}
