/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_times.c - the time that processes ran.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include <abi/errors.h>
#include <procsrv/pid.h>
#include <procsrv/proc.h>
#include <procsrv/times.h>

#include "proc_client.h"
#include "proc_fake_time.h"

#define CYCLES(ticks) ((ticks)*FAKE_CYCLES_IN_A_TICK)

static struct snapshot before;

static int
setup(void **state)
{
	(void)state;
	fake_cycles_measured = 0;
	times_init(FAKE_TIMEBASE);
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

static struct proc_times_rep
times_of(int32_t pid)
{
	token_t token = client_call(pid, proc_times_call, "", 0);
	struct proc_times_rep rep;

	assert_int_equal(fake_answer_error(token), 0);
	memcpy(&rep, fake_answer(token), sizeof(rep));
	assert_int_equal(rep.system, 0);
	assert_int_equal(rep.children_system, 0);
	return rep;
}

static void
cycles_are_told_in_ticks(void **state)
{
	int32_t pid = client_fork(1);

	(void)state;
	assert_int_equal(times_of(pid).user, 0);
	fake_run(client_identity(pid), CYCLES(100));
	assert_int_equal(times_of(pid).user, 100);
	fake_run(client_identity(pid), CYCLES(1) / 2);
	assert_int_equal(times_of(pid).user, 100);
	fake_run(client_identity(pid), CYCLES(1) / 2);
	assert_int_equal(times_of(pid).user, 101);
	client_bury(1, pid);
}

static void
the_rate_of_cycles_is_that_which_was_measured(void **state)
{
	int32_t pid = client_fork(1);

	(void)state;
	/* A millisecond at 10 MHz is 10000 ticks. */
	fake_cycles_measured = 1234567;
	times_init(10000000);
	fake_run(client_identity(pid), 1234567000);
	assert_in_range(times_of(pid).user, 9999999, 10000000);
	client_bury(1, pid);
}

static void
years_of_cycles_do_not_overflow(void **state)
{
	int32_t pid = client_fork(1);

	(void)state;
	fake_run(client_identity(pid), CYCLES(1ul << 61));
	assert_true(times_of(pid).user == 1ul << 61);
	client_exit(pid, 0);
	client_bury(1, pid);
	/* For whoever comes next. */
	initproc->times_children = 0;
}

/* A counter that stands still, or is slower than the clock. */
static void
cycles_that_do_not_count_are_ticks(void **state)
{
	int32_t pid = client_fork(1);

	(void)state;
	fake_cycles_measured = 1;
	times_init(10000000);
	fake_run(client_identity(pid), 777);
	assert_int_equal(times_of(pid).user, 777);
	client_bury(1, pid);
}

static void
a_millisecond_is_at_least_a_tick(void **state)
{
	(void)state;
	assert_int_equal(times_milliseconds(5), 5);
	times_init(10000000);
	assert_int_equal(times_milliseconds(5), 50000);
	times_init(10);
	assert_int_equal(times_milliseconds(1), 1);
	assert_int_equal(times_milliseconds(0), 1);
	assert_int_equal(times_milliseconds(300), 3);
}

static void
lwps_that_are_gone_still_count(void **state)
{
	int32_t pid = client_fork(1);
	struct proc *proc = pid_proc(pid);

	(void)state;
	fake_run(client_identity(pid), CYCLES(10));
	times_lwp_gone(proc_lwp(proc));
	/* The fake's thread is there yet, so it counts twice. */
	assert_int_equal(times_of(pid).user, 20);
	assert_int_equal(proc->times_gone, 10);
	client_exit(pid, 0);
	assert_int_equal(proc->times_gone, 20);
	client_bury(1, pid);
}

static void
f27_a_child_starts_with_no_time_used(void **state)
{
	int32_t parent = client_fork(1);
	int32_t child;

	(void)state;
	client_bury(parent, client_fork(parent));
	fake_run(client_identity(parent), CYCLES(50));
	pid_proc(parent)->times_children = 7;
	child = client_fork(parent);
	assert_int_equal(times_of(child).user, 0);
	assert_int_equal(times_of(child).children_user, 0);
	client_bury(parent, child);
	client_bury(1, parent);
}

static void
f70_children_count_once_they_are_reaped(void **state)
{
	int32_t parent = client_fork(1);
	int32_t child = client_fork(parent);
	int32_t grandchild = client_fork(child);

	(void)state;
	fake_run(client_identity(grandchild), CYCLES(3));
	fake_run(client_identity(child), CYCLES(20));
	client_exit(grandchild, 0);
	assert_int_equal(times_of(child).children_user, 0);
	client_bury(child, grandchild);
	assert_int_equal(times_of(child).children_user, 3);
	client_exit(child, 0);
	assert_int_equal(
	    client_wait(parent, child, PROC_WAIT_NOWAIT, NULL), child);
	assert_int_equal(times_of(parent).children_user, 0);
	client_bury(parent, child);
	assert_int_equal(times_of(parent).children_user, 23);
	assert_int_equal(times_of(parent).user, 0);
	client_bury(1, parent);
}

static void
exec_keeps_the_time(void **state)
{
	static const char strings[] = "/bin/small";
	int32_t pid = client_fork(1);
	token_t token;

	(void)state;
	fake_run(client_identity(pid), CYCLES(9));
	fake_window(strings, sizeof(strings));
	token = CLIENT_CALL(pid, exec, .bytes = sizeof(strings));
	assert_int_equal(fake_token_state(token), FAKE_ANSWERED_REGS);
	assert_int_equal(times_of(pid).user, 9);
	client_bury(1, pid);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
	    TEST(cycles_are_told_in_ticks),
	    TEST(the_rate_of_cycles_is_that_which_was_measured),
	    TEST(years_of_cycles_do_not_overflow),
	    TEST(cycles_that_do_not_count_are_ticks),
	    TEST(a_millisecond_is_at_least_a_tick),
	    TEST(lwps_that_are_gone_still_count),
	    TEST(f27_a_child_starts_with_no_time_used),
	    TEST(f70_children_count_once_they_are_reaped),
	    TEST(exec_keeps_the_time),
	};

	return cmocka_run_group_tests(tests, client_start, NULL);
}
