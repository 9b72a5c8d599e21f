/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vforklwp.c - vfork in processes with several LWPs, nested, and killed.
 *
 * In a vfork child only what its parent's memory bears is done; it shares it.
 */
#include "tap.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "watch.h"

#define DEPTH 3
#define PAIRS 200
#define BOTH 2

/* NOLINTBEGIN: what POSIX forbids after vfork() is what is tested. */

/* Of one process and its vfork children. */
static volatile long beats;
static volatile long ending;
static volatile long *shared;

static void *
beat(void *unused)
{
	while (ending == 0)
		beats++;
	return unused;
}

/* Whether the other LWP runs on; sleeps, so that with one hart it can. */
static bool
beating(void)
{
	long before = beats;
	long end = milliseconds() + WATCH_SECONDS * 1000;

	while (beats == before && milliseconds() < end)
		nap(2);
	return beats != before;
}

static void
test_progress(void)
{
	pthread_t thread;
	pid_t pid;

	ending = 0;
	if (pthread_create(&thread, NULL, beat, NULL) != 0) {
		ok(false, "F50 a second LWP");
		return;
	}
	pid = vfork();
	if (pid == 0)
		_exit(beating() && beating() ? 1 : 2);
	is(status_soon(pid, 0), EXITED(1),
	    "F50 while one LWP waits in vfork, another goes on");
	ending = 1;
	is(pthread_join(thread, NULL), 0, "F50 and can be joined afterwards");
}

/* What an LWP saw of its vfork. */
struct forker {
	long index;
	bool good;
};

/* Its child leaves when the other's child is there too. */
static bool
vfork_round(long index, long round)
{
	pid_t pid = vfork();

	if (pid == 0) {
		shared[index] = round;
		(void)watch(&shared[1 - index], round);
		_exit((int)index + 3);
	}
	return shared[index] == round &&
	       status_soon(pid, 0) == EXITED((int)index + 3);
}

static void *
vfork_with_another(void *argument)
{
	struct forker *self = argument;

	self->good = true;
	for (long i = 1; self->good && i <= PAIRS; i++)
		self->good = vfork_round(self->index, i);
	/* The other is not to wait for one that has given up. */
	shared[self->index] = PAIRS;
	return NULL;
}

static void
test_two_at_once(void)
{
	static struct forker forkers[BOTH];
	pthread_t thread;

	shared[0] = shared[1] = 0;
	forkers[1].index = 1;
	if (pthread_create(&thread, NULL, vfork_with_another, &forkers[1]) !=
	    0) {
		ok(false, "F53 a second LWP");
		return;
	}
	(void)vfork_with_another(&forkers[0]);
	(void)pthread_join(thread, NULL);
	ok(forkers[0].good && forkers[1].good,
	    "F53 two LWPs in vfork at once: each is woken by its own child");
}

/* The child that keeps its LWP in vfork until told to leave. */
static void *
vfork_and_hold(void *argument)
{
	pid_t pid = vfork();

	if (pid == 0) {
		shared[1] = 1;
		(void)watch(&shared[2], 1);
		_exit(0);
	}
	shared[3] = status_soon(pid, 0) == EXITED(0);
	return argument;
}

/* While one LWP waits in vfork, another forks: nobody is woken by that. */
static void
test_fork_meanwhile(void)
{
	pthread_t thread;
	pid_t pid;

	shared[1] = shared[2] = shared[3] = 0;
	if (pthread_create(&thread, NULL, vfork_and_hold, NULL) != 0) {
		ok(false, "F53 a second LWP");
		return;
	}
	(void)watch(&shared[1], 1);
	pid = fork();
	if (pid == 0)
		_exit(4);
	is(status_soon(pid, 0), EXITED(4),
	    "F50 another LWP can fork and wait meanwhile");
	is(shared[3], 0, "F53 which wakes nobody");
	shared[2] = 1;
	(void)pthread_join(thread, NULL);
	is(shared[3], 1, "F53 the child's exit does");
}

static void
on_signal(int signal)
{
	(void)signal;
}

static void
test_identity(void)
{
	struct sigaction action = {.sa_handler = on_signal}, old;
	static volatile pid_t seen[2];
	static volatile int works;
	pid_t pid;

	(void)sigemptyset(&action.sa_mask);
	pid = vfork();
	if (pid == 0) {
		seen[0] = getpid();
		seen[1] = getppid();
		works = sigaction(SIGUSR2, &action, NULL) == 0 &&
			sigaction(SIGUSR2, NULL, &old) == 0 &&
			old.sa_handler == on_signal;
		_exit(0);
	}
	(void)status_soon(pid, 0);
	is(seen[0], pid, "F03 getpid in a vfork child is the child's");
	is(seen[1], getpid(), "F03 its getppid is its parent");
	is(works, 1, "F33 sigaction there works");
	(void)sigaction(SIGUSR2, NULL, &old);
	ok(old.sa_handler == SIG_DFL, "F33 and is not its parent's");
	is(getppid() != seen[0], 1, "F03 the parent's own ids are as before");
}

/*
 * A chain of vforks: shared[10 + n] is the pid of level n, level 0 forked.
 * Each level waits for its child; the last is held until told to leave.
 */
static int
level(int depth)
{
	pid_t pid;

	shared[10 + depth] = getpid();
	if (depth == DEPTH) {
		shared[20] = 1;
		(void)watch(&shared[21], 1);
		return 5;
	}
	pid = vfork();
	if (pid == 0)
		_exit(level(depth + 1));
	/* That this level went on. */
	shared[30 + depth] = 1;
	return status_soon(pid, 0) == EXITED(5) ? 5 : 6;
}

static int
chain(void)
{
	return level(0);
}

static pid_t
chain_start(void)
{
	for (int i = 10; i < 40; i++)
		shared[i] = 0;
	return child_start(chain);
}

/* Whether a process is there, dead or alive. */
static bool
exists(long pid)
{
	return kill((pid_t)pid, 0) == 0;
}

/* Kill one level of the chain; it must not go on, and the others must. */
static bool
kill_level(int victim)
{
	pid_t pid = chain_start();
	bool good = watch(&shared[20], 1);
	int status;

	good = kill((pid_t)shared[10 + victim], SIGKILL) == 0 && good;
	nap(A_MOMENT);
	/* One that waits in vfork is not gone before its child is. */
	if (victim < DEPTH)
		good = exists(shared[10 + victim]) && good;
	if (victim < DEPTH)
		good = status_now(pid, 0) == NOT_YET && good;
	/* Nor is its parent woken. */
	if (victim > 0 && victim < DEPTH)
		good = shared[30 + victim - 1] == 0 && good;
	shared[21] = 1;
	status = status_soon(pid, 0);
	if (victim == 0)
		good = status == SIGKILL && good;
	else
		good = status == EXITED(6) && good;
	good = shared[30 + victim] == 0 && good;
	for (int i = 0; i < DEPTH; i++) {
		bool went_on = shared[30 + i] == 1;

		good = went_on == (i != victim) && good;
	}
	if (!good)
		printf("# level %d: status %#x, went on %ld %ld %ld\n", victim,
		    (unsigned int)status, shared[30], shared[31], shared[32]);
	return good;
}

static void
test_nested(void)
{
	long before;
	pid_t pid = chain_start();

	shared[21] = 1;
	is(status_soon(pid, 0), EXITED(5), "F53 vfork nested three deep");
	before = free_frames();
	ok(kill_level(3), "F53 with the innermost killed");
	ok(kill_level(2), "F53 with the one above killed");
	ok(kill_level(1), "F53 with the next killed");
	ok(kill_level(0), "F53 F50 with the outermost killed");
	is(frames_settled(before), before, "F53 which leaves no frame behind");
}
/* NOLINTEND */

int
main(void)
{
	shared = shared_page();
	test_progress();
	test_two_at_once();
	test_fork_meanwhile();
	test_identity();
	test_nested();
	return tap_end();
}
