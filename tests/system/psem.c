/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * psem.c - semaphores between processes, in memory that they share.
 */
#include "tap.h"
#include "tapthread.h"
#include "watch.h"

#include <errno.h>
#include <semaphore.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define TURNS 1000
#define WORKERS 4
#define ITEMS 100 /* of each worker */
#define SLOTS 3

static struct shared {
	sem_t ping, pong;
	sem_t full, room, lock;
	volatile long count, sum;
	int slots[SLOTS];
	unsigned int in, out;
} * shared;

static bool
wait_all(sem_t *sem)
{
	while (sem_wait(sem) != 0) {
		if (errno != EINTR)
			return false;
	}
	return true;
}

/* sem_timedwait() so many milliseconds from now. */
static int
wait_for(sem_t *sem, long length)
{
	const struct timespec time = after(length);

	return sem_timedwait(sem, &time);
}

static int
value_of(sem_t *sem)
{
	int value = -1;

	(void)sem_getvalue(sem, &value);
	return value;
}

static int
answer(void)
{
	for (long i = 0; i < TURNS; i++) {
		if (!wait_all(&shared->ping) || shared->count != 2 * i + 1)
			return 1;
		shared->count++;
		if (sem_post(&shared->pong) != 0)
			return 2;
	}
	return 0;
}

static void
test_turns(void)
{
	bool good = true;
	pid_t pid;

	shared->count = 0;
	is(sem_init(&shared->ping, 1, 0), 0, "a semaphore between processes");
	is(sem_init(&shared->pong, 1, 0), 0, "and another");
	pid = child_start(answer);
	for (long i = 0; i < TURNS && good; i++) {
		shared->count++;
		good = sem_post(&shared->ping) == 0 &&
		       wait_for(&shared->pong, WATCH_SECONDS * 1000) == 0 &&
		       shared->count == 2 * i + 2;
	}
	ok(good, "parent and child take turns");
	is(status_soon(pid, 0), EXITED(0), "so finds the child");
}

static int
produce(void)
{
	for (int i = 1; i <= ITEMS; i++) {
		if (!wait_all(&shared->room) || !wait_all(&shared->lock))
			return 1;
		shared->slots[shared->in++ % SLOTS] = i;
		(void)sem_post(&shared->lock);
		(void)sem_post(&shared->full);
	}
	return 0;
}

static int
consume(void)
{
	for (int i = 0; i < ITEMS; i++) {
		if (!wait_all(&shared->full) || !wait_all(&shared->lock))
			return 1;
		shared->sum += shared->slots[shared->out++ % SLOTS];
		(void)sem_post(&shared->lock);
		(void)sem_post(&shared->room);
	}
	return 0;
}

static void
test_buffer(void)
{
	pid_t pids[2 * WORKERS];
	int good = 0;

	(void)sem_init(&shared->full, 1, 0);
	(void)sem_init(&shared->room, 1, SLOTS);
	(void)sem_init(&shared->lock, 1, 1);
	for (int i = 0; i < WORKERS; i++) {
		pids[2 * i] = child_start(produce);
		pids[2 * i + 1] = child_start(consume);
	}
	for (int i = 0; i < 2 * WORKERS; i++)
		good += status_soon(pids[i], 0) == EXITED(0);
	is(good, 2 * WORKERS, "producers and consumers come to an end");
	is(shared->sum, WORKERS * ITEMS * (ITEMS + 1) / 2,
	    "nothing is lost or taken twice");
	is(value_of(&shared->full), 0, "nothing is left");
	is(value_of(&shared->room), SLOTS, "all slots are free");
}

static int
wait_once(void)
{
	shared->count++;
	return wait_all(&shared->ping) ? 0 : 1;
}

/* A child that waits. */
static pid_t
waiter(void)
{
	pid_t pid;

	shared->count = 0;
	pid = child_start(wait_once);
	(void)watch(&shared->count, 1);
	nap(A_MOMENT);
	return pid;
}

static void
test_killed(void)
{
	pid_t first, second;

	(void)sem_init(&shared->ping, 1, 0);
	first = waiter();
	second = waiter();
	is(status_now(second, 0), NOT_YET, "children wait");
	(void)kill(first, SIGKILL);
	is(status_soon(first, 0), SIGKILL, "the one that came first dies");
	is(sem_post(&shared->ping), 0, "a post for a dead one");
	is(status_soon(second, 0), EXITED(0), "is for the one that lives");
	is(value_of(&shared->ping), 0, "who took it");
}

static void
leave(int signal)
{
	(void)signal;
	_exit(0);
}

/* One that was woken ends before it has looked. */
static void
test_ended_late(int signal, const char *claim)
{
	pid_t first, second;

	(void)sem_init(&shared->ping, 1, 0);
	first = waiter();
	second = waiter();
	(void)sem_post(&shared->ping);
	(void)kill(first, signal);
	(void)status_soon(first, 0);
	/* On several harts it may have taken the value, and even ended. */
	if (value_of(&shared->ping) == 0)
		(void)sem_post(&shared->ping);
	is(status_soon(second, 0), EXITED(0), claim);
}

static void
test_ended_late_twice(void)
{
	const struct sigaction action = {.sa_handler = leave};
	struct sigaction before;

	test_ended_late(
	    SIGKILL, "the wake of one that is killed goes to another");
	/* Children have the handler, too. */
	(void)sigaction(SIGTERM, &action, &before);
	test_ended_late(SIGTERM, "so does that of one whose handler exits");
	(void)sigaction(SIGTERM, &before, NULL);
}

static void
caught(int signal)
{
	(void)signal;
	/* This is what a handler may do. */
	(void)sem_post(&shared->pong);
}

static int
interrupted(void)
{
	const struct sigaction action = {.sa_handler = caught};

	(void)sigaction(SIGUSR1, &action, NULL);
	shared->count++;
	return sem_wait(&shared->ping) == -1 && errno == EINTR ? 0 : 1;
}

static void
test_signal(void)
{
	pid_t pid;

	shared->count = 0;
	(void)sem_init(&shared->ping, 1, 0);
	(void)sem_init(&shared->pong, 1, 0);
	pid = child_start(interrupted);
	(void)watch(&shared->count, 1);
	nap(A_MOMENT);
	(void)kill(pid, SIGUSR1);
	is(wait_for(&shared->pong, WATCH_SECONDS * 1000), 0,
	    "a handler posts to another process");
	is(status_soon(pid, 0), EXITED(0), "a signal ends a wait");
}

static void
test_time(void)
{
	long start = milliseconds();

	ok(wait_for(&shared->ping, A_MOMENT) == -1 && errno == ETIMEDOUT,
	    "a wait ends at its time");
	ok(milliseconds() - start >= A_MOMENT, "not before");
	ok(sem_trywait(&shared->ping) == -1 && errno == EAGAIN,
	    "nothing is there yet");
}

/* In memory that nobody shares. */
static sem_t own;

static void *
post_own(void *argument)
{
	(void)argument;
	nap(A_MOMENT);
	return POINTER(sem_post(&own));
}

static int
post_copy(void)
{
	return sem_post(&own) == 0 && value_of(&own) == 1 ? 0 : 1;
}

static void
test_private(void)
{
	pthread_t thread;
	long calls;

	is(sem_init(&own, 1, 0), 0, "one in memory that nobody shares");
	is(child_status(post_copy), EXITED(0), "is copied by fork()");
	calls = milliseconds();
	ok(wait_for(&own, A_MOMENT) == -1 && errno == ETIMEDOUT,
	    "a child's copy is not the parent's");
	ok(milliseconds() - calls >= A_MOMENT, "who waits as for others");
	thread = thread_start(post_own, NULL);
	is(wait_for(&own, WATCH_SECONDS * 1000), 0, "threads share it");
	is(thread_join(thread), 0, "and post to each other");
}

/* Memory of the same address and another: the key is of the memory. */
static int
wait_moved(void)
{
	sem_t *before = &shared->ping;

	/* Nothing of the old pages is meant by the new ones. */
	if (mmap(shared, sizeof(*shared), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANON | MAP_FIXED, -1, 0) != shared)
		return 1;
	(void)sem_init(before, 1, 0);
	return wait_for(before, 2 * A_MOMENT) == -1 && errno == ETIMEDOUT ? 0
									  : 2;
}

static void
test_other_memory(void)
{
	pid_t pid;

	(void)sem_init(&shared->ping, 1, 0);
	pid = child_start(wait_moved);
	nap(A_MOMENT);
	(void)sem_post(&shared->ping);
	is(status_soon(pid, 0), EXITED(0),
	    "other memory at the same address is another semaphore");
	is(value_of(&shared->ping), 1, "and this one keeps its value");
}

int
main(void)
{
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANON, -1, 0);
	if (shared == MAP_FAILED)
		return 1;
	test_turns();
	test_buffer();
	test_killed();
	test_ended_late_twice();
	test_signal();
	test_time();
	test_private();
	test_other_memory();
	return tap_end();
}
