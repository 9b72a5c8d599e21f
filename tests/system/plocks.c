/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * plocks.c - mutexes and their kin between processes, in memory that they
 * share.
 *
 * A child has the tp of its parent: what tells threads of one process apart
 * does not tell these two apart.
 */
#include "tap.h"
#include "tapthread.h"
#include "watch.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define WORKERS 4
#define ROUNDS 500
#define TURNS 100

static struct shared {
	pthread_mutex_t mutex;
	pthread_cond_t cond;
	pthread_rwlock_t rwlock;
	pthread_barrier_t barrier;
	/* Guarded by whatever a test is about. */
	volatile long count, turn;
	volatile long ready, serial;
} * shared;

static void
mutex_of_type(pthread_mutex_t *mutex, int type)
{
	pthread_mutexattr_t attributes;

	(void)pthread_mutexattr_init(&attributes);
	(void)pthread_mutexattr_settype(&attributes, type);
	(void)pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
	(void)pthread_mutex_init(mutex, &attributes);
}

static void
begin(void)
{
	pthread_condattr_t cond;
	pthread_rwlockattr_t rwlock;

	memset(shared, 0, sizeof(*shared));
	mutex_of_type(&shared->mutex, PTHREAD_MUTEX_DEFAULT);
	(void)pthread_condattr_init(&cond);
	(void)pthread_condattr_setpshared(&cond, PTHREAD_PROCESS_SHARED);
	(void)pthread_cond_init(&shared->cond, &cond);
	(void)pthread_rwlockattr_init(&rwlock);
	(void)pthread_rwlockattr_setpshared(&rwlock, PTHREAD_PROCESS_SHARED);
	(void)pthread_rwlock_init(&shared->rwlock, &rwlock);
}

/* How many of some children end well. */
static int
children_run(int count, int (*body)(void))
{
	pid_t pids[WORKERS];
	int good = 0;

	for (int i = 0; i < count; i++)
		pids[i] = child_start(body);
	for (int i = 0; i < count; i++)
		good += status_soon(pids[i], 0) == EXITED(0);
	return good;
}

static int
add(void)
{
	for (int i = 0; i < ROUNDS; i++) {
		long seen;

		if (pthread_mutex_lock(&shared->mutex) != 0)
			return 1;
		seen = shared->count;
		/* Let others come, who have to wait. */
		if (i % 16 == 0)
			(void)sched_yield();
		shared->count = seen + 1;
		if (pthread_mutex_unlock(&shared->mutex) != 0)
			return 2;
	}
	return 0;
}

static void
test_mutex(void)
{
	static const char *const names[] = {
	    [PTHREAD_MUTEX_NORMAL] = "a normal mutex excludes other processes",
	    [PTHREAD_MUTEX_ERRORCHECK] = "one that looks for errors does",
	    [PTHREAD_MUTEX_RECURSIVE] = "a recursive one does",
	};

	for (int type = 0; type < (int)LENGTH(names); type++) {
		begin();
		mutex_of_type(&shared->mutex, type);
		is(children_run(WORKERS, add), WORKERS, names[type]);
		is(shared->count, WORKERS * ROUNDS, "and nothing is lost");
		is(pthread_mutex_destroy(&shared->mutex), 0, "nor held");
	}
}

/* What the child of a mutex's owner finds. */
static int
not_mine(void)
{
	struct timespec soon = after(A_MOMENT);

	if (pthread_mutex_trylock(&shared->mutex) != EBUSY)
		return 1;
	if (pthread_mutex_unlock(&shared->mutex) != EPERM)
		return 2;
	if (pthread_cond_wait(&shared->cond, &shared->mutex) != EPERM)
		return 3;
	if (pthread_mutex_timedlock(&shared->mutex, &soon) != ETIMEDOUT)
		return 4;
	return 0;
}

static int
take_and_return(void)
{
	return pthread_mutex_lock(&shared->mutex) == 0 &&
		       pthread_mutex_unlock(&shared->mutex) == 0
		   ? 0
		   : 1;
}

static void
test_owner(void)
{
	pid_t pid;

	begin();
	mutex_of_type(&shared->mutex, PTHREAD_MUTEX_ERRORCHECK);
	is(pthread_mutex_lock(&shared->mutex), 0, "a parent's mutex");
	is(child_status(not_mine), EXITED(0), "is not its child's");
	is(pthread_mutex_lock(&shared->mutex), EDEADLK, "but the parent's");
	pid = child_start(take_and_return);
	nap(A_MOMENT);
	is(status_now(pid, 0), NOT_YET, "for which the child waits");
	is(pthread_mutex_unlock(&shared->mutex), 0, "until it is given back");
	is(status_soon(pid, 0), EXITED(0), "and then has it");
	is(pthread_mutex_unlock(&shared->mutex), EPERM, "nobody's now");

	mutex_of_type(&shared->mutex, PTHREAD_MUTEX_RECURSIVE);
	ok(pthread_mutex_lock(&shared->mutex) == 0 &&
		pthread_mutex_lock(&shared->mutex) == 0,
	    "a recursive one is taken twice");
	is(child_status(not_mine), EXITED(0), "which its child can't do");
	is(pthread_mutex_unlock(&shared->mutex), 0, "given back once");
	is(child_status(not_mine), EXITED(0), "it is not free");
	is(pthread_mutex_unlock(&shared->mutex), 0, "given back twice");
	is(child_status(take_and_return), EXITED(0), "it is");
}

/* Take it and give it back without end. */
static int
insist(void)
{
	while (shared->turn == 0) {
		(void)pthread_mutex_lock(&shared->mutex);
		shared->count++;
		(void)pthread_mutex_unlock(&shared->mutex);
	}
	return 0;
}

static void
test_insistence(void)
{
	struct timespec late;
	int good = 0;
	pid_t pid;

	begin();
	mutex_of_type(&shared->mutex, PTHREAD_MUTEX_RECURSIVE);
	pid = child_start(insist);
	(void)watch(&shared->count, 1);
	late = after(WATCH_SECONDS * 1000);
	for (int i = 0; i < WORKERS; i++) {
		if (pthread_mutex_timedlock(&shared->mutex, &late) == 0)
			good += pthread_mutex_unlock(&shared->mutex) == 0;
	}
	shared->turn = 1;
	is(good, WORKERS, "who takes it all the time leaves it to others");
	is(status_soon(pid, 0), EXITED(0), "until it is told to end");
}

static int
take_turns(long which)
{
	for (int i = 0; i < TURNS; i++) {
		struct timespec late = after(WATCH_SECONDS * 1000);

		(void)pthread_mutex_lock(&shared->mutex);
		while (shared->turn % 2 != which) {
			if (pthread_cond_timedwait(&shared->cond,
				&shared->mutex, &late) == ETIMEDOUT)
				return 1;
		}
		shared->turn++;
		(void)pthread_cond_signal(&shared->cond);
		(void)pthread_mutex_unlock(&shared->mutex);
	}
	return 0;
}

static int
take_odd_turns(void)
{
	return take_turns(1);
}

/* A child that waits for the turn, and counts itself. */
static int
wait_turn(void)
{
	(void)pthread_mutex_lock(&shared->mutex);
	shared->ready++;
	while (shared->turn == 0)
		(void)pthread_cond_wait(&shared->cond, &shared->mutex);
	shared->count++;
	(void)pthread_mutex_unlock(&shared->mutex);
	/* Who ends has others look, lest a wake be lost. */
	(void)watch(&shared->serial, 1);
	return 0;
}

static pid_t
waiter(void)
{
	long before = shared->ready;
	pid_t pid = child_start(wait_turn);

	(void)watch(&shared->ready, before + 1);
	/* Once the mutex is to be had, it waits. */
	(void)pthread_mutex_lock(&shared->mutex);
	(void)pthread_mutex_unlock(&shared->mutex);
	nap(A_MOMENT);
	return pid;
}

static void
test_cond(void)
{
	pid_t pids[WORKERS];
	int good = 0;

	begin();
	pids[0] = child_start(take_odd_turns);
	is(take_turns(0), 0, "parent and child take turns by a condition");
	is(status_soon(pids[0], 0), EXITED(0), "so finds the child");
	is(shared->turn, 2 * TURNS, "each as often as the other");

	begin();
	for (int i = 0; i < WORKERS; i++)
		pids[i] = waiter();
	/* It came first, and would be the one to be woken. */
	(void)kill(pids[0], SIGKILL);
	is(status_soon(pids[0], 0), SIGKILL, "one that waits is killed");
	(void)pthread_mutex_lock(&shared->mutex);
	shared->turn = 1;
	(void)pthread_cond_signal(&shared->cond);
	(void)pthread_mutex_unlock(&shared->mutex);
	ok(watch(&shared->count, 1), "a signal goes to one that lives");
	nap(A_MOMENT);
	is(shared->count, 1, "and to no other");
	(void)pthread_cond_broadcast(&shared->cond);
	shared->serial = 1;
	for (int i = 1; i < WORKERS; i++)
		good += status_soon(pids[i], 0) == EXITED(0);
	is(good, WORKERS - 1, "a broadcast goes to all");
	is(shared->count, WORKERS - 1, "who had the mutex one by one");
}

static int
read_or_write(void)
{
	bool writes =
	    __atomic_fetch_add(&shared->ready, 1, __ATOMIC_RELAXED) % 2 == 0;

	for (int i = 0; i < ROUNDS; i++) {
		int error = writes ? pthread_rwlock_wrlock(&shared->rwlock)
				   : pthread_rwlock_rdlock(&shared->rwlock);

		if (error != 0)
			return 1;
		if (shared->count != shared->turn)
			return 2;
		if (writes) {
			shared->count++;
			if (i % 16 == 0)
				(void)sched_yield();
			shared->turn++;
		}
		if (pthread_rwlock_unlock(&shared->rwlock) != 0)
			return 3;
	}
	return 0;
}

static int
not_my_writing(void)
{
	struct timespec soon = after(A_MOMENT);

	if (pthread_rwlock_tryrdlock(&shared->rwlock) != EBUSY)
		return 1;
	if (pthread_rwlock_unlock(&shared->rwlock) != EPERM)
		return 2;
	if (pthread_rwlock_timedwrlock(&shared->rwlock, &soon) != ETIMEDOUT)
		return 3;
	return 0;
}

static int
read_too(void)
{
	if (pthread_rwlock_trywrlock(&shared->rwlock) != EBUSY)
		return 1;
	if (pthread_rwlock_rdlock(&shared->rwlock) != 0)
		return 2;
	return pthread_rwlock_unlock(&shared->rwlock);
}

static int
write_once(void)
{
	if (pthread_rwlock_wrlock(&shared->rwlock) != 0)
		return 1;
	return pthread_rwlock_unlock(&shared->rwlock);
}

static void
test_rwlock(void)
{
	pid_t pid;

	begin();
	is(children_run(WORKERS, read_or_write), WORKERS,
	    "readers and writers come to an end");
	is(shared->count, WORKERS / 2 * ROUNDS, "writers are alone");
	is(pthread_rwlock_wrlock(&shared->rwlock), 0, "a parent writes");
	is(child_status(not_my_writing), EXITED(0), "its child does not");
	is(pthread_rwlock_rdlock(&shared->rwlock), EDEADLK,
	    "nor can the parent read");
	pid = child_start(write_once);
	nap(A_MOMENT);
	is(status_now(pid, 0), NOT_YET, "a child waits for it");
	is(pthread_rwlock_unlock(&shared->rwlock), 0, "until it has written");
	is(status_soon(pid, 0), EXITED(0), "and is woken");
	is(pthread_rwlock_rdlock(&shared->rwlock), 0, "a parent reads");
	is(child_status(read_too), EXITED(0), "so may its child");
	is(pthread_rwlock_unlock(&shared->rwlock), 0, "to the end");
	is(pthread_rwlock_destroy(&shared->rwlock), 0, "nobody is left");
}

static int
meet(void)
{
	for (int i = 1; i <= TURNS; i++) {
		int result;

		(void)__atomic_add_fetch(&shared->count, 1, __ATOMIC_RELAXED);
		result = pthread_barrier_wait(&shared->barrier);
		if (__atomic_load_n(&shared->count, __ATOMIC_RELAXED) <
		    WORKERS * i)
			return 1;
		if (result == PTHREAD_BARRIER_SERIAL_THREAD)
			(void)__atomic_add_fetch(
			    &shared->serial, 1, __ATOMIC_RELAXED);
		else if (result != 0)
			return 2;
	}
	return 0;
}

static void
test_barrier(void)
{
	pthread_barrierattr_t attributes;

	begin();
	(void)pthread_barrierattr_init(&attributes);
	(void)pthread_barrierattr_setpshared(
	    &attributes, PTHREAD_PROCESS_SHARED);
	is(pthread_barrier_init(&shared->barrier, &attributes, WORKERS), 0,
	    "a barrier between processes");
	is(children_run(WORKERS, meet), WORKERS, "keeps them together");
	is(shared->serial, TURNS, "and one of them is the serial one");
	is(pthread_barrier_destroy(&shared->barrier), 0, "nobody is inside");
}

/* In memory that nobody shares. */
static pthread_mutex_t own;
static long own_count;

static void *
add_own(void *argument)
{
	(void)argument;
	for (int i = 0; i < ROUNDS; i++) {
		if (pthread_mutex_lock(&own) != 0)
			return POINTER(1);
		own_count++;
		(void)pthread_mutex_unlock(&own);
	}
	return POINTER(0);
}

static int
own_copy(void)
{
	/* The parent's mutex, in a copy that nobody will give back. */
	return pthread_mutex_trylock(&own) == EBUSY ? 0 : 1;
}

static void
test_private(void)
{
	mutex_of_type(&own, PTHREAD_MUTEX_RECURSIVE);
	is(threads_run(WORKERS, add_own), 0, "threads use what is not shared");
	is(own_count, WORKERS * ROUNDS, "as they should");
	(void)pthread_mutex_lock(&own);
	is(child_status(own_copy), EXITED(0), "and fork() copies it");
	is(pthread_mutex_unlock(&own), 0, "from its owner");
}

int
main(void)
{
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANON, -1, 0);
	if (shared == MAP_FAILED)
		return 1;
	test_mutex();
	test_owner();
	test_insistence();
	test_cond();
	test_rwlock();
	test_barrier();
	test_private();
	return tap_end();
}
