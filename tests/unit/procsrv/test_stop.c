/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_stop.c - processes that stop and go on.
 */
#include "sigfixture.h"

static bool
stopped(int32_t pid)
{
	return pid_proc(pid)->state == PROC_STOPPED;
}

/* Stop a process that has one LWP, which runs; the token it stops in. */
static token_t
stop(int32_t pid)
{
	token_t token;

	assert_int_equal(client_kill(1, pid, SIGSTOP), 0);
	token = client_run(pid);
	assert_int_not_equal(token, 0);
	assert_int_equal(fake_token_state(token), FAKE_PENDING);
	assert_true(stopped(pid));
	return token;
}

static void
f75_sigstop_keeps_an_lwp_at_its_ast_until_sigcont(void **state)
{
	int32_t pid = client_fork(1);
	token_t token = stop(pid);

	(void)state;
	/* A second one changes nothing. */
	assert_int_equal(client_kill(1, pid, SIGSTOP), 0);
	assert_int_equal(fake_token_state(token), FAKE_PENDING);
	assert_int_equal(client_kill(1, pid, SIGCONT), 0);
	assert_int_equal(fake_answer_error(token), 0);
	assert_false(stopped(pid));
	assert_int_equal(client_run(pid), 0);
	client_bury(1, pid);
}

static void
f75_who_stops_himself_stops_before_kill_returns(void **state)
{
	int32_t pid = client_fork(1);
	token_t token;

	(void)state;
	assert_int_equal(client_kill(pid, pid, SIGSTOP), 0);
	token = client_run(pid);
	assert_int_equal(fake_token_state(token), FAKE_PENDING);
	assert_true(stopped(pid));
	assert_int_equal(client_kill(1, pid, SIGCONT), 0);
	assert_int_equal(fake_answer_error(token), 0);
	client_bury(1, pid);
}

static void
f75_a_stopped_process_takes_its_signals_when_it_goes_on(void **state)
{
	int32_t pid = client_fork(1);
	token_t token;

	(void)state;
	client_catch(pid, SIGUSR1, 0);
	token = stop(pid);
	assert_int_equal(client_kill(1, pid, SIGUSR1), 0);
	assert_int_equal(fake_token_state(token), FAKE_PENDING);
	assert_int_equal(client_kill(1, pid, SIGCONT), 0);
	assert_int_equal(client_handled(token), SIGUSR1);
	client_bury(1, pid);
}

static void
f75_what_ends_it_waits_but_sigkill_does_not(void **state)
{
	int32_t a = client_fork(1), b = client_fork(1), status;
	token_t token;

	(void)state;
	(void)stop(a);
	assert_int_equal(client_kill(1, a, SIGTERM), 0);
	assert_true(stopped(a));
	assert_int_equal(client_kill(1, a, SIGCONT), 0);
	assert_int_equal(client_wait(1, a, 0, &status), a);
	assert_int_equal(status, SIGTERM);
	token = stop(b);
	assert_int_equal(client_kill(1, b, SIGKILL), 0);
	assert_int_equal(fake_token_state(token), FAKE_STALE);
	assert_int_equal(client_wait(1, b, 0, &status), b);
	assert_int_equal(status, SIGKILL);
}

static void
f75_sigcont_is_handled_after_it_has_worked(void **state)
{
	int32_t pid = client_fork(1);
	token_t token;

	(void)state;
	client_catch(pid, SIGCONT, 0);
	token = stop(pid);
	assert_int_equal(client_kill(1, pid, SIGCONT), 0);
	assert_int_equal(client_handled(token), SIGCONT);
	(void)client_return(pid, token);
	/* It works held and ignored too. */
	(void)client_mask(pid, PROC_SIG_BLOCK, BIT(SIGCONT));
	token = stop(pid);
	assert_int_equal(client_kill(1, pid, SIGCONT), 0);
	assert_int_equal(fake_answer_error(token), 0);
	assert_int_equal(client_pending(pid), BIT(SIGCONT));
	client_action(pid, SIGCONT, PROC_SIG_IGN);
	token = stop(pid);
	assert_int_equal(client_kill(1, pid, SIGCONT), 0);
	assert_int_equal(fake_answer_error(token), 0);
	client_bury(1, pid);
}

static void
f75_stops_and_sigcont_cancel_each_other_while_pending(void **state)
{
	const uint64_t stops = BIT(SIGTSTP) | BIT(SIGTTIN) | BIT(SIGTTOU);
	int32_t pid = client_fork(1);

	(void)state;
	client_catch(pid, SIGTSTP, 0);
	client_catch(pid, SIGTTIN, 0);
	client_catch(pid, SIGTTOU, 0);
	client_catch(pid, SIGCONT, 0);
	(void)client_mask(pid, PROC_SIG_BLOCK, stops | BIT(SIGCONT));
	assert_int_equal(client_kill(1, pid, SIGTSTP), 0);
	assert_int_equal(client_kill(1, pid, SIGTTIN), 0);
	assert_int_equal(
	    LWP_ERROR(pid, 1, lwp_kill, .lid = 1, .signal = SIGTTOU), 0);
	assert_int_equal(client_pending(pid), stops);
	assert_int_equal(client_kill(1, pid, SIGCONT), 0);
	assert_int_equal(client_pending(pid), BIT(SIGCONT));
	assert_int_equal(client_kill(1, pid, SIGTTIN), 0);
	assert_int_equal(client_pending(pid), BIT(SIGTTIN));
	client_bury(1, pid);
}

static void
f75_a_stop_that_has_not_come_about_is_taken_back(void **state)
{
	int32_t pid = client_fork(1);
	token_t token;

	(void)state;
	assert_int_equal(client_kill(1, pid, SIGSTOP), 0);
	assert_int_equal(client_kill(1, pid, SIGCONT), 0);
	token = client_run(pid);
	assert_int_equal(fake_answer_error(token), 0);
	assert_false(stopped(pid));
	/* Nobody is told of what was not. */
	assert_int_equal(
	    pid_proc(pid)->flags & (PROC_REPORT_STOP | PROC_REPORT_CONT), 0);
	client_bury(1, pid);
}

static void
f75_terminal_stops_pass_an_orphaned_group_by(void **state)
{
	static const int32_t stops[] = {SIGTSTP, SIGTTIN, SIGTTOU};
	int32_t pid = client_fork(1);

	(void)state;
	for (uint32_t i = 0; i < 3; i++) {
		token_t token;

		assert_int_equal(client_kill(1, pid, stops[i]), 0);
		assert_int_equal(client_run(pid), 0);
		assert_false(stopped(pid));
		/* But a handler is told. */
		client_catch(pid, stops[i], 0);
		token = CLIENT_CALL(pid, kill, .pid = pid, .signal = stops[i]);
		assert_int_equal(client_handled(token), stops[i]);
		(void)client_return(pid, token);
	}
	client_bury(1, pid);
}

/* What a process last learned of SIGCHLD, by sigtimedwait() that waits. */
static struct proc_sigwait_rep
child_told(token_t token)
{
	struct proc_sigwait_rep rep;

	assert_int_equal(fake_answer_error(token), 0);
	memcpy(&rep, fake_answer(token), sizeof(rep));
	assert_int_equal(rep.signal, SIGCHLD);
	return rep;
}

static token_t
wait_child_signal(int32_t pid)
{
	return CLIENT_CALL(
	    pid, sigwait, .set = BIT(SIGCHLD), .deadline = PROC_FOREVER);
}

static void
f75_the_parent_is_told_of_a_stop_and_its_end(void **state)
{
	int32_t parent = client_fork(1), pid = client_fork(parent);
	struct proc_sigwait_rep rep;
	token_t token;

	(void)state;
	client_catch(parent, SIGCHLD, 0);
	(void)client_mask(parent, PROC_SIG_BLOCK, BIT(SIGCHLD));
	token = wait_child_signal(parent);
	(void)stop(pid);
	rep = child_told(token);
	assert_int_equal(rep.code, 5); /* CLD_STOPPED */
	assert_int_equal(rep.status, SIGSTOP);
	assert_int_equal(rep.pid, pid);
	assert_true(pid_proc(pid)->flags & PROC_REPORT_STOP);
	assert_int_equal(pid_proc(pid)->stop_signal, SIGSTOP);
	token = wait_child_signal(parent);
	assert_int_equal(client_kill(1, pid, SIGCONT), 0);
	rep = child_told(token);
	assert_int_equal(rep.code, 6); /* CLD_CONTINUED */
	assert_int_equal(rep.status, SIGCONT);
	assert_int_equal(
	    pid_proc(pid)->flags & (PROC_REPORT_STOP | PROC_REPORT_CONT),
	    PROC_REPORT_CONT);
	bury(parent, pid);
	client_bury(1, parent);
}

static void
f75_nocldstop_is_for_stops_only(void **state)
{
	int32_t parent = client_fork(1), pid = client_fork(parent);

	(void)state;
	client_catch(parent, SIGCHLD, PROC_SA_NOCLDSTOP);
	(void)client_mask(parent, PROC_SIG_BLOCK, BIT(SIGCHLD));
	(void)stop(pid);
	assert_int_equal(client_kill(1, pid, SIGCONT), 0);
	assert_int_equal(client_pending(parent), 0);
	/* wait() would tell of it all the same. */
	assert_true(pid_proc(pid)->flags & PROC_REPORT_CONT);
	bury(parent, pid);
	assert_int_equal(client_pending(parent), BIT(SIGCHLD));
	client_bury(1, parent);
}

static void
f50_a_stopped_vfork_parent_counts_as_stopped_after_the_wait(void **state)
{
	int32_t parent = client_fork(1), child;
	token_t token, ast;

	(void)state;
	child = client_vfork(parent, VFORK, &token);
	assert_int_equal(client_kill(1, parent, SIGSTOP), 0);
	assert_false(stopped(parent));
	client_exit(child, 0);
	/* The wait is over, but it does not go on. */
	assert_int_equal(fake_answer_error(token), 0);
	ast = client_run(parent);
	assert_int_equal(fake_token_state(ast), FAKE_PENDING);
	assert_true(stopped(parent));
	assert_int_equal(client_kill(1, parent, SIGCONT), 0);
	assert_int_equal(fake_answer_error(ast), 0);
	client_bury(parent, child);
	client_bury(1, parent);
}

static void
f54_terminal_stops_of_a_vfork_child_are_held_but_not_sigstop(void **state)
{
	static const int32_t stops[] = {SIGTSTP, SIGTTIN, SIGTTOU};
	int32_t parent = client_fork(1), child;
	token_t token, ast;

	(void)state;
	for (uint32_t i = 0; i < 3; i++)
		client_catch(parent, stops[i], 0);
	child = client_vfork(parent, VFORK, &token);
	for (uint32_t i = 0; i < 3; i++) {
		assert_int_equal(client_kill(1, child, stops[i]), 0);
		assert_int_equal(client_run(child), 0);
	}
	assert_int_equal(
	    client_pending(child), BIT(SIGTSTP) | BIT(SIGTTIN) | BIT(SIGTTOU));
	assert_int_equal(client_kill(1, child, SIGSTOP), 0);
	ast = client_run(child);
	assert_true(stopped(child));
	assert_int_equal(fake_token_state(token), FAKE_PENDING);
	assert_int_equal(client_kill(1, child, SIGCONT), 0);
	assert_int_equal(fake_answer_error(ast), 0);
	/* The child of an ordinary fork takes them. */
	(void)exec_small(child);
	assert_int_equal(fake_answer_error(token), 0);
	client_catch(child, SIGTSTP, 0);
	assert_int_equal(client_kill(1, child, SIGTSTP), 0);
	assert_int_equal(client_handled(client_run(child)), SIGTSTP);
	client_bury(parent, child);
	client_bury(1, parent);
}

static void
f50_a_stop_of_several_lwps_is_complete_with_the_last(void **state)
{
	int32_t pid = client_fork(1);
	int32_t lid = client_lwp_create(pid, 1, 0);
	token_t first, second;

	(void)state;
	assert_int_equal(client_kill(1, pid, SIGSTOP), 0);
	first = client_ast(client_lwp_identity(pid, 1));
	assert_int_equal(fake_token_state(first), FAKE_PENDING);
	assert_false(stopped(pid));
	second = client_ast(client_lwp_identity(pid, lid));
	assert_int_equal(fake_token_state(second), FAKE_PENDING);
	assert_true(stopped(pid));
	assert_int_equal(client_kill(1, pid, SIGCONT), 0);
	assert_int_equal(fake_answer_error(first), 0);
	assert_int_equal(fake_answer_error(second), 0);
	client_bury(1, pid);
}

static void
a_suspended_lwp_stays_stopped_after_sigcont(void **state)
{
	int32_t pid = client_fork(1);
	int32_t lid = client_lwp_create(pid, 1, 0);
	uint64_t other;
	token_t first, second;

	(void)state;
	other = client_lwp_identity(pid, lid);
	assert_int_equal(LWP_ERROR(pid, 1, lwp_suspend, .lid = lid), 0);
	second = client_ast(other);
	assert_int_equal(fake_token_state(second), FAKE_PENDING);
	assert_int_equal(client_kill(1, pid, SIGSTOP), 0);
	first = client_ast(client_lwp_identity(pid, 1));
	assert_true(stopped(pid));
	assert_int_equal(client_kill(1, pid, SIGCONT), 0);
	assert_int_equal(fake_answer_error(first), 0);
	assert_int_equal(fake_token_state(second), FAKE_PENDING);
	assert_int_equal(
	    LWP_ERROR(pid, 1, lwp_suspend, .lid = lid, .resume = 1), 0);
	assert_int_equal(fake_answer_error(second), 0);
	client_bury(1, pid);
}

static void
a_process_that_stopped_itself_while_its_kin_runs_may_exit(void **state)
{
	int32_t pid = client_fork(1), status;
	int32_t lid = client_lwp_create(pid, 1, 0);

	(void)state;
	/* One has stopped, and the other one's fault ends them. */
	assert_int_equal(client_kill(1, pid, SIGSTOP), 0);
	(void)client_ast(client_lwp_identity(pid, 1));
	(void)client_kernel(
	    client_lwp_identity(pid, lid), MSG_EXCEPTION, 2, 0, 0x10000);
	assert_int_equal(client_wait(1, pid, 0, &status), pid);
	assert_int_equal(status, SIGILL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(f75_sigstop_keeps_an_lwp_at_its_ast_until_sigcont),
	    TEST(f75_who_stops_himself_stops_before_kill_returns),
	    TEST(f75_a_stopped_process_takes_its_signals_when_it_goes_on),
	    TEST(f75_what_ends_it_waits_but_sigkill_does_not),
	    TEST(f75_sigcont_is_handled_after_it_has_worked),
	    TEST(f75_stops_and_sigcont_cancel_each_other_while_pending),
	    TEST(f75_a_stop_that_has_not_come_about_is_taken_back),
	    TEST(f75_terminal_stops_pass_an_orphaned_group_by),
	    TEST(f75_the_parent_is_told_of_a_stop_and_its_end),
	    TEST(f75_nocldstop_is_for_stops_only),
	    TEST(f50_a_stopped_vfork_parent_counts_as_stopped_after_the_wait),
	    TEST(f54_terminal_stops_of_a_vfork_child_are_held_but_not_sigstop),
	    TEST(f50_a_stop_of_several_lwps_is_complete_with_the_last),
	    TEST(a_suspended_lwp_stays_stopped_after_sigcont),
	    TEST(a_process_that_stopped_itself_while_its_kin_runs_may_exit),
	};

	return cmocka_run_group_tests(tests, start, NULL);
}
