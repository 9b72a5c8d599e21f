/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_lwp.c - LWPs created, ended and parked.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include <abi/errors.h>
#include <procsrv/pid.h>
#include <procsrv/timer.h>

#include "proc_client_lwp.h"

/* Whatever a test leaves its process in, the end of that takes all along. */
static int
teardown(void **state)
{
	(void)client_teardown(state);
	assert_int_equal(fake_timer, ~0ul);
	return 0;
}

static void
a_new_lwp_runs_in_the_same_space_with_the_registers_given(void **state)
{
	struct proc *proc = pid_proc(client);
	struct regs regs;
	token_t token;
	uint64_t two;

	(void)state;
	for (uint32_t i = 0; i < 32; i++) {
		regs.x[i] = 0x2000 + 2 * i;
		regs.f[i] = 0x3000 + i;
	}
	regs.fcsr = 0x21;
	client_lwp(client, 1)->sigmask = 0x5050;
	fake_window(&regs, sizeof(regs));
	token = LWP_CALL(client, 1, lwp_create, .flags = 0);
	assert_int_equal(client_lwp_waited(token), 2);
	two = client_lwp_identity(client, 2);
	assert_true(fake_started(two));
	assert_int_equal(fake_token_of(two), 0);
	assert_memory_equal(fake_regs(two), &regs, sizeof(regs));
	assert_int_equal(fake_space_of(two), proc->space);
	assert_int_equal(fake_space_users(proc->space), 1);
	assert_int_equal(proc->nlwps, 2);
	/* It holds what its creator holds. */
	assert_int_equal(client_lwp(client, 2)->sigmask, 0x5050);
	assert_false(fake_interrupted(two));
}

static void
each_lwp_can_create_others_and_knows_its_id(void **state)
{
	struct proc_ids_rep ids;
	token_t token;

	(void)state;
	assert_int_equal(client_lwp_create(client, 1, 0), 2);
	assert_int_equal(client_lwp_create(client, 2, 0), 3);
	token = client_call_as(
	    client_lwp_identity(client, 3), proc_ids_call, "", 0);
	memcpy(&ids, fake_answer(token), sizeof(ids));
	assert_int_equal(ids.pid, client);
	assert_int_equal(ids.lid, 3);
}

static const struct {
	enum fake_step step;
	int error;
	uint32_t flags;
} failures[] = {
    {FAKE_COPY_IN, TINE_EFAULT, 0},
    {FAKE_THREAD_NEW, TINE_ENOMEM, 0},
    {FAKE_THREAD_NEW, TINE_ESRCH, PROC_LWP_DETACHED},
    {FAKE_THREAD_CLONE, TINE_ESTALE, 0},
    {FAKE_THREAD_INTERRUPT, TINE_ESTALE, PROC_LWP_SUSPENDED},
    {FAKE_REPLY_REGS, TINE_ESTALE, 0},
    {FAKE_REPLY_REGS, TINE_ESTALE, PROC_LWP_SUSPENDED},
};

static void
whichever_step_of_a_creation_fails_nothing_is_left_behind(void **state)
{
	struct snapshot then = snapshot_take();

	(void)state;
	for (size_t i = 0; i < sizeof(failures) / sizeof(failures[0]); i++) {
		fake_fail(failures[i].step, failures[i].error);
		assert_int_equal(
		    client_lwp_create(client, 1, failures[i].flags),
		    -failures[i].error);
		snapshot_assert_equal(&then);
		assert_int_equal(pid_proc(client)->nlwps, 1);
	}
	/* Not even an id was used up. */
	assert_int_equal(client_lwp_create(client, 1, 0), 2);
}

static void
a_table_that_cannot_grow_refuses_and_leaves_nothing(void **state)
{
	uint32_t refused = 0;

	(void)state;
	for (uint32_t i = 0; i < 300; i++) {
		struct snapshot then = snapshot_take();
		uint32_t grown = fake_calls[FAKE_VM_GROW];
		int32_t lid;

		fake_fail_always(FAKE_VM_GROW, TINE_ENOMEM);
		lid = client_lwp_create(client, 1, 0);
		fake_fail_always(FAKE_VM_GROW, 0);
		if (fake_calls[FAKE_VM_GROW] == grown)
			continue;
		assert_int_equal(lid, -TINE_ENOMEM);
		snapshot_assert_equal(&then);
		assert_true(client_lwp_create(client, 1, 0) > 0);
		refused++;
	}
	assert_true(refused > 5);
}

static void
registers_that_cannot_be_and_unknown_flags_are_refused(void **state)
{
	static const struct {
		uint64_t pc;
		uint32_t flags;
	} cases[] = {
	    {0x10001, 0},
	    {USER_TOP, 0},
	    {0xffffffc000000000, 0},
	    {~1ul, 0},
	    {0x10000, 0x20},
	    {0x10000, ~0u},
	};
	struct snapshot then = snapshot_take();
	struct regs regs = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		regs.x[0] = cases[i].pc;
		fake_window(&regs, sizeof(regs));
		assert_int_equal(
		    LWP_ERROR(client, 1, lwp_create, .flags = cases[i].flags),
		    TINE_EINVAL);
		snapshot_assert_equal(&then);
	}
	/* The window must hold them all. */
	fake_window(&regs, sizeof(regs) - 1);
	assert_int_equal(
	    LWP_ERROR(client, 1, lwp_create, .flags = 0), TINE_EFAULT);
	snapshot_assert_equal(&then);
}

static void
a_process_has_as_many_lwps_as_its_limit_dead_ones_included(void **state)
{
	(void)state;
	assert_int_equal(LWP_ERROR(client, 1, setrlimit,
			     .resource = PROC_LIMIT_NTHR, .soft = 3, .hard = 3),
	    0);
	assert_int_equal(client_lwp_create(client, 1, 0), 2);
	assert_int_equal(client_lwp_create(client, 1, PROC_LWP_DETACHED), 3);
	assert_int_equal(client_lwp_create(client, 1, 0), -TINE_EAGAIN);
	/* Nobody has waited for this one yet. */
	client_lwp_exit(client, 2);
	assert_int_equal(client_lwp_create(client, 1, 0), -TINE_EAGAIN);
	assert_int_equal(client_lwp_wait(client, 1, 2), 2);
	assert_int_equal(client_lwp_create(client, 1, 0), 4);
	client_lwp_exit(client, 3);
	assert_int_equal(client_lwp_create(client, 1, 0), 5);
}

static void
ids_are_not_used_twice_at_a_time(void **state)
{
	(void)state;
	assert_int_equal(client_lwp_create(client, 1, 0), 2);
	client_lwp_exit(client, 2);
	assert_int_equal(client_lwp_wait(client, 1, 2), 2);
	assert_int_equal(client_lwp_create(client, 1, 0), 3);
	pid_proc(client)->last_lid = INT32_MAX - 1;
	assert_int_equal(client_lwp_create(client, 1, 0), INT32_MAX);
	/* 1 and 3 are taken, 3 by one that is dead. */
	client_lwp_exit(client, 3);
	assert_int_equal(client_lwp_create(client, 1, 0), 2);
	assert_int_equal(client_lwp_create(client, 1, 0), 4);
}

static void
a_detached_lwp_leaves_nothing_another_leaves_its_record(void **state)
{
	struct snapshot then = snapshot_take(), now;
	int32_t detached = client_lwp_create(client, 1, PROC_LWP_DETACHED);
	uint64_t identity;

	(void)state;
	client_lwp_exit(client, detached);
	snapshot_assert_equal(&then);
	identity = client_lwp_identity(client, client_lwp_create(client, 1, 0));
	client_lwp_exit(client, 3);
	now = snapshot_take();
	/* Its thread is gone, and no message of it is taken. */
	assert_memory_equal(&now.live, &then.live, sizeof(now.live));
	assert_int_equal(now.lwps, then.lwps + 1);
	assert_null(lwp_lookup(identity));
	assert_int_equal(client_lwp(client, 3)->thread, 0);
}

static void
f73_the_last_lwps_end_is_the_processs_with_status_0(void **state)
{
	int32_t status = -1;

	(void)state;
	assert_int_equal(client_lwp_create(client, 1, 0), 2);
	assert_int_equal(client_lwp_create(client, 1, 0), 3);
	client_lwp_exit(client, 1);
	client_lwp_exit(client, 2);
	assert_int_equal(client_wait(1, client, PROC_WAIT_NOHANG, NULL), 0);
	client_lwp_exit(client, 3);
	assert_int_equal(
	    client_wait(1, client, PROC_WAIT_NOWAIT, &status), client);
	assert_int_equal(status, 0);
}

static void
the_first_lwp_may_end_before_the_others(void **state)
{
	int32_t child;

	(void)state;
	assert_int_equal(client_lwp_create(client, 1, 0), 2);
	client_lwp_exit(client, 1);
	/* What is done to the process is done by who is left. */
	child = client_fork(client);
	assert_true(child > 0);
	client_bury(client, child);
	assert_int_equal(client_lwp_wait(client, 2, 0), 1);
}

static int
park(int32_t lid, uint64_t deadline, int32_t unpark)
{
	token_t token = LWP_CALL(
	    client, lid, lwp_park, .deadline = deadline, .unpark = unpark);

	if (fake_token_state(token) == FAKE_PENDING)
		return CLIENT_BLOCKED;
	return fake_answer_error(token);
}

static void
a_parked_lwp_goes_on_when_it_is_unparked(void **state)
{
	token_t token;

	(void)state;
	assert_int_equal(client_lwp_create(client, 1, 0), 2);
	token = LWP_CALL(client, 2, lwp_park, .deadline = PROC_FOREVER);
	assert_int_equal(fake_token_state(token), FAKE_PENDING);
	assert_int_equal(fake_timer, ~0ul);
	assert_int_equal(LWP_ERROR(client, 1, lwp_unpark, .lid = 2), 0);
	assert_int_equal(fake_answer_error(token), 0);
	/* Once for once. */
	assert_int_equal(park(2, PROC_FOREVER, 0), CLIENT_BLOCKED);
}

static void
an_unpark_that_came_first_is_kept_once(void **state)
{
	(void)state;
	assert_int_equal(client_lwp_create(client, 1, 0), 2);
	assert_int_equal(LWP_ERROR(client, 1, lwp_unpark, .lid = 2), 0);
	assert_int_equal(LWP_ERROR(client, 1, lwp_unpark, .lid = 2), 0);
	assert_int_equal(park(2, PROC_FOREVER, 0), TINE_EALREADY);
	assert_int_equal(park(2, PROC_FOREVER, 0), CLIENT_BLOCKED);
	assert_int_equal(
	    LWP_ERROR(client, 1, lwp_unpark, .lid = 3), TINE_ESRCH);
}

static void
parking_can_let_another_go_on_first(void **state)
{
	token_t token;

	(void)state;
	assert_int_equal(client_lwp_create(client, 1, 0), 2);
	token = LWP_CALL(client, 2, lwp_park, .deadline = PROC_FOREVER);
	assert_int_equal(park(1, PROC_FOREVER, 2), CLIENT_BLOCKED);
	assert_int_equal(fake_answer_error(token), 0);
	/* If that one does not exist, nobody parks. */
	assert_int_equal(park(2, PROC_FOREVER, 7), TINE_ESRCH);
	/* Itself: that is an unpark that came before. */
	assert_int_equal(park(2, PROC_FOREVER, 2), TINE_EALREADY);
}

static void
a_parked_lwp_goes_on_at_its_deadline(void **state)
{
	token_t token;

	(void)state;
	token = LWP_CALL(client, 1, lwp_park, .deadline = fake_now + 50);
	assert_int_equal(fake_timer, fake_now + 50);
	fake_now += 49;
	timer_event();
	assert_int_equal(fake_token_state(token), FAKE_PENDING);
	fake_now += 1;
	timer_event();
	assert_int_equal(fake_answer_error(token), TINE_ETIMEDOUT);
	/* One that is over already ends at once. */
	assert_int_equal(park(1, fake_now, 0), TINE_ETIMEDOUT);
	assert_int_equal(park(1, 0, 0), TINE_ETIMEDOUT);
}

static void
an_unparked_lwps_timer_does_not_run_on(void **state)
{
	(void)state;
	assert_int_equal(client_lwp_create(client, 1, 0), 2);
	assert_int_equal(park(2, fake_now + 50, 0), CLIENT_BLOCKED);
	assert_int_equal(LWP_ERROR(client, 1, lwp_unpark, .lid = 2), 0);
	fake_now += 50;
	timer_event();
	/* It waits for something else now, and that is not ended. */
	assert_int_equal(park(2, PROC_FOREVER, 0), CLIENT_BLOCKED);
	timer_event();
	assert_int_equal(client_lwp(client, 2)->state, LWP_PARKED);
}

static void
one_that_is_parked_with_a_deadline_can_be_killed(void **state)
{
	(void)state;
	assert_int_equal(client_lwp_create(client, 1, 0), 2);
	assert_int_equal(park(2, fake_now + 50, 0), CLIENT_BLOCKED);
	client_exit(client, 0);
	fake_now += 50;
	timer_event();
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, client_setup, teardown)
	const struct CMUnitTest tests[] = {
	    TEST(a_new_lwp_runs_in_the_same_space_with_the_registers_given),
	    TEST(each_lwp_can_create_others_and_knows_its_id),
	    TEST(whichever_step_of_a_creation_fails_nothing_is_left_behind),
	    TEST(a_table_that_cannot_grow_refuses_and_leaves_nothing),
	    TEST(registers_that_cannot_be_and_unknown_flags_are_refused),
	    TEST(a_process_has_as_many_lwps_as_its_limit_dead_ones_included),
	    TEST(ids_are_not_used_twice_at_a_time),
	    TEST(a_detached_lwp_leaves_nothing_another_leaves_its_record),
	    TEST(f73_the_last_lwps_end_is_the_processs_with_status_0),
	    TEST(the_first_lwp_may_end_before_the_others),
	    TEST(a_parked_lwp_goes_on_when_it_is_unparked),
	    TEST(an_unpark_that_came_first_is_kept_once),
	    TEST(parking_can_let_another_go_on_first),
	    TEST(a_parked_lwp_goes_on_at_its_deadline),
	    TEST(an_unparked_lwps_timer_does_not_run_on),
	    TEST(one_that_is_parked_with_a_deadline_can_be_killed),
	};

	return cmocka_run_group_tests(tests, client_start, NULL);
}
