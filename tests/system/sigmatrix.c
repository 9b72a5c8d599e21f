/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sigmatrix.c - every kind of signal in every kind of waiting.
 *
 * SIGINT and SIGCONT (which have a handler), SIGSTOP and SIGKILL, each sent to
 * a child that is blocked in a console read, waitpid, sigsuspend, nanosleep
 * or its vfork wait, or is in page faults or calls all the time (and so, with
 * several harts, in a fault or queued as a sender when the signal comes); with
 * and without SA_RESTART.  One test for each cell.
 */
#include "tap.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "watch.h"

#define FAULT_PAGES 64
#define HAMMERS 3
/* Times that one which never waits is signalled in a cell. */
#define ROUNDS 25
#define LONG_TIME 1000

/* What child and parent tell each other. */
struct area {
	long ready; /* 1: the child is about to wait; 2: waits in vfork */
	long handled; /* handlers that have run */
	long returned; /* the wait is over */
	long result;
	long error;
	long beats; /* of one that never waits */
	long release; /* let a grandchild end */
	long end; /* let helpers end */
};

enum kind {
	RESTARTS, /* goes on after a handler with SA_RESTART */
	INTERRUPTED, /* by any handler */
	DEAF, /* handlers run afterwards */
	BUSY, /* never waits */
};

struct state {
	const char *name;
	enum kind kind;
	long (*wait)(void);
};

static volatile struct area *area;

static void
on_signal(int signal)
{
	(void)signal;
	area->handled++;
}

static long
wait_read(void)
{
	char byte;

	return read(STDIN_FILENO, &byte, 1);
}

static int
until_released(void)
{
	(void)watch(&area->release, 1);
	return 0;
}

static long
wait_child(void)
{
	pid_t pid = child_start(until_released);
	long result = waitpid(pid, NULL, 0);
	int error = errno;

	area->release = 1;
	if (result != pid)
		(void)status_soon(pid, 0);
	errno = error;
	return result == pid ? 0 : result;
}

static long
wait_suspended(void)
{
	sigset_t none;

	(void)sigemptyset(&none);
	return sigsuspend(&none);
}

static long
wait_asleep(void)
{
	struct timespec time = {.tv_sec = LONG_TIME}, left = {};
	int result = nanosleep(&time, &left);

	/* What is left is nearly all. */
	return left.tv_sec > LONG_TIME - WATCH_SECONDS ? result : -2;
}

/* NOLINTBEGIN: what POSIX forbids after vfork() is what is tested. */
static long
wait_vfork(void)
{
	pid_t pid = vfork();

	if (pid == 0) {
		area->ready = 2;
		while (area->release == 0)
			(void)sys_yield();
		_exit(0);
	}
	return status_soon(pid, 0);
}
/* NOLINTEND */

/* Touch fresh memory; see that what was written is there. */
static long
wait_faults(void)
{
	const size_t bytes = FAULT_PAGES * PAGE_SIZE;

	while (area->end == 0) {
		volatile long *page = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANON, -1, 0);
		size_t step = PAGE_SIZE / sizeof(*page);

		if (page == MAP_FAILED)
			return -1;
		for (size_t i = 0; i < FAULT_PAGES; i++)
			page[i * step] = (long)i ^ area->beats;
		for (size_t i = 0; i < FAULT_PAGES; i++) {
			if (page[i * step] != ((long)i ^ area->beats))
				return -2;
		}
		if (munmap((void *)(uintptr_t)page, bytes) != 0)
			return -1;
		area->beats++;
	}
	return 0;
}

/* Ask procsrv, and see that its answers are right. */
static long
wait_calls(void)
{
	pid_t parent = getppid();

	while (area->end == 0) {
		if (getppid() != parent)
			return -2;
		area->beats++;
	}
	return 0;
}

static const struct state states[] = {
    {"read", RESTARTS, wait_read},
    {"waitpid", RESTARTS, wait_child},
    {"sigsuspend", INTERRUPTED, wait_suspended},
    {"nanosleep", INTERRUPTED, wait_asleep},
    {"its vfork wait", DEAF, wait_vfork},
    {"page faults", BUSY, wait_faults},
    {"calls", BUSY, wait_calls},
};

/* A child in a state; what its wait ended with is in the area. */
static pid_t
start(const struct state *state, int signal, int flags)
{
	struct sigaction action = {.sa_handler = on_signal, .sa_flags = flags};
	pid_t pid;

	memset((void *)(uintptr_t)area, 0, sizeof(*area));
	pid = fork();
	if (pid != 0)
		return pid;
	(void)sigemptyset(&action.sa_mask);
	/* EINVAL for those that can't have one. */
	(void)sigaction(signal, &action, NULL);
	action.sa_flags = 0;
	(void)sigaction(SIGUSR1, &action, NULL);
	area->ready = 1;
	area->result = state->wait();
	area->error = errno;
	area->returned = 1;
	_exit(0);
}

/* End the child's wait as it is meant to end; whether that was so. */
static bool
finish(const struct state *state, pid_t pid)
{
	bool interrupted =
	    state->kind == INTERRUPTED || state->wait == wait_read;
	bool good;

	area->release = area->end = 1;
	if (interrupted)
		(void)kill(pid, SIGUSR1);
	good = status_soon(pid, 0) == EXITED(0) && area->returned == 1;
	if (interrupted)
		return good && area->result == -1 && area->error == EINTR;
	return good && area->result == 0;
}

/* The same where a handler is to have done it. */
static bool
was_interrupted(pid_t pid)
{
	return watch(&area->returned, 1) && status_soon(pid, 0) == EXITED(0) &&
	       area->result == -1 && area->error == EINTR && area->handled == 1;
}

static bool
handled_while_busy(const struct state *state, pid_t pid, int signal)
{
	for (long i = 1; i <= ROUNDS; i++) {
		long before = area->beats;

		if (kill(pid, signal) != 0 || !watch(&area->handled, i) ||
		    !watch(&area->beats, before + 1))
			return false;
	}
	return finish(state, pid) && area->handled == ROUNDS;
}

/* A signal with a handler. */
static bool
cell_handled(const struct state *state, pid_t pid, int signal, bool restart)
{
	bool good;

	if (state->kind == BUSY)
		return handled_while_busy(state, pid, signal);
	if (kill(pid, signal) != 0)
		return false;
	if (state->kind == INTERRUPTED || (state->kind == RESTARTS && !restart))
		return was_interrupted(pid);
	if (state->kind == RESTARTS && !watch(&area->handled, 1))
		return false;
	nap(A_MOMENT);
	good = area->returned == 0 &&
	       area->handled == (state->kind == DEAF ? 0 : 1);
	/* SIGUSR1 ends a read, and is counted. */
	return finish(state, pid) && good &&
	       area->handled == (state->wait == wait_read ? 2 : 1);
}

/* Whether a busy one stands still and goes on again. */
static bool
stands(pid_t pid)
{
	for (int i = 0; i < ROUNDS; i++) {
		long beats;

		if (kill(pid, SIGSTOP) != 0 ||
		    status_soon(pid, WUNTRACED) != STOPPED(SIGSTOP))
			return false;
		beats = area->beats;
		nap(1);
		if (area->beats != beats || kill(pid, SIGCONT) != 0 ||
		    status_soon(pid, WCONTINUED) != CONTINUED ||
		    !watch(&area->beats, beats + 1))
			return false;
	}
	return true;
}

/* SIGCONT has no handler here, so that even what is never restarted goes on. */
static bool
cell_stop(const struct state *state, pid_t pid)
{
	bool good;

	if (state->kind == BUSY)
		return stands(pid) && finish(state, pid);
	if (kill(pid, SIGSTOP) != 0)
		return false;
	if (state->kind == DEAF) {
		nap(A_MOMENT);
		if (status_now(pid, WUNTRACED) != NOT_YET)
			return false;
		area->release = 1;
	}
	good = status_soon(pid, WUNTRACED) == STOPPED(SIGSTOP);
	nap(A_MOMENT);
	good = good && area->returned == 0 && area->handled == 0;
	if (!good || kill(pid, SIGCONT) != 0)
		return false;
	/* It goes on to its end, so that there may be no news but that. */
	if (state->kind == DEAF)
		return watch(&area->returned, 1) && finish(state, pid);
	if (status_soon(pid, WCONTINUED) != CONTINUED)
		return false;
	nap(A_MOMENT);
	good = area->returned == 0;
	return finish(state, pid) && good;
}

static bool
cell_kill(const struct state *state, pid_t pid)
{
	if (kill(pid, SIGKILL) != 0)
		return false;
	if (state->kind == DEAF) {
		nap(A_MOMENT);
		if (status_now(pid, 0) != NOT_YET)
			return false;
		area->release = 1;
	}
	return status_soon(pid, 0) == SIGKILL && area->returned == 0;
}

static bool
cell(const struct state *state, int signal, bool restart)
{
	pid_t pid = start(state, signal, restart ? SA_RESTART : 0);
	bool good;

	if (pid < 0 || !watch(&area->ready, state->kind == DEAF ? 2 : 1))
		return false;
	nap(A_MOMENT);
	if (signal == SIGKILL)
		good = cell_kill(state, pid);
	else if (signal == SIGSTOP)
		good = cell_stop(state, pid);
	else
		good = cell_handled(state, pid, signal, restart);
	if (!good)
		printf("# handled %ld, returned %ld: %ld, errno %ld\n",
		    area->handled, area->returned, area->result, area->error);
	/* Whatever is still there does not disturb the next. */
	area->release = area->end = 1;
	(void)kill(pid, SIGKILL);
	(void)status_soon(pid, 0);
	nap(A_MOMENT / 4);
	return good;
}

/* Callers of procsrv, so that others are queued behind them. */
static volatile long *hammers;

static int
hammer(void)
{
	while (*hammers == 0)
		(void)getppid();
	return 0;
}

static void
row(const struct state *state, int signal, const char *name)
{
	static const char *const ends[] = {
	    [RESTARTS] = "is as SA_RESTART says",
	    [INTERRUPTED] = "interrupts it",
	    [DEAF] = "acts afterwards",
	    [BUSY] = "acts, and nothing is lost",
	};

	for (int restart = 0; restart <= 1; restart++) {
		char claim[120];
		const char *end = ends[state->kind];

		if (signal == SIGSTOP && state->kind != DEAF)
			end = "stops it, and SIGCONT lets it go on";
		if (signal == SIGKILL && state->kind != DEAF)
			end = "kills it";
		(void)snprintf(claim, sizeof(claim),
		    "F75 %s to one in %s, SA_RESTART %s, %s", name, state->name,
		    restart ? "on" : "off", end);
		ok(cell(state, signal, restart != 0), claim);
	}
}

static void
rows(const struct state *state)
{
	row(state, SIGINT, "SIGINT");
	row(state, SIGCONT, "SIGCONT");
	row(state, SIGSTOP, "SIGSTOP");
	row(state, SIGKILL, "SIGKILL");
}

int
main(void)
{
	pid_t pids[HAMMERS];

	area = (volatile void *)shared_page();
	hammers = shared_page();
	for (size_t i = 0; i < LENGTH(states) - 1; i++)
		rows(&states[i]);
	for (int i = 0; i < HAMMERS; i++)
		pids[i] = child_start(hammer);
	rows(&states[LENGTH(states) - 1]);
	*hammers = 1;
	for (int i = 0; i < HAMMERS; i++)
		(void)status_soon(pids[i], 0);
	return tap_end();
}
