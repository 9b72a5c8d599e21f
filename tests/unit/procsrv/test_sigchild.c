/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_sigchild.c - what parents learn of the ends of their children.
 */
#include "sigfixture.h"

#define CLD_EXITED 1
#define CLD_KILLED 2

static void
f73_a_parent_learns_how_its_child_ended(void **state)
{
	int32_t pid = client_fork(1), child;
	struct proc_siginfo info;
	token_t token;

	(void)state;
	client_catch(pid, SIGCHLD, PROC_SA_SIGINFO);
	child = client_fork(pid);
	assert_int_equal(client_setuid(child, 100), 0);
	client_exit(child, 0x107);
	token = client_run(pid);
	assert_int_equal(client_handled(token), SIGCHLD);
	info = client_info(token);
	assert_int_equal(info.code, CLD_EXITED);
	assert_int_equal(info.status, 7);
	assert_int_equal(info.pid, child);
	assert_int_equal(info.uid, 100);
	(void)client_return(pid, token);
	assert_int_equal(client_wait(pid, child, 0, NULL), child);
	child = client_fork(pid);
	assert_int_equal(client_kill(1, child, SIGTERM), 0);
	token = client_run(pid);
	info = client_info(token);
	assert_int_equal(info.code, CLD_KILLED);
	assert_int_equal(info.status, SIGTERM);
	(void)client_return(pid, token);
	assert_int_equal(client_wait(pid, child, 0, NULL), child);
	client_bury(1, pid);
}

static void
f73_the_exit_signal_is_the_one_that_was_asked_for(void **state)
{
	int32_t pid = client_fork(1);
	token_t token;

	(void)state;
	client_catch(pid, SIGUSR1, 0);
	client_catch(pid, SIGCHLD, 0);
	(void)CLIENT_CALL(pid, fork, .exitsig = SIGUSR1);
	client_exit(client_youngest(pid), 0);
	token = client_run(pid);
	assert_int_equal(client_handled(token), SIGUSR1);
	(void)client_return(pid, token);
	/* None at all. */
	(void)CLIENT_CALL(pid, fork, .exitsig = 0);
	client_exit(client_youngest(pid), 0);
	assert_int_equal(client_run(pid), 0);
	assert_true(client_wait(pid, -1, PROC_WAIT_ALLSIG, NULL) > 0);
	assert_true(client_wait(pid, -1, PROC_WAIT_ALLSIG, NULL) > 0);
	client_bury(1, pid);
}

static void
f70_a_childs_end_interrupts_or_restarts_a_wait_with_a_handler(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < 2; i++) {
		int32_t pid = client_fork(1), child;
		token_t token;

		client_catch(pid, SIGCHLD, i ? PROC_SA_RESTART : 0);
		child = client_fork(pid);
		token = client_waits(pid, -1, 0);
		client_exit(child, 0);
		assert_int_equal(client_handled(token), SIGCHLD);
		assert_int_equal(fake_answer_signal(token)->label,
		    i ? TINE_ERESTART : TINE_EINTR);
		(void)client_return(pid, token);
		/* Nothing was lost by that. */
		assert_int_equal(client_wait(pid, -1, 0, NULL), child);
		client_bury(1, pid);
	}
}

static void
f71_children_of_who_ignores_sigchld_or_sets_nocldwait_are_inits(void **state)
{
	enum { IGNORES, NOCLDWAIT, CASES };

	(void)state;
	for (uint32_t i = 0; i < CASES; i++) {
		int32_t pid = client_fork(1), one = client_fork(pid);
		int32_t two = client_fork(pid);
		token_t token;

		if (i == IGNORES)
			client_action(pid, SIGCHLD, PROC_SIG_IGN);
		else
			client_catch(pid, SIGCHLD, PROC_SA_NOCLDWAIT);
		token = client_waits(pid, -1, 0);
		client_exit(one, 3);
		assert_int_equal(client_waited(token, NULL), CLIENT_BLOCKED);
		assert_int_equal(pid_proc(one)->parent->pid, 1);
		assert_int_equal(pid_proc(one)->exitsig, SIGCHLD);
		/* A waiter goes on when its last one has gone. */
		client_exit(two, 4);
		assert_int_equal(client_waited(token, NULL), -TINE_ECHILD);
		assert_int_equal(client_wait(1, one, 0, NULL), one);
		assert_int_equal(client_wait(1, two, 0, NULL), two);
		client_bury(1, pid);
	}
}

static void
f71_it_is_judged_when_the_child_exits(void **state)
{
	int32_t pid = client_fork(1), one, two;

	(void)state;
	client_action(pid, SIGCHLD, PROC_SIG_IGN);
	one = client_fork(pid);
	client_action(pid, SIGCHLD, PROC_SIG_DFL);
	client_exit(one, 1);
	assert_int_equal(client_wait(pid, one, 0, NULL), one);
	/* And a zombie that is there stays. */
	two = client_fork(pid);
	client_exit(two, 1);
	client_action(pid, SIGCHLD, PROC_SIG_IGN);
	assert_int_equal(client_wait(pid, two, 0, NULL), two);
	client_bury(1, pid);
}

static void
f71_inits_own_children_stay_with_it(void **state)
{
	int32_t pid;

	(void)state;
	client_action(1, SIGCHLD, PROC_SIG_IGN);
	client_catch(1, SIGCHLD, PROC_SA_NOCLDWAIT);
	assert_false(signal_disowns(initproc));
	pid = client_fork(1);
	client_exit(pid, 5);
	assert_int_equal(client_handled(client_run(1)), SIGCHLD);
	assert_int_equal(client_wait(1, pid, 0, NULL), pid);
	client_action(1, SIGCHLD, PROC_SIG_DFL);
	(void)client_mask(1, PROC_SIG_SETMASK, 0);
}

static void
f26_a_child_keeps_what_its_parent_said_of_children(void **state)
{
	int32_t pid = client_fork(1), child, grandchild;

	(void)state;
	client_catch(pid, SIGCHLD, PROC_SA_NOCLDWAIT | PROC_SA_NOCLDSTOP);
	child = client_fork(pid);
	assert_int_equal(
	    pid_proc(child)->flags & (PROC_NOCLDWAIT | PROC_NOCLDSTOP),
	    PROC_NOCLDWAIT | PROC_NOCLDSTOP);
	grandchild = client_fork(child);
	client_exit(grandchild, 0);
	assert_int_equal(client_wait(1, grandchild, 0, NULL), grandchild);
	client_exit(child, 0);
	assert_int_equal(client_wait(1, child, 0, NULL), child);
	client_bury(1, pid);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(f73_a_parent_learns_how_its_child_ended),
	    TEST(f73_the_exit_signal_is_the_one_that_was_asked_for),
	    TEST(f70_a_childs_end_interrupts_or_restarts_a_wait_with_a_handler),
	    TEST(
		f71_children_of_who_ignores_sigchld_or_sets_nocldwait_are_inits),
	    TEST(f71_it_is_judged_when_the_child_exits),
	    TEST(f71_inits_own_children_stay_with_it),
	    TEST(f26_a_child_keeps_what_its_parent_said_of_children),
	};

	return cmocka_run_group_tests(tests, start, NULL);
}
