/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_ticks.c - POSIX's times and ticks of rdtime, at the frequencies of
 * both boards and at odd ones.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <limits.h>

#include <ticks.h>

#define ROUNDS 10000

static const uint64_t frequencies[] = {
    1, 7, 32768, 1000000, 3686400, 10000000, 999999999};

#define EACH_FREQUENCY(f) \
	for (size_t i_ = 0; \
	     i_ < sizeof(frequencies) / sizeof(frequencies[0]) && \
	     ((f) = frequencies[i_]); \
	     i_++)

static void
whole_seconds_are_exact(void **state)
{
	const struct timespec day = {.tv_sec = 86400};
	uint64_t f;

	(void)state;
	EACH_FREQUENCY(f)
	{
		assert_int_equal(ticks_of_timespec(&day, f), 86400 * f);
		assert_int_equal(ticks_to_timespec(86400 * f, f).tv_sec, 86400);
		assert_int_equal(ticks_to_timespec(86400 * f, f).tv_nsec, 0);
	}
}

static void
the_shortest_time_is_one_tick(void **state)
{
	const struct timespec nanosecond = {.tv_nsec = 1};
	const struct timeval microsecond = {.tv_usec = 1};
	const struct timespec none = {0};

	(void)state;
	assert_int_equal(ticks_of_timespec(&nanosecond, 1000000), 1);
	assert_int_equal(ticks_of_timespec(&nanosecond, 1), 1);
	assert_int_equal(ticks_of_timeval(&microsecond, 10000000), 10);
	assert_int_equal(ticks_of_timespec(&none, 10000000), 0);
}

static void
a_time_to_wait_for_is_never_cut(void **state)
{
	uint64_t f;

	(void)state;
	EACH_FREQUENCY(f)
	for (int i = 0; i < ROUNDS; i++) {
		struct timespec time = {
		    .tv_sec = rand() % 1000,
		    .tv_nsec = rand() % 1000000000,
		};
		uint64_t ticks = ticks_of_timespec(&time, f);
		unsigned __int128 lasts =
		    (unsigned __int128)ticks * NSEC_PER_SEC;
		unsigned __int128 wanted =
		    ((unsigned __int128)time.tv_sec * NSEC_PER_SEC +
			(unsigned long)time.tv_nsec) *
		    f;

		assert_true(lasts >= wanted);
		assert_true(lasts - wanted < NSEC_PER_SEC);
	}
}

static void
what_is_left_of_a_timer_is_never_nothing(void **state)
{
	uint64_t f;

	(void)state;
	EACH_FREQUENCY(f)
	for (int i = 0; i < ROUNDS; i++) {
		uint64_t ticks = 1 + (uint64_t)rand();
		struct timeval left = ticks_left_to_timeval(ticks, f);

		struct timespec finer = ticks_left_to_timespec(ticks, f);

		assert_true(timespec_valid(&finer));
		assert_true(finer.tv_sec > 0 || finer.tv_nsec > 0);
		assert_true(ticks_of_timespec(&finer, f) >= ticks);
		assert_true(timeval_valid(&left));
		assert_true(left.tv_sec > 0 || left.tv_usec > 0);
		assert_true(ticks_of_timeval(&left, f) >= ticks);
		assert_in_range(ticks_left_to_seconds(ticks, f),
		    (uint64_t)left.tv_sec, (uint64_t)left.tv_sec + 1);
	}
	assert_int_equal(ticks_left_to_timeval(0, 1000).tv_usec, 0);
	assert_int_equal(ticks_left_to_timespec(0, 1000).tv_nsec, 0);
	assert_int_equal(ticks_left_to_seconds(0, 1000), 0);
	assert_int_equal(ticks_left_to_seconds(1, 1000), 1);
	assert_int_equal(ticks_left_to_seconds(1000, 1000), 1);
}

static void
times_that_are_too_long_never_come(void **state)
{
	const struct timespec longest = {
	    .tv_sec = LONG_MAX,
	    .tv_nsec = 999999999,
	};

	(void)state;
	assert_int_equal(ticks_of_timespec(&longest, 10000000), TICKS_MAX);
	assert_int_equal(ticks_add(TICKS_MAX - 1, 1), TICKS_MAX);
	assert_int_equal(ticks_add(TICKS_MAX - 1, 2), TICKS_MAX);
	assert_int_equal(ticks_add(5, TICKS_MAX), TICKS_MAX);
	assert_int_equal(ticks_add(5, 6), 11);
}

static void
what_is_not_a_time_is_seen(void **state)
{
	const struct timespec good[] = {{0, 0}, {0, 999999999}, {LONG_MAX, 0}};
	const struct timespec bad[] = {{-1, 0}, {0, -1}, {0, 1000000000}};
	const struct timeval bad_values[] = {{-1, 0}, {0, -1}, {0, 1000000}};
	const struct timeval good_value = {0, 999999};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		assert_true(timespec_valid(&good[i]));
		assert_false(timespec_valid(&bad[i]));
		assert_false(timeval_valid(&bad_values[i]));
	}
	assert_true(timeval_valid(&good_value));
}

static void
time_that_was_used_is_rounded_down(void **state)
{
	(void)state;
	assert_int_equal(ticks_to_clock(10000009, 10000000), 1000000);
	assert_int_equal(ticks_to_clock(10000010, 10000000), 1000001);
	assert_int_equal(ticks_to_timeval(19, 10000000).tv_usec, 1);
	assert_int_equal(ticks_to_timespec(19, 10000000).tv_nsec, 1900);
	/* A thousand years do not overflow. */
	assert_int_equal(ticks_to_clock(31557600000ul * 10000000, 10000000),
	    31557600000ul * CLOCKS_PER_SEC);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(whole_seconds_are_exact),
	    cmocka_unit_test(the_shortest_time_is_one_tick),
	    cmocka_unit_test(a_time_to_wait_for_is_never_cut),
	    cmocka_unit_test(what_is_left_of_a_timer_is_never_nothing),
	    cmocka_unit_test(times_that_are_too_long_never_come),
	    cmocka_unit_test(what_is_not_a_time_is_seen),
	    cmocka_unit_test(time_that_was_used_is_rounded_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
