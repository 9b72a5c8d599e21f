/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_sync.c - mutexes, conditions and the like, between threads of the
 * host, with a futex that behaves as procsrv's.
 *
 * Also built with the thread sanitizer, which sees data that a lock does not
 * guard.  All is done twice, the second time with locks that processes could
 * share: the futex tells wakes of both kinds apart.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "host/host.h"

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <time.h>

#define THREADS 4
#define ROUNDS 5000
#define A_WHILE 30 /* milliseconds */
#define NSEC_PER_SEC 1000000000l

static pthread_mutex_t mutex;
static pthread_cond_t cond;
static pthread_rwlock_t rwlock;
static pthread_barrier_t *barrier;
static sem_t sem;
/* Guarded by whatever a test is about. */
static long count, turn;
/* What the locks are. */
static int shared;

/* The host's errno.h has other numbers than the target's: libc/fail.c. */
int __tine_fail(int error);

int
__tine_fail(int error)
{
	errno = error;
	return -1;
}

/* Nobody forks, either. */
pid_t __tine_fork_hooked(void);

pid_t
__tine_fork_hooked(void)
{
	return -1;
}

/* How often somebody asked who it is. */
static int asked;

pid_t getpid(void);

pid_t
getpid(void)
{
	__atomic_add_fetch(&asked, 1, __ATOMIC_RELAXED);
	return 1;
}

/* Nobody is cancelled here, so what is pushed is popped unused. */

void
__pthread_cleanup_push(
    struct __pthread_cleanup *cleanup, void (*routine)(void *), void *argument)
{
	cleanup->__routine = routine;
	cleanup->__argument = argument;
}

void
__pthread_cleanup_pop(struct __pthread_cleanup *cleanup, int execute)
{
	if (execute)
		cleanup->__routine(cleanup->__argument);
}

static void
mutex_of_type(int type)
{
	pthread_mutexattr_t attributes;

	assert_int_equal(pthread_mutexattr_init(&attributes), 0);
	assert_int_equal(pthread_mutexattr_settype(&attributes, type), 0);
	assert_int_equal(pthread_mutexattr_setpshared(&attributes, shared), 0);
	assert_int_equal(pthread_mutex_init(&mutex, &attributes), 0);
}

static void
cond_by_clock(pthread_cond_t *new, clockid_t clock)
{
	pthread_condattr_t attributes;

	assert_int_equal(pthread_condattr_init(&attributes), 0);
	assert_int_equal(pthread_condattr_setclock(&attributes, clock), 0);
	assert_int_equal(pthread_condattr_setpshared(&attributes, shared), 0);
	assert_int_equal(pthread_cond_init(new, &attributes), 0);
}

static int
begin(void **state)
{
	pthread_rwlockattr_t attributes;

	(void)state;
	mutex_of_type(PTHREAD_MUTEX_DEFAULT);
	cond_by_clock(&cond, CLOCK_REALTIME);
	(void)pthread_rwlockattr_init(&attributes);
	(void)pthread_rwlockattr_setpshared(&attributes, shared);
	(void)pthread_rwlock_init(&rwlock, &attributes);
	count = turn = 0;
	host_interrupt(0);
	(void)host_wakes();
	return 0;
}

static struct timespec
soon(clockid_t clock)
{
	struct timespec time;

	clock_gettime(clock, &time);
	time.tv_nsec += A_WHILE * 1000000l;
	if (time.tv_nsec >= NSEC_PER_SEC) {
		time.tv_nsec -= NSEC_PER_SEC;
		time.tv_sec++;
	}
	return time;
}

static int *
mutex_word(void)
{
	return (int *)&mutex.__word;
}

/* Mutexes. */

static void
count_with_mutex(unsigned int index)
{
	(void)index;
	for (int i = 0; i < ROUNDS; i++) {
		if (pthread_mutex_lock(&mutex) != 0)
			abort();
		count++;
		if (pthread_mutex_unlock(&mutex) != 0)
			abort();
	}
}

static void
a_mutex_excludes_other_threads(void **state)
{
	(void)state;
	for (int type = PTHREAD_MUTEX_NORMAL; type <= PTHREAD_MUTEX_RECURSIVE;
	     type++) {
		count = 0;
		mutex_of_type(type);
		host_interrupt(10);
		host_run(THREADS, count_with_mutex);
		assert_int_equal(count, THREADS * ROUNDS);
		assert_int_equal(pthread_mutex_destroy(&mutex), 0);
	}
}

static void
a_mutex_that_nobody_waits_for_wakes_nobody(void **state)
{
	(void)state;
	count_with_mutex(0);
	assert_int_equal(host_wakes(), 0);
}

static void
an_errorcheck_mutex_finds_mistakes(void **state)
{
	(void)state;
	mutex_of_type(PTHREAD_MUTEX_ERRORCHECK);
	assert_int_equal(pthread_mutex_unlock(&mutex), EPERM);
	assert_int_equal(pthread_mutex_lock(&mutex), 0);
	assert_int_equal(pthread_mutex_lock(&mutex), EDEADLK);
	assert_int_equal(pthread_mutex_trylock(&mutex), EBUSY);
	assert_int_equal(pthread_mutex_destroy(&mutex), EBUSY);
	assert_int_equal(pthread_mutex_unlock(&mutex), 0);
	assert_int_equal(pthread_mutex_unlock(&mutex), EPERM);
}

static void
unlock_other(unsigned int index)
{
	(void)index;
	count = pthread_mutex_unlock(&mutex);
	turn = pthread_mutex_trylock(&mutex);
}

static void
a_recursive_mutex_is_its_owners_until_the_last_unlock(void **state)
{
	(void)state;
	mutex_of_type(PTHREAD_MUTEX_RECURSIVE);
	for (int i = 0; i < 3; i++)
		assert_int_equal(pthread_mutex_lock(&mutex), 0);
	assert_int_equal(pthread_mutex_trylock(&mutex), 0);
	for (int i = 0; i < 4; i++) {
		host_run(1, unlock_other);
		assert_int_equal(count, EPERM);
		assert_int_equal(turn, EBUSY);
		assert_int_equal(pthread_mutex_unlock(&mutex), 0);
	}
	host_run(1, unlock_other);
	assert_int_equal(turn, 0);
}

/* Whoever asks procsrv with the lock held keeps it from others. */
static void
an_owner_asks_once_who_it_is(void **state)
{
	(void)state;
	mutex_of_type(PTHREAD_MUTEX_RECURSIVE);
	count_with_mutex(0);
	asked = 0;
	count_with_mutex(0);
	assert_int_equal(pthread_mutex_trylock(&mutex), 0);
	assert_int_equal(pthread_mutex_unlock(&mutex), 0);
	assert_int_equal(asked, 0);
}

static void
timed_lock(unsigned int index)
{
	struct timespec time = soon(CLOCK_REALTIME);

	(void)index;
	count = pthread_mutex_timedlock(&mutex, &time);
	time.tv_nsec = NSEC_PER_SEC;
	turn = pthread_mutex_timedlock(&mutex, &time);
}

static void
timedlock_gives_up_in_time(void **state)
{
	(void)state;
	assert_int_equal(pthread_mutex_lock(&mutex), 0);
	host_run(1, timed_lock);
	assert_int_equal(count, ETIMEDOUT);
	assert_int_equal(turn, EINVAL);
	assert_int_equal(pthread_mutex_unlock(&mutex), 0);
	assert_int_equal(*mutex_word(), 0);
	timed_lock(0);
	assert_int_equal(count, 0);
}

static void
mutexattr_takes_known_types_only(void **state)
{
	pthread_mutexattr_t attributes;
	int type;

	(void)state;
	(void)pthread_mutexattr_init(&attributes);
	assert_int_equal(pthread_mutexattr_settype(&attributes, 3), EINVAL);
	assert_int_equal(pthread_mutexattr_settype(&attributes, -1), EINVAL);
	assert_int_equal(pthread_mutexattr_gettype(&attributes, &type), 0);
	assert_int_equal(type, PTHREAD_MUTEX_DEFAULT);
}

/* Conditions. */

static void
take_turns(unsigned int index)
{
	for (int i = 0; i < ROUNDS; i++) {
		pthread_mutex_lock(&mutex);
		while (turn % 2 != index)
			pthread_cond_wait(&cond, &mutex);
		turn++;
		pthread_cond_signal(&cond);
		pthread_mutex_unlock(&mutex);
	}
}

static void
two_threads_take_turns(void **state)
{
	(void)state;
	host_interrupt(10);
	host_run(2, take_turns);
	assert_int_equal(turn, 2 * ROUNDS);
}

/* Half of the threads give, the others take. */
static void
give_or_take(unsigned int index)
{
	for (int i = 0; i < ROUNDS; i++) {
		pthread_mutex_lock(&mutex);
		if (index % 2 == 0) {
			count++;
			pthread_cond_signal(&cond);
		} else {
			while (count == 0)
				pthread_cond_wait(&cond, &mutex);
			count--;
		}
		pthread_mutex_unlock(&mutex);
	}
}

static void
no_signal_is_lost(void **state)
{
	(void)state;
	host_run(THREADS * 2, give_or_take);
	assert_int_equal(count, 0);
}

static void
a_signal_for_nobody_costs_no_wake(void **state)
{
	(void)state;
	assert_int_equal(pthread_cond_signal(&cond), 0);
	assert_int_equal(pthread_cond_broadcast(&cond), 0);
	assert_int_equal(host_wakes(), 0);
	/* Not after somebody was there, either: at most one finds nobody. */
	host_run(2, take_turns);
	(void)pthread_cond_signal(&cond);
	(void)host_wakes();
	assert_int_equal(pthread_cond_signal(&cond), 0);
	assert_int_equal(host_wakes(), 0);
}

static pthread_cond_t *volatile transient;

static void
await_transient(unsigned int index)
{
	pthread_mutex_lock(&mutex);
	if (index < THREADS) {
		while (turn == 0)
			pthread_cond_wait(transient, &mutex);
		count++;
		pthread_mutex_unlock(&mutex);
		return;
	}
	pthread_mutex_unlock(&mutex);
	host_wait_sleepers((const uint32_t *)&transient->__state, THREADS);
	pthread_mutex_lock(&mutex);
	turn = 1;
	pthread_cond_broadcast(transient);
	/* Those who are woken still want the mutex. */
	pthread_cond_destroy(transient);
	free(transient);
	pthread_mutex_unlock(&mutex);
}

static void
a_condition_may_go_once_it_was_broadcast(void **state)
{
	(void)state;
	transient = malloc(sizeof(*transient));
	assert_non_null(transient);
	cond_by_clock(transient, CLOCK_REALTIME);
	host_run(THREADS + 1, await_transient);
	assert_int_equal(count, THREADS);
}

static void
timedwait_gives_up_in_time(void **state)
{
	static const clockid_t clocks[] = {CLOCK_REALTIME, CLOCK_MONOTONIC};
	pthread_condattr_t attributes;
	struct timespec time, now;

	(void)state;
	for (int i = 0; i < 2; i++) {
		cond_by_clock(&cond, clocks[i]);
		(void)pthread_mutex_lock(&mutex);
		time = soon(clocks[i]);
		assert_int_equal(
		    pthread_cond_timedwait(&cond, &mutex, &time), ETIMEDOUT);
		clock_gettime(clocks[i], &now);
		assert_true(
		    now.tv_sec > time.tv_sec ||
		    (now.tv_sec == time.tv_sec && now.tv_nsec >= time.tv_nsec));
		/* The mutex is the caller's again. */
		assert_int_equal(pthread_mutex_trylock(&mutex), EBUSY);
		assert_int_equal(pthread_mutex_unlock(&mutex), 0);
	}
	(void)pthread_condattr_init(&attributes);
	assert_int_equal(
	    pthread_condattr_setclock(&attributes, CLOCK_THREAD_CPUTIME_ID),
	    EINVAL);
	time.tv_nsec = -1;
	assert_int_equal(pthread_cond_timedwait(&cond, &mutex, &time), EINVAL);
}

static void
wait_recursively(unsigned int index)
{
	if (index == 0) {
		for (int i = 0; i < 3; i++)
			pthread_mutex_lock(&mutex);
		while (turn == 0)
			pthread_cond_wait(&cond, &mutex);
		for (int i = 0; i < 3; i++)
			count += pthread_mutex_unlock(&mutex) == 0;
		count += pthread_mutex_unlock(&mutex) == EPERM;
		return;
	}
	host_wait_sleepers((const uint32_t *)&cond.__state, 1);
	/* A thread that only half gave it back would keep us waiting. */
	pthread_mutex_lock(&mutex);
	turn = 1;
	pthread_cond_signal(&cond);
	pthread_mutex_unlock(&mutex);
}

static void
waiting_gives_a_recursive_mutex_back_whole(void **state)
{
	(void)state;
	mutex_of_type(PTHREAD_MUTEX_RECURSIVE);
	host_run(2, wait_recursively);
	assert_int_equal(count, 4);
}

static void
waiting_without_the_mutex_is_refused(void **state)
{
	(void)state;
	mutex_of_type(PTHREAD_MUTEX_ERRORCHECK);
	assert_int_equal(pthread_cond_wait(&cond, &mutex), EPERM);
}

/* Once. */

static pthread_once_t once;

static void
routine(void)
{
	host_sleep(A_WHILE);
	count++;
}

static void
do_once(unsigned int index)
{
	(void)index;
	(void)pthread_once(&once, routine);
	/* The sanitizer would complain if it were not visible. */
	if (count != 1)
		abort();
}

static void
once_is_once_and_all_wait_for_it(void **state)
{
	(void)state;
	for (int i = 0; i < 5; i++) {
		count = 0;
		once = (pthread_once_t)PTHREAD_ONCE_INIT;
		host_run(THREADS * 2, do_once);
		assert_int_equal(count, 1);
	}
}

/* Readers and writers. */

static void
read_or_write(unsigned int index)
{
	for (int i = 0; i < ROUNDS; i++) {
		if (index % 2 == 0) {
			if (pthread_rwlock_wrlock(&rwlock) != 0)
				abort();
			count++;
			turn++;
		} else {
			if (pthread_rwlock_rdlock(&rwlock) != 0)
				abort();
			if (count != turn)
				abort();
		}
		if (pthread_rwlock_unlock(&rwlock) != 0)
			abort();
	}
}

static void
a_writer_is_alone(void **state)
{
	(void)state;
	host_run(THREADS, read_or_write);
	assert_int_equal(count, THREADS / 2 * ROUNDS);
	assert_int_equal(pthread_rwlock_destroy(&rwlock), 0);
}

static void
try_lock(unsigned int index)
{
	struct timespec time = soon(CLOCK_REALTIME);

	(void)index;
	count = pthread_rwlock_trywrlock(&rwlock);
	turn = pthread_rwlock_tryrdlock(&rwlock);
	if (turn == 0)
		(void)pthread_rwlock_unlock(&rwlock);
	if (count == EBUSY &&
	    pthread_rwlock_timedwrlock(&rwlock, &time) != ETIMEDOUT)
		abort();
}

static void
readers_share(void **state)
{
	(void)state;
	assert_int_equal(pthread_rwlock_unlock(&rwlock), EPERM);
	assert_int_equal(pthread_rwlock_rdlock(&rwlock), 0);
	host_run(1, try_lock);
	assert_int_equal(count, EBUSY);
	assert_int_equal(turn, 0);
	assert_int_equal(pthread_rwlock_rdlock(&rwlock), 0);
	assert_int_equal(pthread_rwlock_unlock(&rwlock), 0);
	assert_int_equal(pthread_rwlock_unlock(&rwlock), 0);
	assert_int_equal(pthread_rwlock_wrlock(&rwlock), 0);
	assert_int_equal(pthread_rwlock_wrlock(&rwlock), EDEADLK);
	assert_int_equal(pthread_rwlock_rdlock(&rwlock), EDEADLK);
	assert_int_equal(pthread_rwlock_destroy(&rwlock), EBUSY);
	host_run(1, try_lock);
	assert_int_equal(count, EBUSY);
	assert_int_equal(turn, EBUSY);
	assert_int_equal(pthread_rwlock_unlock(&rwlock), 0);
}

/* Barriers. */

static void
meet(unsigned int index)
{
	pthread_barrier_t *mine = barrier;
	int result;

	(void)index;
	for (int i = 0; i < ROUNDS / 10; i++) {
		__atomic_add_fetch(&count, 1, __ATOMIC_RELAXED);
		result = pthread_barrier_wait(mine);
		if (__atomic_load_n(&count, __ATOMIC_RELAXED) < THREADS * i)
			abort();
		if (result == PTHREAD_BARRIER_SERIAL_THREAD)
			__atomic_add_fetch(&turn, 1, __ATOMIC_RELAXED);
		else if (result != 0)
			abort();
	}
	if (pthread_barrier_wait(mine) == PTHREAD_BARRIER_SERIAL_THREAD) {
		/* While the others may still be inside. */
		pthread_barrier_destroy(mine);
		free(mine);
	}
}

static void
a_barrier_has_one_serial_thread_a_turn(void **state)
{
	pthread_barrierattr_t attributes;

	(void)state;
	barrier = malloc(sizeof(*barrier));
	assert_non_null(barrier);
	(void)pthread_barrierattr_init(&attributes);
	(void)pthread_barrierattr_setpshared(&attributes, shared);
	assert_int_equal(pthread_barrier_init(barrier, NULL, 0), EINVAL);
	assert_int_equal(
	    pthread_barrier_init(barrier, &attributes, THREADS), 0);
	host_run(THREADS, meet);
	assert_int_equal(count, THREADS * (ROUNDS / 10));
	assert_int_equal(turn, ROUNDS / 10);
}

/* More threads than are waited for: each comes in some turn. */
static void
meet_in_twos(unsigned int index)
{
	(void)index;
	while (__atomic_fetch_add(&count, 1, __ATOMIC_RELAXED) < 2 * ROUNDS) {
		if (pthread_barrier_wait(barrier) != 0)
			__atomic_add_fetch(&turn, 1, __ATOMIC_RELAXED);
	}
}

static void
a_barrier_counts_whoever_comes_as_a_turn_ends(void **state)
{
	pthread_barrier_t twos;

	(void)state;
	barrier = &twos;
	assert_int_equal(pthread_barrier_init(&twos, NULL, 2), 0);
	host_run(THREADS - 1, meet_in_twos);
	assert_int_equal(turn, ROUNDS);
	assert_int_equal(pthread_barrier_destroy(&twos), 0);
}

/* Semaphores. */

static void
post_or_wait(unsigned int index)
{
	for (int i = 0; i < ROUNDS; i++) {
		if (index % 2 == 0) {
			__atomic_add_fetch(&count, 1, __ATOMIC_RELAXED);
			if (sem_post(&sem) != 0)
				abort();
		} else {
			while (sem_wait(&sem) != 0)
				continue;
			__atomic_sub_fetch(&count, 1, __ATOMIC_RELAXED);
		}
	}
}

static void
no_post_is_lost(void **state)
{
	int value;

	(void)state;
	assert_int_equal(sem_init(&sem, shared, 0), 0);
	host_interrupt(10);
	host_run(THREADS * 2, post_or_wait);
	assert_int_equal(count, 0);
	assert_int_equal(sem_getvalue(&sem, &value), 0);
	assert_int_equal(value, 0);
}

static void
semaphores_fail_as_posix_says(void **state)
{
	struct timespec time = soon(CLOCK_REALTIME);

	(void)state;
	assert_int_equal(sem_init(&sem, 0, SEM_VALUE_MAX + 1u), -1);
	assert_int_equal(errno, EINVAL);
	assert_int_equal(sem_init(&sem, 0, 1), 0);
	assert_int_equal(sem_trywait(&sem), 0);
	assert_int_equal(sem_trywait(&sem), -1);
	assert_int_equal(errno, EAGAIN);
	assert_int_equal(sem_timedwait(&sem, &time), -1);
	assert_int_equal(errno, ETIMEDOUT);
	host_interrupt(1);
	assert_int_equal(sem_wait(&sem), -1);
	assert_int_equal(errno, EINTR);
	assert_int_equal(sem_init(&sem, 0, SEM_VALUE_MAX), 0);
	assert_int_equal(sem_post(&sem), -1);
	assert_int_equal(errno, EOVERFLOW);
}

#define TEST(name) cmocka_unit_test_setup(name, begin)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_mutex_excludes_other_threads),
	    TEST(a_mutex_that_nobody_waits_for_wakes_nobody),
	    TEST(an_errorcheck_mutex_finds_mistakes),
	    TEST(a_recursive_mutex_is_its_owners_until_the_last_unlock),
	    TEST(an_owner_asks_once_who_it_is),
	    TEST(timedlock_gives_up_in_time),
	    TEST(mutexattr_takes_known_types_only),
	    TEST(two_threads_take_turns),
	    TEST(no_signal_is_lost),
	    TEST(a_signal_for_nobody_costs_no_wake),
	    TEST(a_condition_may_go_once_it_was_broadcast),
	    TEST(timedwait_gives_up_in_time),
	    TEST(waiting_gives_a_recursive_mutex_back_whole),
	    TEST(waiting_without_the_mutex_is_refused),
	    TEST(once_is_once_and_all_wait_for_it),
	    TEST(a_writer_is_alone),
	    TEST(readers_share),
	    TEST(a_barrier_has_one_serial_thread_a_turn),
	    TEST(a_barrier_counts_whoever_comes_as_a_turn_ends),
	    TEST(no_post_is_lost),
	    TEST(semaphores_fail_as_posix_says),
	};

	for (; shared < 2; shared++) {
		if (cmocka_run_group_tests(tests, NULL, NULL) != 0)
			return 1;
	}
	return 0;
}
