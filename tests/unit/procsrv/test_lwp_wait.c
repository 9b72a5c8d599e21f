/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_lwp_wait.c - _lwp_wait() and _lwp_detach().
 */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include <abi/errors.h>
#include <procsrv/pid.h>

#include "proc_client_lwp.h"

/* Each test has a process with LWPs 1 to 4. */
static int
setup(void **state)
{
	(void)client_setup(state);
	for (int32_t lid = 2; lid <= 4; lid++)
		assert_int_equal(client_lwp_create(client, 1, 0), lid);
	return 0;
}

/* Wait, and block. */
static token_t
waiting(int32_t lid, int32_t which)
{
	token_t token = LWP_CALL(client, lid, lwp_wait, .lid = which);

	assert_int_equal(client_lwp_waited(token), CLIENT_BLOCKED);
	return token;
}

static int
detach(int32_t lid, int32_t which)
{
	return LWP_ERROR(client, lid, lwp_detach, .lid = which);
}

static void
one_that_ended_is_found_once(void **state)
{
	(void)state;
	client_lwp_exit(client, 3);
	assert_int_equal(client_lwp_wait(client, 1, 3), 3);
	assert_int_equal(client_lwp_wait(client, 1, 3), -TINE_ESRCH);
	client_lwp_exit(client, 2);
	client_lwp_exit(client, 4);
	assert_int_equal(client_lwp_wait(client, 1, 0), 2);
	assert_int_equal(client_lwp_wait(client, 1, 0), 4);
	assert_int_equal(client_lwp_wait(client, 1, 0), -TINE_ESRCH);
}

static void
who_waits_is_told_of_the_end(void **state)
{
	token_t one = waiting(1, 3), any = waiting(2, 0);

	(void)state;
	client_lwp_exit(client, 3);
	/* Who waits for it in particular comes first. */
	assert_int_equal(client_lwp_waited(one), 3);
	assert_int_equal(client_lwp_waited(any), CLIENT_BLOCKED);
	client_lwp_exit(client, 4);
	assert_int_equal(client_lwp_waited(any), 4);
	assert_int_equal(pid_proc(client)->ndead, 0);
}

static void
of_two_that_wait_for_the_same_one_gets_it(void **state)
{
	token_t first = waiting(1, 3), second = waiting(2, 3);

	(void)state;
	client_lwp_exit(client, 3);
	assert_int_equal(client_lwp_waited(first), 3);
	assert_int_equal(client_lwp_waited(second), -TINE_ESRCH);
}

static void
of_two_that_wait_for_any_one_gets_it(void **state)
{
	token_t first = waiting(1, 0), second = waiting(2, 0);

	(void)state;
	client_lwp_exit(client, 3);
	assert_int_equal(client_lwp_waited(first), 3);
	assert_int_equal(client_lwp_waited(second), CLIENT_BLOCKED);
}

static void
whom_nobody_can_wait_for_is_an_error(void **state)
{
	(void)state;
	assert_int_equal(client_lwp_wait(client, 1, 9), -TINE_ESRCH);
	assert_int_equal(client_lwp_wait(client, 1, -1), -TINE_ESRCH);
	assert_int_equal(detach(1, 2), 0);
	assert_int_equal(client_lwp_wait(client, 1, 2), -TINE_EINVAL);
	assert_int_equal(detach(1, 3), 0);
	assert_int_equal(detach(1, 4), 0);
	/* All others are detached. */
	assert_int_equal(client_lwp_wait(client, 1, 0), -TINE_ESRCH);
}

static void
nobody_waits_for_itself_or_in_a_circle(void **state)
{
	token_t token;

	(void)state;
	assert_int_equal(client_lwp_wait(client, 1, 1), -TINE_EDEADLK);
	token = waiting(2, 1);
	assert_int_equal(client_lwp_wait(client, 1, 2), -TINE_EDEADLK);
	assert_int_equal(client_lwp_waited(token), CLIENT_BLOCKED);
}

static void
not_all_can_wait(void **state)
{
	token_t a = waiting(1, 2), b = waiting(2, 3), c = waiting(3, 4);

	(void)state;
	assert_int_equal(client_lwp_wait(client, 4, 1), -TINE_EDEADLK);
	assert_int_equal(client_lwp_wait(client, 4, 0), -TINE_EDEADLK);
	assert_int_equal(client_lwp_waited(a), CLIENT_BLOCKED);
	assert_int_equal(client_lwp_waited(b), CLIENT_BLOCKED);
	assert_int_equal(client_lwp_waited(c), CLIENT_BLOCKED);
}

static void
when_only_waiters_are_left_one_is_told(void **state)
{
	token_t a = waiting(1, 2), b = waiting(2, 3), c = waiting(3, 1);

	(void)state;
	assert_int_equal(detach(4, 4), 0);
	client_lwp_exit(client, 4);
	assert_int_equal(client_lwp_waited(a), -TINE_EDEADLK);
	assert_int_equal(client_lwp_waited(b), CLIENT_BLOCKED);
	assert_int_equal(client_lwp_waited(c), CLIENT_BLOCKED);
	/* It can let the others go on. */
	client_lwp_exit(client, 1);
	assert_int_equal(client_lwp_waited(c), 1);
}

static void
a_detached_one_is_waited_for_no_more(void **state)
{
	token_t one = waiting(1, 2), any = waiting(3, 0);

	(void)state;
	assert_int_equal(detach(4, 2), 0);
	assert_int_equal(client_lwp_waited(one), -TINE_EINVAL);
	assert_int_equal(client_lwp_waited(any), CLIENT_BLOCKED);
	assert_int_equal(detach(4, 2), TINE_EINVAL);
	assert_int_equal(detach(4, 9), TINE_ESRCH);
	assert_int_equal(detach(1, 1), 0);
	assert_int_equal(detach(4, 4), 0);
	/* Nobody is left that 3 could wait for. */
	assert_int_equal(client_lwp_waited(any), -TINE_ESRCH);
}

static void
detaching_one_that_ended_forgets_it(void **state)
{
	struct snapshot then;

	(void)state;
	client_lwp_exit(client, 2);
	then = snapshot_take();
	assert_int_equal(detach(1, 2), 0);
	then.lwps--;
	snapshot_assert_equal(&then);
	assert_int_equal(detach(1, 2), TINE_ESRCH);
}

static void
one_that_ended_and_is_not_waited_for_hinders_no_wait(void **state)
{
	token_t a = waiting(1, 2);

	(void)state;
	client_lwp_exit(client, 4);
	assert_int_equal(waiting(2, 3) != 0, true);
	/* 3 may yet wait for the dead one. */
	assert_int_equal(client_lwp_wait(client, 3, 0), 4);
	client_lwp_exit(client, 3);
	client_lwp_exit(client, 2);
	assert_int_equal(client_lwp_waited(a), 2);
}

/* It is answered although the one before it in the list still may wait. */
static void
who_is_all_that_others_can_wait_for_is_told(void **state)
{
	token_t a, b;

	(void)state;
	assert_int_equal(detach(1, 1), 0);
	assert_int_equal(detach(1, 2), 0);
	a = waiting(2, 0);
	b = waiting(3, 0);
	/* Others than 3 are detached then, and it alone is not. */
	assert_int_equal(detach(1, 4), 0);
	assert_int_equal(client_lwp_waited(b), -TINE_ESRCH);
	assert_int_equal(client_lwp_waited(a), CLIENT_BLOCKED);
	client_lwp_exit(client, 3);
	assert_int_equal(client_lwp_waited(a), 3);
}

/* What procsrv takes, in time of the host, for an LWP's end. */
static double
end_time(int32_t lid, uint32_t ends)
{
	clock_t start = clock();

	for (uint32_t i = 0; i < ends; i++) {
		int32_t other =
		    client_lwp_create(client, lid, PROC_LWP_DETACHED);

		assert_true(other > 0);
		client_lwp_exit(client, other);
	}
	return (double)(clock() - start);
}

/*
 * One process is not to keep all others waiting: with ten times the LWPs that
 * wait for any, an end takes less than ten times as long, not 30 times.
 */
static void
an_end_costs_in_proportion_to_those_that_wait(void **state)
{
	enum { FEW = 40, MANY = 10 * FEW, ENDS = 1000 };
	double few = 0;

	(void)state;
	for (int32_t n = 4; n < MANY; n++) {
		int32_t lid = client_lwp_create(client, 1, 0);

		assert_true(lid > 0);
		(void)waiting(lid, 0);
		if (n == FEW)
			few = end_time(1, ENDS);
	}
	assert_true(end_time(1, ENDS) < 8 * few);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, client_teardown)
	const struct CMUnitTest tests[] = {
	    TEST(one_that_ended_is_found_once),
	    TEST(who_waits_is_told_of_the_end),
	    TEST(of_two_that_wait_for_the_same_one_gets_it),
	    TEST(of_two_that_wait_for_any_one_gets_it),
	    TEST(whom_nobody_can_wait_for_is_an_error),
	    TEST(nobody_waits_for_itself_or_in_a_circle),
	    TEST(not_all_can_wait),
	    TEST(when_only_waiters_are_left_one_is_told),
	    TEST(a_detached_one_is_waited_for_no_more),
	    TEST(detaching_one_that_ended_forgets_it),
	    TEST(one_that_ended_and_is_not_waited_for_hinders_no_wait),
	    TEST(who_is_all_that_others_can_wait_for_is_told),
	    TEST(an_end_costs_in_proportion_to_those_that_wait),
	};

	return cmocka_run_group_tests(tests, client_start, NULL);
}
