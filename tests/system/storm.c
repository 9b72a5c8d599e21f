/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * storm.c - ten thousand forks in a row, and as many frames as before.
 *
 *	storm [FORKS]
 */
#include "tap.h"

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define WARM_UP 100
#define FORKS 10000

static int
exit_3(void)
{
	return 3;
}

static int
forks(int n)
{
	int good = 0;

	for (int i = 0; i < n; i++)
		good += child_status(exit_3) == EXITED(3);
	return good;
}

int
main(int argc, char **argv)
{
	long frames, threads, spaces, nprocs;
	int n = argc > 1 ? (int)strtol(argv[1], NULL, 10) : FORKS;

	/* Its report warms up printf(), which may need a page of stack. */
	is(forks(WARM_UP), WARM_UP, "F01 a hundred forks");
	frames = free_frames();
	threads = (long)stat_now(STAT_THREADS);
	spaces = (long)stat_now(STAT_SPACES);
	nprocs = sysctl_number("kern.nprocs");
	is(forks(n), n, "F01 thousands of forks, one after the other");
	is(free_frames(), frames, "F14 leave no frame behind");
	is((long)stat_now(STAT_THREADS), threads, "F14 nor a thread");
	is((long)stat_now(STAT_SPACES), spaces, "F14 nor a space");
	is(sysctl_number("kern.nprocs"), nprocs, "F14 nor a process");
	return tap_end();
}
