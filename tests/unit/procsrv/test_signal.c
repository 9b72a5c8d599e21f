/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_signal.c - kill(), and what ends a process against its will.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include <abi/errors.h>
#include <procsrv/pid.h>
#include <procsrv/proc.h>
#include <procsrv/serve.h>
#include <procsrv/signal.h>

#include "proc_client_signal.h"

static struct snapshot before;

static int
setup(void **state)
{
	(void)state;
	before = snapshot_take();
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	snapshot_assert_equal(&before);
	return 0;
}

static int32_t
user_fork(uint32_t uid)
{
	int32_t pid = client_fork(1);

	assert_int_equal(client_setuid(pid, uid), 0);
	return pid;
}

static void
a_signal_ends_a_process_wherever_it_is(void **state)
{
	int32_t runs = client_fork(1), waits = client_fork(1);
	int32_t child = client_fork(waits), status;
	token_t token = client_waits(waits, -1, 0);

	(void)state;
	assert_int_equal(client_kill(1, runs, SIGTERM), 0);
	assert_int_equal(client_wait(1, runs, 0, &status), runs);
	assert_int_equal(status, SIGTERM);
	assert_int_equal(client_kill(1, waits, SIGKILL), 0);
	assert_int_equal(fake_token_state(token), FAKE_STALE);
	assert_int_equal(client_wait(1, waits, 0, &status), waits);
	assert_int_equal(status, SIGKILL);
	client_bury(1, child);
}

static void
who_kills_himself_is_not_answered(void **state)
{
	int32_t pid = client_fork(1), status;
	token_t token = CLIENT_CALL(pid, kill, .pid = pid, .signal = SIGHUP);

	(void)state;
	assert_int_equal(fake_token_state(token), FAKE_STALE);
	assert_int_equal(client_wait(1, pid, 0, &status), pid);
	assert_int_equal(status, SIGHUP);
}

static void
signals_that_are_ignored_by_default_do_nothing(void **state)
{
	static const int32_t ignored[] = {
	    SIGURG, SIGCONT, SIGCHLD, SIGIO, SIGWINCH, SIGINFO, SIGPWR};
	int32_t pid = client_fork(1);

	(void)state;
	for (uint32_t i = 0; i < sizeof(ignored) / sizeof(ignored[0]); i++)
		assert_int_equal(client_kill(1, pid, ignored[i]), 0);
	assert_int_equal(pid_proc(pid)->state, PROC_ACTIVE);
	client_bury(1, pid);
}

static void
all_others_terminate(void **state)
{
	(void)state;
	for (int32_t signal = 1; signal < PROC_NSIG; signal++) {
		int32_t pid = client_fork(1), status = 0;

		if (client_kill(1, pid, signal) != 0 ||
		    pid_proc(pid)->state == PROC_ACTIVE) {
			client_bury(1, pid);
			continue;
		}
		assert_int_equal(client_wait(1, pid, 0, &status), pid);
		assert_int_equal(status, signal);
	}
}

static void
wrong_signals_and_targets_are_refused(void **state)
{
	int32_t pid = client_fork(1);

	(void)state;
	assert_int_equal(client_kill(1, pid, -1), TINE_EINVAL);
	assert_int_equal(client_kill(1, pid, PROC_NSIG), TINE_EINVAL);
	assert_int_equal(client_kill(1, 29999, SIGKILL), TINE_ESRCH);
	assert_int_equal(client_kill(1, 29999, 0), TINE_ESRCH);
	assert_int_equal(client_kill(1, -29999, SIGKILL), TINE_ESRCH);
	assert_int_equal(client_kill(1, INT32_MIN, SIGKILL), TINE_ESRCH);
	/* A bad number is told before a missing process. */
	assert_int_equal(client_kill(1, 29999, 99), TINE_EINVAL);
	client_bury(1, pid);
}

static void
signal_0_only_checks(void **state)
{
	int32_t pid = client_fork(1);

	(void)state;
	assert_int_equal(client_kill(1, pid, 0), 0);
	assert_int_equal(pid_proc(pid)->state, PROC_ACTIVE);
	client_bury(1, pid);
}

static void
a_zombie_takes_any_signal_without_effect(void **state)
{
	int32_t pid = client_fork(1), status;

	(void)state;
	client_exit(pid, 4);
	assert_int_equal(client_kill(1, pid, SIGKILL), 0);
	assert_int_equal(client_wait(1, pid, 0, &status), pid);
	assert_int_equal(status, 4 << 8);
}

static void
f75_init_is_immune(void **state)
{
	int32_t pid = client_fork(1);

	(void)state;
	assert_int_equal(client_kill(pid, 1, SIGKILL), 0);
	assert_int_equal(client_kill(1, 1, SIGKILL), 0);
	assert_int_equal(initproc->state, PROC_ACTIVE);
	client_bury(1, pid);
}

static void
f75_users_may_signal_their_own(void **state)
{
	int32_t a = user_fork(100), b = user_fork(100), c = user_fork(200);
	int32_t status;

	(void)state;
	assert_int_equal(client_kill(c, a, 0), TINE_EPERM);
	assert_int_equal(client_kill(c, a, SIGKILL), TINE_EPERM);
	assert_int_equal(client_kill(a, 1, SIGKILL), TINE_EPERM);
	/* SIGCONT may go to anybody in the session. */
	assert_int_equal(client_kill(c, a, SIGCONT), 0);
	assert_int_equal(client_kill(a, b, SIGUSR1), 0);
	assert_int_equal(client_wait(1, b, 0, &status), b);
	assert_int_equal(status, SIGUSR1);
	client_bury(1, a);
	client_bury(1, c);
}

static void
f75_real_or_effective_must_be_their_real_or_saved(void **state)
{
	int32_t a = client_fork(1), b = user_fork(300);

	(void)state;
	/* Real 0, effective 300, saved 0: the effective one counts. */
	assert_int_equal(
	    CLIENT_ERROR(a, setids, .which = PROC_SETEUID, .a = 300), 0);
	assert_int_equal(client_kill(a, b, 0), 0);
	/* But a's real and saved are root's: b may not. */
	assert_int_equal(client_kill(b, a, 0), TINE_EPERM);
	client_bury(1, a);
	client_bury(1, b);
}

static void
kill_0_is_for_the_own_group_init_left_out(void **state)
{
	int32_t a = client_fork(1), b = client_fork(a), other = user_fork(5);
	token_t token = CLIENT_CALL(a, kill, .pid = 0, .signal = SIGTERM);

	(void)state;
	/* Himself too, who is root and so may everything. */
	assert_int_equal(fake_token_state(token), FAKE_STALE);
	assert_int_equal(pid_proc(a)->state, PROC_ZOMBIE);
	assert_int_equal(pid_proc(b)->state, PROC_ZOMBIE);
	assert_int_equal(pid_proc(other)->state, PROC_ZOMBIE);
	assert_int_equal(client_ppid(1), 0);
	for (uint32_t i = 0; i < 3; i++)
		assert_true(client_wait(1, -1, 0, NULL) > 0);
}

static void
kill_minus_1_is_for_all_but_oneself(void **state)
{
	int32_t a = user_fork(100), b = user_fork(100), c = user_fork(200);

	(void)state;
	assert_int_equal(client_kill(a, -1, SIGTERM), 0);
	assert_int_equal(pid_proc(a)->state, PROC_ACTIVE);
	assert_int_equal(pid_proc(b)->state, PROC_ZOMBIE);
	assert_int_equal(pid_proc(c)->state, PROC_ACTIVE);
	client_bury(1, b);
	/* As in NetBSD: nobody it may signal is nobody. */
	assert_int_equal(client_kill(a, -1, SIGTERM), TINE_ESRCH);
	assert_int_equal(client_kill(1, -1, SIGTERM), 0);
	client_bury(1, a);
	client_bury(1, c);
}

static int
kill_user(int32_t pid, uint32_t uid, int32_t signal)
{
	return CLIENT_ERROR(pid, kill_user, .uid = uid, .signal = signal);
}

static void
all_of_a_user_are_killed_at_once(void **state)
{
	int32_t a = user_fork(100), b = user_fork(100), c = user_fork(200);
	int32_t d = client_fork(1), waits = client_fork(a);

	(void)state;
	/* Effective ids do not count: d is root's. */
	assert_int_equal(
	    CLIENT_ERROR(d, setids, .which = PROC_SETEUID, .a = 100), 0);
	(void)CLIENT_CALL(waits, sigsuspend);
	assert_int_equal(kill_user(c, 100, SIGKILL), TINE_ESRCH);
	assert_int_equal(kill_user(1, 300, SIGKILL), TINE_ESRCH);
	assert_int_equal(kill_user(1, 100, PROC_NSIG), TINE_EINVAL);
	assert_int_equal(kill_user(1, 100, -1), TINE_EINVAL);
	assert_int_equal(kill_user(1, 100, 0), 0);
	assert_int_equal(pid_proc(a)->state, PROC_ACTIVE);
	/* Not the sender, whom nobody else would answer. */
	assert_int_equal(kill_user(a, 100, SIGKILL), 0);
	assert_int_equal(pid_proc(a)->state, PROC_ACTIVE);
	assert_int_equal(pid_proc(b)->state, PROC_ZOMBIE);
	assert_int_equal(pid_proc(waits)->state, PROC_ZOMBIE);
	assert_int_equal(kill_user(1, 100, SIGKILL), 0);
	assert_int_equal(pid_proc(a)->state, PROC_ZOMBIE);
	assert_int_equal(pid_proc(c)->state, PROC_ACTIVE);
	assert_int_equal(pid_proc(d)->state, PROC_ACTIVE);
	/* Init and the system are not root's. */
	assert_int_equal(kill_user(c, 0, SIGKILL), TINE_ESRCH);
	assert_int_equal(kill_user(1, 0, SIGKILL), 0);
	assert_int_equal(initproc->state, PROC_ACTIVE);
	client_bury(1, c);
	for (uint32_t i = 0; i < 4; i++)
		assert_true(client_wait(1, -1, 0, NULL) > 0);
}

static void
a_group_can_be_killed_whole_while_init_waits(void **state)
{
	int32_t killer = client_fork(1), pids[20], status;
	token_t token;

	(void)state;
	for (uint32_t i = 0; i < 20; i++)
		pids[i] = client_fork(i == 0 ? 1 : pids[i - 1]);
	token = client_waits(1, -1, 0);
	/* Init is told of one at once; the chain below falls to it. */
	assert_int_equal(fake_token_state(CLIENT_CALL(
			     killer, kill, .pid = 0, .signal = SIGKILL)),
	    FAKE_STALE);
	assert_true(client_waited(token, &status) > 0);
	assert_int_equal(status, SIGKILL);
	for (uint32_t i = 0; i < 20; i++)
		assert_true(client_wait(1, -1, 0, &status) > 0);
	assert_int_equal(client_wait(1, -1, 0, NULL), -TINE_ECHILD);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
	    TEST(a_signal_ends_a_process_wherever_it_is),
	    TEST(who_kills_himself_is_not_answered),
	    TEST(signals_that_are_ignored_by_default_do_nothing),
	    TEST(all_others_terminate),
	    TEST(wrong_signals_and_targets_are_refused),
	    TEST(signal_0_only_checks),
	    TEST(a_zombie_takes_any_signal_without_effect),
	    TEST(f75_init_is_immune),
	    TEST(f75_users_may_signal_their_own),
	    TEST(f75_real_or_effective_must_be_their_real_or_saved),
	    TEST(kill_0_is_for_the_own_group_init_left_out),
	    TEST(kill_minus_1_is_for_all_but_oneself),
	    TEST(all_of_a_user_are_killed_at_once),
	    TEST(a_group_can_be_killed_whole_while_init_waits),
	};

	return cmocka_run_group_tests(tests, client_start, NULL);
}
