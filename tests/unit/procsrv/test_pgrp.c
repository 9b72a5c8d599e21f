/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_pgrp.c - process groups, sessions and the terminal (F76).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include <abi/errors.h>
#include <procsrv/pgrp.h>
#include <procsrv/pid.h>
#include <procsrv/proc.h>
#include <procsrv/signal.h>
#include <procsrv/terminal.h>

#include "proc_client.h"
#include "proc_fake_time.h"

static int32_t shell, job;
static struct snapshot before;

/* tcsetpgrp(). */
static int
set_foreground(int32_t pid, int32_t pgid)
{
	return CLIENT_ERROR(pid, foreground, .set = 1, .pgid = pgid);
}

/* tcgetpgrp(), or -error. */
static int32_t
foreground(int32_t pid)
{
	token_t token = CLIENT_CALL(pid, foreground, .set = 0);
	struct proc_foreground_rep rep;

	if (fake_answer_error(token) != 0)
		return -fake_answer_error(token);
	memcpy(&rep, fake_answer(token), sizeof(rep));
	return rep.pgid;
}

static void
exec_small(int32_t pid)
{
	static const char strings[] = "/bin/small";
	token_t token;

	fake_window(strings, sizeof(strings));
	token = CLIENT_CALL(pid, exec, .bytes = sizeof(strings));
	assert_int_equal(fake_token_state(token), FAKE_ANSWERED_REGS);
}

static int32_t
pgid_of(int32_t pid)
{
	return pid_proc(pid)->pgrp->pgid;
}

static int32_t
sid_of(int32_t pid)
{
	return pid_proc(pid)->pgrp->session->sid;
}

static int
setup(void **state)
{
	(void)state;
	before = snapshot_take();
	assert_int_equal(set_foreground(1, 1), 0);
	shell = client_fork(1);
	job = client_fork(shell);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	client_bury(shell, job);
	client_bury(1, shell);
	assert_int_equal(set_foreground(1, 1), 0);
	snapshot_assert_equal(&before);
	return 0;
}

/* setpgid. */

static void
f76_a_process_leads_a_group_of_its_own(void **state)
{
	(void)state;
	assert_int_equal(client_setpgid(shell, 0, 0), 0);
	assert_int_equal(pgid_of(shell), shell);
	assert_int_equal(sid_of(shell), 1);
	/* By all names, and twice. */
	assert_int_equal(client_setpgid(shell, shell, shell), 0);
	assert_int_equal(client_setpgid(shell, 0, shell), 0);
	assert_int_equal(client_setpgid(shell, shell, 0), 0);
	assert_int_equal(pgid_of(shell), shell);
	/* And goes back. */
	assert_int_equal(client_setpgid(shell, 0, 1), 0);
	assert_int_equal(pgid_of(shell), 1);
	assert_int_equal(pgrp_count(), before.pgrps);
}

static void
f76_a_parent_moves_its_children(void **state)
{
	int32_t other = client_fork(shell);

	(void)state;
	assert_int_equal(client_setpgid(shell, job, 0), 0);
	assert_int_equal(pgid_of(job), job);
	assert_int_equal(client_setpgid(shell, other, job), 0);
	assert_int_equal(pgid_of(other), job);
	/* The group outlives its leader, and pins its number (F21). */
	assert_int_equal(client_setpgid(shell, job, 1), 0);
	assert_ptr_equal(pid_pgrp(job), pid_proc(other)->pgrp);
	client_bury(shell, other);
	assert_null(pid_pgrp(job));
}

static void
f76_so_does_an_ancestor(void **state)
{
	(void)state;
	assert_int_equal(client_setpgid(1, job, job), 0);
	assert_int_equal(pgid_of(job), job);
}

static void
f76_others_are_not_to_be_moved(void **state)
{
	int32_t other = client_fork(1);

	(void)state;
	assert_int_equal(client_setpgid(shell, other, other), TINE_ESRCH);
	assert_int_equal(client_setpgid(job, shell, shell), TINE_ESRCH);
	assert_int_equal(client_setpgid(shell, 1, 0), TINE_ESRCH);
	assert_int_equal(client_setpgid(shell, 29999, 0), TINE_ESRCH);
	assert_int_equal(client_setpgid(shell, -1, 0), TINE_ESRCH);
	assert_int_equal(client_setpgid(shell, INT32_MIN, 1), TINE_ESRCH);
	client_exit(other, 0);
	assert_int_equal(client_setpgid(1, other, 0), TINE_ESRCH);
	assert_int_equal(pgrp_count(), before.pgrps);
	client_bury(1, other);
}

static void
f76_a_negative_group_is_invalid(void **state)
{
	(void)state;
	assert_int_equal(client_setpgid(shell, 0, -1), TINE_EINVAL);
	assert_int_equal(client_setpgid(shell, 29999, INT32_MIN), TINE_EINVAL);
}

static void
f76_a_child_that_executed_a_program_is_left_alone(void **state)
{
	(void)state;
	exec_small(job);
	assert_int_equal(client_setpgid(shell, job, job), TINE_EACCES);
	/* It can do that itself. */
	assert_int_equal(client_setpgid(job, 0, 0), 0);
	/* And its own children have not executed anything yet. */
	assert_int_equal(client_setpgid(job, client_fork(job), 0), 0);
	client_bury(job, client_youngest(job));
}

static void
f76_only_ones_own_number_makes_a_new_group(void **state)
{
	(void)state;
	assert_int_equal(client_setpgid(shell, 0, job), TINE_EPERM);
	assert_int_equal(client_setpgid(shell, job, shell), TINE_EPERM);
	assert_int_equal(client_setpgid(shell, 0, 29999), TINE_EPERM);
	assert_int_equal(client_setpgid(shell, 0, INT32_MAX), TINE_EPERM);
	assert_int_equal(pgrp_count(), before.pgrps);
}

static void
f76_groups_of_another_session_are_closed(void **state)
{
	(void)state;
	assert_int_equal(client_setsid(job), 0);
	assert_int_equal(client_setpgid(shell, job, 1), TINE_EPERM);
	assert_int_equal(client_setpgid(shell, 0, job), TINE_EPERM);
	assert_int_equal(client_setpgid(client_fork(job), 0, 1), TINE_EPERM);
	client_bury(job, client_youngest(job));
}

static void
f76_a_leader_of_a_session_stays_where_it_is(void **state)
{
	int32_t child;

	(void)state;
	assert_int_equal(client_setpgid(1, 0, 0), 0);
	assert_int_equal(client_setsid(job), 0);
	child = client_fork(job);
	assert_int_equal(client_setpgid(job, child, 0), 0);
	assert_int_equal(client_setpgid(job, 0, child), TINE_EPERM);
	assert_int_equal(client_setpgid(job, 0, job), 0);
	client_bury(job, child);
}

static void
f76_without_memory_nothing_changes(void **state)
{
	int32_t pids[300];
	uint32_t n = 0;
	int error = 0;

	(void)state;
	/* Until the area of groups has to grow. */
	fake_fail_always(FAKE_VM_GROW, 0);
	while (n < 120 && error == 0) {
		pids[n] = client_fork(shell);
		fake_fail_always(FAKE_VM_GROW, TINE_ENOMEM);
		error = client_setpgid(shell, pids[n], 0);
		fake_fail_always(FAKE_VM_GROW, 0);
		n++;
	}
	assert_int_equal(error, TINE_ENOMEM);
	assert_int_equal(pgid_of(pids[n - 1]), 1);
	assert_null(pid_pgrp(pids[n - 1]));
	client_check();
	assert_int_equal(client_setpgid(shell, pids[n - 1], 0), 0);
	while (n-- > 0)
		client_bury(shell, pids[n]);
}

/* setsid. */

static void
f76_setsid_makes_a_session_and_a_group(void **state)
{
	(void)state;
	assert_int_equal(client_setsid(job), 0);
	assert_int_equal(sid_of(job), job);
	assert_int_equal(pgid_of(job), job);
	assert_int_equal(session_count(), before.sessions + 1);
	assert_int_equal(pgrp_count(), before.pgrps + 1);
	assert_int_equal(client_setsid(job), TINE_EPERM);
	/* Its children are in it (F23). */
	assert_int_equal(sid_of(client_fork(job)), job);
	client_bury(job, client_youngest(job));
}

static void
f76_a_leader_of_a_group_makes_no_session(void **state)
{
	int32_t member;

	(void)state;
	assert_int_equal(client_setsid(1), TINE_EPERM);
	assert_int_equal(client_setpgid(shell, job, 0), 0);
	assert_int_equal(client_setsid(job), TINE_EPERM);
	/* Nor one who left a group that bears its number. */
	member = client_fork(job);
	assert_int_equal(client_setpgid(job, 0, 1), 0);
	assert_int_equal(client_setsid(job), TINE_EPERM);
	client_bury(job, member);
	assert_int_equal(client_setsid(job), 0);
}

static void
f76_setsid_without_memory_changes_nothing(void **state)
{
	int error = 0;
	int32_t last = job;
	int32_t pids[300];
	uint32_t n = 0;

	(void)state;
	while (n < 300 && error == 0) {
		pids[n] = last = client_fork(shell);
		fake_fail_always(FAKE_VM_GROW, TINE_ENOMEM);
		error = client_setsid(last);
		fake_fail_always(FAKE_VM_GROW, 0);
		n++;
	}
	assert_int_equal(error, TINE_ENOMEM);
	assert_int_equal(sid_of(last), 1);
	assert_null(pid_session(last));
	assert_int_equal(session_count(), before.sessions + n - 1);
	assert_int_equal(pgrp_count(), before.pgrps + n - 1);
	while (n-- > 0)
		client_bury(shell, pids[n]);
}

/* The terminal. */

static void
f76_the_foreground_is_any_group_of_the_session(void **state)
{
	(void)state;
	assert_int_equal(foreground(shell), 1);
	assert_int_equal(client_setpgid(shell, job, 0), 0);
	assert_int_equal(set_foreground(shell, job), 0);
	assert_int_equal(foreground(shell), job);
	assert_int_equal(foreground(job), job);
	assert_int_equal(set_foreground(job, 1), 0);
	assert_int_equal(foreground(1), 1);
}

static void
f76_what_is_no_group_of_the_session_is_refused(void **state)
{
	(void)state;
	assert_int_equal(set_foreground(shell, 29999), TINE_EPERM);
	assert_int_equal(set_foreground(shell, job), TINE_EPERM);
	assert_int_equal(set_foreground(shell, 0), TINE_EINVAL);
	assert_int_equal(set_foreground(shell, -5), TINE_EINVAL);
	assert_int_equal(client_setsid(job), 0);
	assert_int_equal(set_foreground(shell, job), TINE_EPERM);
	assert_int_equal(foreground(shell), 1);
}

static void
f76_other_sessions_have_no_terminal(void **state)
{
	(void)state;
	assert_int_equal(client_setsid(job), 0);
	assert_int_equal(foreground(job), -TINE_ENOTTY);
	assert_int_equal(set_foreground(job, job), TINE_ENOTTY);
	assert_int_equal(set_foreground(job, -1), TINE_ENOTTY);
	assert_int_equal(foreground(client_fork(job)), -TINE_ENOTTY);
	client_bury(job, client_youngest(job));
}

/* Whether a process has died of a signal, and no other of its kin. */
static bool
killed(int32_t parent, int32_t pid, int32_t signal)
{
	int32_t status = 0;

	if (client_wait(parent, pid, PROC_WAIT_NOHANG | PROC_WAIT_NOWAIT,
		&status) != pid)
		return false;
	assert_int_equal(status, signal);
	return true;
}

static void
keys_signal_the_foreground_group(void **state)
{
	int32_t a = client_fork(shell), b = client_fork(shell);

	(void)state;
	assert_int_equal(client_setpgid(shell, a, 0), 0);
	assert_int_equal(client_setpgid(shell, b, a), 0);
	assert_int_equal(set_foreground(shell, a), 0);
	fake_typed(SIGINT);
	fake_tty_notify();
	assert_true(killed(shell, a, SIGINT));
	assert_true(killed(shell, b, SIGINT));
	assert_int_equal(pid_proc(shell)->state, PROC_ACTIVE);
	assert_int_equal(pid_proc(job)->state, PROC_ACTIVE);
	client_bury(shell, a);
	client_bury(shell, b);
}

static void
all_that_was_typed_is_fetched_at_one_notification(void **state)
{
	(void)state;
	fake_typed(SIGINT);
	fake_typed(SIGINT);
	fake_typed(SIGINT);
	assert_int_equal(client_setpgid(shell, job, 0), 0);
	assert_int_equal(set_foreground(shell, job), 0);
	fake_tty_notify();
	assert_true(killed(shell, job, SIGINT));
	client_bury(shell, job);
	job = client_fork(shell);
	assert_int_equal(client_setpgid(shell, job, 0), 0);
	assert_int_equal(set_foreground(shell, job), 0);
	/* Nothing is left of it. */
	fake_tty_notify();
	assert_int_equal(pid_proc(job)->state, PROC_ACTIVE);
}

static void
init_survives_what_is_typed_while_it_is_in_the_foreground(void **state)
{
	(void)state;
	assert_int_equal(client_setpgid(shell, 0, 0), 0);
	assert_int_equal(client_setpgid(shell, job, shell), 0);
	fake_typed(SIGINT);
	fake_tty_notify();
	assert_int_equal(initproc->state, PROC_ACTIVE);
	assert_int_equal(pid_proc(shell)->state, PROC_ACTIVE);
}

static void
when_the_foreground_group_is_gone_keys_signal_nobody(void **state)
{
	int32_t child = client_fork(shell);

	(void)state;
	assert_int_equal(client_setpgid(shell, child, 0), 0);
	assert_int_equal(set_foreground(shell, child), 0);
	client_exit(child, 0);
	/* A group of zombies is a group. */
	assert_int_equal(foreground(shell), child);
	client_bury(shell, child);
	assert_int_equal(foreground(shell), INT32_MAX);
	fake_typed(SIGINT);
	fake_tty_notify();
	assert_int_equal(pid_proc(shell)->state, PROC_ACTIVE);
	assert_int_equal(set_foreground(shell, 1), 0);
	assert_int_equal(foreground(shell), 1);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
	    TEST(f76_a_process_leads_a_group_of_its_own),
	    TEST(f76_a_parent_moves_its_children),
	    TEST(f76_so_does_an_ancestor),
	    TEST(f76_others_are_not_to_be_moved),
	    TEST(f76_a_negative_group_is_invalid),
	    TEST(f76_a_child_that_executed_a_program_is_left_alone),
	    TEST(f76_only_ones_own_number_makes_a_new_group),
	    TEST(f76_groups_of_another_session_are_closed),
	    TEST(f76_a_leader_of_a_session_stays_where_it_is),
	    TEST(f76_without_memory_nothing_changes),
	    TEST(f76_setsid_makes_a_session_and_a_group),
	    TEST(f76_a_leader_of_a_group_makes_no_session),
	    TEST(f76_setsid_without_memory_changes_nothing),
	    TEST(f76_the_foreground_is_any_group_of_the_session),
	    TEST(f76_what_is_no_group_of_the_session_is_refused),
	    TEST(f76_other_sessions_have_no_terminal),
	    TEST(keys_signal_the_foreground_group),
	    TEST(all_that_was_typed_is_fetched_at_one_notification),
	    TEST(init_survives_what_is_typed_while_it_is_in_the_foreground),
	    TEST(when_the_foreground_group_is_gone_keys_signal_nobody),
	};

	return cmocka_run_group_tests(tests, client_start, NULL);
}
