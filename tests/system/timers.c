/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * timers.c - sleeping and timers.
 *
 * The host may be slow, so times have a least, and a most only where the
 * opposite would be seconds.
 */
#include "catch.h"
#include "tap.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/select.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SHORT 50 /* milliseconds */
#define LONG_SECONDS 60
/* So slow is no host. */
#define MUCH (LONG_SECONDS * 1000 / 2)
#define TICKS 5
#define SLEEPERS 5

static volatile long *shared;

static struct timespec
timespec_of(long ms)
{
	return (struct timespec){
	    .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
}

static struct itimerval
itimerval_of(long value, long interval)
{
	return (struct itimerval){
	    .it_value.tv_usec = value * 1000,
	    .it_interval.tv_usec = interval * 1000,
	};
}

static void
test_sleep(void)
{
	const struct timespec a_while = timespec_of(SHORT);
	const struct timespec bad[] = {{0, -1}, {0, 1000000000}, {-1, 0}};
	uint64_t start = milliseconds();
	bool all = true;

	ok(nanosleep(&a_while, NULL) == 0 && milliseconds() - start >= SHORT,
	    "nanosleep lasts as long as asked for, or longer");
	start = milliseconds();
	ok(usleep(SHORT * 1000) == 0 && milliseconds() - start >= SHORT,
	    "usleep too");
	start = milliseconds();
	ok(sleep(1) == 0 && milliseconds() - start >= 1000, "sleep too");
	for (size_t i = 0; i < LENGTH(bad); i++) {
		errno = 0;
		all = all && nanosleep(&bad[i], NULL) == -1 && errno == EINVAL;
	}
	ok(all, "what is no time is refused");
}

/* select(), pselect() and poll() of nothing are sleeps. */
static void
test_select(void)
{
	struct timeval a_while = {.tv_usec = SHORT * 1000};
	struct timeval bad = {.tv_usec = -1};
	const struct timespec precise = timespec_of(SHORT);
	uint64_t start = milliseconds();
	sigset_t mask;

	catch_signal(SIGALRM, 0);
	ok(select(0, NULL, NULL, NULL, &a_while) == 0 &&
		milliseconds() - start >= SHORT,
	    "select of no descriptors is a sleep");
	start = milliseconds();
	ok(pselect(0, NULL, NULL, NULL, &precise, NULL) == 0 &&
		milliseconds() - start >= SHORT,
	    "pselect too");
	start = milliseconds();
	ok(poll(NULL, 0, SHORT) == 0 && milliseconds() - start >= SHORT,
	    "poll too");
	ok(select(0, NULL, NULL, NULL, &bad) == -1 && errno == EINVAL,
	    "unless that is no time");
	errno = 0;
	(void)alarm(1);
	ok(select(0, NULL, NULL, NULL, NULL) == -1 && errno == EINTR,
	    "select without a time waits for a handler");
	(void)alarm(1);
	ok(poll(NULL, 0, -1) == -1 && errno == EINTR, "so does poll");
	(void)sigemptyset(&mask);
	(void)sigaddset(&mask, SIGALRM);
	(void)sigprocmask(SIG_BLOCK, &mask, NULL);
	(void)raise(SIGALRM);
	(void)sigemptyset(&mask);
	errno = 0;
	ok(pselect(0, NULL, NULL, NULL, NULL, &mask) == -1 && errno == EINTR,
	    "pselect lets through what its mask does");
	(void)sigaddset(&mask, SIGALRM);
	(void)sigprocmask(SIG_UNBLOCK, &mask, NULL);
	errno = 0;
	ok(select(1, NULL, NULL, NULL, &a_while) == -1 && errno == ENOSYS,
	    "descriptors are not waited for yet");
	(void)signal(SIGALRM, SIG_DFL);
}

static void
test_absolute(void)
{
	const struct timespec before_all = {.tv_sec = -5};
	struct timespec when;
	uint64_t start = milliseconds();

	(void)clock_gettime(CLOCK_MONOTONIC, &when);
	is(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &when, NULL), 0,
	    "a time that has passed is not waited for");
	is(clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &before_all, NULL), 0,
	    "nor one before the Epoch");
	when.tv_nsec += SHORT * 1000000;
	if (when.tv_nsec >= 1000000000) {
		when.tv_sec++;
		when.tv_nsec -= 1000000000;
	}
	ok(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &when, NULL) == 0 &&
		milliseconds() - start >= SHORT,
	    "one that is to come is");
	ok(clock_nanosleep(CLOCK_PROCESS_CPUTIME_ID, 0, &when, NULL) ==
		    ENOTSUP &&
		clock_nanosleep(99, 0, &when, NULL) == EINVAL,
	    "not by every clock");
}

static void
test_interrupted(void)
{
	const struct timespec long_time = {.tv_sec = LONG_SECONDS};
	struct timespec left = {0};
	uint64_t start = milliseconds();
	pid_t pid;

	catch_signal(SIGUSR1, SA_RESTART);
	pid = nag(SIGUSR1);
	errno = 0;
	ok(nanosleep(&long_time, &left) == -1 && errno == EINTR && calls > 0,
	    "F75 a handler ends nanosleep, SA_RESTART or not");
	ok(left.tv_sec >= LONG_SECONDS - MUCH / 1000 &&
		left.tv_sec < LONG_SECONDS && milliseconds() - start < MUCH,
	    "what is left is told");
	nag_end(pid);
	pid = nag(SIGUSR1);
	ok(sleep(LONG_SECONDS) > LONG_SECONDS - MUCH / 1000,
	    "sleep tells what is left in seconds");
	nag_end(pid);
	(void)signal(SIGUSR1, SIG_IGN);
	pid = nag(SIGUSR1);
	start = milliseconds();
	ok(usleep(4 * A_WHILE * 1000) == 0 &&
		milliseconds() - start >= 4 * A_WHILE,
	    "an ignored signal does not end it");
	nag_end(pid);
}

static int
is_killed_by_alarm(void)
{
	(void)alarm(1);
	(void)sleep(LONG_SECONDS);
	return 0;
}

static int
has_no_timer(void)
{
	struct itimerval now;

	return getitimer(ITIMER_REAL, &now) == 0 && now.it_value.tv_sec == 0 &&
	       now.it_value.tv_usec == 0 && alarm(0) == 0;
}

static void
test_alarm(void)
{
	uint64_t start = milliseconds();

	is(child_status(is_killed_by_alarm), SIGALRM,
	    "alarm sends SIGALRM, which ends the process");
	ok(milliseconds() - start >= 1000, "in time");
	catch_signal(SIGALRM, 0);
	start = milliseconds();
	ok(alarm(1) == 0 && pause() == -1 && errno == EINTR && calls == 1 &&
		milliseconds() - start >= 1000,
	    "or its handler runs");
	(void)alarm(LONG_SECONDS);
	is(child_status(has_no_timer), EXITED(1), "F27 a child has no timer");
	is(alarm(0), LONG_SECONDS, "alarm tells what was left");
	is(alarm(0), 0, "alarm(0) stops it");
}

static void
test_itimer(void)
{
	struct itimerval timer = itimerval_of(SHORT, SHORT), now;
	const struct itimerval off = {0}, bad = {.it_value.tv_usec = 1000000};
	uint64_t start = milliseconds();
	sigset_t none;

	(void)sigemptyset(&none);
	catch_signal(SIGALRM, SA_SIGINFO);
	hold(SIGALRM, 0);
	(void)setitimer(ITIMER_REAL, &timer, NULL);
	while (calls < TICKS)
		(void)sigsuspend(&none);
	ok(milliseconds() - start >= TICKS * SHORT,
	    "setitimer sends SIGALRM again and again");
	is(seen.si_code, SI_TIMER, "as a timer's");
	ok(getitimer(ITIMER_REAL, &now) == 0 &&
		now.it_interval.tv_usec == SHORT * 1000 &&
		now.it_value.tv_usec > 0 &&
		now.it_value.tv_usec <= SHORT * 1000,
	    "getitimer tells the interval and what is left");
	ok(setitimer(ITIMER_REAL, &off, &now) == 0 &&
		now.it_interval.tv_usec == SHORT * 1000,
	    "setitimer tells it too");
	unhold(SIGALRM, 0);
	calls = 0;
	(void)usleep(3 * SHORT * 1000);
	is(calls, 0, "and stops it");
	errno = 0;
	ok(setitimer(ITIMER_REAL, &bad, NULL) == -1 && errno == EINVAL,
	    "what is no time is refused");
	errno = 0;
	ok(setitimer(99, &off, NULL) == -1 && errno == EINVAL &&
		getitimer(99, &now) == -1 && errno == EINVAL,
	    "and timers that there are not");
}

/* SIGALRM while a program computes: it is on its way already. */
static void
test_running(void)
{
	const struct itimerval timer = itimerval_of(SHORT, 0);
	uint64_t start = milliseconds();

	catch_signal(SIGALRM, 0);
	(void)setitimer(ITIMER_REAL, &timer, NULL);
	while (calls == 0 && milliseconds() - start < MUCH)
		continue;
	is(calls, 1, "F75 a timer interrupts a program that runs on");
}

/* Timers of the time that the process runs. */
static void
test_virtual(void)
{
	static const int cases[][2] = {
	    {ITIMER_VIRTUAL, SIGVTALRM}, {ITIMER_PROF, SIGPROF}};
	const struct itimerval timer = itimerval_of(SHORT, 0), off = {0};

	for (size_t i = 0; i < LENGTH(cases); i++) {
		uint64_t start = milliseconds();

		catch_signal(cases[i][1], 0);
		(void)setitimer(cases[i][0], &timer, NULL);
		(void)usleep(4 * SHORT * 1000);
		is(calls, 0, "while it sleeps, such a timer stands still");
		while (calls == 0 && milliseconds() - start < MUCH)
			continue;
		is(calls, 1, "and goes off when the process has run");
		(void)setitimer(cases[i][0], &off, NULL);
	}
}

/* A timer with these, or without an event. */
static timer_t
timer_with(struct sigevent *event)
{
	timer_t timer = 0;

	ok(timer_create(CLOCK_MONOTONIC, event, &timer) == 0 && timer != 0,
	    "timer_create makes a timer");
	return timer;
}

static void
test_timer(void)
{
	struct sigevent event = {.sigev_notify = SIGEV_SIGNAL,
	    .sigev_signo = SIGRTMIN,
	    .sigev_value.sival_int = 77};
	struct itimerspec value = {
	    .it_value = timespec_of(SHORT), .it_interval = timespec_of(SHORT)};
	uint64_t start = milliseconds();
	struct itimerspec now;
	siginfo_t info = {0};
	timer_t timer;
	sigset_t set;

	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGRTMIN);
	(void)sigprocmask(SIG_BLOCK, &set, NULL);
	timer = timer_with(&event);
	ok(timer_settime(timer, 0, &value, NULL) == 0 &&
		sigwaitinfo(&set, &info) == SIGRTMIN &&
		milliseconds() - start >= SHORT,
	    "its signal comes in time");
	ok(info.si_code == SI_TIMER && info.si_value.sival_int == 77,
	    "with the value that it was given");
	(void)usleep(4 * SHORT * 1000);
	ok(sigwaitinfo(&set, &info) == SIGRTMIN && timer_getoverrun(timer) >= 2,
	    "what it missed meanwhile are overruns");
	ok(timer_gettime(timer, &now) == 0 &&
		now.it_interval.tv_nsec == SHORT * 1000000 &&
		now.it_value.tv_sec == 0 && now.it_value.tv_nsec > 0 &&
		now.it_value.tv_nsec <= SHORT * 1000000,
	    "timer_gettime tells the interval and what is left");
	value.it_value = timespec_of(0);
	ok(timer_settime(timer, 0, &value, &now) == 0 &&
		now.it_interval.tv_nsec == SHORT * 1000000 &&
		timer_gettime(timer, &now) == 0 && now.it_value.tv_sec == 0 &&
		now.it_value.tv_nsec == 0,
	    "timer_settime tells it too, and stops it");
	(void)clock_gettime(CLOCK_MONOTONIC, &value.it_value);
	value.it_interval = timespec_of(0);
	value.it_value.tv_sec++;
	(void)sigtimedwait(&set, &info, &value.it_interval);
	start = milliseconds();
	ok(timer_settime(timer, TIMER_ABSTIME, &value, NULL) == 0 &&
		sigwaitinfo(&set, &info) == SIGRTMIN &&
		milliseconds() - start >= 1000 - 1,
	    "a time can be absolute");
	value.it_value.tv_sec = -5;
	ok(timer_settime(timer, TIMER_ABSTIME, &value, NULL) == 0 &&
		sigwaitinfo(&set, &info) == SIGRTMIN,
	    "and before the Epoch");
	ok(timer_delete(timer) == 0 && timer_delete(timer) == -1 &&
		errno == EINVAL,
	    "a timer is deleted once");
	(void)sigprocmask(SIG_UNBLOCK, &set, NULL);
}

static int
has_no_such_timer(void)
{
	struct itimerspec now;

	return timer_gettime(1, &now) == -1 && errno == EINVAL;
}

static void
test_timer_default(void)
{
	const struct itimerspec value = {.it_value = timespec_of(SHORT)};
	struct sigevent none = {.sigev_notify = SIGEV_NONE};
	struct itimerspec now = {0};
	timer_t timer = timer_with(NULL), silent = timer_with(&none);

	catch_signal(SIGALRM, SA_SIGINFO);
	is(child_status(has_no_such_timer), EXITED(1),
	    "F27 a child has no such timer");
	(void)timer_settime(silent, 0, &value, NULL);
	(void)timer_settime(timer, 0, &value, NULL);
	while (calls == 0)
		(void)usleep(SHORT * 1000);
	ok(calls == 1 && seen.si_code == SI_TIMER &&
		seen.si_value.sival_int == (int)timer,
	    "without an event it sends SIGALRM with its id");
	ok(timer_gettime(silent, &now) == 0 && now.it_value.tv_nsec == 0,
	    "one with SIGEV_NONE runs and sends nothing");
	ok(timer_delete(timer) == 0 && timer_delete(silent) == 0,
	    "both can be deleted");
	(void)signal(SIGALRM, SIG_DFL);
}

static void
test_timer_refused(void)
{
	struct sigevent thread = {.sigev_notify = SIGEV_THREAD};
	struct sigevent bad[] = {{.sigev_notify = 99},
	    {.sigev_notify = SIGEV_SIGNAL},
	    {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMAX + 1}};
	const struct itimerspec no_time = {.it_value.tv_nsec = 1000000000};
	timer_t timers[TIMER_MAX + 1];
	bool all = true;
	int made = 0;

	errno = 0;
	ok(timer_create(CLOCK_MONOTONIC, &thread, timers) == -1 &&
		errno == ENOTSUP &&
		timer_create(CLOCK_PROCESS_CPUTIME_ID, NULL, timers) == -1 &&
		errno == ENOTSUP,
	    "there are none with SIGEV_THREAD, nor of CPU time");
	for (size_t i = 0; i < LENGTH(bad); i++) {
		errno = 0;
		all = timer_create(CLOCK_REALTIME, &bad[i], timers) == -1 &&
		      errno == EINVAL && all;
	}
	ok(all && timer_create(99, NULL, timers) == -1 && errno == EINVAL,
	    "nor with what is no event or clock");
	while (made <= TIMER_MAX &&
	       timer_create(CLOCK_REALTIME, NULL, &timers[made]) == 0)
		made++;
	ok(made == TIMER_MAX && errno == EAGAIN, "there are TIMER_MAX");
	errno = 0;
	ok(timer_settime(timers[0], 0, &no_time, NULL) == -1 &&
		errno == EINVAL && timer_getoverrun(~0ul) == -1,
	    "what is no time, or no timer, is refused");
	while (made-- > 0)
		(void)timer_delete(timers[made]);
}

/* The i-th of several children: sleeps, then takes the next place. */
static int
sleep_and_count(long i)
{
	const struct timespec time = timespec_of(SHORT * (i + 1));

	if (nanosleep(&time, NULL) != 0)
		return 1;
	shared[1 + __atomic_fetch_add(&shared[0], 1, __ATOMIC_SEQ_CST)] = i;
	return 0;
}

static void
test_sleepers(void)
{
	pid_t pids[SLEEPERS];
	bool all = true;

	shared[0] = 0;
	/* The longest first. */
	for (long i = SLEEPERS - 1; i >= 0; i--) {
		pids[i] = fork();
		if (pids[i] == 0)
			_exit(sleep_and_count(i));
	}
	for (int i = 0; i < SLEEPERS; i++)
		all = status_of(pids[i]) == 0 && all;
	ok(all && shared[0] == SLEEPERS, "many sleep at a time");
}

int
main(void)
{
	shared = shared_page();
	test_sleep();
	test_absolute();
	test_select();
	test_interrupted();
	test_alarm();
	test_itimer();
	test_running();
	test_virtual();
	test_timer();
	test_timer_default();
	test_timer_refused();
	test_sleepers();
	return tap_end();
}
