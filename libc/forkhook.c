/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * forkhook.c - fork() in a program that may have threads.
 *
 * The child has the calling thread alone.  Another thread may hold a lock at
 * that moment, or have half changed what it guards.  So the locks are taken
 * before, in the order in which the library itself takes several, and given
 * back after, by parent and child alike: both are their owner, as fork()
 * keeps tp.  Locks that may be held for long, those of streams that are read
 * from, are freed in the child instead.
 *
 * vfork() does none of this: the child shares the memory, so the owners are
 * still there.  Nor does __vfork44(): its child is to execute a program.
 */
#include "forkhook.h"
#include "lock.h"

#include <errno.h>

#pragma weak __tine_fork_handlers
#pragma weak __tine_fork_threads
#pragma weak __tine_fork_streams
#pragma weak __tine_fork_locks
#pragma weak __tine_fork_owner

static void
hook_call(void (*hook)(enum fork_phase), enum fork_phase phase)
{
	if (hook != NULL)
		hook(phase);
}

static void
prepare(void)
{
	hook_call(__tine_fork_handlers, FORK_PREPARE);
	hook_call(__tine_fork_threads, FORK_PREPARE);
	hook_call(__tine_fork_streams, FORK_PREPARE);
	lock_acquire(&__lock___libc_recursive_mutex);
	hook_call(__tine_fork_locks, FORK_PREPARE);
}

static void
finish(enum fork_phase phase)
{
	hook_call(__tine_fork_owner, phase);
	hook_call(__tine_fork_locks, phase);
	lock_release(&__lock___libc_recursive_mutex);
	hook_call(__tine_fork_streams, phase);
	hook_call(__tine_fork_threads, phase);
	hook_call(__tine_fork_handlers, phase);
}

pid_t
__tine_fork_hooked(void)
{
	pid_t pid;
	int error;

	prepare();
	pid = __tine_fork();
	error = errno;
	finish(pid == 0 ? FORK_CHILD : FORK_PARENT);
	errno = error;
	return pid;
}
