/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_siglwp.c - which of several LWPs takes a signal.
 */
#include "sigfixture.h"

static uint64_t
mask_of(int32_t pid, int32_t lid, uint32_t how, uint64_t set)
{
	token_t token = LWP_CALL(pid, lid, sigmask, .how = how, .set = set);

	assert_int_equal(fake_answer_error(token), 0);
	return fake_answer(token)[0];
}

static token_t
arrive(int32_t pid, int32_t lid)
{
	return client_ast(client_lwp_identity(pid, lid));
}

static void
f75_a_process_signal_goes_to_who_does_not_hold_it(void **state)
{
	int32_t pid = client_fork(1), lid;
	token_t token;

	(void)state;
	client_catch(pid, SIGUSR1, 0);
	lid = client_lwp_create(pid, 1, 0);
	(void)mask_of(pid, 1, PROC_SIG_BLOCK, BIT(SIGUSR1));
	assert_int_equal(client_kill(1, pid, SIGUSR1), 0);
	assert_int_equal(arrive(pid, 1), 0);
	token = arrive(pid, lid);
	assert_int_equal(client_handled(token), SIGUSR1);
	/* Now both hold it: it waits for the first that does not. */
	assert_int_equal(client_kill(1, pid, SIGUSR1), 0);
	assert_int_equal(arrive(pid, 1), 0);
	(void)mask_of(pid, 1, PROC_SIG_UNBLOCK, BIT(SIGUSR1));
	assert_int_equal(client_handled(arrive(pid, 1)), SIGUSR1);
	client_bury(1, pid);
}

static void
f75_who_waits_interruptibly_is_preferred_and_who_awaits_it_most(void **state)
{
	int32_t pid = client_fork(1), second, third;
	token_t suspended, awaiting;

	(void)state;
	client_catch(pid, SIGUSR1, 0);
	second = client_lwp_create(pid, 1, 0);
	third = client_lwp_create(pid, 1, 0);
	suspended = LWP_CALL(pid, second, sigsuspend, .set = 0);
	assert_int_equal(client_kill(1, pid, SIGUSR1), 0);
	assert_int_equal(client_handled(suspended), SIGUSR1);
	assert_int_equal(arrive(pid, 1), 0);
	(void)mask_of(pid, second, PROC_SIG_SETMASK, 0);
	suspended = LWP_CALL(pid, second, sigsuspend, .set = 0);
	awaiting = LWP_CALL(
	    pid, third, sigwait, .set = BIT(SIGUSR1), .deadline = PROC_FOREVER);
	assert_int_equal(client_kill(1, pid, SIGUSR1), 0);
	assert_int_equal(fake_answer_error(awaiting), 0);
	assert_int_equal(fake_token_state(suspended), FAKE_PENDING);
	client_bury(1, pid);
}

static void
f75_kill_to_the_own_process_is_taken_by_who_calls(void **state)
{
	int32_t pid = client_fork(1), lid;
	token_t suspended, token;

	(void)state;
	client_catch(pid, SIGUSR1, 0);
	lid = client_lwp_create(pid, 1, 0);
	suspended = LWP_CALL(pid, 1, sigsuspend, .set = 0);
	token = LWP_CALL(pid, lid, kill, .pid = pid, .signal = SIGUSR1);
	assert_int_equal(client_handled(token), SIGUSR1);
	assert_int_equal(fake_token_state(suspended), FAKE_PENDING);
	bury(1, pid);
}

static void
f75_a_signal_to_one_lwp_is_for_it_alone(void **state)
{
	int32_t pid = client_fork(1), lid;
	struct proc_siginfo info;
	token_t token;

	(void)state;
	client_catch(pid, SIGUSR1, 0);
	lid = client_lwp_create(pid, 1, 0);
	(void)mask_of(pid, lid, PROC_SIG_BLOCK, BIT(SIGUSR1));
	assert_int_equal(
	    LWP_ERROR(pid, 1, lwp_kill, .lid = lid, .signal = SIGUSR1), 0);
	assert_int_equal(arrive(pid, 1), 0);
	assert_int_equal(arrive(pid, lid), 0);
	assert_int_equal(client_pending(pid), 0);
	(void)mask_of(pid, lid, PROC_SIG_UNBLOCK, BIT(SIGUSR1));
	token = arrive(pid, lid);
	assert_int_equal(client_handled(token), SIGUSR1);
	info = client_info(token);
	assert_int_equal(info.code, PROC_SI_LWP);
	assert_int_equal(info.pid, pid);
	/* To oneself: at once. */
	token = LWP_CALL(pid, 1, lwp_kill, .lid = 1, .signal = SIGUSR1);
	assert_int_equal(client_handled(token), SIGUSR1);
	client_bury(1, pid);
}

static void
f75_lwp_kill_checks_lwp_and_signal(void **state)
{
	int32_t pid = client_fork(1), lid, status;

	(void)state;
	lid = client_lwp_create(pid, 1, 0);
	assert_int_equal(LWP_ERROR(pid, 1, lwp_kill, .lid = lid), 0);
	assert_int_equal(LWP_ERROR(pid, 1, lwp_kill, .lid = 99), TINE_ESRCH);
	assert_int_equal(
	    LWP_ERROR(pid, 1, lwp_kill, .lid = lid, .signal = PROC_NSIG),
	    TINE_EINVAL);
	assert_int_equal(
	    LWP_ERROR(pid, 1, lwp_kill, .lid = lid, .signal = -1), TINE_EINVAL);
	client_lwp_exit(pid, lid);
	assert_int_equal(LWP_ERROR(pid, 1, lwp_kill, .lid = lid), TINE_ESRCH);
	/* What ends by default ends the process, not the LWP. */
	lid = client_lwp_create(pid, 1, 0);
	(void)LWP_CALL(pid, 1, lwp_kill, .lid = lid, .signal = SIGTERM);
	assert_int_equal(client_wait(1, pid, 0, &status), pid);
	assert_int_equal(status, SIGTERM);
}

static void
f75_what_a_handlers_mask_holds_goes_to_another_lwp(void **state)
{
	int32_t pid = client_fork(1), lid;

	(void)state;
	client_catch(pid, SIGUSR1, 0);
	assert_int_equal(
	    CLIENT_ERROR(pid, sigaction, .signal = SIGTERM, .set = 1,
		.handler = CLIENT_HANDLER, .mask = BIT(SIGUSR1)),
	    0);
	lid = client_lwp_create(pid, 1, 0);
	/* Both for the first; the second one holds them at first. */
	(void)mask_of(pid, lid, PROC_SIG_BLOCK, BIT(SIGUSR1) | BIT(SIGTERM));
	assert_int_equal(client_kill(1, pid, SIGUSR1), 0);
	assert_int_equal(client_kill(1, pid, SIGTERM), 0);
	client_lwp(pid, lid)->sigmask = 0;
	assert_int_equal(client_handled(arrive(pid, 1)), SIGTERM);
	assert_int_equal(arrive(pid, 1), 0);
	assert_int_equal(client_handled(arrive(pid, lid)), SIGUSR1);
	client_bury(1, pid);
}

static void
f75_what_an_lwp_leaves_when_it_exits_goes_to_another(void **state)
{
	int32_t pid = client_fork(1), lid;

	(void)state;
	client_catch(pid, SIGUSR1, 0);
	lid = client_lwp_create(pid, 1, 0);
	(void)mask_of(pid, lid, PROC_SIG_BLOCK, BIT(SIGUSR1));
	assert_int_equal(client_kill(1, pid, SIGUSR1), 0);
	client_lwp(pid, lid)->sigmask = 0;
	client_lwp_exit(pid, 1);
	assert_int_equal(client_handled(arrive(pid, lid)), SIGUSR1);
	client_bury(1, pid);
}

static void
f75_a_second_lwp_in_a_process_that_dies_takes_nothing(void **state)
{
	int32_t pid = client_fork(1), lid, status;
	token_t token;

	(void)state;
	client_catch(pid, SIGUSR1, 0);
	lid = client_lwp_create(pid, 1, 0);
	token = LWP_CALL(pid, lid, sigsuspend, .set = 0);
	(void)LWP_CALL(pid, 1, kill, .pid = pid, .signal = SIGKILL);
	assert_int_equal(fake_token_state(token), FAKE_STALE);
	assert_int_equal(client_wait(1, pid, 0, &status), pid);
	assert_int_equal(status, SIGKILL);
}

static void
f50_who_waits_for_a_vfork_child_takes_its_signals_after_it(void **state)
{
	int32_t pid = client_fork(1), child, lid;
	token_t token;

	(void)state;
	client_catch(pid, SIGUSR1, 0);
	lid = client_lwp_create(pid, 1, 0);
	(void)mask_of(pid, lid, PROC_SIG_BLOCK, BIT(SIGUSR1) | BIT(SIGTERM));
	child = client_lwp_vfork(pid, 1, VFORK, &token);
	assert_int_equal(client_kill(1, pid, SIGUSR1), 0);
	assert_int_equal(fake_token_state(token), FAKE_PENDING);
	/* The other one goes on, and may take it. */
	(void)mask_of(pid, lid, PROC_SIG_UNBLOCK, BIT(SIGUSR1));
	assert_int_equal(client_handled(arrive(pid, lid)), SIGUSR1);
	client_exit(child, 0);
	assert_int_equal(client_forked(token), child);
	token = arrive(pid, 1);
	assert_int_equal(fake_answer_error(token), 0);
	assert_int_equal(client_wait(pid, child, 0, NULL), child);
	client_bury(1, pid);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(f75_a_process_signal_goes_to_who_does_not_hold_it),
	    TEST(
		f75_who_waits_interruptibly_is_preferred_and_who_awaits_it_most),
	    TEST(f75_kill_to_the_own_process_is_taken_by_who_calls),
	    TEST(f75_a_signal_to_one_lwp_is_for_it_alone),
	    TEST(f75_lwp_kill_checks_lwp_and_signal),
	    TEST(f75_what_a_handlers_mask_holds_goes_to_another_lwp),
	    TEST(f75_what_an_lwp_leaves_when_it_exits_goes_to_another),
	    TEST(f75_a_second_lwp_in_a_process_that_dies_takes_nothing),
	    TEST(f50_who_waits_for_a_vfork_child_takes_its_signals_after_it),
	};

	return cmocka_run_group_tests(tests, start, NULL);
}
