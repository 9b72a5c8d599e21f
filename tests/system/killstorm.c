/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * killstorm.c - many processes that are killed, and nothing left of them.
 *
 *	killstorm [VFORKS [SECONDS]]
 *
 * Children that spin, sleep, call, fault, fork or wait in vfork() are killed
 * at whatever point they have come to.
 */
#include "tap.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "watch.h"

#define VFORKS 10000
#define SECONDS 3
#define LIVE 1000
#define STORMS 6
#define STORM 24
#define FAULT_PAGES 32
#define WARM_UP 20
#define RANDOM_FACTOR 6364136223846793005ul

static volatile long *shared;
static uint64_t seed = 1;

/* The same numbers each time, so that a failure comes again. */
static unsigned int
random_below(unsigned int bound)
{
	seed = seed * RANDOM_FACTOR + 1442695040888963407ul;
	return (unsigned int)(seed >> 33) % bound;
}

static _Noreturn int
live_spin(void)
{
	for (;;)
		__asm__ volatile("");
}

static _Noreturn int
live_pause(void)
{
	for (;;)
		(void)pause();
}

static _Noreturn int
live_sleep(void)
{
	for (;;)
		nap(1);
}

static _Noreturn int
live_call(void)
{
	for (;;)
		(void)getppid();
}

static int
live_fault(void)
{
	for (;;) {
		volatile char *area = mmap(NULL, FAULT_PAGES * PAGE_SIZE,
		    PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0);

		if (area == MAP_FAILED)
			return 1;
		for (size_t i = 0; i < FAULT_PAGES; i++)
			area[i * PAGE_SIZE] = 1;
		(void)munmap((void *)(uintptr_t)area, FAULT_PAGES * PAGE_SIZE);
	}
}

/* Its children end by themselves, also as orphans. */
static int
live_fork(void)
{
	for (;;) {
		pid_t pid = fork();

		if (pid == 0)
			_exit(0);
		(void)waitpid(pid, NULL, 0);
	}
}

static int
live_vfork(void)
{
	for (;;) {
		pid_t pid = vfork();

		if (pid == 0)
			_exit(0);
		(void)waitpid(pid, NULL, 0);
	}
}

static int
run_true(void)
{
	pid_t pid = vfork();

	if (pid == 0) {
		execl("/bin/true", "true", (char *)NULL);
		_exit(1);
	}
	return status_of(pid);
}

static int
live_exec(void)
{
	while (run_true() == EXITED(0))
		continue;
	return 1;
}

static int (*const lives[])(void) = {
    live_spin,
    live_pause,
    live_sleep,
    live_call,
    live_fault,
    live_fork,
    live_vfork,
    live_exec,
};

/* Whether all is as before, once orphans have come to their ends. */
static bool
balanced(const struct books *before)
{
	(void)processes_settled(before->nprocs);
	(void)frames_settled(before->frames);
	return books_balanced(before);
}

static bool
vfork_exec(int n)
{
	bool good = true;

	for (int i = 0; good && i < n; i++)
		good = run_true() == EXITED(0);
	return good;
}

static void
test_vfork_exec(int n)
{
	struct books before;

	ok(vfork_exec(WARM_UP), "F51 vfork and exec");
	before = books_read();
	ok(vfork_exec(n), "F51 thousands of them, one after the other");
	ok(balanced(&before), "F51 leave nothing behind");
}

/* Kill one of the storm and start another in its place. */
static bool
replace(pid_t *pid)
{
	if (*pid > 0) {
		int status;

		if (kill(*pid, SIGKILL) != 0)
			return false;
		status = status_soon(*pid, 0);
		if (status != SIGKILL) {
			printf("# status %#x\n", (unsigned int)status);
			return false;
		}
	}
	*pid = child_start(lives[random_below(LENGTH(lives))]);
	return *pid > 0;
}

static bool
storm(int seconds)
{
	pid_t pids[STORM] = {};
	time_t end = time(NULL) + seconds;
	bool good = true;
	long deaths = 0;

	while (good && time(NULL) <= end) {
		good = replace(&pids[random_below(STORM)]);
		deaths++;
		if (random_below(4) == 0)
			nap(random_below(3));
	}
	for (int i = 0; i < STORM; i++) {
		if (pids[i] <= 0)
			continue;
		(void)kill(pids[i], SIGKILL);
		good = status_soon(pids[i], 0) == SIGKILL && good;
	}
	printf("# %ld deaths\n", deaths);
	return good;
}

static void
test_storm(int seconds)
{
	struct books before;
	bool good = true;

	ok(storm(1), "a storm of children in all states, killed at random");
	/* Tables that grow once, and stay, may do so in a storm or two. */
	for (int i = 0; i < STORMS; i++) {
		nap(A_MOMENT);
		before = books_read();
		good = storm(seconds) && good;
		nap(A_MOMENT);
		if (free_frames() == before.frames)
			break;
	}
	ok(good, "others that last");
	ok(balanced(&before), "F14 leave nothing behind");
}

static int
count_and_pause(void)
{
	__atomic_add_fetch((long *)(uintptr_t)&shared[0], 1, __ATOMIC_RELAXED);
	return live_pause();
}

static bool
crowd(void)
{
	static pid_t pids[LIVE];
	bool good = true;

	shared[0] = 0;
	for (int i = 0; i < LIVE; i++) {
		pids[i] = child_start(count_and_pause);
		good = pids[i] > 0 && good;
	}
	good = watch(&shared[0], LIVE) && good;
	for (int i = 0; i < LIVE; i++) {
		if (pids[i] > 0)
			good = kill(pids[i], SIGKILL) == 0 && good;
	}
	for (int i = 0; i < LIVE; i++) {
		if (pids[i] > 0)
			good = status_soon(pids[i], 0) == SIGKILL && good;
	}
	return good;
}

static void
test_crowd(void)
{
	struct books before;

	ok(crowd(), "F10 a thousand live children can be killed");
	before = books_read();
	ok(crowd(), "F10 and once more");
	ok(balanced(&before), "F10 nothing is left of them");
}

int
main(int argc, char **argv)
{
	int vforks = argc > 1 ? (int)strtol(argv[1], NULL, 10) : VFORKS;
	int seconds = argc > 2 ? (int)strtol(argv[2], NULL, 10) : SECONDS;

	shared = shared_page();
	/* The crowd first: tables of the servers grow for it, once. */
	test_crowd();
	test_vfork_exec(vforks);
	test_storm(seconds);
	return tap_end();
}
