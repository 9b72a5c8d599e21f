/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tine-bench.c - what Tine's own operations cost, with the kernel's counters.
 *
 *	tine-bench [BATCHES [NAME]]
 *
 * For each benchmark (or the one named) a line as osbench prints it,
 *
 *	R <name> n=<ops> b=<batches> min=<> med=<> max=<>	(ns an operation)
 *
 * and one with the counters of the last batch, for each operation:
 *
 *	C <name> traps=<> calls=<> ...
 *
 * Under -icount shift=0 a nanosecond is an instruction.
 */
#include <err.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <abi/syscalls.h>
#include <ipc/proc.h>
#include <ipc/sys.h>
#include <ipc/vm.h>

#include "exitcall.h"

_Static_assert(EXITCALL_SYSCALL == SYS_call, "syscalls.def");
_Static_assert(EXITCALL_SLOT == SLOT_PROC, "slots.h");
#define EXIT_WORDS IPC_COUNT(sizeof(struct proc_exit_req))
_Static_assert(EXITCALL_INFO == MSG_INFO(proc_exit_call, EXIT_WORDS), "");

#define BATCHES 9
#define BATCHES_MAX 32
#define PAGES 64

struct counters {
	uint64_t value[STAT_COUNT];
};

struct bench {
	const char *name;
	int operations; /* in a batch */
	/* Does so many; returns the ns, of those that count. */
	uint64_t (*run)(int operations);
};

static const char *const counter_names[STAT_COUNT] = {
    [STAT_TRAPS] = "traps",
    [STAT_CALLS] = "calls",
    [STAT_REPLIES] = "replies",
    [STAT_SENDS] = "sends",
    [STAT_SWITCHES] = "switches",
    [STAT_FAULTS] = "faults",
    [STAT_FAULT_CALLS] = "fault_calls",
    [STAT_UPGRADES] = "upgrades",
    [STAT_COPIES] = "copies",
    [STAT_FLUSHES] = "flushes",
    [STAT_SBI_CALLS] = "sbi_calls",
    [STAT_TICKS] = "ticks",
    [STAT_CLONES] = "clones",
    [STAT_IPIS] = "ipis",
    [STAT_SHOOTDOWNS] = "shootdowns",
    [STAT_STEALS] = "steals",
    [STAT_INTERRUPTS] = "interrupts",
};

static uint64_t
now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static void
counters_read(struct counters *counters)
{
	for (unsigned int i = 0; i < STAT_COUNT; i++) {
		struct sysret ret = sys_system_stat(SLOT_SYSTEM, i);

		if (ret.error)
			errx(1, "counters: %s", strerror((int)ret.error));
		counters->value[i] = ret.value;
	}
}

static void
reap(pid_t pid)
{
	int status;

	if (pid < 0)
		err(1, "fork");
	if (waitpid(pid, &status, 0) != pid)
		err(1, "waitpid");
	if (status != 0)
		errx(1, "child ended with %#x", (unsigned int)status);
}

static char *
map_pages(int flags)
{
	char *pages = mmap(NULL, PAGES * PAGE_SIZE, PROT_READ | PROT_WRITE,
	    flags | MAP_ANON, -1, 0);

	if (pages == MAP_FAILED)
		err(1, "mmap");
	return pages;
}

static void
touch(volatile char *pages)
{
	for (size_t i = 0; i < PAGES; i++)
		pages[i * PAGE_SIZE]++;
}

static uint64_t
run_kernel_call(int operations)
{
	uint64_t start = now();

	for (int i = 0; i < operations; i++)
		(void)sys_system_stat(SLOT_SYSTEM, STAT_TICKS);
	return now() - start;
}

static uint64_t
run_proc_call(int operations)
{
	uint64_t start = now();

	for (int i = 0; i < operations; i++)
		(void)getppid();
	return now() - start;
}

static uint64_t
run_vm_call(int operations)
{
	struct vm_info_req req = {};
	struct vm_info_rep rep;
	uint64_t start = now();

	for (int i = 0; i < operations; i++)
		(void)vm_info(SLOT_VM, &req, &rep);
	return now() - start;
}

static uint64_t
run_fork(int operations)
{
	uint64_t start = now();

	for (int i = 0; i < operations; i++) {
		pid_t pid = fork();

		if (pid == 0)
			_exit(0);
		reap(pid);
	}
	return now() - start;
}

static uint64_t
run_fork_return(int operations)
{
	uint64_t sum = 0;

	for (int i = 0; i < operations; i++) {
		uint64_t start = now();
		pid_t pid = fork();

		if (pid == 0)
			_exit(0);
		sum += now() - start;
		reap(pid);
	}
	return sum;
}

static uint64_t
run_vfork(int operations)
{
	uint64_t start = now();

	for (int i = 0; i < operations; i++) {
		pid_t pid = vfork();

		if (pid == 0)
			_exit(0);
		reap(pid);
	}
	return now() - start;
}

/* A child writes to pages that its parent has; it measures itself. */
static uint64_t
run_cow_copy(int operations)
{
	static char *pages;
	static uint64_t *result;
	pid_t pid;

	if (pages == NULL) {
		pages = map_pages(MAP_PRIVATE);
		result = (uint64_t *)(void *)map_pages(MAP_SHARED);
	}
	(void)operations;
	touch(pages);
	*result = 0;
	pid = fork();
	if (pid == 0) {
		uint64_t start = now();

		touch(pages);
		*result = now() - start;
		_exit(0);
	}
	reap(pid);
	return *result;
}

/* The child is gone: pages are the parent's alone again. */
static uint64_t
run_cow_upgrade(int operations)
{
	static char *pages;
	uint64_t start;

	if (pages == NULL)
		pages = map_pages(MAP_PRIVATE);
	(void)operations;
	touch(pages);
	(void)run_fork(1);
	start = now();
	touch(pages);
	return now() - start;
}

static uint64_t
run_first_touch(int operations)
{
	char *pages = map_pages(MAP_PRIVATE);
	uint64_t start = now();
	uint64_t end;

	(void)operations;
	touch(pages);
	end = now();
	munmap(pages, PAGES * PAGE_SIZE);
	return end - start;
}

static volatile sig_atomic_t handled;

static void
handle(int signal)
{
	(void)signal;
	handled = 1;
}

/* Have SIGUSR1 handled and blocked; the mask to await it with. */
static sigset_t
signal_prepare(bool block)
{
	struct sigaction action = {.sa_handler = handle};
	sigset_t set, old;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	if (sigaction(SIGUSR1, &action, NULL) != 0 ||
	    sigprocmask(block ? SIG_BLOCK : SIG_UNBLOCK, &set, &old) != 0)
		err(1, "SIGUSR1");
	sigdelset(&old, SIGUSR1);
	return old;
}

static uint64_t
run_signal_self(int operations)
{
	pid_t pid = getpid();
	uint64_t start;

	(void)signal_prepare(false);
	start = now();
	for (int i = 0; i < operations; i++)
		(void)kill(pid, SIGUSR1);
	return now() - start;
}

static void
signal_await(const sigset_t *mask)
{
	while (!handled)
		(void)sigsuspend(mask);
	handled = 0;
}

static uint64_t
run_signal_pair(int operations)
{
	sigset_t mask = signal_prepare(true);
	pid_t parent = getpid(), pid = fork();
	uint64_t start;

	handled = 0;
	if (pid == 0) {
		for (;;) {
			signal_await(&mask);
			(void)kill(parent, SIGUSR1);
		}
	}
	start = now();
	for (int i = 0; i < operations; i++) {
		(void)kill(pid, SIGUSR1);
		signal_await(&mask);
	}
	start = now() - start;
	(void)kill(pid, SIGKILL);
	if (waitpid(pid, NULL, 0) != pid)
		err(1, "waitpid");
	return start;
}

static const struct bench benches[] = {
    {"kernel call", 2000, run_kernel_call},
    {"call of procsrv (getppid)", 2000, run_proc_call},
    {"call of vmsrv (info)", 2000, run_vm_call},
    {"fork+exit+wait", 50, run_fork},
    {"fork return", 50, run_fork_return},
    {"vfork+exit+wait", 50, run_vfork},
    {"copy-on-write fault, copy", PAGES, run_cow_copy},
    {"copy-on-write fault, last user", PAGES, run_cow_upgrade},
    {"first touch of a page", PAGES, run_first_touch},
    {"kill(self)+handler", 500, run_signal_self},
    {"signal+sigsuspend+signal", 500, run_signal_pair},
};

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a;
	double y = *(const double *)b;

	return (x > y) - (x < y);
}

static void
print_counters(const struct bench *bench, const struct counters *before,
    const struct counters *after)
{
	printf("C %-34s", bench->name);
	for (unsigned int i = 0; i < STAT_COUNT; i++) {
		uint64_t count = after->value[i] - before->value[i];

		if (counter_names[i] == NULL)
			continue;
		/* Reading all counters once is so many traps. */
		if (i == STAT_TRAPS)
			count -= STAT_COUNT;
		printf(" %s=%.2f", counter_names[i],
		    (double)count / bench->operations);
	}
	putchar('\n');
}

static void
bench_run(const struct bench *bench, int batches)
{
	struct counters before, after;
	double ns[BATCHES_MAX] = {0};

	(void)bench->run(bench->operations);
	for (int i = 0; i < batches; i++) {
		counters_read(&before);
		ns[i] =
		    (double)bench->run(bench->operations) / bench->operations;
		counters_read(&after);
	}
	qsort(ns, (size_t)batches, sizeof(ns[0]), compare);
	printf("R %-34s n=%-6d b=%-2d min=%.1f med=%.1f max=%.1f\n",
	    bench->name, bench->operations, batches, ns[0], ns[batches / 2],
	    ns[batches - 1]);
	print_counters(bench, &before, &after);
}

int
main(int argc, char **argv)
{
	long batches = argc > 1 ? strtol(argv[1], NULL, 10) : BATCHES;

	if (batches < 1 || batches > BATCHES_MAX)
		errx(1, "BATCHES is 1 to %d", BATCHES_MAX);
	for (size_t i = 0; i < sizeof(benches) / sizeof(benches[0]); i++) {
		if (argc < 3 || strcmp(argv[2], benches[i].name) == 0)
			bench_run(&benches[i], (int)batches);
	}
	return 0;
}
