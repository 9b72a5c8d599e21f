/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sigwaits.c - queues of signals, and waiting for them.
 */
#include "catch.h"
#include "tap.h"

#include <errno.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#define VALUES 5
/* POSIX's least, and more than there can be. */
#define FEW 32
#define MANY 100000

static void
test_queue(void)
{
	sigset_t set = set_of(SIGRTMIN, SIGRTMIN + 1);
	siginfo_t info;
	bool ordered = true;

	catch_signal(SIGRTMIN, SA_SIGINFO);
	hold(SIGRTMIN, SIGRTMIN + 1);
	(void)sigqueue(getpid(), SIGRTMIN + 1, (union sigval){.sival_int = 99});
	for (int i = 0; i < VALUES; i++)
		(void)sigqueue(
		    getpid(), SIGRTMIN, (union sigval){.sival_int = i});
	for (int i = 0; i < VALUES; i++)
		ordered = ordered && sigwaitinfo(&set, &info) == SIGRTMIN &&
			  info.si_value.sival_int == i &&
			  info.si_code == SI_QUEUE && info.si_signo == SIGRTMIN;
	ok(ordered, "F75 queued signals come all, in their order");
	ok(sigwaitinfo(&set, &info) == SIGRTMIN + 1 &&
		info.si_value.sival_int == 99,
	    "F75 the lower number first");
	is(calls, 0, "F75 who waits for them runs no handler");
	ok(!is_pending(SIGRTMIN) && !is_pending(SIGRTMIN + 1),
	    "F75 and none is left");
	unhold(SIGRTMIN, SIGRTMIN + 1);
}

static int
queue_until_refused(void)
{
	sigset_t set = set_of(SIGRTMAX, 0);
	long sent = 0, taken = 0;

	hold(SIGRTMAX, 0);
	while (
	    sent < MANY && sigqueue(getpid(), SIGRTMAX, (union sigval){0}) == 0)
		sent++;
	if (sent < FEW || sent == MANY || errno != EAGAIN)
		return 1;
	while (sigtimedwait(&set, NULL, &(struct timespec){0}) == SIGRTMAX)
		taken++;
	if (taken != sent || errno != EAGAIN)
		return 2;
	return sigqueue(getpid(), SIGRTMAX, (union sigval){0}) == 0 ? 0 : 3;
}

static void
test_suspend(void)
{
	sigset_t none;
	pid_t pid;

	(void)sigemptyset(&none);
	catch_signal(SIGUSR1, 0);
	hold(SIGUSR1, SIGUSR2);
	(void)raise(SIGUSR1);
	errno = 0;
	ok(sigsuspend(&none) == -1 && errno == EINTR && calls == 1,
	    "F75 sigsuspend() lets in what is pending");
	ok(!sigismember(&held, SIGUSR2) && sigismember(&held, SIGUSR1),
	    "F75 its mask is in force while the handler runs");
	ok(is_held(SIGUSR1) && is_held(SIGUSR2), "F75 and not afterwards");
	pid = send_later(SIGUSR1);
	errno = 0;
	ok(sigsuspend(&none) == -1 && errno == EINTR && calls == 2,
	    "F75 it waits for a signal");
	is(status_of(pid), EXITED(0), "F75 of another process");
	catch_signal(SIGUSR1, SA_RESTART);
	pid = send_later(SIGUSR1);
	errno = 0;
	ok(sigsuspend(&none) == -1 && errno == EINTR && calls == 1,
	    "F75 it is never restarted");
	(void)status_of(pid);
	unhold(SIGUSR1, SIGUSR2);
	pid = nag(SIGUSR1);
	errno = 0;
	ok(pause() == -1 && errno == EINTR && calls > 1, "F75 pause() neither");
	nag_end(pid);
}

static void
test_wait(void)
{
	const struct timespec none = {0}, a_while = {.tv_nsec = 50000000};
	const struct timespec bad = {.tv_nsec = 1000000000};
	sigset_t set = set_of(SIGUSR1, 0);
	uint64_t start = milliseconds();
	siginfo_t info;
	int signal = 0;
	pid_t pid;

	catch_signal(SIGUSR1, 0);
	catch_signal(SIGUSR2, SA_RESTART);
	hold(SIGUSR1, 0);
	errno = 0;
	ok(sigtimedwait(&set, &info, &none) == -1 && errno == EAGAIN,
	    "F75 sigtimedwait() of no time does not wait");
	errno = 0;
	ok(sigtimedwait(&set, &info, &a_while) == -1 && errno == EAGAIN &&
		milliseconds() - start >= 50,
	    "F75 it waits until its time is over");
	errno = 0;
	ok(sigtimedwait(&set, &info, &bad) == -1 && errno == EINVAL,
	    "F75 and knows what is no time");
	pid = send_later(SIGUSR1);
	ok(sigwaitinfo(&set, &info) == SIGUSR1 && info.si_pid == pid &&
		info.si_code == SI_USER && calls == 0,
	    "F75 sigwaitinfo() takes a signal that comes");
	(void)status_of(pid);
	pid = nag(SIGUSR2);
	errno = 0;
	ok(sigwaitinfo(&set, &info) == -1 && errno == EINTR && calls > 0,
	    "F75 another one's handler ends it, SA_RESTART or not");
	nag_end(pid);
	calls = 0;
	(void)raise(SIGUSR1);
	ok(sigwait(&set, &signal) == 0 && signal == SIGUSR1,
	    "F75 sigwait() tells which");
	unhold(SIGUSR1, 0);
	is(calls, 0, "F75 and leaves nothing pending");
}

int
main(void)
{
	test_queue();
	is(child_status(queue_until_refused), EXITED(0),
	    "F75 a queue has an end, loses nothing, and has room again");
	test_suspend();
	test_wait();
	return tap_end();
}
