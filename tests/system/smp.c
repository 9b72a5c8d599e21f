/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * smp.c - processes that run on another hart while they are signalled.
 *
 *	smp [SECONDS]		how long the registers are watched
 *
 * With one hart they are preempted instead, which has to do no harm either.
 */
#include "tap.h"

#include <fenv.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "watch.h"

#define SPINNERS 3
#define SIGNALS 200
#define SIGNALS_MS 2000
/* More than there are harts, so that they are moved about. */
#define WATCHERS 6
#define WATCH_MS 1500
#define FCSR_PATTERN 0x75

struct regs_area {
	uint64_t stop;
	uint64_t beats;
	uint64_t x[32];
	uint64_t f[32];
	uint64_t fcsr;
	uint64_t saved[33];
	uint64_t result; /* then what is saved of f0 to f31 */
	uint64_t saved_f[32];
};
_Static_assert(offsetof(struct regs_area, x) == 16, "smpregs.S");
_Static_assert(offsetof(struct regs_area, f) == 272, "smpregs.S");
_Static_assert(offsetof(struct regs_area, fcsr) == 528, "smpregs.S");
_Static_assert(offsetof(struct regs_area, saved) == 536, "smpregs.S");
_Static_assert(offsetof(struct regs_area, result) == 800, "smpregs.S");

int smpregs_a(struct regs_area *area);
int smpregs_b(struct regs_area *area);

/* Of each child. */
struct report {
	long ready, handled, beats, stop;
};

static volatile struct report *reports;
/* The child's own. */
static volatile struct report *mine;
static struct regs_area area;
static long watch_ms = WATCH_MS;

static void
handle(void (*handler)(int))
{
	struct sigaction action = {.sa_handler = handler};

	(void)sigemptyset(&action.sa_mask);
	(void)sigaction(SIGUSR1, &action, NULL);
}

static void
count(int signal)
{
	(void)signal;
	mine->handled++;
}

static _Noreturn int
loop(void)
{
	handle(count);
	mine->ready = 1;
	for (;;)
		__asm__ volatile("");
}

static pid_t
start(int index, int (*run)(void))
{
	mine = &reports[index];
	memset((void *)(uintptr_t)mine, 0, sizeof(*mine));
	return child_start(run);
}

/* Signals to each by turns; all are to be handled. */
static bool
signalled(const pid_t *pids, int n)
{
	long end = milliseconds() + SIGNALS_MS;

	/* With one hart, each takes the time that all spin for. */
	for (long i = 1; i <= SIGNALS && milliseconds() < end; i++) {
		for (int j = 0; j < n; j++) {
			if (kill(pids[j], SIGUSR1) != 0)
				return false;
		}
		for (int j = 0; j < n; j++) {
			if (!watch(&reports[j].handled, i))
				return false;
		}
	}
	return true;
}

static bool
stopped_and_continued(pid_t pid)
{
	return kill(pid, SIGSTOP) == 0 &&
	       status_soon(pid, WUNTRACED) == STOPPED(SIGSTOP) &&
	       kill(pid, SIGCONT) == 0 &&
	       status_soon(pid, WCONTINUED) == CONTINUED;
}

static void
test_loops(void)
{
	pid_t pids[SPINNERS];
	bool good = true;

	for (int i = 0; i < SPINNERS; i++) {
		pids[i] = start(i, loop);
		good = watch(&reports[i].ready, 1) && good;
	}
	ok(good && signalled(pids, SPINNERS),
	    "for (;;); takes a handler, as often as it is signalled");
	for (int i = 0; i < SPINNERS; i++)
		good = stopped_and_continued(pids[i]) && good;
	ok(good, "it is stopped, and goes on");
	for (int i = 0; i < SPINNERS; i++)
		(void)kill(pids[i], SIGKILL);
	for (int i = 0; i < SPINNERS; i++)
		good = status_soon(pids[i], 0) == SIGKILL && good;
	ok(good, "and SIGKILL is its end");
}

/* A handler that leaves no register alone, if it can. */
static void
scribble(int signal)
{
	volatile double sum = 1.0 / (double)(mine->handled + 3);

	for (int i = 0; i < signal; i++)
		sum = sum * 1.5 + (double)i / (sum + 1.0);
	(void)fesetround(FE_UPWARD);
	(void)feraiseexcept(FE_ALL_EXCEPT);
	/* What is not saved by the compiler. */
	__asm__ volatile(
	    "li t0, -1\n\tli t1, -1\n\tli t2, -1\n\tli t3, -1\n\t"
	    "li t4, -1\n\tli t5, -1\n\tli t6, -1\n\tli a2, -1\n\t"
	    "fmv.d.x ft0, t0\n\tfmv.d.x ft11, t0\n\tfmv.d.x fa0, t0\n\t"
	    "fmv.d.x fa7, t0\n\tfmv.d.x fs0, t0\n\tfmv.d.x fs11, t0\n\t"
	    "li s2, -1\n\tli s11, -1" ::
		: "t0", "t1", "t2", "t3", "t4", "t5", "t6", "a2", "s2", "s11",
	    "ft0", "ft11", "fa0", "fa7", "fs0", "fs11");
	mine->beats = (long)area.beats;
	if (mine->stop)
		area.stop = 1;
	mine->handled++;
}

/* Registers with a pattern of this process's; what is wrong with them. */
static int
watch_registers(void)
{
	bool other = getpid() % 2 != 0;

	for (uint64_t i = 0; i < 32; i++) {
		area.x[i] = (i + 1) * 0x0101010101010101ul ^ (uint64_t)getpid()
								 << 32;
		area.f[i] = ~area.x[i] * 3;
	}
	area.fcsr = FCSR_PATTERN;
	handle(scribble);
	mine->ready = 1;
	return other ? smpregs_a(&area) : smpregs_b(&area);
}

static void
test_registers(void)
{
	pid_t pids[WATCHERS];
	bool good = true;
	long end;
	int status;

	for (int i = 0; i < WATCHERS; i++) {
		pids[i] = start(i, watch_registers);
		good = watch(&reports[i].ready, 1) && good;
	}
	end = milliseconds() + watch_ms;
	while (milliseconds() < end) {
		for (int i = 0; i < WATCHERS; i++)
			(void)kill(pids[i], SIGUSR1);
		nap(2);
	}
	for (int i = 0; i < WATCHERS; i++)
		reports[i].stop = 1;
	for (int i = 0; i < WATCHERS; i++) {
		good = reports[i].handled > 0 && reports[i].beats > 0 && good;
		(void)kill(pids[i], SIGUSR1);
		status = status_soon(pids[i], 0);
		if (status != 0)
			printf("# status %#x\n", (unsigned int)status);
		good = status == 0 && good;
		printf("# %ld signals, %ld rounds\n", reports[i].handled,
		    reports[i].beats);
	}
	ok(good, "F25 all registers, FP included, survive preemption, other "
		 "harts and handlers");
}

int
main(int argc, char **argv)
{
	if (argc > 1)
		watch_ms = 1000 * strtol(argv[1], NULL, 10);
	reports = (volatile void *)shared_page();
	test_loops();
	test_registers();
	return tap_end();
}
