/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * priority.c - nice values: who may set them, who has them, and what they do.
 *
 * It executes itself; run it by its full path.  Loops, LOOPS for each hart,
 * are processes that never stop by themselves; the tests look at the time
 * that somebody ran meanwhile, which is the machine's own and not the host's.
 */
#include "tap.h"
#include "watch.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define UID 5
#define LOOPS 4
#define LOOPS_MAX 32
#define THREADS 3
/* Milliseconds: for what was said to take effect, and to look at it. */
#define SETTLE 40
#define LOOK 100
/* Percent of a hart: all of it but for what servers and interrupts take. */
#define ALL 85
#define REST 5
/* The host may let a hart wait longer than a look takes. */
#define TRIES 10
#define ROUNDS 20

/* Words of the shared page. */
enum word {
	STARTED,
	BUSY, /* how often churn() went round */
	STOP, /* nobody sets it */
	LOOPED, /* a loop has run */
	COUNTS, /* one for each thread */
};

static char *self;
static volatile long *shared;
static pid_t loops[LOOPS_MAX];
static int nloops;

static int
get(id_t pid)
{
	errno = 0;
	return getpriority(PRIO_PROCESS, pid);
}

static int
set(id_t pid, int nice)
{
	return setpriority(PRIO_PROCESS, pid, nice);
}

/* The error of setting it; 0: it was set. */
static int
set_error(int which, id_t who, int nice)
{
	return setpriority(which, who, nice) == 0 ? 0 : errno;
}

/* Values. */

static void
test_values(void)
{
	is(get(0), 0, "a program begins with 0");
	is(nice(3), 3, "nice() returns the new value");
	is(nice(-4), -1, "which may be -1");
	is(errno, 0, "and is no error then");
	is(get(0), -1, "and is there");
	is(nice(-100), PRIO_MIN, "it is not lower than PRIO_MIN");
	is(nice(INT32_MAX), PRIO_MAX, "nor higher than PRIO_MAX");
	is(set(0, 1000), 0, "setpriority() takes more than that, too");
	is(get(0), PRIO_MAX, "and makes PRIO_MAX of it");
	is(set(0, 0), 0, "root goes back to 0");
	is(set_error(3, 0, 0), EINVAL, "there are three kinds of ids");
	is(set_error(PRIO_PROCESS, 29999, 0), ESRCH, "a process, or ESRCH");
	is(set_error(PRIO_PGRP, 29999, 0), ESRCH, "a group likewise");
	is(set_error(PRIO_USER, 29999, 0), ESRCH, "a user likewise");
	is(getpriority(PRIO_USER, 29999), -1, "getpriority() finds none, too");
	is(errno, ESRCH, "which is ESRCH");
}

/* Bits of what is as it should be. */
static int
as_user(void)
{
	pid_t parent = getppid();
	int good = 0;

	if (setuid(UID) != 0)
		return 99;
	good |= set_error(PRIO_PROCESS, 0, -1) == EACCES;
	good |= (nice(-1) == -1 && errno == EPERM) << 1;
	good |= (nice(2) == 2) << 2;
	good |= (set_error(PRIO_PROCESS, 0, 1) == EACCES) << 3;
	good |= (set_error(PRIO_PROCESS, (id_t)parent, 5) == EPERM) << 4;
	good |= (set_error(PRIO_USER, 0, 7) == 0 && get(0) == 7) << 5;
	good |= (get((id_t)parent) == 0 && errno == 0) << 6;
	return good;
}

static void
test_rights(void)
{
	is(child_status(as_user), EXITED(0x7f),
	    "others make only their own higher, and look at all");
	is(get(0), 0, "root's was not changed");
}

/* Inheritance. */

static int
own_is_9(void)
{
	return get(0) == 9 ? 0 : 1;
}

static int
execute(void)
{
	(void)execl(self, self, "9", NULL);
	return 98;
}

static int
execute_nicer(void)
{
	(void)execl("/bin/nice", "nice", "-n", "-4", self, "5", NULL);
	return 98;
}

static int
vforked(void)
{
	pid_t pid = vfork();

	if (pid == 0) {
		(void)execl(self, self, "9", NULL);
		_exit(97);
	}
	return status_of(pid);
}

/* A grandchild's, in a group of its own with the child. */
static int
in_groups(void)
{
	pid_t pid;
	int good;

	(void)setpgid(0, 0);
	pid = child_start(pause);
	good = set((id_t)pid, 4) == 0 && get(0) == 9 &&
	       getpriority(PRIO_PGRP, 0) == 4 &&
	       setpriority(PRIO_PGRP, (id_t)getpid(), 6) == 0 && get(0) == 6 &&
	       get((id_t)pid) == 6;
	(void)kill(pid, SIGKILL);
	(void)status_of(pid);
	return good ? 0 : 1;
}

static void
test_inheritance(void)
{
	(void)set(0, 9);
	is(child_status(own_is_9), EXITED(0), "F24 fork() inherits it");
	is(child_status(execute), EXITED(0), "F24 and exec keeps it");
	is(child_status(execute_nicer), EXITED(0), "but not by way of nice");
	is(vforked(), EXITED(0), "F24 so it is with vfork()");
	is(child_status(in_groups), EXITED(0),
	    "a group is all its members, and the lowest is told");
	is(get(0), 9, "a child's is its own");
	(void)set(0, 0);
}

/* What it does. */

static int
loop(void)
{
	while (shared[STOP] == 0)
		shared[LOOPED]++;
	return 0;
}

static void
loops_start(void)
{
	int most = LOOPS * (int)sysconf(_SC_NPROCESSORS_ONLN);

	for (nloops = 0; nloops < most && nloops < LOOPS_MAX; nloops++)
		loops[nloops] = child_start(loop);
}

static void
loops_end(void)
{
	int killed = 0;

	for (int i = 0; i < nloops; i++)
		(void)kill(loops[i], SIGKILL);
	for (int i = 0; i < nloops; i++)
		killed += status_soon(loops[i], 0) == SIGKILL;
	is(killed, nloops, "loops end when they are killed");
}

static long
microseconds(clockid_t clock)
{
	struct timespec time = {0};

	(void)clock_gettime(clock, &time);
	return (long)time.tv_sec * 1000000 + time.tv_nsec / 1000;
}

/*
 * Percent of a hart that a process has while the caller sleeps, or spins.  The
 * host may let a hart wait between two readings: so not too little is found.
 */
static long
share(pid_t pid, void (*meanwhile)(unsigned int))
{
	long start, end, ran;
	clockid_t clock;

	if (clock_getcpuclockid(pid, &clock) != 0)
		return -1;
	nap(SETTLE);
	ran = microseconds(clock);
	start = microseconds(CLOCK_MONOTONIC);
	meanwhile(LOOK);
	end = microseconds(CLOCK_MONOTONIC);
	ran = microseconds(clock) - ran;
	return ran * 100 / (end - start);
}

static bool
has_a_hart(pid_t pid, void (*meanwhile)(unsigned int))
{
	for (int i = 0; i < TRIES; i++) {
		if (share(pid, meanwhile) >= ALL)
			return true;
	}
	return false;
}

/* Whether a loop runs before the caller has run for a long time. */
static bool
loops_have_a_turn(void)
{
	long before = shared[LOOPED];
	long end = milliseconds() + WATCH_SECONDS * 1000;

	while (shared[LOOPED] == before && milliseconds() < end)
		spin(1);
	return shared[LOOPED] != before;
}

static void
test_own(void)
{
	(void)set(0, 0);
	ok(loops_have_a_turn(), "at 0 it shares with the loops");
	(void)set(0, -20);
	ok(has_a_hart(getpid(), spin), "at -20 it has a hart to itself");
	(void)set(0, -1);
	ok(has_a_hart(getpid(), spin), "and at -1 as well");
	(void)set(0, -20);
}

/* Wherever a loop is, whether it waits there or runs. */
static void
test_others(void)
{
	int all = 0, left = 0;

	for (int i = 0; i < LOOPS + 1 && i < nloops; i++) {
		(void)set((id_t)loops[nloops - 1 - i], -19);
		all += has_a_hart(loops[nloops - 1 - i], nap);
		(void)set((id_t)loops[nloops - 1 - i], 0);
		left += share(loops[nloops - 1 - i], nap) < ALL;
	}
	is(all, LOOPS + 1 < nloops ? LOOPS + 1 : nloops,
	    "who is set to -19 has a hart to itself, wherever it is");
	ok(left > 0, "until it is set back");
}

static void *
count(void *word)
{
	while (shared[STOP] == 0)
		++*(volatile long *)word;
	return NULL;
}

static void *
counter(int i)
{
	return (void *)(uintptr_t)&shared[COUNTS + i];
}

static int
count_by_threads(void)
{
	pthread_t thread;

	for (int i = 1; i < THREADS; i++) {
		if (pthread_create(&thread, NULL, count, counter(i)) != 0)
			return 1;
	}
	shared[STARTED] = 1;
	(void)count(counter(0));
	return 0;
}

/* On one hart those at 0 get nothing while there are others at -10. */
static void
test_threads(void)
{
	pid_t pid = child_start(count_by_threads);
	int ran = 0;

	ok(watch(&shared[STARTED], 1), "a process with several LWPs starts");
	(void)set((id_t)pid, -10);
	nap(SETTLE);
	for (int i = 0; i < THREADS; i++)
		shared[COUNTS + i] = 0;
	ok(has_a_hart(pid, nap), "it has a hart when it is set to -10");
	for (int i = 0; i < THREADS; i++)
		ran += watch(&shared[COUNTS + i], 1);
	is(ran, THREADS, "and each of its LWPs runs");
	(void)kill(pid, SIGKILL);
	is(status_soon(pid, 0), SIGKILL, "and ends");
}

/* Busy with what servers and the kernel do for it, whenever it runs. */
static int
churn(void)
{
	for (;;) {
		char *memory = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE,
		    MAP_ANON | MAP_PRIVATE, -1, 0);
		pid_t pid;

		memset(memory, 1, 1 << 20);
		pid = fork();
		if (pid == 0)
			_exit(0);
		(void)waitpid(pid, NULL, 0);
		(void)munmap(memory, 1 << 20);
		shared[BUSY]++;
	}
}

static bool
starves(pid_t pid)
{
	return share(pid, nap) < REST;
}

/* Everything that one can do to a process that does not run. */
static void
starved(pid_t pid)
{
	is(get((id_t)pid), PRIO_MAX, "it can be asked about");
	is(setpgid(pid, pid), 0, "and put into a group");
	is(kill(pid, SIGSTOP), 0, "and stopped");
	is(status_soon(pid, WUNTRACED), STOPPED(SIGSTOP), "which is told");
	is(kill(pid, SIGCONT), 0, "and continued");
	is(status_soon(pid, WCONTINUED), CONTINUED, "which is told");
}

static int
nothing(void)
{
	return 0;
}

/* What a process needs of the servers while another one waits half way. */
static int
rounds_done(void)
{
	int done = 0;

	for (int i = 0; i < ROUNDS; i++) {
		char *memory = mmap(NULL, 1 << 18, PROT_READ | PROT_WRITE,
		    MAP_ANON | MAP_PRIVATE, -1, 0);

		memset(memory, 1, 1 << 18);
		done += status_soon(child_start(nothing), 0) == 0 &&
			status_soon(child_start(execute), 0) == EXITED(1);
		(void)munmap(memory, 1 << 18);
	}
	return done;
}

/* Stopped by the loops in whatever it did, again and again. */
static void
test_starving(void)
{
	pid_t pid = child_start(churn);
	int done = 0;

	ok(watch(&shared[BUSY], 5), "a busy process gets somewhere");
	(void)set((id_t)pid, PRIO_MAX);
	if (sysconf(_SC_NPROCESSORS_ONLN) == 1)
		ok(starves(pid), "at 20 it starves while others at 0 run");
	starved(pid);
	for (int i = 0; i < 5; i++) {
		(void)set((id_t)pid, -20);
		nap(i * 3 + 1);
		(void)set((id_t)pid, PRIO_MAX);
		done += rounds_done();
	}
	is(done, 5 * ROUNDS, "and nobody has to wait for it");
	is(kill(pid, SIGKILL), 0, "it can be killed");
	is(status_soon(pid, 0), SIGKILL, "and ends at once");
}

int
main(int argc, char **argv)
{
	self = argv[0];
	/* Executed: is it what it should be? */
	if (argc > 1)
		return get(0) == strtol(argv[1], NULL, 10) ? 0 : 1;
	shared = shared_page();
	test_values();
	test_rights();
	test_inheritance();
	loops_start();
	test_own();
	test_others();
	test_threads();
	test_starving();
	loops_end();
	(void)set(0, 0);
	return tap_end();
}
