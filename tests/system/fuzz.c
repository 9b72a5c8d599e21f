/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz.c - whatever a process without rights asks of kernel and servers, it
 * harms nobody.
 *
 *	fuzz [SEED [CALLS]]
 *
 * Root's monitor has workers, which are nobody's friends, make so many random
 * kernel calls, and a tenth as many random requests of the servers.  A worker
 * that ends, stops, or waits for ever is replaced; one that can't be killed
 * is a failure.  After each round all is to be as it was before it.  Seed 0
 * is a new one each time.  On one hart, under --icount, a seed gives the same
 * calls and the same answers; the hash tells.
 */
#include "fuzz.h"

#include <err.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <ipc/proc.h>
#include "tap.h"
#include "watch.h"

/* Where nobody looks by chance: no power of two. */
#define CONTROL 0x1c12345000ul
#define SEED 1
#define CALLS 1000000
#define ROUNDS 5
#define ROUNDS_MAX 20
#define PROCESSES 48 /* of all workers together */
#define STUCK 20 /* milliseconds without a call */
#define SWEEP 100 /* milliseconds between two */

static struct fuzz_stream stream;
static struct {
	uint64_t calls; /* when looked at last */
	long since; /* so many */
} seen[FUZZ_WORKERS];
static long workers, stuck;

/* Become nobody, and begin. */
static _Noreturn void
worker_run(uint64_t seed, uint32_t worker)
{
	struct fuzz_stream own = {.state = seed, .worker = worker};
	struct rlimit limit = {PROCESSES, PROCESSES};

	(void)signal(SIGHUP, SIG_DFL);
	fuzz_memory_set_up();
	if (setrlimit(RLIMIT_NPROC, &limit) != 0 || setuid(FUZZ_UID) != 0)
		_exit(1);
	fuzz_lwps_start(&own);
	fuzz_work(fuzz_random(&own), worker);
}

static bool
worker_start(uint32_t worker)
{
	uint64_t seed = fuzz_random(&stream);
	pid_t pid = fork();

	if (pid == 0)
		worker_run(seed, worker);
	workers++;
	fuzz_control->workers[worker].pid = pid;
	seen[worker].since = milliseconds();
	return pid > 0;
}

/* Kill some of those that are not root's.  False: there are none. */
enum sweep { ORPHANS, CHILDREN, ALL };

static bool
sweep(enum sweep whom)
{
	struct proc_list_req req = {0};
	struct proc_list_rep rep;
	bool any = false;

	while (proc_list(SLOT_PROC, &req, &rep) == 0) {
		req.from = rep.pid + 1;
		if (rep.uid != FUZZ_UID || (whom == ORPHANS && rep.ppid != 1) ||
		    (whom == CHILDREN && rep.ppid == getpid()))
			continue;
		any = true;
		if (rep.state != PROC_ZOMBIE)
			(void)kill(rep.pid, SIGKILL);
	}
	return any;
}

static bool
cannot_be_killed(uint32_t worker)
{
	uint32_t last = fuzz_control->workers[worker].last;

	printf("# worker %d can't be killed; %u %u was begun last\n",
	    (int)fuzz_control->workers[worker].pid, (unsigned int)(last >> 16),
	    (unsigned int)(last & 0xffff));
	return false;
}

/*
 * End a worker, wherever it is: in vfork() it ends when its child has (F54),
 * which may be in vfork() too.
 */
static bool
worker_end(uint32_t worker)
{
	pid_t pid = fuzz_control->workers[worker].pid;
	long end = milliseconds() + WATCH_SECONDS * 1000;
	int status = status_now(pid, 0);

	if (status == NOT_YET)
		(void)kill(pid, SIGKILL);
	while (status == NOT_YET) {
		if (milliseconds() > end)
			return cannot_be_killed(worker);
		(void)sweep(CHILDREN);
		nap(1);
		status = status_now(pid, 0);
	}
	return status != -1;
}

/* See to a worker: is it there, does it go on? */
static bool
worker_watch(uint32_t worker)
{
	uint64_t calls = __atomic_load_n(
	    &fuzz_control->workers[worker].calls, __ATOMIC_RELAXED);
	int status = status_now(fuzz_control->workers[worker].pid, 0);

	if (status == -1)
		return false;
	if (status != NOT_YET)
		return worker_start(worker);
	if (calls != seen[worker].calls) {
		seen[worker].calls = calls;
		seen[worker].since = milliseconds();
		return true;
	}
	if (milliseconds() - seen[worker].since < STUCK)
		return true;
	stuck++;
	return worker_end(worker) && worker_start(worker);
}

static bool
all_gone(void)
{
	long end = milliseconds() + WATCH_SECONDS * 1000;
	bool good = true;

	for (uint32_t i = 0; i < FUZZ_WORKERS; i++)
		good = worker_end(i) && good;
	while (sweep(ALL)) {
		if (milliseconds() > end)
			return false;
		nap(1);
	}
	return good;
}

/* Whether there is nothing more to do in this round. */
static bool
done(uint64_t calls)
{
	return __atomic_load_n(&fuzz_control->kernel_calls, __ATOMIC_RELAXED) >=
		   calls &&
	       __atomic_load_n(&fuzz_control->requests, __ATOMIC_RELAXED) >=
		   calls / (FUZZ_REQUESTS_IN - 1);
}

static bool
fuzz_round(uint64_t calls)
{
	long swept = milliseconds();
	bool good = true;

	for (uint32_t i = 0; i < FUZZ_WORKERS; i++)
		good = worker_start(i) && good;
	while (good && !done(calls)) {
		for (uint32_t i = 0; good && i < FUZZ_WORKERS; i++)
			good = worker_watch(i);
		if (milliseconds() - swept > SWEEP) {
			(void)sweep(ORPHANS);
			swept = milliseconds();
		}
		nap(1);
	}
	return all_gone() && good;
}

static int
true_run(void)
{
	execl("/bin/true", "true", (char *)NULL);
	return 1;
}

static volatile sig_atomic_t caught;

static void catch (int signal)
{
	caught = signal;
}

/* Fork, exec, wait, memory, signals. */
static void
test_system(void)
{
	struct sigaction action = {.sa_handler = catch};
	pid_t pid = vfork();
	sigset_t none;

	if (pid == 0)
		_exit(4);
	is(status_of(pid), EXITED(4), "afterwards there is vfork");
	is(child_status(true_run), EXITED(0), "fork, exec, wait");
	(void)sigemptyset(&none);
	(void)sigaction(SIGALRM, &action, NULL);
	(void)alarm(1);
	(void)sigsuspend(&none);
	is(caught, SIGALRM, "signals and timers");
}

/* Waits for input that does not come, unless the server ends. */
static int
read_forever(void)
{
	char c;

	return read(STDIN_FILENO, &c, 1) == 1 ? 1 : 2;
}

/*
 * Tables of the servers grow to what is needed at most, and stay; so not
 * after each round all frames are back, but after most, in the end.
 */
static void
test_rounds(uint64_t calls)
{
	uint64_t balanced = 0;
	bool good = true, settled = false;

	for (uint64_t i = 1; good && i <= ROUNDS_MAX; i++) {
		struct books before = books_read();

		good = fuzz_round(calls * i / ROUNDS);
		printf("\n# round %lu\n", i);
		(void)processes_settled(before.nprocs);
		balanced += good && books_balanced(&before);
		settled = 2 * balanced > i;
		if (i >= ROUNDS && settled)
			break;
	}
	ok(good, "nothing that they do keeps workers from being killed");
	ok(settled, "frames, threads, spaces and processes are as before");
}

int
main(int argc, char **argv)
{
	uint64_t seed = argc > 1 ? strtoul(argv[1], NULL, 0) : SEED;
	uint64_t calls = argc > 2 ? strtoul(argv[2], NULL, 0) : CALLS;
	pid_t reader;

	if (getuid() != 0)
		errx(1, "for root");
	if (seed == 0)
		__asm__ volatile("rdtime %0" : "=r"(seed));
	printf("# fuzz %lu %lu\n", seed, calls);
	stream.state = seed;
	/* Of a group with one who stops, and whose parent ends (POSIX _exit). */
	(void)signal(SIGHUP, SIG_IGN);
	fuzz_control = mmap((void *)CONTROL, PAGE_SIZE, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANON | MAP_FIXED, -1, 0);
	if (fuzz_control == MAP_FAILED)
		err(1, "mmap");
	fuzz_calls_set_up();
	tables_grow(TABLES_MAX);
	reader = child_start(read_forever);
	test_rounds(calls);
	printf("# %lu kernel calls, %lu requests, %ld workers, %ld of them "
	       "were stuck; hash %lx\n",
	    fuzz_control->kernel_calls, fuzz_control->requests, workers, stuck,
	    fuzz_control->hash);
	ok(done(calls), "random calls and requests were made");
	is(status_now(reader, 0), NOT_YET, "and no server ended");
	(void)kill(reader, SIGKILL);
	(void)status_soon(reader, 0);
	test_system();
	return tap_end();
}
