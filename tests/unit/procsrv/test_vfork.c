/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_vfork.c - vfork by processes with several LWPs, nested, and killed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include <abi/errors.h>
#include <procsrv/pid.h>
#include <procsrv/timer.h>

#include "proc_client_lwp.h"

#define VFORK_3BSD (FORK_PPWAIT | FORK_SHAREVM)
#define KILL 9
#define ABORT 6

static struct snapshot before;
static int32_t pid;

/* Each test has a process with LWPs 1 to 3. */
static int
setup(void **state)
{
	(void)state;
	before = snapshot_take();
	pid = client_fork(1);
	assert_int_equal(client_lwp_create(pid, 1, 0), 2);
	assert_int_equal(client_lwp_create(pid, 1, 0), 3);
	fake_ran_meanwhile = 0;
	return 0;
}

/* All but init are dead by now, or die here; init waits for them. */
static int
teardown(void **state)
{
	int32_t dead;

	(void)state;
	client_check();
	for (int32_t i = 2; i < 30000; i++) {
		if (pid_proc(i) != NULL)
			(void)client_kill(1, i, KILL);
	}
	do
		dead = client_wait(1, -1, 0, NULL);
	while (dead > 0);
	assert_int_equal(dead, -TINE_ECHILD);
	snapshot_assert_equal(&before);
	return 0;
}

static token_t
exec_small(int32_t of, int32_t lid)
{
	static const char strings[] = "/bin/small";

	fake_window(strings, sizeof(strings));
	return LWP_CALL(of, lid, exec, .bytes = sizeof(strings));
}

static bool
alive(int32_t of)
{
	return client_wait(1, of, PROC_WAIT_NOHANG | PROC_WAIT_NOWAIT, NULL) ==
	       0;
}

static void
f50_only_the_calling_lwp_waits(void **state)
{
	token_t token;
	int32_t child = client_lwp_vfork(pid, 2, VFORK_3BSD, &token), other;

	(void)state;
	assert_int_equal(pid_proc(child)->nlwps, 1);
	/* The others go on, and do all that processes do. */
	assert_int_equal(client_lwp_create(pid, 1, 0), 4);
	other = client_fork(pid);
	assert_true(other > 0);
	client_bury(pid, other);
	client_lwp_exit(pid, 3);
	assert_int_equal(client_lwp_wait(pid, 1, 3), 3);
	assert_int_equal(fake_token_state(token), FAKE_PENDING);
	client_exit(child, 0);
	assert_int_equal(client_forked(token), child);
	client_bury(pid, child);
}

static void
f53_two_lwps_in_vfork_wait_each_for_its_own(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < 2; i++) {
		token_t a, b;
		int32_t x = client_lwp_vfork(pid, 1, VFORK_3BSD, &a);
		int32_t y = client_lwp_vfork(pid, 2, VFORK_3BSD, &b);

		assert_int_equal(fake_space_users(pid_proc(pid)->space), 3);
		client_exit(i == 0 ? x : y, 0);
		assert_int_equal(
		    fake_token_state(a), i == 0 ? FAKE_ANSWERED : FAKE_PENDING);
		assert_int_equal(
		    fake_token_state(b), i == 1 ? FAKE_ANSWERED : FAKE_PENDING);
		client_exit(i == 0 ? y : x, 0);
		assert_int_equal(client_forked(a), x);
		assert_int_equal(client_forked(b), y);
		client_bury(pid, x);
		client_bury(pid, y);
	}
}

static void
f50_killed_in_vfork_the_others_end_at_once_the_zombie_comes_later(void **state)
{
	token_t token;
	int32_t child = client_lwp_vfork(pid, 1, VFORK_3BSD, &token);
	int32_t status = 0;

	(void)state;
	fake_ran_meanwhile = 0;
	assert_int_equal(client_kill(1, pid, KILL), 0);
	assert_int_equal(pid_proc(pid)->nlwps, 1);
	assert_int_equal(client_lwp(pid, 1)->state, LWP_VFORKING);
	/* None ran on while others ended, but for the child. */
	assert_int_equal(fake_ran_meanwhile, 1);
	assert_true(alive(pid));
	client_check();
	/* It has its status; no other signal changes that. */
	assert_int_equal(client_kill(1, pid, 15), 0);
	client_exit(child, 0);
	assert_int_equal(fake_token_state(token), FAKE_STALE);
	assert_int_equal(client_wait(1, pid, 0, &status), pid);
	assert_int_equal(status, KILL);
}

static void
f50_an_exit_by_another_lwp_waits_likewise_and_keeps_its_status(void **state)
{
	token_t token;
	int32_t child = client_lwp_vfork(pid, 3, VFORK_3BSD, &token);
	int32_t status = 0;

	(void)state;
	(void)LWP_CALL(pid, 1, exit, .status = 5);
	assert_int_equal(pid_proc(pid)->nlwps, 1);
	assert_true(alive(pid));
	assert_int_equal(client_kill(1, pid, KILL), 0);
	assert_true(alive(pid));
	assert_int_equal(
	    fake_token_state(exec_small(child, 1)), FAKE_ANSWERED_REGS);
	assert_int_equal(fake_token_state(token), FAKE_STALE);
	assert_int_equal(client_wait(1, pid, 0, &status), pid);
	assert_int_equal(status, 5 << 8);
	assert_int_equal(client_ppid(child), 1);
}

static void
f50_killed_with_two_in_vfork_it_ends_with_the_last_child(void **state)
{
	token_t a, b;
	int32_t x = client_lwp_vfork(pid, 1, VFORK_3BSD, &a);
	int32_t y = client_lwp_vfork(pid, 3, VFORK_3BSD, &b);

	(void)state;
	assert_int_equal(client_kill(1, pid, KILL), 0);
	assert_int_equal(pid_proc(pid)->nlwps, 2);
	client_exit(y, 0);
	client_check();
	assert_int_equal(pid_proc(pid)->nlwps, 1);
	assert_true(alive(pid));
	client_exit(x, 0);
	assert_false(alive(pid));
	assert_int_equal(fake_token_state(a), FAKE_STALE);
	assert_int_equal(fake_token_state(b), FAKE_STALE);
}

static void
f50_a_last_lwp_that_waits_lets_the_process_live(void **state)
{
	token_t token;
	int32_t child = client_lwp_vfork(pid, 2, VFORK_3BSD, &token);

	(void)state;
	client_lwp_exit(pid, 1);
	client_lwp_exit(pid, 3);
	assert_true(alive(pid));
	client_exit(child, 0);
	assert_int_equal(client_forked(token), child);
	assert_true(alive(pid));
}

/*
 * F53: an exec by another LWP ends the one that waits: the parent leaves the
 * shared space, and the child finds nobody to wake.
 */
static void
f53_f79_an_exec_by_another_lwp_ends_the_one_that_waits(void **state)
{
	uint64_t space = pid_proc(pid)->space;
	token_t token;
	int32_t child = client_lwp_vfork(pid, 2, VFORK_3BSD, &token);

	(void)state;
	assert_int_equal(
	    fake_token_state(exec_small(pid, 3)), FAKE_ANSWERED_REGS);
	assert_int_equal(fake_token_state(token), FAKE_STALE);
	assert_int_equal(pid_proc(pid)->nlwps, 1);
	assert_int_equal(fake_space_users(space), 1);
	/* Its record is used again; the child means the old one. */
	assert_int_equal(client_lwp_create(pid, 1, 0), 2);
	client_exit(child, 3);
	assert_int_equal(fake_space_users(space), 0);
	assert_int_equal(client_lwp(pid, 2)->state, LWP_RUNNING);
	client_bury(pid, child);
}

/* Three levels; each of them killed, in any order. */
static void
f50_f53_nested_three_deep_each_level_can_be_killed(void **state)
{
	static const uint8_t orders[6][3] = {
	    {0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};

	(void)state;
	for (uint32_t i = 0; i < 6; i++) {
		token_t tokens[3];
		int32_t level[4];

		level[0] = client_fork(pid);
		for (uint32_t n = 0; n < 3; n++)
			level[n + 1] = client_lwp_vfork(
			    level[n], 1, VFORK_3BSD, &tokens[n]);
		/* The innermost goes on; no waiter is seen to end before. */
		for (uint32_t n = 0; n < 3; n++) {
			uint8_t victim = orders[i][n];

			assert_int_equal(client_kill(1, level[victim], 9), 0);
			client_check();
			assert_int_equal(
			    client_wait(pid, level[0], PROC_WAIT_NOHANG, NULL),
			    0);
			assert_int_equal(
			    fake_token_state(tokens[victim]), FAKE_PENDING);
		}
		client_exit(level[3], 0);
		for (uint32_t n = 0; n < 3; n++)
			assert_int_equal(
			    fake_token_state(tokens[n]), FAKE_STALE);
		assert_int_equal(client_wait(pid, level[0], 0, NULL), level[0]);
		for (uint32_t n = 1; n < 4; n++)
			assert_int_equal(
			    client_wait(1, level[n], 0, NULL), level[n]);
	}
}

static void
f53_killing_one_level_lets_the_others_go_on(void **state)
{
	(void)state;
	for (uint32_t killed = 0; killed < 4; killed++) {
		token_t tokens[3];
		int32_t level[4];

		level[0] = client_fork(pid);
		for (uint32_t n = 0; n < 3; n++)
			level[n + 1] = client_lwp_vfork(
			    level[n], 1, VFORK_3BSD, &tokens[n]);
		assert_int_equal(client_kill(1, level[killed], 9), 0);
		for (uint32_t n = 3; n > 0; n--) {
			if (n != killed && killed != n - 1 + 1)
				client_exit(level[n], 0);
			if (n - 1 == killed)
				assert_int_equal(
				    fake_token_state(tokens[n - 1]),
				    FAKE_STALE);
			else
				assert_int_equal(
				    client_forked(tokens[n - 1]), level[n]);
		}
		if (killed != 0)
			client_exit(level[0], 0);
		assert_int_equal(client_wait(pid, level[0], 0, NULL), level[0]);
		for (uint32_t n = 1; n < 4; n++)
			assert_int_equal(
			    client_wait(1, level[n], 0, NULL), level[n]);
	}
}

static void
f51_an_exec_by_any_lwp_of_the_child_wakes_the_parent(void **state)
{
	uint64_t space = pid_proc(pid)->space;
	token_t token;
	int32_t child = client_lwp_vfork(pid, 1, VFORK_3BSD, &token);

	(void)state;
	assert_int_equal(client_lwp_create(child, 1, 0), 2);
	assert_int_equal(client_lwp_create(child, 2, 0), 3);
	assert_int_equal(
	    fake_token_state(exec_small(child, 2)), FAKE_ANSWERED_REGS);
	assert_int_equal(client_forked(token), child);
	/* Nothing of the child was in the parent's memory any more. */
	assert_true(fake_last[FAKE_VM_RELEASE] < fake_last[FAKE_REPLY]);
	assert_true(fake_last[FAKE_THREAD_FREE] < fake_last[FAKE_REPLY]);
	assert_int_equal(fake_space_users(space), 1);
	assert_int_equal(client_lwp(child, 1)->state, LWP_RUNNING);
}

static void
f51_what_fails_later_kills_the_child_with_its_parent_running(void **state)
{
	token_t token;
	int32_t child = client_lwp_vfork(pid, 1, VFORK_3BSD, &token);
	int32_t status = 0;

	(void)state;
	fake_fail(FAKE_REPLY_REGS, TINE_EFAULT);
	(void)exec_small(child, 1);
	assert_int_equal(client_forked(token), child);
	assert_int_equal(client_wait(pid, child, 0, &status), child);
	assert_int_equal(status, ABORT);
}

static void
f51_what_fails_before_leaves_the_parent_waiting(void **state)
{
	token_t token;
	int32_t child = client_lwp_vfork(pid, 1, VFORK_3BSD, &token);
	struct snapshot then;

	(void)state;
	assert_int_equal(client_lwp_create(child, 1, 0), 2);
	then = snapshot_take();
	fake_fail(FAKE_EXEC_COMMIT, TINE_ENOMEM);
	assert_int_equal(fake_answer_error(exec_small(child, 2)), TINE_ENOMEM);
	snapshot_assert_equal(&then);
	assert_int_equal(fake_token_state(token), FAKE_PENDING);
}

static void
f52_the_parent_is_woken_after_memory_is_released(void **state)
{
	token_t token, wait;
	int32_t child = client_lwp_vfork(pid, 1, VFORK_3BSD, &token);

	(void)state;
	assert_int_equal(client_lwp_create(child, 1, 0), 2);
	client_lwp_exit(child, 1);
	assert_int_equal(fake_token_state(token), FAKE_PENDING);
	wait = LWP_CALL(pid, 2, wait, .idtype = PROC_P_PID, .id = child,
	    .options = CLIENT_WAIT4);
	assert_int_equal(client_waited(wait, NULL), CLIENT_BLOCKED);
	client_lwp_exit(child, 2);
	assert_int_equal(client_forked(token), child);
	assert_int_equal(client_waited(wait, NULL), child);
	assert_true(fake_last[FAKE_VM_RELEASE] < fake_last[FAKE_REPLY]);
}

static void
f53_the_child_outlives_its_parents_lwp_and_record(void **state)
{
	token_t token;
	int32_t child = client_lwp_vfork(pid, 1, FORK_PPWAIT, &token);
	int32_t grandchild = client_fork(child);

	(void)state;
	/* The child of the vfork child is nobody's to wait for. */
	client_exit(grandchild, 0);
	assert_int_equal(fake_token_state(token), FAKE_PENDING);
	assert_int_equal(client_kill(1, child, KILL), 0);
	assert_int_equal(client_forked(token), child);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
	    TEST(f50_only_the_calling_lwp_waits),
	    TEST(f53_two_lwps_in_vfork_wait_each_for_its_own),
	    TEST(
		f50_killed_in_vfork_the_others_end_at_once_the_zombie_comes_later),
	    TEST(
		f50_an_exit_by_another_lwp_waits_likewise_and_keeps_its_status),
	    TEST(f50_killed_with_two_in_vfork_it_ends_with_the_last_child),
	    TEST(f50_a_last_lwp_that_waits_lets_the_process_live),
	    TEST(f53_f79_an_exec_by_another_lwp_ends_the_one_that_waits),
	    TEST(f50_f53_nested_three_deep_each_level_can_be_killed),
	    TEST(f53_killing_one_level_lets_the_others_go_on),
	    TEST(f51_an_exec_by_any_lwp_of_the_child_wakes_the_parent),
	    TEST(f51_what_fails_later_kills_the_child_with_its_parent_running),
	    TEST(f51_what_fails_before_leaves_the_parent_waiting),
	    TEST(f52_the_parent_is_woken_after_memory_is_released),
	    TEST(f53_the_child_outlives_its_parents_lwp_and_record),
	};

	return cmocka_run_group_tests(tests, client_start, NULL);
}
