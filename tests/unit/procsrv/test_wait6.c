/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_wait6.c - what wait6() adds: options, stops, usage, several LWPs.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include <abi/errors.h>
#include <procsrv/pid.h>
#include <procsrv/proc.h>
#include <procsrv/signal.h>
#include <procsrv/wait.h>

#include "proc_client.h"
#include "proc_client_lwp.h"
#include "proc_fake_time.h"

static int32_t parent;
static struct snapshot before;

static int
setup(void **state)
{
	(void)state;
	before = snapshot_take();
	parent = client_fork(1);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	client_bury(1, parent);
	snapshot_assert_equal(&before);
	return 0;
}

/* A wait6() as it comes, answered at once. */
static int32_t
wait6(uint32_t idtype, int32_t id, uint32_t options, int32_t *statusp)
{
	return client_waited(CLIENT_CALL(parent, wait, .idtype = idtype,
				 .id = id, .options = options),
	    statusp);
}

static void
f70_unknown_options_are_invalid(void **state)
{
	int32_t child = client_fork(parent);

	(void)state;
	for (uint32_t bit = 0; bit < 32; bit++) {
		uint32_t option = 1u << bit;
		bool known = (option & 0x3007f) != 0;
		int32_t result =
		    client_wait(parent, -1, option | PROC_WAIT_NOHANG, NULL);

		/* Only ALTSIG selects none of the children. */
		if (option == PROC_WAIT_ALTSIG)
			assert_int_equal(result, -TINE_ECHILD);
		else
			assert_int_equal(result, known ? 0 : -TINE_EINVAL);
	}
	client_bury(parent, child);
}

static void
f70_options_must_select_something(void **state)
{
	static const uint32_t select[] = {PROC_WAIT_EXITED, PROC_WAIT_UNTRACED,
	    PROC_WAIT_CONTINUED, PROC_WAIT_TRAPPED};
	int32_t child = client_fork(parent);

	(void)state;
	assert_int_equal(wait6(PROC_P_ALL, 0, 0, NULL), -TINE_EINVAL);
	assert_int_equal(
	    wait6(PROC_P_ALL, 0,
		PROC_WAIT_NOHANG | PROC_WAIT_ALTSIG | PROC_WAIT_ALLSIG |
		    PROC_WAIT_NOWAIT | PROC_WAIT_NOZOMBIE,
		NULL),
	    -TINE_EINVAL);
	for (uint32_t i = 0; i < 4; i++)
		assert_int_equal(
		    wait6(PROC_P_ALL, 0, select[i] | PROC_WAIT_NOHANG, NULL),
		    0);
	client_bury(parent, child);
}

static void
f70_whom_to_wait_for_must_be_of_a_known_type(void **state)
{
	int32_t child = client_fork(parent);

	(void)state;
	for (uint32_t type = 0; type < 20; type++) {
		bool known = type == PROC_P_ALL || type == PROC_P_PID ||
			     type == PROC_P_PGID;
		int32_t id = type == PROC_P_PGID ? 0 : child;

		assert_int_equal(
		    wait6(type, id, PROC_WAIT_EXITED | PROC_WAIT_NOHANG, NULL),
		    known ? 0 : -TINE_EINVAL);
	}
	client_bury(parent, child);
}

static void
f70_a_zombie_is_not_for_who_does_not_ask_for_exits(void **state)
{
	int32_t child = client_fork(parent);

	(void)state;
	client_exit(child, 0);
	assert_int_equal(
	    wait6(PROC_P_ALL, 0, PROC_WAIT_UNTRACED, NULL), -TINE_ECHILD);
	assert_int_equal(
	    wait6(PROC_P_PID, child, PROC_WAIT_CONTINUED, NULL), -TINE_ECHILD);
	client_bury(parent, child);
}

static void
f70_who_waits_for_no_exit_learns_that_no_child_is_left(void **state)
{
	int32_t child = client_fork(parent);
	token_t token = CLIENT_CALL(
	    parent, wait, .idtype = PROC_P_ALL, .options = PROC_WAIT_UNTRACED);

	(void)state;
	assert_int_equal(client_waited(token, NULL), CLIENT_BLOCKED);
	client_exit(child, 0);
	assert_int_equal(client_waited(token, NULL), -TINE_ECHILD);
	client_bury(parent, child);
}

/* What part of procsrv stops and continues processes does to the record. */
static void
stop(int32_t pid, int32_t signal)
{
	struct proc *proc = pid_proc(pid);

	proc->state = PROC_STOPPED;
	proc->stop_signal = signal;
	proc->flags &= ~PROC_REPORT_CONT;
	proc->flags |= PROC_REPORT_STOP;
	wait_wake(proc->parent);
}

static void
go_on(int32_t pid)
{
	struct proc *proc = pid_proc(pid);

	proc->state = PROC_ACTIVE;
	proc->flags &= ~PROC_REPORT_STOP;
	proc->flags |= PROC_REPORT_CONT;
	wait_wake(proc->parent);
}

static void
f70_a_stop_is_told_once_to_who_asks_for_it(void **state)
{
	int32_t child = client_fork(parent), status = 0;

	(void)state;
	stop(child, SIGTSTP);
	assert_int_equal(client_wait(parent, child, PROC_WAIT_NOHANG, NULL), 0);
	assert_int_equal(client_wait(parent, -1,
			     PROC_WAIT_UNTRACED | PROC_WAIT_NOWAIT, &status),
	    child);
	assert_int_equal(status, SIGTSTP << 8 | 0177);
	assert_int_equal(
	    client_wait(parent, -1, PROC_WAIT_UNTRACED, &status), child);
	assert_int_equal(status, SIGTSTP << 8 | 0177);
	assert_int_equal(client_wait(parent, -1,
			     PROC_WAIT_UNTRACED | PROC_WAIT_NOHANG, NULL),
	    0);
	/* Another stop is told again. */
	go_on(child);
	stop(child, SIGSTOP);
	assert_int_equal(
	    wait6(PROC_P_PID, child, PROC_WAIT_UNTRACED, &status), child);
	assert_int_equal(status, SIGSTOP << 8 | 0177);
	go_on(child);
	client_bury(parent, child);
}

static void
f70_going_on_is_told_once_to_who_asks_for_it(void **state)
{
	int32_t child = client_fork(parent), status = 0;

	(void)state;
	stop(child, SIGSTOP);
	assert_int_equal(client_wait(parent, -1,
			     PROC_WAIT_CONTINUED | PROC_WAIT_NOHANG, NULL),
	    0);
	go_on(child);
	assert_int_equal(client_wait(parent, -1,
			     PROC_WAIT_UNTRACED | PROC_WAIT_NOHANG, NULL),
	    0);
	for (uint32_t i = 0; i < 2; i++) {
		uint32_t nowait = i == 0 ? PROC_WAIT_NOWAIT : 0;

		assert_int_equal(client_wait(parent, child,
				     PROC_WAIT_CONTINUED | nowait, &status),
		    child);
		assert_int_equal(status, 0xffff);
	}
	assert_int_equal(client_wait(parent, -1,
			     PROC_WAIT_CONTINUED | PROC_WAIT_NOHANG, NULL),
	    0);
	client_bury(parent, child);
}

static void
f70_stops_wake_who_waits_for_them(void **state)
{
	int32_t child = client_fork(parent), status = 0;
	token_t token = client_waits(parent, -1, PROC_WAIT_UNTRACED);

	(void)state;
	assert_int_equal(client_waited(token, NULL), CLIENT_BLOCKED);
	stop(child, SIGSTOP);
	assert_int_equal(client_waited(token, &status), child);
	assert_int_equal(status, SIGSTOP << 8 | 0177);
	token = client_waits(parent, -1, PROC_WAIT_CONTINUED);
	go_on(child);
	assert_int_equal(client_waited(token, &status), child);
	assert_int_equal(status, 0xffff);
	client_bury(parent, child);
}

static void
f70_a_stop_whose_news_reached_nobody_is_told_again(void **state)
{
	int32_t child = client_fork(parent), status = 0;
	token_t token = client_waits(parent, -1, PROC_WAIT_UNTRACED);

	(void)state;
	fake_token_kill(token);
	stop(child, SIGSTOP);
	assert_int_equal(
	    client_wait(parent, -1, PROC_WAIT_UNTRACED, &status), child);
	assert_int_equal(status, SIGSTOP << 8 | 0177);
	go_on(child);
	client_bury(parent, child);
}

/* A second LWP of the parent waits; its token. */
static token_t
second_waits(int32_t lid, uint32_t idtype, int32_t id, uint32_t options)
{
	token_t token = LWP_CALL(parent, lid, wait, .idtype = idtype, .id = id,
	    .options = options | PROC_WAIT_EXITED);

	assert_int_equal(client_waited(token, NULL), CLIENT_BLOCKED);
	return token;
}

static void
f70_of_two_that_wait_one_gets_the_child_and_the_other_sleeps_on(void **state)
{
	int32_t a = client_fork(parent), b = client_fork(parent);
	int32_t lid = client_lwp_create(parent, 1, 0);
	token_t second = second_waits(lid, PROC_P_ALL, 0, 0);
	token_t first = client_waits(parent, -1, 0);

	(void)state;
	client_exit(a, 0);
	assert_int_equal(client_waited(first, NULL), a);
	assert_int_equal(client_waited(second, NULL), CLIENT_BLOCKED);
	client_exit(b, 0);
	assert_int_equal(client_waited(second, NULL), b);
}

static void
f70_the_other_is_told_when_no_child_is_left(void **state)
{
	int32_t child = client_fork(parent);
	int32_t lid = client_lwp_create(parent, 1, 0);
	token_t second = second_waits(lid, PROC_P_ALL, 0, 0);
	token_t first = client_waits(parent, child, 0);

	(void)state;
	client_exit(child, 0);
	assert_int_equal(client_waited(first, NULL), child);
	assert_int_equal(client_waited(second, NULL), -TINE_ECHILD);
}

/* The order of LWPs does not matter, nor how the first got the child. */
static void
f70_one_that_passes_over_zombies_learns_that_they_were_reaped(void **state)
{
	int32_t child = client_fork(parent);
	int32_t lid = client_lwp_create(parent, 1, 0);
	token_t first = client_waits(parent, child, PROC_WAIT_NOZOMBIE);
	token_t second = second_waits(lid, PROC_P_PID, child, 0);

	(void)state;
	client_exit(child, 0);
	assert_int_equal(client_waited(second, NULL), child);
	assert_int_equal(client_waited(first, NULL), -TINE_ECHILD);

	child = client_fork(parent);
	second = second_waits(lid, PROC_P_PID, child, PROC_WAIT_NOZOMBIE);
	client_exit(child, 0);
	assert_int_equal(client_waited(second, NULL), CLIENT_BLOCKED);
	assert_int_equal(
	    client_wait(parent, child, PROC_WAIT_NOHANG, NULL), child);
	assert_int_equal(client_waited(second, NULL), -TINE_ECHILD);
}

static void
f70_the_answer_tells_usage_and_user_of_the_child(void **state)
{
	int32_t child = client_fork(parent);
	int32_t grandchild = client_fork(child);
	struct proc_wait_rep rep;
	token_t token;

	(void)state;
	assert_int_equal(client_setuid(child, 77), 0);
	fake_run(client_identity(grandchild), 50 * FAKE_CYCLES_IN_A_TICK);
	client_bury(child, grandchild);
	fake_run(client_identity(child), 300 * FAKE_CYCLES_IN_A_TICK);
	/* One that is stopped is still running up its time. */
	stop(child, SIGSTOP);
	token = client_waits(parent, child, PROC_WAIT_UNTRACED);
	memcpy(&rep, fake_answer(token), sizeof(rep));
	assert_int_equal(rep.user, 300);
	assert_int_equal(rep.children_user, 50);
	go_on(child);
	fake_run(client_identity(child), 8 * FAKE_CYCLES_IN_A_TICK);
	client_exit(child, 1);
	token = client_waits(parent, child, 0);
	assert_int_equal(fake_answer_error(token), 0);
	memcpy(&rep, fake_answer(token), sizeof(rep));
	assert_int_equal(rep.pid, child);
	assert_int_equal(rep.user, 308);
	assert_int_equal(rep.system, 0);
	assert_int_equal(rep.children_user, 50);
	assert_int_equal(rep.children_system, 0);
	assert_int_equal(rep.uid, 77);
}

/* The status goes to the window, too. */

static int32_t written;

/* A wait for any child with a window of so many bytes; its token. */
static token_t
wait_writing(size_t bytes)
{
	written = -1;
	fake_window_out(&written, bytes);
	return CLIENT_CALL(parent, wait, .idtype = PROC_P_ALL,
	    .options = PROC_WAIT_EXITED, .write = 1);
}

static void
f70_a_status_is_written_when_that_is_asked_for(void **state)
{
	int32_t child = client_fork(parent), status = 0;

	(void)state;
	client_exit(child, 7);
	assert_int_equal(
	    client_waited(wait_writing(sizeof(written)), &status), child);
	assert_int_equal(status, 7 << 8);
	assert_int_equal(written, 7 << 8);
}

static void
f70_a_status_that_cannot_be_written_reaps_nobody(void **state)
{
	int32_t child = client_fork(parent), status = 0;
	token_t token;

	(void)state;
	/* One that waits already, and one that needs not. */
	token = wait_writing(0);
	assert_int_equal(client_waited(token, NULL), CLIENT_BLOCKED);
	client_exit(child, 7);
	assert_int_equal(client_waited(token, NULL), -TINE_EFAULT);
	assert_int_equal(client_waited(wait_writing(0), NULL), -TINE_EFAULT);
	assert_int_equal(written, -1);
	assert_int_equal(client_wait(parent, child, 0, &status), child);
	assert_int_equal(status, 7 << 8);
}

static void
f70_a_waiter_that_is_gone_reaps_nobody_by_its_window(void **state)
{
	int32_t child = client_fork(parent);
	token_t token = wait_writing(sizeof(written));

	(void)state;
	fake_token_kill(token);
	client_exit(child, 7);
	assert_int_equal(written, -1);
	assert_int_equal(pid_proc(child)->state, PROC_ZOMBIE);
	client_bury(parent, child);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
	    TEST(f70_unknown_options_are_invalid),
	    TEST(f70_options_must_select_something),
	    TEST(f70_whom_to_wait_for_must_be_of_a_known_type),
	    TEST(f70_a_zombie_is_not_for_who_does_not_ask_for_exits),
	    TEST(f70_who_waits_for_no_exit_learns_that_no_child_is_left),
	    TEST(f70_a_stop_is_told_once_to_who_asks_for_it),
	    TEST(f70_going_on_is_told_once_to_who_asks_for_it),
	    TEST(f70_stops_wake_who_waits_for_them),
	    TEST(f70_a_stop_whose_news_reached_nobody_is_told_again),
	    TEST(
		f70_of_two_that_wait_one_gets_the_child_and_the_other_sleeps_on),
	    TEST(f70_the_other_is_told_when_no_child_is_left),
	    TEST(f70_one_that_passes_over_zombies_learns_that_they_were_reaped),
	    TEST(f70_a_status_is_written_when_that_is_asked_for),
	    TEST(f70_a_status_that_cannot_be_written_reaps_nobody),
	    TEST(f70_a_waiter_that_is_gone_reaps_nobody_by_its_window),
	    TEST(f70_the_answer_tells_usage_and_user_of_the_child),
	};

	return cmocka_run_group_tests(tests, client_start, NULL);
}
