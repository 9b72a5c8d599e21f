/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * clone.c - clone(), its flags and errors (F04, F05).
 */
#include "tap.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define STACK 32768
#define A_WHILE 50 /* milliseconds */
#define SOMEBODY 77

pid_t clone_on(int flags, void *stack);

static char stack[STACK] __attribute__((aligned(16)));
static volatile long *shared;
/* In memory that is shared with CLONE_VM only. */
static volatile long written;

static pid_t
run(int (*function)(void *), int flags)
{
	/* Not aligned, which clone() sees to. */
	return clone(function, stack + sizeof(stack) - 5, flags,
	    (void *)(uintptr_t)&written);
}

static int
result(void *argument)
{
	char local;

	if (argument != &written ||
	    (uintptr_t)&local - (uintptr_t)stack >= sizeof(stack))
		return 1;
	if ((uintptr_t)__builtin_frame_address(0) % 16 != 0)
		return 2;
	return 0x123;
}

static int
write_memory(void *argument)
{
	*(volatile long *)argument = 7;
	return 0;
}

static void
refused(int flags, const char *claim)
{
	pid_t pid;

	errno = 0;
	pid = run(result, flags);
	ok(pid == -1 && errno == EINVAL, claim);
	errno = 0;
	pid = __clone(flags, NULL);
	if (pid == 0)
		_exit(0);
	ok(pid == -1 && errno == EINVAL, claim);
}

static void
test_refused(void)
{
	refused(CLONE_PID, "F05 CLONE_PID is EINVAL");
	refused(CLONE_PTRACE | SIGCHLD, "F05 CLONE_PTRACE is EINVAL");
	refused(CLONE_SIGHAND | SIGCHLD, "F05 so is CLONE_SIGHAND without VM");
	refused(NSIG, "F05 so is an exit signal of NSIG");
	refused(CLONE_VM | CLONE_CSIGNAL, "F05 and the largest");
	errno = 0;
	ok(clone(NULL, stack + STACK, SIGCHLD, NULL) == -1 && errno == EINVAL,
	    "F04 EINVAL without a function");
	errno = 0;
	ok(clone(result, NULL, SIGCHLD, NULL) == -1 && errno == EINVAL,
	    "F04 EINVAL without a stack");
	ok(wait(NULL) == -1 && errno == ECHILD, "F05 no child comes of it");
}

/* As a user who may have no child. */
static int
limited(void)
{
	struct rlimit limit = {.rlim_cur = 1, .rlim_max = 1};

	if (setrlimit(RLIMIT_NPROC, &limit) != 0 || setuid(SOMEBODY) != 0)
		return 1;
	if (run(result, SIGCHLD) != -1 || errno != EAGAIN)
		return 2;
	if (run(result, CLONE_PID | SIGCHLD) != -1 || errno != EINVAL)
		return 3;
	return 0;
}

static void
test_limits(void)
{
	is(child_status(limited), EXITED(0),
	    "F05 flags are looked at before limits");
}

static void
test_memory(void)
{
	pid_t pid;

	is(status_of(run(result, SIGCHLD)), EXITED(0x23),
	    "F04 clone() runs a function on a stack and exits with its result");
	written = 0;
	is(status_of(run(write_memory, SIGCHLD)), EXITED(0), "F04 it writes");
	is(written, 0, "F04 to its own memory");
	is(status_of(run(write_memory, CLONE_VM | SIGCHLD)), EXITED(0),
	    "F04 with CLONE_VM");
	is(written, 7, "F04 to its parent's");
	is(status_of(run(write_memory,
	       CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | SIGCHLD)),
	    EXITED(0), "F04 all flags together");
	pid = __clone(SIGCHLD, NULL);
	if (pid == 0)
		_exit(9);
	is(status_of(pid), EXITED(9), "F04 __clone() without stack: fork()");
	is(status_of(clone_on(SIGCHLD, stack + STACK - 24)), EXITED(0),
	    "F04 with a stack, that is sp unchanged");
	is(status_of(clone_on(CLONE_VM | SIGCHLD, stack + STACK - 8)),
	    EXITED(0), "F04 in shared memory, too");
}

static int
leave_late(void *argument)
{
	*(volatile long *)argument = 1;
	spin(A_WHILE);
	*(volatile long *)argument = 2;
	return 0;
}

static void
test_vfork(void)
{
	pid_t pid;

	written = 0;
	pid = run(leave_late, CLONE_VM | CLONE_VFORK | SIGCHLD);
	is(written, 2, "F04 CLONE_VFORK waits until the child has left");
	(void)status_of(pid);
	/* vfork() itself, on the parent's stack. */
	written = 0;
	pid = __clone(CLONE_VM | CLONE_VFORK | SIGCHLD, NULL);
	if (pid == 0) {
		written = 3;
		_exit(4);
	}
	is(written, 3, "F04 without a stack it is vfork()");
	is(status_of(pid), EXITED(4), "F04 and the child's exit is seen");
}

/* Signals. */

static volatile long caught;

static void catch (int signal)
{
	(void)signal;
	caught++;
}

static int
set_action(int signal, void (*handler)(int))
{
	struct sigaction action = {.sa_handler = handler};

	return sigaction(signal, &action, NULL);
}

static bool
is_caught(int signal)
{
	struct sigaction action;

	return sigaction(signal, NULL, &action) == 0 &&
	       action.sa_handler == catch;
}

static int
change_action(void *argument)
{
	(void)argument;
	return set_action(SIGUSR2, catch);
}

static void
test_actions(void)
{
	is(status_of(run(change_action, CLONE_VM | SIGCHLD)), EXITED(0),
	    "F33 a child changes an action");
	ok(!is_caught(SIGUSR2), "F33 which is its own");
	is(status_of(run(change_action, CLONE_VM | CLONE_SIGHAND | SIGCHLD)),
	    EXITED(0), "F33 with CLONE_SIGHAND");
	ok(is_caught(SIGUSR2), "F33 it is its parent's, too");
	(void)set_action(SIGUSR2, SIG_DFL);
}

static int
at_once(void *argument)
{
	(void)argument;
	return 3;
}

/* As waitpid(), whatever handler runs meanwhile. */
static pid_t
await(pid_t pid, int *status, int options)
{
	pid_t found;

	do {
		found = waitpid(pid, status, options);
	} while (found == -1 && errno == EINTR);
	return found;
}

/* Wait for a child that does not send SIGCHLD. */
static void
test_alternate(int signal, const char *claim)
{
	pid_t pid = run(at_once, signal);
	int status = 0;

	ok(pid > 0, claim);
	ok(await(pid, &status, 0) == -1 && errno == ECHILD,
	    "F70 wait does not see it");
	is(await(pid, &status, WALTSIG), pid, "F70 with WALTSIG it does");
	is(status, EXITED(3), "F70 and gets its status");
	pid = run(at_once, signal);
	is(await(pid, &status, WALLSIG), pid, "F70 also with WALLSIG");
	pid = run(at_once, SIGCHLD);
	ok(await(pid, &status, WALTSIG) == -1 && errno == ECHILD,
	    "F70 WALTSIG does not see one that sends SIGCHLD");
	is(await(pid, &status, WALLSIG), pid, "F70 WALLSIG does");
}

static void
test_exit_signals(void)
{
	int status;
	pid_t pid;

	test_alternate(0, "F04 exit signal 0 is allowed");
	caught = 0;
	(void)set_action(SIGUSR1, catch);
	test_alternate(SIGUSR1, "F04 any exit signal is");
	ok(caught >= 1, "F04 and is sent to the parent");
	caught = 0;
	pid = run(at_once, 0);
	is(await(pid, &status, WALTSIG), pid, "F04 one with 0 ends");
	is(caught, 0, "F04 0: none is");
	(void)set_action(SIGUSR1, SIG_DFL);
}

int
main(void)
{
	shared = shared_page();
	test_refused();
	test_limits();
	test_memory();
	test_vfork();
	test_actions();
	test_exit_signals();
	return tap_end();
}
