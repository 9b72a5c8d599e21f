/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * forkrace.c - fork against exec and exit by another LWP.
 *
 *	forkrace [ROUNDS]
 *
 * In each round a process with two LWPs ends, or becomes another program, by
 * one of them while the other forks.  There may be a complete child or none.
 */
#include "tap.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "watch.h"

#define ROUNDS 60
#define TURNS 4
#define WARM_UP 4
/* Of each round, in this process's memory: some pages. */
#define NUMBERS 8192

/* How the process ends: by the other LWP, or from outside. */
enum end { END_EXIT, END_EXEC, END_LWP_EXEC, END_KILL, ENDS };

static const char *const claims[ENDS] = {
    "F79 fork against exit by another LWP",
    "F79 fork against exec by the first LWP",
    "F79 fork against exec by another LWP",
    "F79 fork against SIGKILL",
};

static const char *self;
/* 0: children begun, 1: those that were complete, 2: forks go on. */
static volatile long *shared;
static unsigned int numbers[NUMBERS];
static volatile unsigned int delay;
/* All that there are without a round. */
static long processes;

static void
count(volatile long *word)
{
	__atomic_add_fetch((long *)(uintptr_t)word, 1, __ATOMIC_SEQ_CST);
}

static bool
numbers_equal(void)
{
	for (size_t i = 1; i < NUMBERS; i++) {
		if (numbers[i] != numbers[0])
			return false;
	}
	return true;
}

/* A child is complete: it has its memory, can ask, fork and end. */
static _Noreturn void
child(pid_t parent)
{
	pid_t pid;

	count(&shared[0]);
	/* Once the parent is dead, that is init. */
	if (getpid() > 1 && (getppid() == parent || getppid() == 1) &&
	    numbers_equal()) {
		pid = vfork();
		if (pid == 0)
			_exit(0);
		if (status_soon(pid, 0) == EXITED(0))
			count(&shared[1]);
	}
	_exit(0);
}

static void *
fork_on(void *unused)
{
	pid_t self_pid = getpid();

	for (;;) {
		pid_t pid = fork();

		if (pid == 0)
			child(self_pid);
		if (pid > 0)
			(void)waitpid(pid, NULL, 0);
		/* Whoever ends the process now may do so. */
		shared[2] = 1;
	}
	return unused;
}

static void
run_self(void)
{
	execl(self, self, "end", (char *)NULL);
	_exit(1);
}

static void *
exec_later(void *unused)
{
	(void)watch(&shared[2], 1);
	spin(delay);
	run_self();
	return unused;
}

static int
race(enum end end)
{
	pthread_t thread;
	bool other = end == END_LWP_EXEC;

	if (pthread_create(&thread, NULL, other ? exec_later : fork_on, NULL) !=
	    0)
		return 2;
	if (other)
		(void)fork_on(NULL);
	(void)watch(&shared[2], 1);
	spin(delay);
	if (end == END_EXIT)
		_exit(7);
	if (end == END_EXEC)
		run_self();
	for (;;)
		(void)pause();
}

static bool
round_of(enum end end, unsigned int number)
{
	pid_t pid;

	/* At another point of a fork each time. */
	delay = number % 5;
	for (size_t i = 0; i < NUMBERS; i++)
		numbers[i] = number;
	shared[2] = 0;
	pid = fork();
	if (pid == 0)
		_exit(race(end));
	if (end == END_KILL) {
		(void)watch(&shared[2], 1);
		spin(delay);
		(void)kill(pid, SIGKILL);
		return status_soon(pid, 0) == SIGKILL;
	}
	return status_soon(pid, 0) == EXITED(7);
}

/* Once all children have ended, also those that had not begun yet. */
static bool
children_done(void)
{
	(void)processes_settled(processes);
	printf("# %ld children, %ld complete\n", shared[0], shared[1]);
	return shared[0] > 0 && shared[0] == shared[1];
}

static void
test_end(enum end end, unsigned int rounds)
{
	long frames = 0, nprocs = 0;
	bool good = true, done = true;

	for (unsigned int i = 0; i < WARM_UP; i++)
		(void)round_of(end, i);
	/* Tables that grow once, and stay, may do so in a turn or two. */
	for (unsigned int turn = 0; turn < TURNS; turn++) {
		nprocs = processes_settled(processes);
		nap(A_MOMENT);
		frames = free_frames();
		shared[0] = shared[1] = 0;
		for (unsigned int i = 0; good && i < rounds; i++)
			good = round_of(end, i);
		done = children_done() && done;
		nap(A_MOMENT);
		if (free_frames() == frames)
			break;
	}
	ok(good, claims[end]);
	ok(done, "F79 each child that there was was complete");
	is(frames_settled(frames), frames, "F79 and no frame is left behind");
	is(processes_settled(nprocs), nprocs, "F79 nor a process");
}

int
main(int argc, char **argv)
{
	unsigned int rounds = ROUNDS;

	if (argc > 1 && strcmp(argv[1], "end") == 0)
		return 7;
	if (argc > 1)
		rounds = (unsigned int)strtoul(argv[1], NULL, 10);
	self = argv[0];
	shared = shared_page();
	processes = sysctl_number("kern.nprocs");
	tables_grow(TABLES_MAX);
	for (enum end end = 0; end < ENDS; end++)
		test_end(end, rounds);
	return tap_end();
}
