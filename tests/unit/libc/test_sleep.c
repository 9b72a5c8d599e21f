/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_sleep.c - sleeping, with a procsrv that answers as a test wants and a
 * clock that it moves.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <limits.h>
#include <time.h>
#include <unistd.h>

#include <internal.h>
#include <ipc/proc.h>

#define FREQUENCY 10000000ul
#define START 5000ul
#define ANSWERS 4

static uint64_t now;
static unsigned int requests;
static uint64_t deadlines[ANSWERS];
/* What is answered, and how long each answer takes. */
static int answers[ANSWERS];
static uint64_t takes;

int
__tine_fail(int error)
{
	errno = error;
	return -1;
}

uint64_t
__tine_timebase(void)
{
	return FREQUENCY;
}

uint64_t
__tine_now(void)
{
	return now;
}

int
ipc_call(cap_t endpoint, struct ipc_msg *msg)
{
	assert_int_equal(endpoint, SLOT_PROC);
	assert_int_equal(MSG_LABEL(msg->info), proc_sleep_call);
	assert_in_range(requests, 0, ANSWERS - 1);
	deadlines[requests] = msg->words[0];
	now += takes;
	msg->info = MSG_INFO(answers[requests], 0);
	requests++;
	return 0;
}

static int
awake(void **state)
{
	(void)state;
	now = START;
	requests = 0;
	takes = 100;
	for (int i = 0; i < ANSWERS; i++)
		answers[i] = 0;
	return 0;
}

static void
nanosleep_asks_for_a_deadline(void **state)
{
	const struct timespec time = {.tv_sec = 2, .tv_nsec = 150};

	(void)state;
	assert_int_equal(nanosleep(&time, NULL), 0);
	assert_int_equal(requests, 1);
	assert_int_equal(deadlines[0], START + 2 * FREQUENCY + 2);
}

static void
a_stop_does_not_make_it_longer(void **state)
{
	const struct timespec time = {.tv_sec = 1};

	(void)state;
	answers[0] = answers[1] = TINE_ERESTART;
	assert_int_equal(nanosleep(&time, NULL), 0);
	assert_int_equal(requests, 3);
	assert_int_equal(deadlines[0], START + FREQUENCY);
	assert_int_equal(deadlines[1], deadlines[0]);
	assert_int_equal(deadlines[2], deadlines[0]);
}

static void
a_handler_ends_it_and_the_rest_is_told(void **state)
{
	const struct timespec time = {.tv_sec = 3};
	struct timespec left = {-1, -1};

	(void)state;
	answers[0] = EINTR;
	takes = FREQUENCY;
	errno = 0;
	assert_int_equal(nanosleep(&time, &left), -1);
	assert_int_equal(errno, EINTR);
	assert_int_equal(left.tv_sec, 2);
	assert_int_equal(left.tv_nsec, 0);
	assert_int_equal(requests, 1);
}

static void
the_rest_is_never_negative(void **state)
{
	const struct timespec time = {.tv_sec = 1};
	struct timespec left = {-1, -1};

	(void)state;
	answers[0] = EINTR;
	takes = 5 * FREQUENCY;
	assert_int_equal(nanosleep(&time, &left), -1);
	assert_int_equal(left.tv_sec, 0);
	assert_int_equal(left.tv_nsec, 0);
}

static void
no_time_asks_nobody(void **state)
{
	const struct timespec none = {0};

	(void)state;
	assert_int_equal(nanosleep(&none, NULL), 0);
	assert_int_equal(usleep(0), 0);
	assert_int_equal(sleep(0), 0);
	assert_int_equal(requests, 0);
}

static void
a_time_that_is_none_is_refused(void **state)
{
	const struct timespec bad[] = {{-1, 0}, {0, -1}, {0, 1000000000}};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		errno = 0;
		assert_int_equal(nanosleep(&bad[i], NULL), -1);
		assert_int_equal(errno, EINVAL);
	}
	assert_int_equal(requests, 0);
}

static void
the_longest_time_never_ends(void **state)
{
	const struct timespec longest = {LONG_MAX, 999999999};

	(void)state;
	assert_int_equal(nanosleep(&longest, NULL), 0);
	assert_int_equal(deadlines[0], PROC_FOREVER);
}

static void
an_absolute_time_is_the_deadline(void **state)
{
	const struct timespec time = {.tv_sec = 7};
	struct timespec left = {-1, -1};

	(void)state;
	answers[0] = EINTR;
	assert_int_equal(
	    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, &left),
	    EINTR);
	assert_int_equal(deadlines[0], 7 * FREQUENCY);
	/* Which is not touched. */
	assert_int_equal(left.tv_sec, -1);
}

static void
an_absolute_time_that_has_passed_asks_nobody(void **state)
{
	const struct timespec past = {.tv_nsec = START * 100};

	(void)state;
	assert_int_equal(
	    clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &past, NULL), 0);
	assert_int_equal(requests, 0);
}

static void
only_clocks_that_go_on_by_themselves_are_slept_by(void **state)
{
	const struct timespec time = {.tv_sec = 1};

	(void)state;
	errno = 0;
	assert_int_equal(
	    clock_nanosleep(CLOCK_PROCESS_CPUTIME_ID, 0, &time, NULL), ENOTSUP);
	assert_int_equal(clock_nanosleep(77, 0, &time, NULL), EINVAL);
	assert_int_equal(errno, 0);
	assert_int_equal(requests, 0);
}

static void
sleep_rounds_the_rest_up(void **state)
{
	(void)state;
	answers[0] = EINTR;
	takes = FREQUENCY / 2;
	assert_int_equal(sleep(10), 10);
	assert_int_equal(deadlines[0], START + 10 * FREQUENCY);
	assert_int_equal(awake(NULL), 0);
	takes = 10 * FREQUENCY;
	assert_int_equal(sleep(10), 0);
}

static void
usleep_takes_more_than_a_second_too(void **state)
{
	(void)state;
	assert_int_equal(usleep(2500000), 0);
	assert_int_equal(deadlines[0], START + FREQUENCY * 5 / 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(nanosleep_asks_for_a_deadline, awake),
	    cmocka_unit_test_setup(a_stop_does_not_make_it_longer, awake),
	    cmocka_unit_test_setup(
		a_handler_ends_it_and_the_rest_is_told, awake),
	    cmocka_unit_test_setup(the_rest_is_never_negative, awake),
	    cmocka_unit_test_setup(no_time_asks_nobody, awake),
	    cmocka_unit_test_setup(a_time_that_is_none_is_refused, awake),
	    cmocka_unit_test_setup(the_longest_time_never_ends, awake),
	    cmocka_unit_test_setup(an_absolute_time_is_the_deadline, awake),
	    cmocka_unit_test_setup(
		an_absolute_time_that_has_passed_asks_nobody, awake),
	    cmocka_unit_test_setup(
		only_clocks_that_go_on_by_themselves_are_slept_by, awake),
	    cmocka_unit_test_setup(sleep_rounds_the_rest_up, awake),
	    cmocka_unit_test_setup(usleep_takes_more_than_a_second_too, awake),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
