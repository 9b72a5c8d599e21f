/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * watch.c - waiting for what other processes do, but not for ever.
 */
#include "watch.h"

#include <errno.h>
#include <sys/wait.h>
#include <time.h>

#include "tap.h"

#define SHORT_NAP 2
#define NAPS (WATCH_SECONDS * 1000 / SHORT_NAP)

void
nap(unsigned int milliseconds)
{
	struct timespec left = {
	    .tv_sec = milliseconds / 1000,
	    .tv_nsec = milliseconds % 1000 * 1000000l,
	};

	while (nanosleep(&left, &left) != 0 && errno == EINTR)
		continue;
}

bool
watch(const volatile long *word, long least)
{
	for (int i = 0; *word < least && i < NAPS; i++)
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
	int status = status_now(pid, options);

	for (int i = 0; status == NOT_YET && i < NAPS; i++) {
		nap(SHORT_NAP);
		status = status_now(pid, options);
	}
	return status;
}

long
frames_settled(long before)
{
	for (int i = 0; free_frames() != before && i < NAPS; i++)
		nap(SHORT_NAP);
	return free_frames();
}
