/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * wait.c - the ends of processes: pids, statuses, orphans, signals.
 */
#include "tap.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "watch.h"

#include <ipc/proc.h>

#define SEQUENCE 200
#define CHILDREN 5
#define NOBODY 29999
#define UNPRIVILEGED 5

static volatile long *shared;

static int
exit_0(void)
{
	return 0;
}

static volatile bool for_ever = true;

static int
wait_for_ever(void)
{
	while (for_ever)
		(void)sys_yield();
	return 0;
}

/* F20: the next pid is the last one of its slot, plus the table's size. */
static void
test_pids(void)
{
	pid_t pids[SEQUENCE];
	bool different = true, rising = true;

	for (int i = 0; i < SEQUENCE; i++) {
		pids[i] = child_start(exit_0);
		(void)status_of(pids[i]);
		for (int j = 0; j < i; j++)
			different = different && pids[i] != pids[j];
		rising = rising && (i == 0 || i > 20 || pids[i] > pids[i - 1]);
	}
	ok(getppid() == 1 || getpid() > 1, "F20 init is process 1");
	ok(different, "F20 a freed pid is not given out again soon");
	ok(rising, "F20 a fresh table's pids count up");
	ok(pids[0] > getpid() && pids[SEQUENCE - 1] < PROC_PID_MAX,
	    "F20 and stay below PID_MAX");
	is(kill(pids[0], 0), -1, "F20 a freed pid is nobody's");
	is(errno, ESRCH, "F20 which is ESRCH");
}

/* Init's group and session bear its pid, and so does init. */
static void
test_pinned(void)
{
	is(getpgid(1), 1, "F21 a group bears its leader's pid");
	is(getsid(1), 1, "F21 and a session");
	ok(getsid(0) == getsid(1), "F22 children are in it");
}

static int
exit_257(void)
{
	_exit(257);
}

static int
exit_normally(void)
{
	exit(6);
}

static void
test_statuses(void)
{
	is(child_status(exit_0), 0, "a status of 0");
	is(child_status(exit_257), EXITED(1), "the low 8 bits of a status");
	is(child_status(exit_normally), EXITED(6), "exit and _exit alike");
}

/* Signals that by default don't end a process: ignored, or they stop it. */
static bool
spares(int signal)
{
	return signal == SIGURG || signal == SIGCONT || signal == SIGCHLD ||
	       signal == SIGIO || signal == SIGWINCH || signal == SIGINFO ||
	       signal == SIGPWR || signal == SIGSTOP || signal == SIGTSTP ||
	       signal == SIGTTIN || signal == SIGTTOU;
}

/* Every signal that ends a process by default, and those that don't. */
static void
test_signals(void)
{
	bool killed = true, ignored = true;

	for (int signal = 1; signal < NSIG; signal++) {
		pid_t pid = child_start(wait_for_ever);
		int status;

		if (kill(pid, signal) != 0)
			killed = false;
		if (spares(signal)) {
			ignored =
			    ignored && waitpid(pid, &status, WNOHANG) == 0;
			(void)kill(pid, SIGKILL);
			(void)status_of(pid);
			continue;
		}
		killed = killed && WTERMSIG(status_of(pid)) == signal;
	}
	ok(killed, "signals end a process, and its status tells which did");
	ok(ignored, "those that are ignored by default, or stop it, don't");
}

static int
kill_others(void)
{
	if (setuid(UNPRIVILEGED) != 0)
		return 1;
	if (kill(getppid(), 0) != -1 || errno != EPERM)
		return 2;
	if (kill(1, SIGKILL) != -1 || errno != EPERM)
		return 3;
	return kill(getpid(), 0) == 0 ? 0 : 4;
}

static void
test_kill(void)
{
	pid_t pid = child_start(wait_for_ever);

	is(kill(pid, 0), 0, "signal 0 only looks");
	is(waitpid(pid, NULL, WNOHANG), 0, "WNOHANG comes back with 0");
	is(kill(pid, NSIG), -1, "there is no signal 64");
	is(kill(pid, -1), -1, "nor -1");
	is(kill(NOBODY, SIGTERM), -1, "nor process 29999");
	is(errno, ESRCH, "which is ESRCH");
	is(child_status(kill_others), EXITED(0), "others' processes are safe");
	is(kill(1, SIGKILL), 0, "init is immune");
	is(getppid(), 1, "and lives");
	(void)kill(pid, SIGKILL);
	is(status_of(pid), SIGKILL, "SIGKILL kills");
	pid = child_start(exit_0);
	while (waitpid(pid, NULL, WNOHANG | WNOWAIT) == 0)
		(void)sys_yield();
	is(kill(pid, SIGTERM), 0, "a zombie takes signals in silence");
	is(status_of(pid), 0, "and keeps its status");
}

static int
wait_released(void)
{
	return wait_flag(&shared[0]) ? 0 : 1;
}

static void
test_wait(void)
{
	pid_t pids[CHILDREN];
	int status;

	is(waitpid(-1, &status, 0), -1, "without children there is no waiting");
	is(errno, ECHILD, "which is ECHILD");
	is(waitpid(1, &status, WNOHANG), -1, "init is nobody's child");
	shared[0] = 0;
	for (int i = 0; i < CHILDREN; i++)
		pids[i] = child_start(wait_released);
	is(waitpid(-1, &status, WNOHANG), 0, "all of them live");
	is(waitpid(pids[0], &status, 0x40000000), -1, "unknown options");
	is(errno, EINVAL, "are EINVAL");
	(void)kill(pids[1], SIGKILL);
	(void)kill(pids[3], SIGKILL);
	spin(20);
	is(waitpid(-1, &status, 0), pids[3], "the latest dead is told first");
	is(waitpid(0, &status, 0), pids[1], "then the one before; by group");
	is(waitpid(-NOBODY, &status, 0), -1, "of no other group");
	shared[0] = 1;
	is(waitpid(-getpgrp(), &status, WNOHANG | WNOZOMBIE), 0,
	    "zombies can be passed over");
	is(waitpid(pids[4], &status, 0), pids[4], "one can be waited for");
	is(waitpid(pids[4], &status, WNOHANG), -1, "once");
	(void)status_of(pids[0]);
	(void)status_of(pids[2]);
	is(wait(&status), -1, "then all are reaped");
}

/* Asleep in wait() when its child dies, and not before. */
static int
exit_late(void)
{
	spin(50);
	return 8;
}

static void
test_sleep(void)
{
	pid_t pid = child_start(exit_late);

	is(status_of(pid), EXITED(8), "wait sleeps until a child ends");
}

/* A child that is gone, and its own child that then has another parent. */
static int
see_new_parent(void)
{
	pid_t old = getppid();

	shared[1] = getpid();
	while (getppid() == old && shared[3] == 0)
		(void)sys_yield();
	shared[2] = getppid();
	(void)wait_flag(&shared[3]);
	return 0;
}

static int
leave_orphan(void)
{
	(void)child_start(see_new_parent);
	return wait_flag(&shared[1]) ? 0 : 1;
}

/* The same with a child that sends no SIGCHLD. */
static int
leave_alternate(void)
{
	struct proc_fork_req req = {.exitsig = 0};
	struct proc_fork_rep rep;

	if (proc_fork(SLOT_PROC, &req, &rep) != 0)
		return 1;
	if (rep.pid == 0)
		_exit(see_new_parent());
	return wait_flag(&shared[1]) ? 0 : 1;
}

static void
test_orphan(int (*leave)(void), const char *claim)
{
	long before = sysctl_number("kern.nprocs");

	shared[1] = shared[2] = shared[3] = 0;
	(void)child_status(leave);
	(void)wait_flag(&shared[2]);
	is(shared[2], 1, claim);
	is(waitpid((pid_t)shared[1], NULL, WNOHANG), -1,
	    "F72 it is no child of its grandparent");
	shared[3] = 1;
	is(processes_settled(before), before, "F72 init reaps it");
}

/* Orphans that are dead already when their parent goes. */
static int
leave_zombies(void)
{
	for (int i = 0; i < CHILDREN; i++) {
		pid_t pid = child_start(exit_0);

		while (waitpid(pid, NULL, WNOHANG | WNOWAIT) == 0)
			(void)sys_yield();
	}
	return 0;
}

static void
test_zombies(void)
{
	long before = sysctl_number("kern.nprocs");

	is(child_status(leave_zombies), EXITED(0), "F72 zombies are left");
	is(processes_settled(before), before, "F72 and reaped by init");
}

static void
test_no_loss(void)
{
	long nprocs = sysctl_number("kern.nprocs");
	long before;

	/* With several harts, orphans of many rounds are there at once. */
	tables_grow(TABLES_MAX);
	before = free_frames();
	for (int i = 0; i < 20; i++) {
		shared[1] = shared[2] = 0;
		shared[3] = 1;
		(void)child_status(leave_orphan);
		(void)child_status(leave_zombies);
	}
	for (int i = 0; i < 100 && sysctl_number("kern.nprocs") > nprocs; i++)
		spin(10);
	is(sysctl_number("kern.nprocs"), nprocs, "F72 no process is left");
	is(frames_settled(before), before, "F72 and no frame is lost");
}

static int
exit_7(void)
{
	return 7;
}

static void
test_bad_pointers(void)
{
	int *good = calloc(1, sizeof(*good));
	void *page = mmap(NULL, PAGE_SIZE, PROT_READ, MAP_ANON, -1, 0);
	int *const bad[] = {(int *)8, (int *)-8l, page};
	pid_t pid = child_start(exit_7);
	bool all = true;
	siginfo_t info;

	for (size_t i = 0; i < LENGTH(bad); i++) {
		errno = 0;
		all = waitpid(pid, bad[i], 0) == -1 && errno == EFAULT && all;
		errno = 0;
		all = wait(bad[i]) == -1 && errno == EFAULT && all;
	}
	ok(all, "F70 a status that can't be written is EFAULT");
	errno = 0;
	ok(waitid(P_PID, (id_t)pid, page, WEXITED) == -1 && errno == EFAULT,
	    "F70 waitid too");
	ok(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT) == 0 &&
		info.si_pid == pid && info.si_status == 7,
	    "F70 after which the child is still there");
	ok(waitpid(pid, good, 0) == pid && *good == EXITED(7),
	    "F70 and its status goes to where it can be written");
	(void)munmap(page, PAGE_SIZE);
	free(good);
}

int
main(void)
{
	shared = shared_page();
	test_pids();
	test_pinned();
	test_statuses();
	test_signals();
	test_kill();
	test_wait();
	test_bad_pointers();
	test_sleep();
	test_orphan(leave_orphan, "F72 an orphan's parent is init");
	test_orphan(leave_alternate, "F72 an alternate child's too");
	test_zombies();
	test_no_loss();
	return tap_end();
}
