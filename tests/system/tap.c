/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tap.c - what the tests on the target have in common; see tap.h.
 */
#include "tap.h"

#include <err.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/sysctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <ipc/slots.h>
#include <ipc/vm.h>

#define FLAG_SECONDS 20
#define MILLION 1000000

static int tests, failures;

void
ok(bool good, const char *claim)
{
	if (!good)
		failures++;
	printf("%sok %d - %s\n", good ? "" : "not ", ++tests, claim);
}

void
is(long found, long expected, const char *claim)
{
	ok(found == expected, claim);
	if (found != expected)
		printf("# found %ld, expected %ld\n", found, expected);
}

int
tap_end(void)
{
	printf("1..%d\n", tests);
	return failures == 0 ? 0 : 1;
}

pid_t
child_start(int (*run)(void))
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(run());
	return pid;
}

int
status_of(pid_t pid)
{
	int status;

	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return -1;
	return status;
}

int
child_status(int (*run)(void))
{
	return status_of(child_start(run));
}

volatile long *
shared_page(void)
{
	void *page = mmap(NULL, PAGE_SIZE, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANON, -1, 0);

	if (page == MAP_FAILED)
		err(1, "mmap");
	return page;
}

static uint64_t
microseconds(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (uint64_t)time.tv_sec * MILLION + (uint64_t)time.tv_nsec / 1000;
}

bool
wait_flag(const volatile long *flag)
{
	uint64_t start = microseconds();

	while (*flag == 0 && microseconds() - start < FLAG_SECONDS * MILLION)
		(void)sys_yield();
	return *flag != 0;
}

void
spin(unsigned int milliseconds)
{
	uint64_t start = microseconds();

	while (microseconds() - start < milliseconds * 1000ul)
		continue;
}

long
sysctl_number(const char *name)
{
	int64_t value = 0;
	size_t size = sizeof(value);

	/* Some are int; the machine is little-endian. */
	if (sysctlbyname(name, &value, &size, NULL, 0) != 0)
		err(1, "%s", name);
	return (long)value;
}

int
sysctl_set(const char *name, int value)
{
	return sysctlbyname(name, NULL, NULL, &value, sizeof(value));
}

int
limit_processes(rlim_t soft)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NPROC, &limit) != 0)
		return -1;
	limit.rlim_cur = soft;
	return setrlimit(RLIMIT_NPROC, &limit);
}

uint64_t
stat_now(enum stat stat)
{
	return sys_system_stat(SLOT_SYSTEM, stat).value;
}

void
teardowns_end(void)
{
	struct vm_info_req req = {};
	struct vm_info_rep rep;

	(void)vm_info(SLOT_VM, &req, &rep);
}

long
free_frames(void)
{
	teardowns_end();
	return (long)stat_now(STAT_FREE_FRAMES);
}
