/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * catch.c - catching signals in tests; see catch.h.
 */
#include "catch.h"

#include <errno.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tap.h"

#define NAGS 1000

volatile sig_atomic_t calls, last;
siginfo_t seen;
sigset_t held;

void
note(int signal)
{
	calls++;
	last = signal;
	(void)sigprocmask(SIG_BLOCK, NULL, &held);
}

static void
note_info(int signal, siginfo_t *info, void *context)
{
	(void)context;
	seen = *info;
	note(signal);
}

void
catch_signal(int signal, int flags)
{
	struct sigaction action = {.sa_flags = flags};

	if (flags & SA_SIGINFO)
		action.sa_sigaction = note_info;
	else
		action.sa_handler = note;
	(void)sigaction(signal, &action, NULL);
	calls = last = 0;
	memset(&seen, 0, sizeof(seen));
}

sigset_t
set_of(int a, int b)
{
	sigset_t set;

	(void)sigemptyset(&set);
	(void)sigaddset(&set, a);
	if (b != 0)
		(void)sigaddset(&set, b);
	return set;
}

void
hold(int a, int b)
{
	sigset_t set = set_of(a, b);

	(void)sigprocmask(SIG_BLOCK, &set, NULL);
}

void
unhold(int a, int b)
{
	sigset_t set = set_of(a, b);

	(void)sigprocmask(SIG_UNBLOCK, &set, NULL);
}

bool
is_held(int signal)
{
	sigset_t set;

	(void)sigprocmask(SIG_BLOCK, NULL, &set);
	return sigismember(&set, signal) == 1;
}

bool
is_pending(int signal)
{
	sigset_t set;

	(void)sigpending(&set);
	return sigismember(&set, signal) == 1;
}

pid_t
send_later(int signal)
{
	pid_t pid = fork();

	if (pid == 0) {
		spin(A_WHILE);
		_exit(kill(getppid(), signal) != 0);
	}
	return pid;
}

pid_t
nag(int signal)
{
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	for (int i = 0; i < NAGS; i++) {
		spin(A_WHILE);
		if (kill(getppid(), signal) != 0)
			break;
	}
	_exit(1);
}

void
nag_end(pid_t pid)
{
	(void)kill(pid, SIGKILL);
	while (waitpid(pid, NULL, 0) == -1 && errno == EINTR)
		continue;
}

uint64_t
milliseconds(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}
