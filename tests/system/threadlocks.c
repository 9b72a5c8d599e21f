/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * threadlocks.c - mutexes, conditions and the like between threads.
 */
#include "tap.h"
#include "tapthread.h"

#include <errno.h>
#include <semaphore.h>
#include <stdio.h>
#include <time.h>

#define THREADS 4
#define ROUNDS 5000
#define TURNS 1000
#define A_WHILE 30 /* milliseconds */
#define NSEC_PER_SEC 1000000000l

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_spinlock_t spinlock;
static pthread_barrier_t barrier;
static pthread_cond_t zeros; /* not initialised, as some programs do */
static sem_t sem;
static long count, turn;

/* With the counts at 0. */
static long
run_all(int threads, void *(*run)(void *))
{
	count = turn = 0;
	return threads_run(threads, run);
}

static void
mutex_of_type(int type)
{
	pthread_mutexattr_t attributes;

	(void)pthread_mutexattr_init(&attributes);
	(void)pthread_mutexattr_settype(&attributes, type);
	(void)pthread_mutex_init(&mutex, &attributes);
}

static void *
count_with_mutex(void *argument)
{
	for (int i = 0; i < ROUNDS; i++) {
		(void)pthread_mutex_lock(&mutex);
		count++;
		/* Now and then let the others find it taken. */
		if (i % 64 == 0)
			sched_yield();
		(void)pthread_mutex_unlock(&mutex);
	}
	return argument;
}

static void *
count_with_spinlock(void *argument)
{
	for (int i = 0; i < ROUNDS; i++) {
		(void)pthread_spin_lock(&spinlock);
		count++;
		(void)pthread_spin_unlock(&spinlock);
	}
	return argument;
}

static void
test_counting(void)
{
	(void)run_all(THREADS, count_with_mutex);
	is(count, THREADS * ROUNDS, "a mutex excludes other threads");
	mutex_of_type(PTHREAD_MUTEX_RECURSIVE);
	(void)run_all(THREADS, count_with_mutex);
	is(count, THREADS * ROUNDS, "so does a recursive one");
	mutex_of_type(PTHREAD_MUTEX_NORMAL);
	(void)pthread_spin_init(&spinlock, 0);
	(void)run_all(THREADS, count_with_spinlock);
	is(count, THREADS * ROUNDS, "so does a spin lock");
}

static void
test_mutex_types(void)
{
	mutex_of_type(PTHREAD_MUTEX_ERRORCHECK);
	is(pthread_mutex_unlock(&mutex), EPERM, "not one's own mutex");
	(void)pthread_mutex_lock(&mutex);
	is(pthread_mutex_lock(&mutex), EDEADLK, "one's own already");
	is(pthread_mutex_destroy(&mutex), EBUSY, "not while it is locked");
	is(pthread_mutex_unlock(&mutex), 0, "unlocked");
	mutex_of_type(PTHREAD_MUTEX_RECURSIVE);
	(void)pthread_mutex_lock(&mutex);
	is(pthread_mutex_lock(&mutex), 0, "a recursive one is taken again");
	(void)pthread_mutex_unlock(&mutex);
	(void)pthread_mutex_unlock(&mutex);
	is(pthread_mutex_unlock(&mutex), EPERM, "and given back as often");
	mutex_of_type(PTHREAD_MUTEX_NORMAL);
}

static void *
take_turns(void *argument)
{
	long index = (long)argument;

	for (int i = 0; i < TURNS; i++) {
		(void)pthread_mutex_lock(&mutex);
		while (turn % 2 != index)
			(void)pthread_cond_wait(&cond, &mutex);
		turn++;
		(void)pthread_cond_signal(&cond);
		(void)pthread_mutex_unlock(&mutex);
	}
	return NULL;
}

static void *
give_or_take(void *argument)
{
	for (int i = 0; i < TURNS; i++) {
		(void)pthread_mutex_lock(&mutex);
		if ((long)argument % 2 == 0) {
			count++;
			(void)pthread_cond_signal(&cond);
		} else {
			while (count == 0)
				(void)pthread_cond_wait(&cond, &mutex);
			count--;
		}
		(void)pthread_mutex_unlock(&mutex);
	}
	return NULL;
}

static void *
await_broadcast(void *argument)
{
	(void)argument;
	(void)pthread_mutex_lock(&mutex);
	count++;
	while (turn == 0)
		(void)pthread_cond_wait(&cond, &mutex);
	(void)pthread_mutex_unlock(&mutex);
	return (void *)1;
}

static void *
broadcast_last(void *argument)
{
	if ((long)argument != THREADS)
		return await_broadcast(argument);
	for (;;) {
		(void)pthread_mutex_lock(&mutex);
		if (count == THREADS)
			break;
		(void)pthread_mutex_unlock(&mutex);
		sched_yield();
	}
	turn = 1;
	(void)pthread_cond_broadcast(&cond);
	(void)pthread_mutex_unlock(&mutex);
	return NULL;
}

static void
test_conditions(void)
{
	(void)run_all(2, take_turns);
	is(turn, 2l * TURNS, "two threads take turns by a condition");
	(void)run_all(2 * THREADS, give_or_take);
	is(count, 0, "no signal is lost");
	is(run_all(THREADS + 1, broadcast_last), THREADS,
	    "a broadcast wakes all");
}

static struct timespec
soon(clockid_t clock)
{
	struct timespec time;

	(void)clock_gettime(clock, &time);
	time.tv_nsec += A_WHILE * 1000000l;
	if (time.tv_nsec >= NSEC_PER_SEC) {
		time.tv_nsec -= NSEC_PER_SEC;
		time.tv_sec++;
	}
	return time;
}

static bool
has_passed(clockid_t clock, const struct timespec *time)
{
	struct timespec now;

	(void)clock_gettime(clock, &now);
	return now.tv_sec > time->tv_sec ||
	       (now.tv_sec == time->tv_sec && now.tv_nsec >= time->tv_nsec);
}

static bool
times_out(clockid_t clock)
{
	pthread_condattr_t attributes;
	pthread_cond_t lonely;
	struct timespec time = soon(clock);
	int error;

	(void)pthread_condattr_init(&attributes);
	(void)pthread_condattr_setclock(&attributes, clock);
	(void)pthread_cond_init(&lonely, &attributes);
	(void)pthread_mutex_lock(&mutex);
	error = pthread_cond_timedwait(&lonely, &mutex, &time);
	return pthread_mutex_unlock(&mutex) == 0 && error == ETIMEDOUT &&
	       has_passed(clock, &time);
}

static void *
lock_in_time(void *argument)
{
	struct timespec time = soon(CLOCK_REALTIME);
	int error = pthread_mutex_timedlock(&mutex, &time);

	(void)argument;
	return (void *)(long)(error == ETIMEDOUT &&
			      has_passed(CLOCK_REALTIME, &time));
}

static void
test_timeouts(void)
{
	struct timespec time;

	mutex_of_type(PTHREAD_MUTEX_ERRORCHECK);
	ok(times_out(CLOCK_REALTIME), "pthread_cond_timedwait() gives up");
	ok(times_out(CLOCK_MONOTONIC), "by CLOCK_MONOTONIC, too");
	time = soon(CLOCK_REALTIME);
	(void)pthread_mutex_lock(&mutex);
	is(pthread_cond_timedwait(&zeros, &mutex, &time), ETIMEDOUT,
	    "a condition of zeros goes by CLOCK_REALTIME");
	(void)pthread_mutex_unlock(&mutex);
	(void)pthread_mutex_lock(&mutex);
	is(run_all(2, lock_in_time), 2, "pthread_mutex_timedlock() gives up");
	(void)pthread_mutex_unlock(&mutex);
	mutex_of_type(PTHREAD_MUTEX_NORMAL);
	(void)sem_init(&sem, 0, 0);
	time = soon(CLOCK_REALTIME);
	is(sem_timedwait(&sem, &time), -1, "sem_timedwait() gives up");
	is(errno, ETIMEDOUT, "with ETIMEDOUT");
	ok(has_passed(CLOCK_REALTIME, &time), "not too early");
	time.tv_sec = -10;
	is(sem_timedwait(&sem, &time), -1, "before the Epoch is too late");
	is(errno, ETIMEDOUT, "but a time");
}

static void *
read_or_write(void *argument)
{
	long bad = 0;

	for (int i = 0; i < TURNS; i++) {
		if ((long)argument % 2 == 0) {
			bad += pthread_rwlock_wrlock(&rwlock) != 0;
			count++;
			if (i % 16 == 0)
				sched_yield();
			turn++;
		} else {
			bad += pthread_rwlock_rdlock(&rwlock) != 0;
			bad += count != turn;
		}
		bad += pthread_rwlock_unlock(&rwlock) != 0;
	}
	return (void *)bad;
}

static void
test_rwlock(void)
{
	is(run_all(THREADS, read_or_write), 0, "readers see no writer's half");
	is(count, THREADS / 2 * TURNS, "and writers are alone");
}

static void *
meet(void *argument)
{
	long serial = 0;

	(void)argument;
	for (int i = 0; i < TURNS / 10; i++)
		serial += pthread_barrier_wait(&barrier) ==
			  PTHREAD_BARRIER_SERIAL_THREAD;
	return (void *)serial;
}

static void *
meet_once(void *argument)
{
	(void)pthread_barrier_wait(&barrier);
	return argument;
}

static void
test_barrier(void)
{
	pthread_t thread;

	(void)pthread_barrier_init(&barrier, NULL, THREADS);
	is(run_all(THREADS, meet), TURNS / 10,
	    "a barrier has one serial thread a turn");
	is(pthread_barrier_destroy(&barrier), 0, "and can be destroyed");
	(void)pthread_barrier_init(&barrier, NULL, 2);
	thread = thread_start(meet_once, NULL);
	while (__atomic_load_n(&barrier.__state, __ATOMIC_RELAXED) == 0)
		(void)sys_yield();
	is(pthread_barrier_destroy(&barrier), EBUSY,
	    "but not while somebody waits at it");
	(void)pthread_barrier_wait(&barrier);
	(void)thread_join(thread);
}

static void *
post_or_wait(void *argument)
{
	long failed = 0;

	for (int i = 0; i < TURNS; i++) {
		if ((long)argument % 2 == 0)
			failed += sem_post(&sem) != 0;
		else
			failed += sem_wait(&sem) != 0;
	}
	return (void *)failed;
}

static void
test_semaphore(void)
{
	int value;

	(void)sem_init(&sem, 0, 0);
	is(run_all(2 * THREADS, post_or_wait), 0, "four post, four wait");
	(void)sem_getvalue(&sem, &value);
	is(value, 0, "no post is lost");
}

static void *
try_stream(void *argument)
{
	(void)argument;
	return (void *)(long)ftrylockfile(stdout);
}

static void
test_stream(void)
{
	flockfile(stdout);
	is(run_all(1, try_stream), -1, "flockfile() keeps others off");
	funlockfile(stdout);
	is(ftrylockfile(stdout), 0, "until funlockfile()");
	funlockfile(stdout);
}

int
main(void)
{
	test_counting();
	test_mutex_types();
	test_conditions();
	test_timeouts();
	test_rwlock();
	test_barrier();
	test_semaphore();
	test_stream();
	return tap_end();
}
