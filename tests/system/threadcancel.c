/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * threadcancel.c - threads that others end, wherever they are.
 */
#include "tap.h"
#include "tapthread.h"
#include "watch.h"

#include <errno.h>
#include <poll.h>
#include <semaphore.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/select.h>
#include <sys/wait.h>
#include <unistd.h>

#define ROUNDS 100
#define LONG_SECONDS 60
#define CANCELED (-1l)

static volatile long waiting, cleaned, passed;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static sem_t sem;
static pthread_t volatile sleeper;

static void
begin(void)
{
	waiting = cleaned = passed = 0;
}

static void
clean(void *argument)
{
	(void)argument;
	cleaned++;
}

/* Whatever waits, for far too long. */

static void
wait_nanosleep(void)
{
	(void)nanosleep(&(struct timespec){.tv_sec = LONG_SECONDS}, NULL);
}

static void
wait_sleep(void)
{
	(void)sleep(LONG_SECONDS);
}

static void
wait_select(void)
{
	(void)select(0, NULL, NULL, NULL, NULL);
}

static void
wait_pause(void)
{
	(void)pause();
}

static void
wait_signal(void)
{
	sigset_t set;
	int signal;

	(void)sigfillset(&set);
	(void)sigwait(&set, &signal);
}

static void
wait_semaphore(void)
{
	(void)sem_wait(&sem);
}

static void
wait_condition(void)
{
	(void)pthread_mutex_lock(&mutex);
	for (;;)
		(void)pthread_cond_wait(&cond, &mutex);
}

static void
wait_join(void)
{
	(void)pthread_join(sleeper, NULL);
}

static void
wait_read(void)
{
	char c;

	(void)read(STDIN_FILENO, &c, 1);
}

static void
wait_child(void)
{
	(void)waitpid(-1, NULL, 0);
}

static void (*volatile wait_somehow)(void);

static void *
run_wait(void *argument)
{
	pthread_cleanup_push(clean, NULL);
	waiting = 1;
	wait_somehow();
	pthread_cleanup_pop(0);
	return argument;
}

/* Cancel a thread that waits: what it gave. */
static long
cancelled(void (*wait)(void))
{
	pthread_t thread;
	int error;

	begin();
	wait_somehow = wait;
	thread = thread_start(run_wait, NULL);
	(void)watch(&waiting, 1);
	nap(A_MOMENT);
	error = pthread_cancel(thread);
	return error ? error : thread_join(thread);
}

static void
test_points(void)
{
	static const struct {
		void (*wait)(void);
		const char *claim;
	} points[] = {
	    {wait_nanosleep, "nanosleep() is a cancellation point"},
	    {wait_sleep, "so is sleep()"},
	    {wait_select, "so is select()"},
	    {wait_pause, "so is pause()"},
	    {wait_signal, "so is sigwait(), whatever signals it is for"},
	    {wait_semaphore, "so is sem_wait()"},
	    {wait_condition, "so is pthread_cond_wait()"},
	    {wait_join, "so is pthread_join()"},
	    {wait_read, "so is read()"},
	    {wait_child, "so is waitpid()"},
	};
	pthread_t thread;
	pid_t pid;

	(void)sem_init(&sem, 0, 0);
	wait_somehow = wait_pause;
	thread = sleeper = thread_start(run_wait, NULL);
	pid = fork();
	if (pid == 0) {
		for (;;)
			(void)pause();
	}
	for (size_t i = 0; i < LENGTH(points); i++) {
		ok(cancelled(points[i].wait) == CANCELED && cleaned == 1,
		    points[i].claim);
		if (points[i].wait == wait_condition)
			is(pthread_mutex_unlock(&mutex), 0,
			    "which takes its mutex before it cleans up");
	}
	(void)kill(pid, SIGKILL);
	(void)waitpid(pid, NULL, 0);
	is(pthread_cancel(thread), 0, "a thread that was to be joined");
	is(thread_join(thread), CANCELED, "still can be");
	is(sem_post(&sem), 0, "a semaphore");
	is(sem_trywait(&sem), 0, "still counts");
}

/* What need not wait. */

static void
pass_semaphore(void)
{
	static const struct timespec past;
	sem_t full;

	(void)sem_init(&full, 0, 1);
	(void)sem_timedwait(&full, &past);
}

static void
pass_nanosleep(void)
{
	(void)nanosleep(&(struct timespec){0}, NULL);
}

static void
pass_clock(void)
{
	static const struct timespec past;

	(void)clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &past, NULL);
}

static void
pass_poll(void)
{
	(void)poll(NULL, 0, 0);
}

static void
pass_read(void)
{
	char c;

	(void)read(STDIN_FILENO, &c, 0);
}

static void
pass_write(void)
{
	(void)write(STDOUT_FILENO, "", 0);
}

/* Not a point, though a child is waited for. */
static void
pass_spawn(void)
{
	char *argv[] = {(char[]){"nosuch"}, NULL};
	sigset_t mask;
	int error;

	error = posix_spawn(NULL, "/bin/nosuch", NULL, NULL, argv, environ);
	(void)sigprocmask(SIG_BLOCK, NULL, &mask);
	if (error == ENOENT && sigismember(&mask, SIGUSR1) == 0)
		cleaned = 1;
	pthread_testcancel();
}

static void *
run_ready(void *argument)
{
	(void)pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
	waiting = 1;
	(void)watch(&passed, 1);
	(void)pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, NULL);
	wait_somehow();
	return argument;
}

/* Have a thread that is cancelled already call this: what it gave. */
static long
ready(void (*call)(void))
{
	pthread_t thread;
	int error;

	begin();
	wait_somehow = call;
	thread = thread_start(run_ready, NULL);
	(void)watch(&waiting, 1);
	error = pthread_cancel(thread);
	passed = 1;
	return error ? error : thread_join(thread);
}

static void
test_ready(void)
{
	static const struct {
		void (*call)(void);
		const char *claim;
	} calls[] = {
	    {pass_semaphore, "sem_timedwait() is one without waiting, too"},
	    {pass_nanosleep, "so is nanosleep() for no time"},
	    {pass_clock, "clock_nanosleep() until a time that has passed"},
	    {pass_poll, "poll() for no time"},
	    {pass_read, "read() of nothing"},
	    {pass_write, "and write()"},
	};

	for (size_t i = 0; i < LENGTH(calls); i++)
		is(ready(calls[i].call), CANCELED, calls[i].claim);
	ok(ready(pass_spawn) == CANCELED && cleaned == 1,
	    "posix_spawn() is none, and ends what it has begun");
	ok(waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD,
	    "so that no child is left");
}

/* Those that run. */

static void *
run_deferred(void *argument)
{
	(void)argument;
	waiting = 1;
	/* Not watch(), which sleeps. */
	while (!passed)
		(void)sys_yield();
	for (int i = 0; i < ROUNDS; i++) {
		free(malloc(100));
		cleaned++;
	}
	pthread_testcancel();
	return NULL;
}

static void *
run_disabled(void *argument)
{
	int old = -1;

	(void)argument;
	(void)pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &old);
	waiting = 1;
	(void)watch(&passed, 1);
	nap(A_MOMENT);
	pthread_testcancel();
	cleaned = old == PTHREAD_CANCEL_ENABLE;
	(void)pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, &old);
	cleaned += old == PTHREAD_CANCEL_DISABLE;
	pthread_testcancel();
	return NULL;
}

static void *
run_anywhere(void *argument)
{
	(void)pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL);
	waiting = 1;
	while (cleaned == 0)
		passed++;
	return argument;
}

static void *
run_printing(void *argument)
{
	(void)pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL);
	waiting = 1;
	while (cleaned == 0) {
		flockfile(stdout);
		passed++;
		funlockfile(stdout);
	}
	return argument;
}

static long
cancel_running(void *(*run)(void *))
{
	pthread_t thread;

	begin();
	thread = thread_start(run, NULL);
	(void)watch(&waiting, 1);
	(void)pthread_cancel(thread);
	passed = 1;
	return thread_join(thread);
}

static void *
run_cancel_self(void *argument)
{
	pthread_cleanup_push(clean, NULL);
	(void)pthread_cancel(pthread_self());
	passed = 1;
	pthread_testcancel();
	passed = 2;
	pthread_cleanup_pop(0);
	return argument;
}

static void
test_running(void)
{
	pthread_t thread;

	ok(cancel_running(run_deferred) == CANCELED,
	    "pthread_testcancel() is a cancellation point");
	is(cleaned, ROUNDS, "malloc() is none");
	ok(cancel_running(run_disabled) == CANCELED && cleaned == 2,
	    "none is one while cancellation is disabled");
	is(cancel_running(run_anywhere), CANCELED,
	    "asynchronously, a thread ends anywhere");
	is(cancel_running(run_printing), CANCELED, "but not with a stream");
	ok(ftrylockfile(stdout) == 0, "which is free then");
	funlockfile(stdout);
	begin();
	thread = thread_start(run_cancel_self, NULL);
	ok(thread_join(thread) == CANCELED && passed == 1 && cleaned == 1,
	    "a thread can cancel itself");
}

/* A cancelled waiter does not keep a wakeup to itself. */

static void *
take(void *argument)
{
	(void)argument;
	__atomic_add_fetch(&waiting, 1, __ATOMIC_RELAXED);
	if (sem_wait(&sem) == 0)
		__atomic_add_fetch(&passed, 1, __ATOMIC_RELAXED);
	return NULL;
}

static void
test_handover(void)
{
	pthread_t first, second;
	long good = 0;

	for (int i = 0; i < ROUNDS; i++) {
		begin();
		first = thread_start(take, NULL);
		second = thread_start(take, NULL);
		(void)watch(&waiting, 2);
		(void)sem_post(&sem);
		(void)pthread_cancel(first);
		if (thread_join(first) == CANCELED)
			good += thread_join(second) == 0 && passed == 1;
		else {
			(void)sem_post(&sem);
			good += thread_join(second) == 0 && passed == 2;
		}
	}
	is(good, ROUNDS, "what woke a cancelled thread wakes another");
}

static void
test_errors(void)
{
	pthread_t thread = thread_start(take, NULL);
	sigset_t set;

	(void)sem_post(&sem);
	is(watch(&passed, 1), 1, "one that has ended");
	is(pthread_cancel(thread), 0, "but was not joined");
	is(thread_join(thread), 0, "may be cancelled, to no effect");

	ok(pthread_setcancelstate(99, NULL) == EINVAL &&
		pthread_setcanceltype(99, NULL) == EINVAL,
	    "what is no state or type is refused");
	(void)sigfillset(&set);
	is(sigismember(&set, SIGRTMAX), 1, "all signals can be held");
	errno = 0;
	ok(sigaddset(&set, SIGRTMAX + 1) == -1 && errno == EINVAL,
	    "but that which ends threads");
}

int
main(void)
{
	test_points();
	test_ready();
	test_running();
	test_handover();
	begin();
	test_errors();
	return tap_end();
}
