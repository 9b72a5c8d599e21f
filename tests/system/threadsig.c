/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * threadsig.c - signals to threads, and locks that handlers interrupt.
 */
#include "tap.h"
#include "tapthread.h"

#include <errno.h>
#include <semaphore.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define A_WHILE 30 /* milliseconds */
#define SHOTS 50

static volatile long waiting, done;
static pthread_t volatile handled_by;
static volatile long handled;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static sem_t sem, answer;

static void
note(int signal)
{
	(void)signal;
	handled_by = pthread_self();
	__atomic_add_fetch(&handled, 1, __ATOMIC_RELAXED);
}

static void
post(int signal)
{
	(void)signal;
	(void)sem_post(&answer);
}

static void
set_handler(int signal, void (*handler)(int), int flags)
{
	struct sigaction action = {
	    .sa_handler = handler,
	    .sa_flags = flags,
	};

	(void)sigaction(signal, &action, NULL);
}

static void
begin(void)
{
	waiting = done = handled = 0;
	handled_by = NULL;
}

/* Let a thread that says that it waits come to do so. */
static void
let_wait(void)
{
	(void)wait_flag(&waiting);
	spin(A_WHILE);
	(void)sys_yield();
}

static bool
all_handled(long count)
{
	for (int i = 0; i < 1000 && handled < count; i++) {
		spin(1);
		(void)sys_yield();
	}
	return handled == count;
}

static void *
run_until_done(void *argument)
{
	waiting = 1;
	while (!done)
		continue;
	return argument;
}

static void
test_kill(void)
{
	pthread_t thread;

	begin();
	set_handler(SIGUSR1, note, 0);
	thread = thread_start(run_until_done, NULL);
	let_wait();
	is(pthread_kill(thread, SIGUSR1), 0, "F75 a thread gets a signal");
	ok(all_handled(1) && pthread_equal(handled_by, thread),
	    "F75 and runs its handler");
	is(pthread_kill(pthread_self(), SIGUSR1), 0, "F75 so does the sender");
	ok(handled == 2 && pthread_equal(handled_by, pthread_self()),
	    "F75 before pthread_kill() returns");
	done = 1;
	(void)thread_join(thread);
}

/* A signal may be there before a thread's first instruction. */

static void *
handle_at_once(void *argument)
{
	(void)argument;
	/* On another hart it may have begun before the signal is sent. */
	(void)wait_flag(&handled);
	return (void *)(long)pthread_equal(handled_by, pthread_self());
}

static void
test_first_thing(void)
{
	pthread_t thread;
	long good = 0;

	for (int i = 0; i < SHOTS; i++) {
		begin();
		thread = thread_start(handle_at_once, NULL);
		(void)pthread_kill(thread, SIGUSR1);
		good += thread_join(thread);
	}
	is(good, SHOTS, "F75 a handler knows the thread that has just begun");
}

static sigset_t
set_of(int signal)
{
	sigset_t set;

	(void)sigemptyset(&set);
	(void)sigaddset(&set, signal);
	return set;
}

static void *
inherit_mask(void *argument)
{
	sigset_t mask, set = set_of(SIGUSR1);

	(void)argument;
	(void)pthread_sigmask(SIG_UNBLOCK, &set, &mask);
	waiting = 1;
	while (!done)
		(void)sys_yield();
	return (void *)(long)sigismember(&mask, SIGUSR1);
}

static void
test_mask(void)
{
	sigset_t mask, set = set_of(SIGUSR1);
	pthread_t thread;

	begin();
	is(pthread_sigmask(SIG_BLOCK, &set, NULL), 0, "F75 a thread's mask");
	thread = thread_start(inherit_mask, NULL);
	let_wait();
	(void)pthread_sigmask(SIG_BLOCK, NULL, &mask);
	is(sigismember(&mask, SIGUSR1), 1, "F75 is not another's");
	(void)kill(getpid(), SIGUSR1);
	ok(all_handled(1) && pthread_equal(handled_by, thread),
	    "F75 a signal to the process goes to one that does not hold it");
	done = 1;
	is(thread_join(thread), 1, "F75 a new thread has its creator's mask");
	(void)pthread_sigmask(SIG_UNBLOCK, &set, NULL);
	errno = 0;
	is(pthread_sigmask(77, &set, NULL), EINVAL, "F75 errors are returned");
	is(errno, 0, "F75 not in errno");
}

/* A handler interrupts what waits. */

static void *
wait_on_semaphore(void *argument)
{
	(void)argument;
	waiting = 1;
	return (void *)(long)(sem_wait(&sem) == 0 ? 0 : errno);
}

static void
test_semaphore(void)
{
	pthread_t thread;

	begin();
	(void)sem_init(&sem, 0, 0);
	(void)sem_init(&answer, 0, 0);
	thread = thread_start(wait_on_semaphore, NULL);
	let_wait();
	(void)pthread_kill(thread, SIGUSR1);
	is(thread_join(thread), EINTR, "a handler ends sem_wait()");
	begin();
	set_handler(SIGUSR1, note, SA_RESTART);
	thread = thread_start(wait_on_semaphore, NULL);
	let_wait();
	(void)pthread_kill(thread, SIGUSR1);
	ok(all_handled(1), "with SA_RESTART it runs");
	(void)sem_post(&sem);
	is(thread_join(thread), 0, "and sem_wait() goes on");
	set_handler(SIGUSR2, post, 0);
	(void)raise(SIGUSR2);
	is(sem_trywait(&answer), 0, "a handler can post");
}

static void *
wait_on_condition(void *argument)
{
	long error = 0;

	(void)argument;
	(void)pthread_mutex_lock(&mutex);
	waiting = 1;
	while (!done && error == 0)
		error = pthread_cond_wait(&cond, &mutex);
	(void)pthread_mutex_unlock(&mutex);
	return (void *)error;
}

static void
test_condition(void)
{
	pthread_t thread;

	begin();
	set_handler(SIGUSR1, note, 0);
	thread = thread_start(wait_on_condition, NULL);
	let_wait();
	(void)pthread_kill(thread, SIGUSR1);
	ok(all_handled(1), "a handler runs in pthread_cond_wait()");
	(void)pthread_mutex_lock(&mutex);
	done = 1;
	(void)pthread_cond_signal(&cond);
	(void)pthread_mutex_unlock(&mutex);
	is(thread_join(thread), 0, "which never fails with EINTR");
}

static void *
lock_mutex(void *argument)
{
	(void)argument;
	waiting = 1;
	if (pthread_mutex_lock(&mutex) != 0)
		return (void *)1;
	/* Nobody else can have it. */
	return (void *)(long)(pthread_mutex_unlock(&mutex) != 0 || !done);
}

static void
test_mutex(void)
{
	pthread_t thread;

	begin();
	(void)pthread_mutex_lock(&mutex);
	thread = thread_start(lock_mutex, NULL);
	let_wait();
	(void)pthread_kill(thread, SIGUSR1);
	ok(all_handled(1), "a handler runs in pthread_mutex_lock()");
	done = 1;
	(void)pthread_mutex_unlock(&mutex);
	is(thread_join(thread), 0, "which goes on to wait");
}

/* malloc() in a thread that is shot at, against another that allocates. */

static void *
allocate(void *argument)
{
	waiting = 1;
	while (!done) {
		char *block = malloc(100);

		if (block == NULL)
			return NULL;
		memset(block, 1, 100);
		free(block);
	}
	return argument;
}

static void
test_malloc(void)
{
	pthread_t victim, other;

	begin();
	victim = thread_start(allocate, POINTER(1));
	other = thread_start(allocate, POINTER(1));
	(void)wait_flag(&waiting);
	for (long i = 1; i <= SHOTS; i++) {
		(void)pthread_kill(victim, SIGUSR1);
		(void)all_handled(i);
	}
	done = 1;
	is(thread_join(victim) + thread_join(other), 2,
	    "signals do no harm to malloc()");
	is(handled, SHOTS, "F75 each of them is handled");
}

int
main(void)
{
	test_kill();
	test_first_thing();
	test_mask();
	test_semaphore();
	test_condition();
	test_mutex();
	test_malloc();
	return tap_end();
}
