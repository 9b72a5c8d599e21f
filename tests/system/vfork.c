/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vfork.c - a parent that waits until its child has left.
 *
 * It executes itself; run it by its full path.
 */
#include "tap.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* Long enough for a parent to run, if it did. */
#define A_WHILE 60
#define WARM_UP 10
#define MANY 1000
#define SMALL (4ul << 20)

static const char *self;
static volatile long *shared;
/* Memory that a vfork child shares; not a local variable's business. */
static volatile long written;
/* In the page that is never mapped. */
static int *volatile nowhere = (int *)16;

/* NOLINTBEGIN: what POSIX forbids after vfork() is what is tested. */

/* Run on a little, and see whether the parent did. */
static bool
parent_waits(void)
{
	spin(A_WHILE);
	(void)sys_yield();
	return shared[0] == 0;
}

static void
begin(void)
{
	shared[0] = shared[1] = 0;
	written = 0;
}

static void
test_shared(void)
{
	pid_t pid;

	begin();
	pid = vfork();
	if (pid == 0) {
		written = 1;
		shared[1] = parent_waits();
		written = 2;
		_exit(9);
	}
	shared[0] = 1;
	ok(pid > 0, "F03 vfork returns the child's pid");
	is(written, 2, "F03 the parent sees what the child wrote");
	is(shared[1], 1, "F03 F50 and did not run meanwhile");
	is(status_of(pid), EXITED(9), "F52 _exit wakes it");
}

static void
test_copied(void)
{
	pid_t pid;

	begin();
	written = 5;
	pid = __vfork44();
	if (pid == 0) {
		bool mine = written == 5;

		written = 6;
		shared[1] = parent_waits() && mine;
		_exit(9);
	}
	shared[0] = 1;
	ok(pid > 0, "F02 the 4.4BSD kind returns the child's pid");
	is(written, 5, "F02 the child's writes are its own");
	is(shared[1], 1, "F02 the parent waits all the same");
	is(status_of(pid), EXITED(9), "F02 and can reap the child");
}

static void
test_exec(void)
{
	pid_t pid;
	int status;

	begin();
	pid = vfork();
	if (pid == 0) {
		written = 1;
		shared[1] = parent_waits();
		execl(self, self, "spin", (char *)NULL);
		_exit(1);
	}
	is(waitpid(pid, &status, WNOHANG), 0,
	    "F51 exec wakes the parent while the new program runs");
	is(shared[1], 1, "F51 not before");
	is(written, 1, "F51 the child wrote until then");
	spin(A_WHILE);
	is(written, 1, "F51 and nothing afterwards");
	(void)kill(pid, SIGKILL);
	is(status_of(pid), SIGKILL, "F51 the new program is the child");
}

static void
test_failed_exec(void)
{
	pid_t pid;

	begin();
	pid = vfork();
	if (pid == 0) {
		execl("/no/such/file", "x", (char *)NULL);
		written = errno;
		shared[1] = parent_waits();
		_exit(4);
	}
	shared[0] = 1;
	is(written, ENOENT, "F51 an exec that fails leaves the child in place");
	is(shared[1], 1, "F51 and the parent waiting");
	is(status_of(pid), EXITED(4), "F51 until it exits");
}

/* A child that dies in any other way. */
static void
test_death(int signal, const char *claim)
{
	pid_t pid;

	begin();
	pid = vfork();
	if (pid == 0) {
		shared[1] = parent_waits();
		if (signal == SIGSEGV)
			*nowhere = 1;
		(void)kill(getpid(), signal);
		_exit(0);
	}
	shared[0] = 1;
	ok(shared[1] == 1 && WTERMSIG(status_of(pid)) == signal, claim);
}

/* Each child of a chain of three wakes its own parent. */
static void
test_nested(void)
{
	pid_t pid;

	begin();
	pid = vfork();
	if (pid == 0) {
		pid_t inner = vfork();

		if (inner == 0) {
			written = 1;
			shared[1] = parent_waits();
			_exit(2);
		}
		shared[2] = written == 1;
		written = 2;
		_exit(status_of(inner) == EXITED(2) ? 3 : 4);
	}
	shared[0] = 1;
	ok(shared[1] == 1 && shared[2] == 1 && written == 2,
	    "F53 a vfork child that vforks is woken by its own child");
	is(status_of(pid), EXITED(3), "F53 and wakes its own parent");
}

/* A vfork child that forks: the grandchild has nobody waiting. */
static void
test_fork_inside(void)
{
	pid_t pid;

	begin();
	shared[3] = 0;
	pid = vfork();
	if (pid == 0) {
		pid_t inner = fork();

		if (inner == 0)
			_exit(wait_flag(&shared[3]) ? 5 : 6);
		written = inner;
		shared[1] = parent_waits();
		_exit(0);
	}
	shared[0] = 1;
	is(shared[1], 1, "F53 a fork in the child wakes nobody");
	is(status_of(pid), EXITED(0), "F53 the child's exit does");
	is(kill((pid_t)written, 0), 0, "F53 with the grandchild still there");
	shared[3] = 1;
}

/* Whether so much memory can be mapped. */
static bool
can_map(size_t bytes)
{
	void *start = mmap(
	    NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0);

	if (start == MAP_FAILED)
		return false;
	(void)munmap(start, bytes);
	return true;
}

/* In a vfork child: limits are a process's, not those of its memory. */
static void
limit_self(void)
{
	struct rlimit limit;

	(void)getrlimit(RLIMIT_AS, &limit);
	limit.rlim_cur = SMALL;
	(void)setrlimit(RLIMIT_AS, &limit);
}

static void
test_limits(void)
{
	pid_t pid;

	begin();
	pid = vfork();
	if (pid == 0) {
		limit_self();
		written = can_map(SMALL);
		_exit(0);
	}
	(void)status_of(pid);
	is(written, 0, "F34 a limit that the child sets holds for the child");
	ok(can_map(SMALL), "F34 and not for the parent, once it has exited");
	pid = vfork();
	if (pid == 0) {
		limit_self();
		execl(self, self, "map", (char *)NULL);
		_exit(1);
	}
	ok(can_map(SMALL), "F34 or executed a program");
	is(status_of(pid), EXITED(7), "F34 which has it still");
}

/* What the victim's child does: vforked, it waits to be released. */
static int
victim(void)
{
	pid_t pid = vfork();

	if (pid == 0) {
		shared[4] = getpid();
		(void)wait_flag(&shared[5]);
		_exit(0);
	}
	shared[6] = 1;
	return 1;
}

static void
test_killed_parent(void)
{
	pid_t pid;
	int status = 0;

	shared[4] = shared[5] = shared[6] = 0;
	pid = child_start(victim);
	(void)wait_flag(&shared[4]);
	(void)kill(pid, SIGKILL);
	spin(A_WHILE);
	is(waitpid(pid, &status, WNOHANG), 0,
	    "F50 a waiting parent that is killed can't be waited for");
	shared[5] = 1;
	is(waitpid(pid, &status, 0), pid, "F50 until its child has left");
	is(status, SIGKILL, "F50 then it is dead");
	is(shared[6], 0, "F50 without having run");
}
/* NOLINTEND */

static void
vfork_and_reap(void)
{
	pid_t pid = vfork();

	if (pid == 0)
		_exit(0);
	(void)status_of(pid);
}

static void
test_many(void)
{
	long before;

	for (int i = 0; i < WARM_UP; i++)
		vfork_and_reap();
	before = free_frames();
	for (int i = 0; i < MANY; i++)
		vfork_and_reap();
	is(free_frames(), before,
	    "F52 a thousand vforks leave no frame behind");
}

int
main(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "map") == 0)
		return can_map(SMALL) ? 6 : 7;
	if (argc > 1) {
		for (;;)
			continue;
	}
	self = argv[0];
	shared = shared_page();
	test_shared();
	test_copied();
	test_exec();
	test_failed_exec();
	test_death(SIGKILL, "F52 a death by SIGKILL wakes the parent");
	test_death(SIGTERM, "F52 and by SIGTERM");
	test_death(SIGSEGV, "F52 and by a bad pointer");
	test_nested();
	test_fork_inside();
	test_limits();
	test_killed_parent();
	test_many();
	return tap_end();
}
