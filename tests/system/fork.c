/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fork.c - what fork() gives to parent and child.
 */
#include "tap.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/sysctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <abi/syscalls.h>
#include <ipc/proc.h>

#define GID 77
#define FCSR_PATTERN 0x75

_Static_assert(offsetof(struct regs, f) == 256, "forkregs.S");
_Static_assert(offsetof(struct regs, fcsr) == 512, "forkregs.S");

/* In forkregs.S: the registers before the call, and after. */
extern struct fork_area {
	struct regs in;
	uint8_t pad1[768 - sizeof(struct regs)];
	struct regs out;
} fork_area;
pid_t forkregs_t3(void);
pid_t forkregs_t4(void);

static volatile long *shared;

static int
exit_7(void)
{
	return 7;
}

static void
test_return(void)
{
	pid_t pid = child_start(exit_7);
	int status = -1;

	ok(pid > 0, "F01 F06 fork returns the child's pid to the parent");
	is(waitpid(pid, &status, 0), pid, "F01 which can wait for it");
	is(status, EXITED(7), "F01 and gets the status that it ended with");
	is(waitpid(pid, &status, 0), -1, "F01 once");
	is(errno, ECHILD, "F01 for then there is no such child");
}

/* fork as procsrv is asked for it, with both of its values. */
static pid_t
fork_call(uint32_t flags, int32_t exitsig, struct proc_fork_rep *rep)
{
	struct proc_fork_req req = {.flags = flags, .exitsig = exitsig};
	int error;

	*rep = (struct proc_fork_rep){.second = -1};
	error = proc_fork(SLOT_PROC, &req, rep);
	return error ? -error : rep->pid;
}

static void
test_values(void)
{
	struct proc_fork_rep rep;
	pid_t pid = fork_call(0, SIGCHLD, &rep);

	if (pid == 0)
		_exit(rep.second);
	is(rep.second, 0, "F06 the parent's second value is 0");
	is(status_of(pid), EXITED(1), "F06 the child's values are 0 and 1");
}

/* A child's exit signal shows in which wait finds it. */
static void
test_exitsig(void)
{
	struct proc_fork_rep rep;
	int status;
	pid_t pid = fork_call(0, 0, &rep);

	if (pid == 0)
		_exit(3);
	is(waitpid(pid, &status, 0), -1, "F01 a child without SIGCHLD");
	is(waitpid(pid, &status, WALTSIG), pid, "F01 is an alternate child");
	pid = child_start(exit_7);
	is(waitpid(pid, &status, WALTSIG), -1, "F01 one of fork's is not");
	is(status_of(pid), EXITED(7), "F01 but an ordinary one");
}

/* Of a process, by its pid. */
static bool
listed(pid_t pid, struct proc_list_rep *rep)
{
	struct proc_list_req req = {.from = pid};

	return proc_list(SLOT_PROC, &req, rep) == 0 && rep->pid == pid;
}

/* What the child sees of itself, before anything else happens. */
static int
look_at_self(void)
{
	struct proc_list_rep rep;
	bool good = listed(getpid(), &rep) && rep.state == PROC_ACTIVE &&
		    rep.ppid == getppid();

	shared[0] = getpid();
	shared[1] = getppid();
	shared[2] = getpgrp();
	shared[3] = getsid(0);
	shared[4] = good;
	return 0;
}

static void
test_identity(void)
{
	pid_t pid = child_start(look_at_self);

	(void)status_of(pid);
	is(shared[0], pid, "F01 the child's pid is what the parent was told");
	is(shared[1], getpid(), "F22 the child's parent is the caller");
	is(shared[2], getpgrp(), "F22 their group is one");
	is(shared[3], getsid(0), "F22 and their session");
	is(shared[4], 1, "F40 when the child runs it is complete and listed");
}

static int
grandchild_ids(void)
{
	return getuid() == 5 && geteuid() == 5 && getgid() == GID &&
	       getegid() == GID;
}

static int
change_ids_and_fork(void)
{
	if (setgid(GID) != 0 || setuid(5) != 0)
		return 99;
	return WEXITSTATUS(child_status(grandchild_ids));
}

static int
change_ids(void)
{
	return setuid(6) == 0 && setgid(1) == -1 ? 0 : 1;
}

static int
same_name(void)
{
	struct proc_list_rep mine, parents;

	return listed(getpid(), &mine) && listed(getppid(), &parents) &&
	       strcmp(mine.name, parents.name) == 0 && mine.name[0] != '\0';
}

static int
no_children(void)
{
	return waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD;
}

static int
wait_released(void)
{
	return wait_flag(&shared[7]) ? 0 : 1;
}

static void
test_inheritance(void)
{
	pid_t other;

	is(child_status(change_ids_and_fork), EXITED(1),
	    "F24 credentials are inherited");
	is(child_status(change_ids), EXITED(0), "F24 and shared");
	is(getuid(), 0, "F24 until somebody changes them for himself");
	is(child_status(same_name), EXITED(1), "F24 the name is inherited");
	shared[7] = 0;
	other = child_start(wait_released);
	is(child_status(no_children), EXITED(1),
	    "F27 a child begins without children");
	shared[7] = 1;
	(void)status_of(other);
}

static void
pattern(struct regs *regs)
{
	for (uint64_t i = 0; i < 32; i++) {
		regs->x[i] = (i + 3) * 0x0101010101010101ul;
		regs->f[i] = ~((i + 5) * 0x0203040506070809ul);
	}
	regs->fcsr = FCSR_PATTERN;
	/* The call itself: fork, with SIGCHLD. */
	regs->x[10] = SLOT_PROC;
	regs->x[11] =
	    MSG_INFO(proc_fork_call, IPC_COUNT(sizeof(struct proc_fork_req)));
	regs->x[12] = (uint64_t)SIGCHLD << 32;
	regs->x[13] = 0;
	regs->x[17] = SYS_call;
	/* No window. */
	regs->x[6] = regs->x[7] = 0;
}

/* ra, sp, gp, tp and s0 to s11 are kept; f0 to f31 and fcsr too. */
static bool
kept(void)
{
	const struct regs *in = &fork_area.in, *out = &fork_area.out;

	for (unsigned int i = 0; i < 32; i++) {
		bool preserved = (0x0ffc031eu >> i & 1) != 0;

		if (preserved && in->x[i] != out->x[i])
			return false;
		if (in->f[i] != out->f[i])
			return false;
	}
	return in->fcsr == out->fcsr;
}

/* The rest is the answer, and 0 beyond it; `lost' held the address. */
static bool
answered(int32_t pid, int32_t second, unsigned int lost)
{
	const uint64_t *x = fork_area.out.x;
	struct proc_fork_rep rep = {pid, second};
	uint64_t word;

	memcpy(&word, &rep, sizeof(word));
	if (x[10] != 0 || x[12] != word)
		return false;
	for (unsigned int i = 13; i < 17; i++) {
		if (x[i] != 0)
			return false;
	}
	for (unsigned int i = 28; i < 32; i++) {
		if (i != lost && x[i] != 0)
			return false;
	}
	return x[5] == 0 && x[6] == 0 && x[7] == 0;
}

static void
test_registers(pid_t (*forkregs)(void), unsigned int lost)
{
	pid_t pid;
	bool parent_kept;

	pattern(&fork_area.in);
	pid = forkregs();
	if (pid == 0)
		_exit((kept() ? 1 : 0) | (answered(0, 1, lost) ? 2 : 0));
	parent_kept = kept();
	ok(parent_kept && answered(pid, 0, lost),
	    "F25 in the parent each of the 31 registers, f0-f31 and fcsr are "
	    "as they should be");
	is(status_of(pid), EXITED(3), "F25 and in the child");
}

static int
lower_limit(void)
{
	struct rlimit limit = {5, 6};

	return setrlimit(RLIMIT_NPROC, &limit) == 0 ? 0 : 1;
}

static int
limit_is_kept(void)
{
	struct rlimit limit;

	shared[8] = 1;
	if (!wait_flag(&shared[9]) || getrlimit(RLIMIT_NPROC, &limit) != 0)
		return 0;
	return limit.rlim_cur == 20;
}

static void
test_limits(void)
{
	struct rlimit before, after, lower;
	pid_t pid;

	(void)getrlimit(RLIMIT_NPROC, &before);
	(void)child_status(lower_limit);
	(void)getrlimit(RLIMIT_NPROC, &after);
	ok(before.rlim_cur == after.rlim_cur &&
		before.rlim_max == after.rlim_max,
	    "F34 a child's new limit is not its parent's");
	lower = (struct rlimit){20, before.rlim_max};
	(void)setrlimit(RLIMIT_NPROC, &lower);
	pid = child_start(limit_is_kept);
	(void)wait_flag(&shared[8]);
	lower.rlim_cur = 19;
	(void)setrlimit(RLIMIT_NPROC, &lower);
	shared[9] = 1;
	is(status_of(pid), EXITED(1),
	    "F34 a limit is inherited, and a parent's new one is not a "
	    "child's");
	(void)setrlimit(RLIMIT_NPROC, &before);
}

static void
test_statistics(void)
{
	long forks = sysctl_number("kern.forks");
	long ppwait = sysctl_number("kern.forks_ppwait");
	long sharevm = sysctl_number("kern.forks_sharevm");
	struct proc_fork_rep rep;
	pid_t pid;

	(void)child_status(exit_7);
	pid = __vfork44();
	if (pid == 0)
		_exit(0);
	(void)status_of(pid);
	pid = vfork();
	if (pid == 0)
		_exit(0);
	(void)status_of(pid);
	is(sysctl_number("kern.forks") - forks, 3, "F41 forks are counted");
	is(sysctl_number("kern.forks_ppwait") - ppwait, 2,
	    "F41 those whose parent waits");
	is(sysctl_number("kern.forks_sharevm") - sharevm, 1,
	    "F41 and those that share memory");
	forks = sysctl_number("kern.forks");
	ok(fork_call(0x80000000u, SIGCHLD, &rep) == -EINVAL &&
		fork_call(0, PROC_NSIG, &rep) == -EINVAL &&
		fork_call(FORK_SHARESIGS, SIGCHLD, &rep) == -EINVAL,
	    "F41 what can't be is refused");
	is(sysctl_number("kern.forks"), forks, "F41 and not counted");
}

int
main(void)
{
	shared = shared_page();
	test_return();
	test_values();
	test_exitsig();
	test_identity();
	test_inheritance();
	test_registers(forkregs_t3, 28);
	test_registers(forkregs_t4, 29);
	test_limits();
	test_statistics();
	return tap_end();
}
