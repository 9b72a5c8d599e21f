/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * watch.c - waiting for what other processes do, but not for ever.
 */
#include "watch.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#include "tap.h"

#define SHORT_NAP 2

long
milliseconds(void)
{
	struct timespec time;

	(void)clock_gettime(CLOCK_MONOTONIC, &time);
	return (long)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

struct timespec
after(long length)
{
	struct timespec time;

	(void)clock_gettime(CLOCK_REALTIME, &time);
	time.tv_nsec += length % 1000 * 1000000;
	time.tv_sec += length / 1000 + time.tv_nsec / 1000000000;
	time.tv_nsec %= 1000000000;
	return time;
}

void
nap(unsigned int length)
{
	struct timespec left = {
	    .tv_sec = length / 1000,
	    .tv_nsec = length % 1000 * 1000000l,
	};

	while (nanosleep(&left, &left) != 0 && errno == EINTR)
		continue;
}

bool
watch(const volatile long *word, long least)
{
	long end = milliseconds() + WATCH_SECONDS * 1000;

	while (*word < least && milliseconds() < end)
		nap(SHORT_NAP);
	return *word >= least;
}

int
status_now(pid_t pid, int options)
{
	int status = 0;
	pid_t found = waitpid(pid, &status, options | WNOHANG);

	if (found == 0)
		return NOT_YET;
	return found == pid ? status : -1;
}

int
status_soon(pid_t pid, int options)
{
	long end = milliseconds() + WATCH_SECONDS * 1000;
	int status = status_now(pid, options);

	while (status == NOT_YET && milliseconds() < end) {
		nap(SHORT_NAP);
		status = status_now(pid, options);
	}
	return status;
}

static int
nap_for_a_moment(void)
{
	nap(A_MOMENT);
	return 0;
}

void
tables_grow(int children)
{
	pid_t pids[TABLES_MAX];

	if (children > TABLES_MAX)
		children = TABLES_MAX;
	for (int i = 0; i < children; i++)
		pids[i] = child_start(nap_for_a_moment);
	for (int i = 0; i < children; i++)
		(void)status_soon(pids[i], 0);
}

long
frames_settled(long before)
{
	long end = milliseconds() + WATCH_SECONDS * 1000;

	while (free_frames() != before && milliseconds() < end)
		nap(SHORT_NAP);
	return free_frames();
}

long
processes_settled(long before)
{
	long end = milliseconds() + WATCH_SECONDS * 1000;

	while (sysctl_number("kern.nprocs") != before && milliseconds() < end)
		nap(SHORT_NAP);
	return sysctl_number("kern.nprocs");
}

struct books
books_read(void)
{
	return (struct books){
	    .frames = free_frames(),
	    .threads = (long)stat_now(STAT_THREADS),
	    .spaces = (long)stat_now(STAT_SPACES),
	    .nprocs = sysctl_number("kern.nprocs"),
	};
}

bool
books_balanced(const struct books *before)
{
	struct books now = books_read();

	if (memcmp(&now, before, sizeof(now)) == 0)
		return true;
	printf("# frames %ld, before %ld; threads %ld, %ld; spaces %ld, %ld; "
	       "processes %ld, %ld\n",
	    now.frames, before->frames, now.threads, before->threads,
	    now.spaces, before->spaces, now.nprocs, before->nprocs);
	return false;
}
