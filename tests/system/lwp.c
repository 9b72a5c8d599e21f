/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lwp.c - NetBSD's _lwp_*(2), with its errors.
 */
#include "tap.h"
#include "tapthread.h"

#include <errno.h>
#include <lwp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define STACK 32768
#define TURNS 1000
#define A_WHILE 30 /* milliseconds */
#define NOBODY 12345

static char stacks[3][STACK] __attribute__((aligned(16)));
static volatile long *shared;
static volatile long counter, stop;
static lwpid_t first;

/* Whether a call failed so. */
static void
fails(int result, int error, const char *claim)
{
	int found = result == -1 ? errno : 0;

	is(found, error, claim);
}

static lwpid_t
start(int stack, void (*run)(void *), void *argument, unsigned long flags)
{
	ucontext_t context;
	lwpid_t lid;

	_lwp_makecontext(&context, run, argument, NULL, stacks[stack], STACK);
	return _lwp_create(&context, flags, &lid) == 0 ? lid : -1;
}

static void
note_self(void *argument)
{
	*(volatile lwpid_t *)argument = _lwp_self();
}

/* Ends by _lwp_exit() inside, not by returning. */
static void
note_and_exit(void *argument)
{
	note_self(argument);
	(void)_lwp_exit();
	counter = -1;
}

static void
count_until_stop(void *argument)
{
	(void)argument;
	while (!stop)
		counter++;
}

static void
wait_until_stop(void *argument)
{
	(void)argument;
	while (!stop)
		(void)sys_yield();
}

static void
test_create(void)
{
	volatile lwpid_t seen = 0;
	lwpid_t lid, departed = 0;
	ucontext_t context;

	first = _lwp_self();
	is(first, 1, "the first LWP is 1");
	lid = start(0, note_self, POINTER(&seen), 0);
	ok(lid > first, "a second has a larger id");
	is(_lwp_wait(lid, &departed), 0, "it ends when its function returns");
	is(departed, lid, "_lwp_wait() tells which");
	is(seen, lid, "_lwp_self() is what _lwp_create() gave");
	lid = start(0, note_and_exit, POINTER(&seen), 0);
	is(_lwp_wait(0, &departed), 0, "any can be waited for");
	is(departed, lid, "and its id is told");
	is(counter, 0, "_lwp_exit() does not return");
	_lwp_makecontext(&context, note_self, NULL, NULL, stacks[0], STACK);
	fails(_lwp_create(&context, 1, &lid), EINVAL, "unknown flags");
	fails(_lwp_create(&context, 1ul << 40, &lid), EINVAL, "of any size");
	fails(_lwp_create((void *)16, 0, &lid), EFAULT, "no context");
	_UC_MACHINE_PC(&context) = ~0ul << 38;
	fails(_lwp_create(&context, 0, &lid), EINVAL, "a pc of the kernel's");
}

static void
test_wait_errors(void)
{
	lwpid_t lid;

	stop = 0;
	fails(_lwp_wait(NOBODY, NULL), ESRCH, "no such LWP to wait for");
	fails(_lwp_wait(0, NULL), ESRCH, "nor any");
	fails(_lwp_wait(first, NULL), EDEADLK, "nobody waits for itself");
	fails(_lwp_detach(NOBODY), ESRCH, "no such LWP to detach");
	lid = start(0, wait_until_stop, NULL, 0);
	is(_lwp_detach(lid), 0, "a running LWP can be detached");
	fails(_lwp_detach(lid), EINVAL, "not twice");
	fails(_lwp_wait(lid, NULL), EINVAL, "and not be waited for");
	stop = 1;
	while (_lwp_kill(lid, 0) == 0)
		(void)sys_yield();
	is(errno, ESRCH, "it leaves nothing behind");
	lid = start(0, note_self, POINTER(&counter), LWP_DETACHED);
	while (_lwp_kill(lid, 0) == 0)
		(void)sys_yield();
	is(errno, ESRCH, "nor does one that was detached from the start");
	fails(_lwp_kill(first, NSIG), EINVAL, "no such signal");
	is(_lwp_kill(first, 0), 0, "no signal at all");
}

static void
test_suspend(void)
{
	volatile lwpid_t seen = 0;
	long before;
	lwpid_t lid;

	fails(_lwp_suspend(first), EDEADLK, "the only LWP can't be suspended");
	fails(_lwp_suspend(NOBODY), ESRCH, "no such LWP to suspend");
	fails(_lwp_continue(NOBODY), ESRCH, "nor to continue");
	lid = start(0, note_self, POINTER(&seen), LWP_SUSPENDED);
	spin(A_WHILE);
	is(seen, 0, "a suspended LWP does not begin");
	is(_lwp_continue(lid), 0, "it can be continued");
	is(_lwp_wait(lid, NULL), 0, "and then ends");
	is(seen, lid, "having run");
	stop = counter = 0;
	lid = start(0, count_until_stop, NULL, 0);
	ok(wait_flag(&counter), "an LWP that runs");
	is(_lwp_suspend(lid), 0, "can be suspended");
	(void)sys_yield();
	before = counter;
	spin(A_WHILE);
	(void)sys_yield();
	is(counter, before, "and does not run on");
	is(_lwp_continue(lid), 0, "until it is continued");
	for (int i = 0; i < TURNS && counter == before; i++)
		spin(1);
	ok(counter > before, "then it does");
	stop = 1;
	is(_lwp_wait(lid, NULL), 0, "and ends");
}

/* Parking. */

static struct timespec
milliseconds(long count)
{
	return (struct timespec){.tv_nsec = count * 1000000};
}

static int
park(struct timespec *time, lwpid_t unpark)
{
	return _lwp_park(CLOCK_MONOTONIC, 0, time, unpark, NULL, NULL);
}

static void
test_park(void)
{
	struct timespec time = milliseconds(A_WHILE);

	fails(park(&time, 0), ETIMEDOUT, "nobody unparks: time passes");
	is(time.tv_sec + time.tv_nsec, 0, "and nothing of it is left");
	(void)clock_gettime(CLOCK_REALTIME, &time);
	fails(_lwp_park(CLOCK_REALTIME, TIMER_ABSTIME, &time, 0, NULL, NULL),
	    ETIMEDOUT, "a time that has come");
	time.tv_nsec = -1;
	fails(park(&time, 0), EINVAL, "not a time");
	time = milliseconds(A_WHILE);
	fails(_lwp_park(77, 0, &time, 0, NULL, NULL), EINVAL, "not a clock");
	fails(_lwp_unpark(NOBODY, NULL), ESRCH, "no such LWP to unpark");
	fails(park(&time, NOBODY), ESRCH, "nor while parking");
	is(_lwp_unpark(first, NULL), 0, "unparked before it parks");
	fails(park(NULL, 0), EALREADY, "an LWP does not park");
	time = milliseconds(A_WHILE);
	fails(park(&time, 0), ETIMEDOUT, "once");
}

/* Two that have each other go on, by one call each. */
static volatile long turn;

static void
pass_on(void *argument)
{
	lwpid_t other = (lwpid_t)(long)argument;

	for (int i = 0; i < TURNS; i++) {
		while (turn % 2 == 0)
			(void)park(NULL, 0);
		turn++;
		(void)_lwp_unpark(other, NULL);
	}
}

static void
test_handing_over(void)
{
	lwpid_t lid;

	turn = 0;
	lid = start(0, pass_on, (void *)(long)first, 0);
	for (int i = 0; i < TURNS; i++) {
		turn++;
		while (turn % 2 == 1)
			(void)park(NULL, lid);
	}
	is(_lwp_wait(lid, NULL), 0, "two LWPs park and unpark each other");
	is(turn, 2l * TURNS, "and no unpark is lost");
}

static void
wait_for(void *argument)
{
	shared[0] = 1;
	if (_lwp_wait((lwpid_t)(long)argument, NULL) != 0)
		shared[1] = errno;
}

static int
wait_in_a_circle(void)
{
	lwpid_t lid;

	shared[0] = shared[1] = 0;
	lid = start(0, wait_for, (void *)(long)_lwp_self(), 0);
	(void)wait_flag(&shared[0]);
	spin(A_WHILE);
	return _lwp_wait(lid, NULL) == -1 ? errno : 0;
}

static void
test_circle(void)
{
	int status = child_status(wait_in_a_circle);

	is(status, EXITED(EDEADLK), "two that wait for each other are told");
}

static int
too_many(void)
{
	struct rlimit limit = {.rlim_cur = 2, .rlim_max = 2};
	lwpid_t lid;

	stop = 0;
	if (setrlimit(RLIMIT_NTHR, &limit) != 0)
		return 1;
	lid = start(0, wait_until_stop, NULL, 0);
	if (lid == -1)
		return 2;
	if (start(1, wait_until_stop, NULL, 0) != -1 || errno != EAGAIN)
		return 3;
	stop = 1;
	if (_lwp_wait(lid, NULL) != 0)
		return 4;
	stop = 0;
	return start(1, wait_until_stop, NULL, 0) != -1 ? 0 : 5;
}

/* The last LWP's _lwp_exit() is exit(0). */
static int
leave_all(void)
{
	shared[2] = 0;
	stop = 0;
	if (start(0, wait_until_stop, NULL, LWP_DETACHED) == -1)
		return 1;
	stop = 1;
	(void)_lwp_exit();
	return 2;
}

static void
test_processes(void)
{
	is(child_status(too_many), EXITED(0), "RLIMIT_NTHR is a limit");
	is(child_status(leave_all), EXITED(0),
	    "when the last LWP ends, so does the process");
}

static void
note_private(void *argument)
{
	*(void *volatile *)argument = _lwp_getprivate();
}

static void
test_private(void)
{
	static char area[4096] __attribute__((aligned(128)));
	void *volatile seen = NULL;
	void *mine = _lwp_getprivate();
	ucontext_t context;
	lwpid_t lid;

	_lwp_makecontext(
	    &context, note_private, POINTER(&seen), area, stacks[0], STACK);
	is(_lwp_create(&context, 0, &lid), 0, "with a private pointer");
	(void)_lwp_wait(lid, NULL);
	ok(seen == area, "an LWP has it");
	(void)start(0, note_private, POINTER(&seen), 0);
	(void)_lwp_wait(0, NULL);
	ok((char *)seen >= stacks[0] && (char *)seen < stacks[1],
	    "without, there is one on its stack");
	_lwp_setprivate(area);
	seen = _lwp_getprivate();
	_lwp_setprivate(mine);
	ok(seen == area && _lwp_getprivate() == mine,
	    "_lwp_setprivate() sets it");
}

int
main(void)
{
	shared = shared_page();
	test_create();
	test_wait_errors();
	test_suspend();
	test_park();
	test_handing_over();
	test_circle();
	test_processes();
	test_private();
	return tap_end();
}
