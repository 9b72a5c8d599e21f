/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * counters.c - what one fork costs in messages, counted by the kernel.
 *
 * The child makes no call before the counters are read: it sees by shared
 * memory when it may.
 */
#include "tap.h"

#include <limits.h>
#include <signal.h>
#include <unistd.h>

/*
 * init, on another hart, may be late to wait for this program: calls of its
 * fall into some forks, but not into so many.
 */
#define FORKS 8

struct counts {
	uint64_t value[STAT_COUNT];
};

static volatile long *shared;

static void
counts_read(struct counts *counts)
{
	for (unsigned int i = 0; i < STAT_COUNT; i++)
		counts->value[i] = stat_now(i);
}

static void
counts_begin(struct counts *counts)
{
	teardowns_end();
	counts_read(counts);
}

static long
counted(const struct counts *before, const struct counts *after, enum stat stat)
{
	return (long)(after->value[stat] - before->value[stat]);
}

static pid_t
fork_counted(struct counts *before, struct counts *after)
{
	pid_t pid;

	shared[0] = 0;
	counts_begin(before);
	pid = fork();
	if (pid == 0) {
		while (shared[0] == 0)
			continue;
		_exit(0);
	}
	counts_read(after);
	shared[0] = 1;
	(void)status_of(pid);
	return pid;
}

/* The fork with the fewest calls. */
static bool
fork_undisturbed(struct counts *before, struct counts *after)
{
	long fewest = LONG_MAX;

	/* Once for what only the first one does. */
	if (fork_counted(before, after) < 0)
		return false;
	for (int i = 0; i < FORKS; i++) {
		struct counts from, to;

		if (fork_counted(&from, &to) < 0)
			return false;
		if (counted(&from, &to, STAT_CALLS) >= fewest)
			continue;
		fewest = counted(&from, &to, STAT_CALLS);
		*before = from;
		*after = to;
	}
	return true;
}

static void
test_fork(void)
{
	struct counts before, after;

	ok(fork_undisturbed(&before, &after), "F01 one fork");
	is(counted(&before, &after, STAT_CALLS), 2,
	    "F01 is two round trips: to procsrv, and its one to vmsrv");
	is(counted(&before, &after, STAT_REPLIES), 3,
	    "F01 of which the first has two replies");
	is(counted(&before, &after, STAT_SENDS), 0, "F01 nothing is sent");
	is(counted(&before, &after, STAT_CLONES), 2,
	    "F01 one space and one thread are cloned");
	is(counted(&before, &after, STAT_THREADS), 1, "F01 there is a thread");
	is(counted(&before, &after, STAT_SPACES), 1, "F01 and a space more");
	ok(counted(&before, &after, STAT_COPIES) <= 2,
	    "F30 no pages are copied but those that are written to since");
}

/* vfork shares the space, so nothing is cloned but the thread. */
static void
test_vfork(void)
{
	struct counts before, after;
	pid_t pid;

	counts_begin(&before);
	pid = vfork();
	if (pid == 0)
		_exit(0);
	counts_read(&after);
	(void)status_of(pid);
	is(counted(&before, &after, STAT_CLONES), 1,
	    "F03 vfork clones a thread only");
	is(counted(&before, &after, STAT_SPACES), 0,
	    "F03 there is no new space");
}

int
main(void)
{
	shared = shared_page();
	test_fork();
	test_vfork();
	return tap_end();
}
