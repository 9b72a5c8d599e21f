/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_timer.c - what procsrv does at a time.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include <procsrv/timer.h>

#include "proc_client.h"
#include "proc_fake_time.h"

#define TIMERS 16u
#define RINGS_MAX 64u

static struct timer timers[TIMERS];
/* Which expired, in that order, and when. */
static uint32_t rings[RINGS_MAX];
static uint64_t times[RINGS_MAX];
static uint32_t rung;

static int
setup(void **state)
{
	(void)state;
	rung = 0;
	memset(timers, 0, sizeof(timers));
	return 0;
}

/* Nothing is left, and no interrupt is asked for when it has shown that. */
static int
teardown(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < TIMERS; i++)
		assert_false(timer_runs(&timers[i]));
	fake_time_pass(fake_now + 100000);
	assert_true(fake_timer == ~0ul);
	return 0;
}

static void
ring(struct timer *timer)
{
	assert_false(timer_runs(timer));
	assert_true(timer->deadline <= fake_now);
	assert_true(rung < RINGS_MAX);
	times[rung] = fake_now;
	rings[rung++] = (uint32_t)(timer - timers);
}

static void
a_timer_expires_at_its_deadline_and_once(void **state)
{
	uint64_t now = fake_now;

	(void)state;
	timer_set(&timers[0], now + 10, ring);
	assert_true(timer_runs(&timers[0]));
	assert_int_equal(fake_timer, now + 10);
	fake_time_pass(now + 9);
	assert_int_equal(rung, 0);
	fake_time_pass(now + 10);
	assert_int_equal(rung, 1);
	assert_false(timer_runs(&timers[0]));
	fake_time_pass(now + 100);
	assert_int_equal(rung, 1);
}

static void
timers_expire_in_the_order_of_their_deadlines(void **state)
{
	static const uint32_t delays[] = {50, 10, 30, 40, 10, 20};
	static const uint32_t order[] = {1, 4, 5, 2, 3, 0};
	uint64_t now = fake_now;

	(void)state;
	for (uint32_t i = 0; i < 6; i++)
		timer_set(&timers[i], now + delays[i], ring);
	fake_time_pass(now + 60);
	assert_int_equal(rung, 6);
	for (uint32_t i = 0; i < 6; i++) {
		assert_int_equal(rings[i], order[i]);
		assert_int_equal(times[i], now + delays[order[i]]);
	}
}

static void
the_kernel_is_always_asked_for_the_earliest(void **state)
{
	uint64_t now = fake_now;

	(void)state;
	timer_set(&timers[0], now + 100, ring);
	assert_int_equal(fake_timer, now + 100);
	timer_set(&timers[1], now + 50, ring);
	assert_int_equal(fake_timer, now + 50);
	timer_set(&timers[2], now + 70, ring);
	assert_int_equal(fake_timer, now + 50);
	fake_time_pass(now + 50);
	assert_int_equal(fake_timer, now + 70);
	fake_time_pass(now + 70);
	assert_int_equal(fake_timer, now + 100);
	fake_time_pass(now + 100);
	assert_int_equal(rung, 3);
}

static void
a_stopped_timer_does_not_expire_and_hinders_none(void **state)
{
	uint64_t now = fake_now;

	(void)state;
	timer_set(&timers[0], now + 10, ring);
	timer_set(&timers[1], now + 20, ring);
	timer_set(&timers[2], now + 20, ring);
	timer_stop(&timers[0]);
	timer_stop(&timers[1]);
	/* Once more is harmless. */
	timer_stop(&timers[1]);
	fake_time_pass(now + 30);
	assert_int_equal(rung, 1);
	assert_int_equal(rings[0], 2);
	assert_int_equal(times[0], now + 20);
}

static void
a_timer_that_is_set_anew_forgets_its_old_deadline(void **state)
{
	uint64_t now = fake_now;

	(void)state;
	timer_set(&timers[0], now + 10, ring);
	timer_set(&timers[1], now + 20, ring);
	timer_set(&timers[0], now + 30, ring);
	fake_time_pass(now + 20);
	assert_int_equal(rung, 1);
	assert_int_equal(rings[0], 1);
	timer_set(&timers[0], now + 25, ring);
	fake_time_pass(now + 25);
	assert_int_equal(rung, 2);
}

static void
a_deadline_that_has_passed_expires_at_the_next_event(void **state)
{
	uint64_t now = fake_now;

	(void)state;
	timer_set(&timers[0], now - 5, ring);
	timer_set(&timers[1], 0, ring);
	assert_int_equal(rung, 0);
	fake_time_pass(now);
	assert_int_equal(rung, 2);
	assert_int_equal(rings[0], 1);
}

static void
set_again(struct timer *timer)
{
	ring(timer);
	if (rung < 5)
		timer_set(timer, fake_now + 10, set_again);
	else
		timer_stop(&timers[1]);
}

static void
a_timer_may_set_itself_and_stop_others(void **state)
{
	uint64_t now = fake_now;

	(void)state;
	timer_set(&timers[0], now + 10, set_again);
	timer_set(&timers[1], now + 55, ring);
	fake_time_pass(now + 200);
	assert_int_equal(rung, 5);
	for (uint32_t i = 0; i < 5; i++) {
		assert_int_equal(rings[i], 0);
		assert_int_equal(times[i], now + 10 * (i + 1));
	}
}

static void
a_deadline_of_forever_never_comes(void **state)
{
	(void)state;
	timer_set(&timers[0], ~0ul, ring);
	assert_true(timer_runs(&timers[0]));
	fake_time_pass(fake_now + (1ul << 40));
	assert_int_equal(rung, 0);
	timer_stop(&timers[0]);
}

/* Against a plain list: who should have expired by now has. */
static void
random_timers_behave_as_a_list_of_deadlines(void **state)
{
	uint64_t due[TIMERS] = {0};

	(void)state;
	srand(3);
	for (uint32_t step = 0; step < 20000; step++) {
		uint32_t i = (uint32_t)rand() % TIMERS;

		rung = 0;
		switch (rand() % 4) {
		case 0:
			due[i] = 0;
			timer_stop(&timers[i]);
			break;
		case 1:
			fake_time_pass(fake_now + rand() % 20);
			for (i = 0; i < rung; i++) {
				assert_int_equal(times[i], due[rings[i]]);
				due[rings[i]] = 0;
			}
			for (i = 0; i < TIMERS; i++)
				assert_true(due[i] == 0 || due[i] > fake_now);
			break;
		default:
			due[i] = fake_now + 1 + rand() % 100;
			timer_set(&timers[i], due[i], ring);
			break;
		}
	}
	for (uint32_t i = 0; i < TIMERS; i++)
		timer_stop(&timers[i]);
}

static void
those_with_one_deadline_expire_as_they_were_set(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < TIMERS; i++)
		timer_set(&timers[i * 5 % TIMERS], fake_now + 9, ring);
	/* Set anew, it is the last. */
	timer_set(&timers[5], fake_now + 9, ring);
	fake_time_pass(fake_now + 10);
	assert_int_equal(rung, TIMERS);
	for (uint32_t i = 0; i < TIMERS - 2; i++)
		assert_int_equal(rings[i], (i == 0 ? 0 : i + 1) * 5 % TIMERS);
	assert_int_equal(rings[TIMERS - 1], 5);
}

/* What it takes, in time of the host, to set a timer and stop it again. */
static double
set_time(void)
{
	clock_t start = clock();

	for (uint32_t i = 0; i < 20000; i++) {
		timer_set(&timers[0], fake_now + 5, ring);
		timer_stop(&timers[0]);
	}
	return (double)(clock() - start);
}

/* Any process can have many LWPs that sleep for long. */
static void
how_many_timers_run_does_not_matter_to_others(void **state)
{
	enum { FEW = 100, MANY = 5000 };
	static struct timer others[MANY];
	double few = 0;

	(void)state;
	for (uint32_t i = 0; i < MANY; i++) {
		if (i == FEW)
			few = set_time();
		timer_set(&others[i], fake_now + 1000 + i * 7 % 1000, ring);
	}
	assert_true(set_time() < 4 * few);
	for (uint32_t i = 0; i < MANY; i++)
		timer_stop(&others[i * 11 % MANY]);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
	    TEST(a_timer_expires_at_its_deadline_and_once),
	    TEST(timers_expire_in_the_order_of_their_deadlines),
	    TEST(the_kernel_is_always_asked_for_the_earliest),
	    TEST(a_stopped_timer_does_not_expire_and_hinders_none),
	    TEST(a_timer_that_is_set_anew_forgets_its_old_deadline),
	    TEST(a_deadline_that_has_passed_expires_at_the_next_event),
	    TEST(a_timer_may_set_itself_and_stop_others),
	    TEST(a_deadline_of_forever_never_comes),
	    TEST(random_timers_behave_as_a_list_of_deadlines),
	    TEST(those_with_one_deadline_expire_as_they_were_set),
	    TEST(how_many_timers_run_does_not_matter_to_others),
	};

	return cmocka_run_group_tests(tests, client_start, NULL);
}
