/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_lwp_suspend.c - _lwp_suspend() and _lwp_continue().
 */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include <abi/errors.h>
#include <procsrv/pid.h>
#include <procsrv/signal.h>

#include "proc_client_signal.h"

#define WORD 0x20000ul

/* Each test has a process with LWPs 1 and 2. */
static int
setup(void **state)
{
	(void)client_setup(state);
	assert_int_equal(client_lwp_create(client, 1, 0), 2);
	return 0;
}

static int
suspend(int32_t lid, int32_t which)
{
	return LWP_ERROR(client, lid, lwp_suspend, .lid = which);
}

static int
resume(int32_t lid, int32_t which)
{
	return LWP_ERROR(client, lid, lwp_suspend, .lid = which, .resume = 1);
}

/* Suspend LWP 2, which runs; the token of the call that it stops in. */
static token_t
suspended(void)
{
	token_t ast;

	assert_int_equal(suspend(1, 2), 0);
	ast = client_ast(client_lwp_identity(client, 2));
	assert_int_equal(fake_token_state(ast), FAKE_PENDING);
	assert_int_equal(client_lwp(client, 2)->state, LWP_STOPPED);
	return ast;
}

static void
one_that_runs_stops_until_it_is_continued(void **state)
{
	token_t ast = suspended();

	(void)state;
	/* Once or twice is the same. */
	assert_int_equal(suspend(1, 2), 0);
	assert_int_equal(resume(1, 2), 0);
	assert_int_equal(fake_answer_error(ast), 0);
	assert_int_equal(client_lwp(client, 2)->state, LWP_RUNNING);
	assert_int_equal(resume(1, 2), 0);
}

static void
one_that_was_continued_before_it_stopped_goes_on(void **state)
{
	token_t ast;

	(void)state;
	assert_int_equal(suspend(1, 2), 0);
	assert_int_equal(resume(1, 2), 0);
	ast = client_ast(client_lwp_identity(client, 2));
	assert_int_equal(fake_answer_error(ast), 0);
}

static void
the_last_that_runs_cannot_suspend_itself(void **state)
{
	(void)state;
	assert_int_equal(suspend(1, 1), 0);
	assert_int_equal(
	    fake_token_state(client_ast(client_lwp_identity(client, 1))),
	    FAKE_PENDING);
	assert_int_equal(suspend(2, 2), TINE_EDEADLK);
	assert_false(client_lwp(client, 2)->flags & LWPF_SUSPENDED);
	assert_int_equal(resume(2, 1), 0);
	assert_int_equal(suspend(2, 2), 0);
	(void)client_ast(client_lwp_identity(client, 2));
	assert_int_equal(suspend(1, 1), TINE_EDEADLK);
	assert_int_equal(client_lwp_create(client, 1, 0), 3);
	client_lwp_exit(client, 3);
	/* A dead one does not run either. */
	assert_int_equal(suspend(1, 1), TINE_EDEADLK);
	assert_int_equal(suspend(1, 3), TINE_ESRCH);
	assert_int_equal(resume(1, 3), TINE_ESRCH);
	assert_int_equal(suspend(1, 9), TINE_ESRCH);
	assert_int_equal(
	    LWP_ERROR(client, 1, lwp_suspend, .lid = 2, .resume = 2),
	    TINE_EINVAL);
}

static void
one_created_suspended_stops_before_it_runs(void **state)
{
	uint64_t identity;
	token_t ast;

	(void)state;
	assert_int_equal(client_lwp_create(client, 1, PROC_LWP_SUSPENDED), 3);
	identity = client_lwp_identity(client, 3);
	assert_true(
	    fake_last[FAKE_THREAD_INTERRUPT] < fake_last[FAKE_REPLY_REGS]);
	ast = client_ast(identity);
	assert_int_equal(fake_token_state(ast), FAKE_PENDING);
	assert_int_equal(fake_regs(identity)->x[0], CLIENT_LWP_PC);
	assert_int_equal(resume(1, 3), 0);
	assert_int_equal(fake_answer_error(ast), 0);
	assert_int_equal(fake_regs(identity)->x[2], CLIENT_LWP_SP);
}

static void
one_that_waits_stops_at_once_and_waits_again(void **state)
{
	token_t token = LWP_CALL(client, 2, lwp_park, .deadline = PROC_FOREVER);

	(void)state;
	assert_int_equal(suspend(1, 2), 0);
	assert_int_equal(fake_token_state(token), FAKE_PENDING);
	/* It is not parked now; the unpark is kept for it. */
	assert_int_equal(LWP_ERROR(client, 1, lwp_unpark, .lid = 2), 0);
	assert_int_equal(fake_token_state(token), FAKE_PENDING);
	assert_int_equal(resume(1, 2), 0);
	assert_int_equal(fake_answer_error(token), TINE_ERESTART);
	assert_int_equal(
	    LWP_ERROR(client, 2, lwp_park, .deadline = PROC_FOREVER),
	    TINE_EALREADY);
}

static void
one_that_is_suspended_takes_no_wakeup_from_others(void **state)
{
	const uint32_t word = 0;
	token_t two, three;

	(void)state;
	assert_int_equal(client_lwp_create(client, 1, 0), 3);
	fake_window(&word, sizeof(word));
	two = LWP_CALL(
	    client, 2, futex_wait, .address = WORD, .deadline = PROC_FOREVER);
	three = LWP_CALL(
	    client, 3, futex_wait, .address = WORD, .deadline = PROC_FOREVER);
	assert_int_equal(suspend(1, 2), 0);
	assert_int_equal(
	    LWP_ERROR(client, 1, futex_wake, .address = WORD, .count = 1), 0);
	assert_int_equal(fake_answer_error(three), 0);
	assert_int_equal(fake_token_state(two), FAKE_PENDING);
	assert_int_equal(resume(1, 2), 0);
	assert_int_equal(fake_answer_error(two), TINE_ERESTART);
}

static void
f50_one_in_vfork_stops_when_its_child_has_left(void **state)
{
	token_t token, ast;
	int32_t child =
	    client_lwp_vfork(client, 2, FORK_PPWAIT | FORK_SHAREVM, &token);

	(void)state;
	assert_int_equal(suspend(1, 2), 0);
	assert_int_equal(client_lwp(client, 2)->state, LWP_VFORKING);
	client_exit(child, 0);
	assert_int_equal(client_forked(token), child);
	ast = client_ast(client_lwp_identity(client, 2));
	assert_int_equal(fake_token_state(ast), FAKE_PENDING);
	assert_int_equal(resume(1, 2), 0);
	assert_int_equal(fake_answer_error(ast), 0);
	client_bury(client, child);
}

static void
a_signal_for_one_that_is_suspended_is_taken_when_it_goes_on(void **state)
{
	token_t ast;

	(void)state;
	client_catch(client, SIGUSR1, 0);
	ast = suspended();
	client_lwp(client, 1)->sigmask = BIT(SIGUSR1);
	assert_int_equal(client_kill(1, client, SIGUSR1), 0);
	assert_int_equal(fake_token_state(ast), FAKE_PENDING);
	assert_int_equal(resume(1, 2), 0);
	assert_int_equal(client_handled(ast), SIGUSR1);
}

static void
f73_all_that_are_suspended_can_be_killed(void **state)
{
	(void)state;
	(void)suspended();
	client_lwp_exit(client, 1);
	assert_int_equal(client_wait(1, client, PROC_WAIT_NOHANG, NULL), 0);
	assert_int_equal(client_kill(1, client, SIGKILL), 0);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, client_teardown)
	const struct CMUnitTest tests[] = {
	    TEST(one_that_runs_stops_until_it_is_continued),
	    TEST(one_that_was_continued_before_it_stopped_goes_on),
	    TEST(the_last_that_runs_cannot_suspend_itself),
	    TEST(one_created_suspended_stops_before_it_runs),
	    TEST(one_that_waits_stops_at_once_and_waits_again),
	    TEST(one_that_is_suspended_takes_no_wakeup_from_others),
	    TEST(f50_one_in_vfork_stops_when_its_child_has_left),
	    TEST(a_signal_for_one_that_is_suspended_is_taken_when_it_goes_on),
	    TEST(f73_all_that_are_suspended_can_be_killed),
	};

	return cmocka_run_group_tests(tests, client_start, NULL);
}
