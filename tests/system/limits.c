/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * limits.c - how many processes there may be, and what a refusal leaves.
 */
#include "tap.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/sysctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <ipc/proc.h>

#define UID 5
#define MANY 64
/* The last processes are root's alone. */
#define RESERVED 5

static const char *self;
static volatile long *shared;

static int
wait_released(void)
{
	return wait_flag(&shared[0]) ? 0 : 1;
}

/* Fork until it is refused; how many there were, and errno in *error. */
static int
fork_all(pid_t *pids, int most, int *error)
{
	int n = 0;

	shared[0] = 0;
	*error = 0;
	while (n < most) {
		pids[n] = child_start(wait_released);
		if (pids[n] < 0) {
			*error = errno;
			break;
		}
		n++;
	}
	return n;
}

static void
release(const pid_t *pids, int n)
{
	shared[0] = 1;
	for (int i = 0; i < n; i++)
		(void)status_of(pids[i]);
}

static int
fork_as_user(void)
{
	pid_t pids[MANY];
	int error, n;

	if (setuid(UID) != 0)
		return 99;
	n = fork_all(pids, MANY, &error);
	release(pids, n);
	return error == EAGAIN ? n : 98;
}

/* Counted from 1, process 0; maxproc - 1 can be reached, by root. */
static void
test_system_limit(void)
{
	int maxproc = (int)sysctl_number("kern.maxproc");
	int nprocs = (int)sysctl_number("kern.nprocs");
	pid_t pids[MANY];
	int n, error, status;

	(void)sysctl_set("kern.maxproc", nprocs + 20);
	n = fork_all(pids, MANY, &error);
	is(n, 19, "F10 root may have maxproc - 1 processes");
	is(error, EAGAIN,
	    "F10 F11 one more is EAGAIN, and said on the console");
	is(sysctl_number("kern.nprocs"), nprocs + n,
	    "F10 F15 a refusal counts for nothing");
	(void)kill(pids[0], SIGKILL);
	while (waitpid(pids[0], &status, WNOHANG | WNOWAIT) == 0)
		(void)sys_yield();
	is(child_start(wait_released), -1, "F10 zombies count");
	(void)status_of(pids[0]);
	pids[0] = child_start(wait_released);
	ok(pids[0] > 0, "F10 a reaped one makes room");
	release(pids, n);
	/* The child itself is one; then 5 are kept back. */
	is(child_status(fork_as_user), EXITED(19 - RESERVED - 1),
	    "F10 others leave the last 5 to root");
	is(sysctl_number("kern.nprocs"), nprocs, "F10 all are given back");
	(void)sysctl_set("kern.maxproc", 1);
	is(fork(), -1, "F10 maxproc may be below the number there are");
	(void)sysctl_set("kern.maxproc", maxproc);
}

static int
not_root(void)
{
	int value = 100;

	return setuid(UID) == 0 && sysctl_set("kern.maxproc", value) == -1 &&
		       errno == EPERM
		   ? 0
		   : 1;
}

static void
test_maxproc(void)
{
	is(sysctl_set("kern.maxproc", -1), -1, "F10 maxproc is not negative");
	is(errno, EINVAL, "F10 which is EINVAL");
	is(sysctl_set("kern.maxproc", PROC_PID_MAX), -1,
	    "F10 nor as large as PID_MAX");
	is(child_status(not_root), EXITED(0), "F10 and only root sets it");
}

/* With a limit of 4 the user's first process may have 3 more. */
static int
user_forks_three(void)
{
	pid_t pids[MANY];
	int n, error, again;

	if (limit_processes(4) != 0 || setuid(UID) != 0)
		return 99;
	n = fork_all(pids, MANY, &error);
	if (error != EAGAIN)
		return 98;
	(void)kill(pids[0], SIGKILL);
	while (waitpid(pids[0], NULL, WNOHANG | WNOWAIT) == 0)
		(void)sys_yield();
	if (child_start(wait_released) != -1)
		return 97;
	(void)status_of(pids[0]);
	pids[0] = child_start(wait_released);
	again = pids[0] > 0;
	release(pids, n);
	return again ? n : 96;
}

static int
root_forks_more(void)
{
	pid_t pids[MANY];
	int n, error;

	if (limit_processes(4) != 0)
		return 99;
	n = fork_all(pids, 10, &error);
	release(pids, n);
	return n;
}

/* The real uid counts, the effective one decides whether it matters. */
static int
real_uid_counts(void)
{
	pid_t pids[MANY];
	int n, error;

	if (limit_processes(2) != 0 || setreuid(UID, UID) != 0)
		return 99;
	n = fork_all(pids, 10, &error);
	release(pids, n);
	return error == EAGAIN ? n : 98;
}

static void
test_user_limit(void)
{
	is(child_status(user_forks_three), EXITED(3),
	    "F12 a limit of N allows a user N processes, zombies included");
	is(child_status(root_forks_more), EXITED(10), "F12 but root more");
	is(child_status(real_uid_counts), EXITED(1), "F12 by real uid");
	is(child_status(user_forks_three), EXITED(3),
	    "F12 and all are given back");
}

/* Refusals in between don't change what pids come. */
static int
exit_0(void)
{
	return 0;
}

static void
test_sequence(void)
{
	int maxproc = (int)sysctl_number("kern.maxproc");
	pid_t first, second, third;
	long forks;

	first = child_start(exit_0);
	(void)status_of(first);
	second = child_start(exit_0);
	(void)status_of(second);
	forks = sysctl_number("kern.forks");
	(void)sysctl_set("kern.maxproc", 1);
	for (int i = 0; i < 10; i++)
		(void)child_start(exit_0);
	(void)sysctl_set("kern.maxproc", maxproc);
	is(sysctl_number("kern.forks"), forks, "F15 a refused fork is none");
	third = child_start(exit_0);
	(void)status_of(third);
	is(third - second, second - first,
	    "F15 and leaves the sequence of pids alone");
}

static int
raise_hard(void)
{
	struct rlimit limit;

	if (setuid(UID) != 0 || getrlimit(RLIMIT_NPROC, &limit) != 0)
		return 1;
	limit.rlim_max = limit.rlim_max - 1;
	if (setrlimit(RLIMIT_NPROC, &limit) != 0)
		return 2;
	limit.rlim_max = limit.rlim_max + 1;
	return setrlimit(RLIMIT_NPROC, &limit) == -1 && errno == EPERM ? 0 : 3;
}

static int
clip(void)
{
	struct rlimit limit = {RLIM_INFINITY, RLIM_INFINITY};
	rlim_t maxproc = (rlim_t)sysctl_number("kern.maxproc");

	if (setrlimit(RLIMIT_NPROC, &limit) != 0 ||
	    getrlimit(RLIMIT_NPROC, &limit) != 0)
		return 1;
	return limit.rlim_cur == maxproc && limit.rlim_max == maxproc ? 0 : 2;
}

static void
test_rlimit(void)
{
	long maxproc = sysctl_number("kern.maxproc");
	struct rlimit limit;

	is(getrlimit(RLIMIT_NPROC, &limit), 0, "F77 limits can be read");
	is((long)limit.rlim_cur,
	    maxproc < PROC_CHILD_MAX ? maxproc : PROC_CHILD_MAX,
	    "F77 NPROC is the lesser of maxproc and CHILD_MAX");
	is(getrlimit(RLIM_NLIMITS, &limit), -1, "F77 unknown ones can't");
	is(errno, EINVAL, "F77 which is EINVAL");
	is(getrlimit(-1, &limit), -1, "F77 nor can -1");
	limit.rlim_cur = limit.rlim_max + 1;
	is(setrlimit(RLIMIT_NPROC, &limit), -1, "F77 soft above hard");
	is(errno, EINVAL, "F77 is EINVAL");
	is(child_status(raise_hard), EXITED(0), "F77 only root raises hard");
	is(child_status(clip), EXITED(0), "F77 NPROC is clipped to maxproc");
}

/* Over its limit, a user's process that changed ids can't exec. */
static int
exec_over_limit(void)
{
	pid_t pids[2];
	int error;

	if (limit_processes(1) != 0)
		return 1;
	shared[0] = shared[2] = 0;
	pids[0] = fork();
	if (pids[0] == 0) {
		shared[2] = setuid(UID) == 0;
		_exit(wait_released());
	}
	(void)wait_flag(&shared[2]);
	shared[1] = setuid(UID) == 0;
	execl(self, self, "exit", (char *)NULL);
	error = errno;
	release(pids, 1);
	return error == EAGAIN ? 0 : 2;
}

/* At its limit it can, and so can root over any. */
static int
exec_at_limit(void)
{
	if (limit_processes(1) != 0 || setuid(UID) != 0)
		return 1;
	execl(self, self, "exit", (char *)NULL);
	return 2;
}

/* SUGID is inherited (F26): the child of one that changed ids has it too. */
static int
exec_inherited(void)
{
	pid_t pid;

	if (setuid(UID) != 0)
		return 1;
	pid = fork();
	if (pid == 0) {
		if (limit_processes(1) != 0)
			_exit(3);
		execl(self, self, "exit", (char *)NULL);
		_exit(errno == EAGAIN ? 7 : 4);
	}
	return WEXITSTATUS(status_of(pid));
}

/* Exec clears it: the new program may exec again, over its limit. */
static int
exec_twice(void)
{
	if (setuid(UID) != 0)
		return 1;
	execl(self, self, "twice", (char *)NULL);
	return 2;
}

static void
test_setuid(void)
{
	shared[1] = 0;
	is(child_status(exec_over_limit), EXITED(0),
	    "F78 over the limit exec is EAGAIN for one that changed ids");
	is(shared[1], 1, "F78 though setuid was not refused");
	is(child_status(exec_at_limit), EXITED(0), "F78 at the limit it isn't");
	is(child_status(exec_inherited), EXITED(7),
	    "F26 F78 a child inherits that its parent changed ids");
	is(child_status(exec_twice), EXITED(0), "F78 exec makes it forgotten");
	is(child_status(user_forks_three), EXITED(3),
	    "F78 the count of each user is right after all that");
}

/* After an exec, with two processes and a limit of one. */
static int
be_twice(void)
{
	pid_t pid = fork();

	if (pid == 0) {
		if (limit_processes(1) != 0)
			_exit(3);
		execl(self, self, "exit", (char *)NULL);
		_exit(4);
	}
	return WEXITSTATUS(status_of(pid));
}

int
main(int argc, char **argv)
{
	self = argv[0];
	if (argc > 1)
		return argv[1][0] == 't' ? be_twice() : 0;
	shared = shared_page();
	test_sequence();
	test_system_limit();
	test_maxproc();
	test_user_limit();
	test_rlimit();
	test_setuid();
	return tap_end();
}
