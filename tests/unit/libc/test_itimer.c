/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_itimer.c - setitimer, alarm and their like, with a procsrv that keeps
 * one timer.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <limits.h>
#include <sys/time.h>
#include <unistd.h>

#include <internal.h>
#include <ipc/proc.h>

#define FREQUENCY 10000000ul

static uint64_t value, interval; /* of the timer, in ticks */
static unsigned int requests;

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

int
ipc_call(cap_t endpoint, struct ipc_msg *msg)
{
	struct proc_itimer_req req;
	struct proc_itimer_rep rep = {.value = value, .interval = interval};

	assert_int_equal(endpoint, SLOT_PROC);
	assert_int_equal(MSG_LABEL(msg->info), proc_itimer_call);
	memcpy(&req, msg->words, sizeof(req));
	requests++;
	if (req.which != ITIMER_REAL) {
		msg->info = MSG_INFO(TINE_EINVAL, 0);
		return 0;
	}
	if (req.set) {
		value = req.value;
		interval = req.interval;
	}
	ipc_pack(msg, 0, &rep, sizeof(rep));
	return 0;
}

static int
stopped(void **state)
{
	(void)state;
	value = interval = 0;
	requests = 0;
	errno = 0;
	return 0;
}

static void
a_timer_is_set_in_ticks(void **state)
{
	const struct itimerval timer = {
	    .it_value = {.tv_sec = 1, .tv_usec = 1},
	    .it_interval = {.tv_usec = 500000},
	};

	(void)state;
	assert_int_equal(setitimer(ITIMER_REAL, &timer, NULL), 0);
	assert_int_equal(value, FREQUENCY + 10);
	assert_int_equal(interval, FREQUENCY / 2);
}

static void
the_old_timer_is_told(void **state)
{
	const struct itimerval none = {0};
	struct itimerval old;

	(void)state;
	value = 3 * FREQUENCY + 1;
	interval = FREQUENCY;
	assert_int_equal(setitimer(ITIMER_REAL, &none, &old), 0);
	assert_int_equal(old.it_value.tv_sec, 3);
	assert_int_equal(old.it_value.tv_usec, 1);
	assert_int_equal(old.it_interval.tv_sec, 1);
	assert_int_equal(old.it_interval.tv_usec, 0);
	assert_int_equal(value, 0);
}

static void
asking_changes_nothing(void **state)
{
	struct itimerval now;

	(void)state;
	value = 1;
	assert_int_equal(getitimer(ITIMER_REAL, &now), 0);
	assert_int_equal(now.it_value.tv_usec, 1);
	assert_int_equal(value, 1);
}

static void
what_is_wrong_is_refused(void **state)
{
	const struct itimerval bad[] = {
	    {.it_value = {.tv_usec = 1000000}},
	    {.it_value = {.tv_sec = -1}},
	    {.it_interval = {.tv_usec = -1}},
	};
	const struct itimerval none = {0};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		errno = 0;
		assert_int_equal(setitimer(ITIMER_REAL, &bad[i], NULL), -1);
		assert_int_equal(errno, EINVAL);
	}
	assert_int_equal(requests, 0);
	errno = 0;
	assert_int_equal(setitimer(ITIMER_PROF, &none, NULL), -1);
	assert_int_equal(errno, EINVAL);
}

static void
alarm_tells_what_was_left_rounded_up(void **state)
{
	(void)state;
	assert_int_equal(alarm(5), 0);
	assert_int_equal(value, 5 * FREQUENCY);
	value -= 1;
	assert_int_equal(alarm(UINT_MAX), 5);
	assert_int_equal(value, UINT_MAX * FREQUENCY);
	assert_int_equal(alarm(0), UINT_MAX);
	assert_int_equal(value, 0);
	assert_int_equal(interval, 0);
}

static void
alarm_of_a_moment_ago_had_a_second_left(void **state)
{
	(void)state;
	value = 1;
	assert_int_equal(alarm(0), 1);
}

static void
ualarm_repeats(void **state)
{
	(void)state;
	assert_int_equal(ualarm(1500000, 20), 0);
	assert_int_equal(value, FREQUENCY * 3 / 2);
	assert_int_equal(interval, 200);
	assert_int_equal(ualarm(0, 0), 1500000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(a_timer_is_set_in_ticks, stopped),
	    cmocka_unit_test_setup(the_old_timer_is_told, stopped),
	    cmocka_unit_test_setup(asking_changes_nothing, stopped),
	    cmocka_unit_test_setup(what_is_wrong_is_refused, stopped),
	    cmocka_unit_test_setup(
		alarm_tells_what_was_left_rounded_up, stopped),
	    cmocka_unit_test_setup(
		alarm_of_a_moment_ago_had_a_second_left, stopped),
	    cmocka_unit_test_setup(ualarm_repeats, stopped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
