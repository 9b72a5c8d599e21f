/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * forkfsleep.c - forks that are refused, and slowly: kern.forkfsleep.
 */
#include "tap.h"

#include <errno.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/sysctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define UID 5
/* kern.forkfsleep, in milliseconds. */
#define SLEEP 400

static volatile long *shared;

static int
set_forkfsleep(int milliseconds)
{
	return sysctl_set("kern.forkfsleep", milliseconds);
}

static long
milliseconds(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int
no_forkfsleep(void)
{
	return setuid(UID) == 0 && set_forkfsleep(10) == -1 && errno == EPERM
		   ? 0
		   : 1;
}

static void
test_forkfsleep_values(void)
{
	is(sysctl_number("kern.forkfsleep"), 0, "F16 forkfsleep is 0");
	ok(set_forkfsleep(-1) == -1 && errno == EINVAL,
	    "F16 it is not negative");
	ok(set_forkfsleep(20001) == -1 && errno == EINVAL,
	    "F16 nor more than 20 s");
	is(set_forkfsleep(20000), 0, "F16 that it may be");
	is(sysctl_number("kern.forkfsleep"), 20000, "F16 at once");
	is(child_status(no_forkfsleep), EXITED(0), "F16 only root sets it");
	is(set_forkfsleep(0), 0, "F16 and to 0 again");
}

/* What a child's refused fork is like; its parent sees to the refusal. */
static int
fork_refused(void)
{
	long start;
	pid_t pid;

	(void)wait_flag(&shared[0]);
	start = milliseconds();
	shared[1] = 1;
	pid = fork();
	if (pid == 0)
		_exit(0);
	if (pid > 0 || errno != EAGAIN)
		return 1;
	return milliseconds() - start >= SLEEP ? 2 : 3;
}

static int
fork_refused_user(void)
{
	return limit_processes(1) == 0 && setuid(UID) == 0 ? fork_refused() : 4;
}

static int
fork_refused_vfork(void)
{
	long start;
	pid_t pid;

	(void)wait_flag(&shared[0]);
	start = milliseconds();
	pid = vfork();
	if (pid == 0)
		_exit(0);
	if (pid > 0 || errno != EAGAIN)
		return 1;
	return milliseconds() - start >= SLEEP ? 2 : 3;
}

static void
test_forkfsleep(void)
{
	int maxproc = (int)sysctl_number("kern.maxproc");
	int nprocs = (int)sysctl_number("kern.nprocs");
	long start;
	pid_t pid;

	(void)set_forkfsleep(SLEEP);
	shared[0] = shared[1] = 0;
	pid = child_start(fork_refused);
	(void)sysctl_set("kern.maxproc", 1);
	shared[0] = 1;
	(void)wait_flag(&shared[1]);
	start = milliseconds();
	is(sysctl_number("kern.nprocs"), nprocs + 1,
	    "F13 nothing counts while a refused fork sleeps");
	ok(milliseconds() - start < SLEEP, "F13 only the caller sleeps");
	is(status_of(pid), EXITED(2), "F13 then it fails with EAGAIN");
	(void)sysctl_set("kern.maxproc", maxproc);

	shared[0] = 0;
	pid = child_start(fork_refused_vfork);
	(void)sysctl_set("kern.maxproc", 1);
	shared[0] = 1;
	is(status_of(pid), EXITED(2), "F13 vfork likewise");
	(void)sysctl_set("kern.maxproc", maxproc);
	is(child_status(fork_refused_user), EXITED(2),
	    "F13 and one over a user's limit");

	shared[0] = shared[1] = 0;
	pid = child_start(fork_refused);
	(void)sysctl_set("kern.maxproc", 1);
	shared[0] = 1;
	(void)wait_flag(&shared[1]);
	spin(20);
	(void)kill(pid, SIGKILL);
	spin(5);
	is(waitpid(pid, NULL, WNOHANG), 0, "F13 SIGKILL waits for the end");
	is(status_of(pid), SIGKILL, "F13 and then takes effect");
	(void)sysctl_set("kern.maxproc", maxproc);
	(void)set_forkfsleep(0);
	is(sysctl_number("kern.nprocs"), nprocs, "F13 nothing is left of it");
}

int
main(void)
{
	shared = shared_page();
	test_forkfsleep_values();
	test_forkfsleep();
	return tap_end();
}
