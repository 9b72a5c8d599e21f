/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_wait.c - waiting for children.
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

static void
a_dead_child_is_collected_at_once(void **state)
{
	int32_t child = client_fork(parent), status;

	(void)state;
	client_exit(child, 42);
	assert_int_equal(client_wait(parent, child, 0, &status), child);
	assert_int_equal(status, 42 << 8);
	assert_null(pid_proc(child));
	assert_int_equal(client_wait(parent, child, 0, &status), -TINE_ECHILD);
}

static void
only_the_low_eight_bits_of_an_exit_code_count(void **state)
{
	int32_t child = client_fork(parent), status;

	(void)state;
	client_exit(child, 0x12345);
	assert_int_equal(client_wait(parent, -1, 0, &status), child);
	assert_int_equal(status, 0x45 << 8);
}

static void
who_waits_sleeps_until_the_child_is_dead(void **state)
{
	int32_t child = client_fork(parent), status;
	token_t token = client_waits(parent, child, 0);

	(void)state;
	assert_int_equal(client_waited(token, NULL), CLIENT_BLOCKED);
	client_exit(child, 3);
	assert_int_equal(client_waited(token, &status), child);
	assert_int_equal(status, 3 << 8);
}

static void
who_waits_for_one_sleeps_through_the_death_of_another(void **state)
{
	int32_t a = client_fork(parent), b = client_fork(parent);
	token_t token = client_waits(parent, a, 0);

	(void)state;
	client_exit(b, 0);
	assert_int_equal(client_waited(token, NULL), CLIENT_BLOCKED);
	client_exit(a, 0);
	assert_int_equal(client_waited(token, NULL), a);
	assert_int_equal(client_wait(parent, -1, 0, NULL), b);
}

static void
nohang_answers_0_while_all_are_alive(void **state)
{
	int32_t child = client_fork(parent);

	(void)state;
	assert_int_equal(client_wait(parent, -1, PROC_WAIT_NOHANG, NULL), 0);
	assert_int_equal(client_wait(parent, child, PROC_WAIT_NOHANG, NULL), 0);
	client_exit(child, 0);
	assert_int_equal(
	    client_wait(parent, -1, PROC_WAIT_NOHANG, NULL), child);
	assert_int_equal(
	    client_wait(parent, -1, PROC_WAIT_NOHANG, NULL), -TINE_ECHILD);
}

static void
who_has_no_such_child_is_told_so(void **state)
{
	int32_t child = client_fork(parent);
	int32_t grandchild = client_fork(child);

	(void)state;
	assert_int_equal(
	    client_wait(parent, grandchild, 0, NULL), -TINE_ECHILD);
	assert_int_equal(client_wait(parent, 29999, 0, NULL), -TINE_ECHILD);
	assert_int_equal(client_wait(parent, parent, 0, NULL), -TINE_ECHILD);
	assert_int_equal(client_wait(parent, 1, 0, NULL), -TINE_ECHILD);
	assert_int_equal(client_wait(parent, -29999, 0, NULL), -TINE_ECHILD);
	assert_int_equal(client_wait(parent, INT32_MIN, 0, NULL), -TINE_ECHILD);
	assert_int_equal(client_wait(grandchild, -1, 0, NULL), -TINE_ECHILD);
	client_bury(child, grandchild);
	client_bury(parent, child);
}

static void
f23_the_latest_dead_comes_first(void **state)
{
	int32_t pids[6];

	(void)state;
	for (uint32_t i = 0; i < 6; i++)
		pids[i] = client_fork(parent);
	client_exit(pids[3], 0);
	client_exit(pids[0], 0);
	client_exit(pids[4], 0);
	assert_int_equal(client_wait(parent, -1, 0, NULL), pids[4]);
	assert_int_equal(client_wait(parent, -1, 0, NULL), pids[0]);
	client_exit(pids[1], 0);
	/* One born later does not hide the dead. */
	pids[0] = client_fork(parent);
	assert_int_equal(client_wait(parent, -1, 0, NULL), pids[1]);
	assert_int_equal(client_wait(parent, -1, 0, NULL), pids[3]);
	client_bury(parent, pids[0]);
	client_bury(parent, pids[2]);
	client_bury(parent, pids[5]);
}

static void
waiting_for_a_group_finds_its_members(void **state)
{
	int32_t child = client_fork(parent);
	int32_t other = client_fork(parent);
	token_t token;

	(void)state;
	/* All are in init's group, but one. */
	assert_int_equal(CLIENT_ERROR(parent, setpgid, .pid = other), 0);
	client_exit(child, 1);
	assert_int_equal(client_wait(parent, 0, 0, NULL), child);
	assert_int_equal(
	    client_wait(parent, 0, PROC_WAIT_NOHANG, NULL), -TINE_ECHILD);
	child = client_fork(parent);
	client_exit(child, 1);
	assert_int_equal(client_wait(parent, -29998, 0, NULL), -TINE_ECHILD);
	token = client_waits(parent, -other, 0);
	assert_int_equal(client_waited(token, NULL), CLIENT_BLOCKED);
	client_exit(other, 1);
	assert_int_equal(client_waited(token, NULL), other);
	client_bury(parent, child);
}

static void
nowait_leaves_the_zombie(void **state)
{
	int32_t child = client_fork(parent), status;

	(void)state;
	client_exit(child, 9);
	for (uint32_t i = 0; i < 3; i++) {
		assert_int_equal(
		    client_wait(parent, child, PROC_WAIT_NOWAIT, &status),
		    child);
		assert_int_equal(status, 9 << 8);
	}
	client_bury(parent, child);
}

static void
nozombie_passes_over_the_dead(void **state)
{
	int32_t child = client_fork(parent);

	(void)state;
	client_exit(child, 9);
	assert_int_equal(client_wait(parent, child,
			     PROC_WAIT_NOZOMBIE | PROC_WAIT_NOHANG, NULL),
	    0);
	assert_int_equal(client_wait(parent, -1,
			     PROC_WAIT_NOZOMBIE | PROC_WAIT_NOHANG, NULL),
	    0);
	client_bury(parent, child);
}

static void
alternate_children_are_waited_for_on_request(void **state)
{
	struct proc_fork_rep rep;
	token_t token = CLIENT_CALL(parent, fork, .exitsig = 0);
	int32_t normal = client_fork(parent), other;

	(void)state;
	memcpy(&rep, fake_answer(token), sizeof(rep));
	other = rep.pid;
	client_exit(other, 0);
	assert_int_equal(client_wait(parent, -1, PROC_WAIT_NOHANG, NULL), 0);
	assert_int_equal(
	    client_wait(parent, other, PROC_WAIT_NOHANG, NULL), -TINE_ECHILD);
	assert_int_equal(client_wait(parent, normal,
			     PROC_WAIT_ALTSIG | PROC_WAIT_NOHANG, NULL),
	    -TINE_ECHILD);
	assert_int_equal(
	    client_wait(parent, -1, PROC_WAIT_ALTSIG | PROC_WAIT_NOWAIT, NULL),
	    other);
	assert_int_equal(
	    client_wait(parent, -1, PROC_WAIT_ALLSIG, NULL), other);
	client_bury(parent, normal);
}

static void
a_zombie_whose_news_reached_nobody_is_kept(void **state)
{
	int32_t child = client_fork(parent);

	(void)state;
	client_exit(child, 5);
	fake_fail(FAKE_REPLY, TINE_ESTALE);
	/* The call of a thread that is gone by the time of the answer. */
	fake_token_kill(client_waits(parent, child, 0));
	assert_int_equal(pid_proc(child)->state, PROC_ZOMBIE);
	client_check();
}

static void
a_child_is_kept_when_its_waiter_went_away_in_its_sleep(void **state)
{
	int32_t child = client_fork(parent);
	token_t token = client_waits(parent, -1, 0);

	(void)state;
	fake_token_kill(token);
	client_exit(child, 5);
	assert_int_equal(pid_proc(child)->state, PROC_ZOMBIE);
	assert_int_equal(proc_lwp(pid_proc(parent))->state, LWP_RUNNING);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
	    TEST(a_dead_child_is_collected_at_once),
	    TEST(only_the_low_eight_bits_of_an_exit_code_count),
	    TEST(who_waits_sleeps_until_the_child_is_dead),
	    TEST(who_waits_for_one_sleeps_through_the_death_of_another),
	    TEST(nohang_answers_0_while_all_are_alive),
	    TEST(who_has_no_such_child_is_told_so),
	    TEST(f23_the_latest_dead_comes_first),
	    TEST(waiting_for_a_group_finds_its_members),
	    TEST(nowait_leaves_the_zombie),
	    TEST(nozombie_passes_over_the_dead),
	    TEST(alternate_children_are_waited_for_on_request),
	    cmocka_unit_test_setup(
		a_zombie_whose_news_reached_nobody_is_kept, setup),
	    cmocka_unit_test_setup(
		a_child_is_kept_when_its_waiter_went_away_in_its_sleep, setup),
	};

	return cmocka_run_group_tests(tests, client_start, NULL);
}
