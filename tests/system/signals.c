/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * signals.c - actions, masks, what is pending, and what a child gets of it.
 *
 * It executes itself; run it by its full path.
 */
#include "catch.h"
#include "tap.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *self;

static void
test_actions(void)
{
	struct sigaction action = {.sa_handler = note}, old;
	const int refused[] = {0, -1, NSIG, SIGKILL, SIGSTOP};
	bool all = true;

	for (size_t i = 0; i < LENGTH(refused); i++) {
		errno = 0;
		all = all && sigaction(refused[i], &action, NULL) == -1 &&
		      errno == EINVAL;
	}
	ok(all, "F75 SIGKILL, SIGSTOP and what is no signal can't be caught");
	action.sa_mask = set_of(SIGHUP, SIGRTMAX);
	action.sa_flags = SA_RESTART | SA_NODEFER;
	(void)sigaction(SIGUSR1, &action, NULL);
	ok(sigaction(SIGUSR1, NULL, &old) == 0 && old.sa_handler == note &&
		old.sa_flags == action.sa_flags &&
		memcmp(&old.sa_mask, &action.sa_mask, sizeof(sigset_t)) == 0,
	    "F75 sigaction tells what was set: handler, mask, flags");
	action.sa_flags = 0x4000;
	errno = 0;
	ok(sigaction(SIGUSR1, &action, NULL) == -1 && errno == EINVAL &&
		sigaction(SIGUSR1, NULL, &old) == 0 &&
		old.sa_flags == (SA_RESTART | SA_NODEFER),
	    "F75 and a flag that there is not changes nothing");
	catch_signal(SIGUSR1, 0);
	ok(kill(getpid(), SIGUSR1) == 0 && calls == 1 && last == SIGUSR1,
	    "F75 a handler has run when kill() to oneself returns");
	ok(raise(SIGUSR1) == 0 && calls == 2, "F75 and when raise() does");
	(void)signal(SIGUSR1, SIG_IGN);
	ok(raise(SIGUSR1) == 0 && calls == 2, "F75 not when it is ignored");
}

static void
test_bsd_signal(void)
{
	struct sigaction action;

	calls = 0;
	ok(signal(SIGUSR1, note) == SIG_IGN && raise(SIGUSR1) == 0 &&
		raise(SIGUSR1) == 0 && calls == 2,
	    "F75 signal() sets a handler that stays");
	(void)sigaction(SIGUSR1, NULL, &action);
	is(action.sa_flags, SA_RESTART, "F75 and restarts calls");
	(void)siginterrupt(SIGUSR1, 1);
	(void)sigaction(SIGUSR1, NULL, &action);
	ok(action.sa_flags == 0 && signal(SIGUSR1, note) == note &&
		sigaction(SIGUSR1, NULL, &action) == 0 && action.sa_flags == 0,
	    "F75 unless siginterrupt() says so");
	(void)siginterrupt(SIGUSR1, 0);
	(void)sigaction(SIGUSR1, NULL, &action);
	is(action.sa_flags, SA_RESTART, "F75 and takes it back");
	errno = 0;
	ok(signal(SIGKILL, note) == SIG_ERR && errno == EINVAL,
	    "F75 signal() refuses what sigaction() refuses");
}

static volatile sig_atomic_t depth, deepest;

/* Sends the signal again, twice at most. */
static void
nest(int signal)
{
	if (++depth > deepest)
		deepest = depth;
	if (calls++ < 2)
		(void)raise(signal);
	depth--;
}

static void
test_handler_mask(void)
{
	struct sigaction action = {
	    .sa_handler = note,
	    .sa_mask = set_of(SIGHUP, SIGKILL),
	};

	catch_signal(SIGUSR1, 0);
	(void)sigaction(SIGUSR1, &action, NULL);
	(void)raise(SIGUSR1);
	ok(sigismember(&held, SIGUSR1) && sigismember(&held, SIGHUP) &&
		!sigismember(&held, SIGUSR2),
	    "F75 a handler's signal and sa_mask are held while it runs");
	ok(!sigismember(&held, SIGKILL), "F75 SIGKILL never");
	ok(!is_held(SIGUSR1) && !is_held(SIGHUP), "F75 but not afterwards");
	catch_signal(SIGUSR1, SA_NODEFER);
	(void)raise(SIGUSR1);
	ok(!sigismember(&held, SIGUSR1), "F75 nor with SA_NODEFER");
	calls = 0;
	action.sa_handler = nest;
	(void)sigaction(SIGUSR1, &action, NULL);
	(void)raise(SIGUSR1);
	ok(calls == 3 && deepest == 1,
	    "F75 what comes for a running handler waits for its end");
	calls = deepest = 0;
	action.sa_flags = SA_NODEFER;
	(void)sigaction(SIGUSR1, &action, NULL);
	(void)raise(SIGUSR1);
	ok(calls == 3 && deepest == 3, "F75 but with SA_NODEFER it nests");
}

static void
test_reset(void)
{
	struct sigaction action;

	catch_signal(SIGUSR2, SA_RESETHAND);
	(void)raise(SIGUSR2);
	(void)sigaction(SIGUSR2, NULL, &action);
	ok(calls == 1 && action.sa_handler == SIG_DFL,
	    "F75 with SA_RESETHAND a handler runs once");
}

static int
ends_itself(void)
{
	catch_signal(SIGUSR2, SA_RESETHAND);
	(void)raise(SIGUSR2);
	(void)raise(SIGUSR2);
	return 0;
}

static void
test_info(void)
{
	pid_t pid;

	is(child_status(ends_itself), SIGUSR2, "F75 then the default is back");
	catch_signal(SIGUSR1, SA_SIGINFO | SA_RESTART);
	(void)kill(getpid(), SIGUSR1);
	ok(seen.si_signo == SIGUSR1 && seen.si_code == SI_USER &&
		seen.si_errno == 0 && seen.si_pid == getpid() &&
		seen.si_uid == getuid(),
	    "F75 SA_SIGINFO tells who sent it");
	pid = send_later(SIGUSR1);
	is(status_of(pid), EXITED(0), "F75 another process sends it");
	ok(calls == 2 && seen.si_pid == pid, "F75 and is named");
	(void)sigqueue(getpid(), SIGUSR1, (union sigval){.sival_int = -7});
	ok(seen.si_code == SI_QUEUE && seen.si_value.sival_int == -7 &&
		seen.si_pid == getpid(),
	    "F75 sigqueue() sends a value with it");
	errno = 0;
	ok(sigqueue(getpid(), NSIG, (union sigval){0}) == -1 &&
		errno == EINVAL &&
		sigqueue(30000, 0, (union sigval){0}) == -1 && errno == ESRCH,
	    "F75 but no signal 64, and not to nobody");
}

static void
test_pending(void)
{
	catch_signal(SIGUSR1, 0);
	hold(SIGUSR1, 0);
	(void)raise(SIGUSR1);
	(void)raise(SIGUSR1);
	ok(calls == 0 && is_pending(SIGUSR1) && !is_pending(SIGUSR2),
	    "F75 a held signal is pending");
	unhold(SIGUSR1, 0);
	ok(calls == 1 && !is_pending(SIGUSR1),
	    "F75 and comes once before sigprocmask() returns");
	hold(SIGUSR1, 0);
	(void)raise(SIGUSR1);
	(void)signal(SIGUSR1, SIG_IGN);
	catch_signal(SIGUSR1, 0);
	ok(!is_pending(SIGUSR1), "F75 ignoring it drops it");
	unhold(SIGUSR1, 0);
	is(calls, 0, "F75 for good");
}

static void
test_mask(void)
{
	sigset_t set, old;

	(void)sigfillset(&set);
	(void)sigprocmask(SIG_SETMASK, &set, &old);
	ok(is_held(SIGHUP) && is_held(SIGRTMAX) && is_held(1) &&
		!is_held(SIGKILL) && !is_held(SIGSTOP),
	    "F75 all signals can be held but SIGKILL and SIGSTOP");
	(void)sigprocmask(SIG_SETMASK, &old, NULL);
	ok(!is_held(SIGHUP) && !is_held(SIGRTMAX), "F75 and let go again");
	errno = 0;
	ok(sigprocmask(0, &set, NULL) == -1 && errno == EINVAL &&
		sigprocmask(9, &set, NULL) == -1 && errno == EINVAL &&
		!is_held(SIGHUP),
	    "F75 in three ways, and no fourth");
}

static int
has_no_pending_signals(void)
{
	return !is_pending(SIGUSR1) && is_held(SIGUSR1) &&
	       raise(SIGUSR1) == 0 && is_pending(SIGUSR1);
}

static int
runs_the_handler(void)
{
	return raise(SIGUSR2) == 0 && calls == 1;
}

static int
changes_its_actions(void)
{
	(void)signal(SIGUSR2, SIG_IGN);
	return 0;
}

/* What main() does once executed: F74. */
static int
be_executed(void)
{
	struct sigaction caught, ignored, child;

	(void)sigaction(SIGUSR2, NULL, &caught);
	(void)sigaction(SIGHUP, NULL, &ignored);
	(void)sigaction(SIGCHLD, NULL, &child);
	return caught.sa_handler == SIG_DFL && ignored.sa_handler == SIG_IGN &&
	       child.sa_handler == SIG_DFL && is_held(SIGUSR1) &&
	       !is_held(SIGUSR2) && !is_pending(SIGUSR1);
}

static int
executes(void)
{
	(void)signal(SIGHUP, SIG_IGN);
	(void)signal(SIGCHLD, SIG_IGN);
	(void)raise(SIGUSR1);
	(void)execl(self, self, "executed", (char *)NULL);
	return 9;
}

static void
test_inheritance(void)
{
	struct sigaction action;
	pid_t pid;

	catch_signal(SIGUSR2, 0);
	hold(SIGUSR1, 0);
	(void)raise(SIGUSR1);
	is(child_status(has_no_pending_signals), EXITED(1),
	    "F25 F27 a child has the mask, but nothing pending");
	is(child_status(runs_the_handler), EXITED(1),
	    "F33 and the handlers, as a copy");
	(void)child_status(changes_its_actions);
	pid = vfork();
	if (pid == 0) {
		/* What POSIX forbids is what is tested: NOLINTNEXTLINE */
		(void)signal(SIGUSR2, SIG_DFL);
		_exit(0);
	}
	(void)status_of(pid);
	(void)sigaction(SIGUSR2, NULL, &action);
	ok(action.sa_handler == note,
	    "F33 what it sets is its own, after vfork() too");
	is(child_status(executes), EXITED(1),
	    "F74 exec keeps mask and ignored signals, drops handlers and "
	    "what is pending");
	(void)signal(SIGUSR1, SIG_IGN);
	unhold(SIGUSR1, 0);
}

static jmp_buf around;

static void
jump_out(int signal)
{
	longjmp(around, signal);
}

static int
aborts_anyway(void)
{
	(void)signal(SIGABRT, SIG_IGN);
	abort();
}

static int
aborts_though_caught_and_held(void)
{
	catch_signal(SIGABRT, 0);
	hold(SIGABRT, 0);
	abort();
}

static int
jumps_out_of_abort(void)
{
	(void)signal(SIGABRT, jump_out);
	if (setjmp(around) == 0)
		abort();
	return 5;
}

static int
kills_its_parent(void)
{
	bool good;

	if (setuid(1) != 0)
		return 1;
	errno = 0;
	good = kill(getppid(), SIGTERM) == -1 && errno == EPERM;
	errno = 0;
	good = good && kill(getppid(), 0) == -1 && errno == EPERM;
	return good && kill(getppid(), SIGCONT) == 0 ? 0 : 2;
}

static void
test_ends(void)
{
	is(WTERMSIG(child_status(aborts_anyway)), SIGABRT,
	    "F75 abort() ends who ignores it");
	is(WTERMSIG(child_status(aborts_though_caught_and_held)), SIGABRT,
	    "F75 and who catches and holds it");
	is(child_status(jumps_out_of_abort), EXITED(5),
	    "F75 but not who jumps out");
	is(child_status(kills_its_parent), EXITED(0),
	    "F75 others' processes are not for signals, but for SIGCONT");
	ok(strcmp(strsignal(SIGSEGV), "Segmentation fault") == 0 &&
		strcmp(sys_signame[SIGUSR2], "USR2") == 0 &&
		strcmp(strsignal(SIGRTMIN + 2), "Real time signal 2") == 0 &&
		strcmp(strsignal(NSIG), "Unknown signal: 64") == 0,
	    "signals have names");
}

int
main(int argc, char **argv)
{
	self = argv[0];
	if (argc > 1)
		return be_executed();
	test_actions();
	test_bsd_signal();
	test_handler_mask();
	test_reset();
	test_info();
	test_pending();
	test_mask();
	test_inheritance();
	test_ends();
	return tap_end();
}
