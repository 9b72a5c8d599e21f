/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_sleep.c - waiting for a time: nanosleep, setitimer.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include <abi/errors.h>
#include <procsrv/cred.h>
#include <procsrv/limit.h>
#include <procsrv/pid.h>
#include <procsrv/proc.h>
#include <procsrv/signal.h>
#include <procsrv/sleep.h>
#include <procsrv/times.h>

#include "proc_client_signal.h"
#include "proc_fake_time.h"

#define ITIMER_REAL 0

/* Whatever timers there were end with their process. */
static int
teardown(void **state)
{
	(void)client_teardown(state);
	assert_false(fake_time_event());
	return 0;
}

/* Sleep. */

static void
a_sleeper_is_answered_at_its_deadline(void **state)
{
	uint64_t now = fake_now;
	token_t token = CLIENT_CALL(client, sleep, .deadline = now + 30);

	(void)state;
	assert_int_equal(fake_token_state(token), FAKE_PENDING);
	assert_int_equal(proc_lwp(pid_proc(client))->state, LWP_SLEEPING);
	fake_time_pass(now + 29);
	assert_int_equal(fake_token_state(token), FAKE_PENDING);
	fake_time_pass(now + 30);
	assert_int_equal(fake_answer_error(token), 0);
	assert_int_equal(proc_lwp(pid_proc(client))->state, LWP_RUNNING);
}

static void
a_deadline_that_has_passed_is_answered_at_once(void **state)
{
	(void)state;
	assert_int_equal(CLIENT_ERROR(client, sleep, .deadline = 0), 0);
	assert_int_equal(CLIENT_ERROR(client, sleep, .deadline = fake_now), 0);
	assert_true(fake_timer == ~0ul);
}

static void
many_sleep_and_each_wakes_in_its_time(void **state)
{
	static const uint64_t delays[] = {40, 10, 30, 20};
	uint64_t now = fake_now;
	int32_t pids[4];
	token_t tokens[4];

	(void)state;
	for (uint32_t i = 0; i < 4; i++) {
		pids[i] = client_fork(client);
		tokens[i] =
		    CLIENT_CALL(pids[i], sleep, .deadline = now + delays[i]);
	}
	for (uint64_t passed = 10; passed <= 40; passed += 10) {
		fake_time_pass(now + passed);
		for (uint32_t i = 0; i < 4; i++)
			assert_int_equal(fake_token_state(tokens[i]),
			    delays[i] <= passed ? FAKE_ANSWERED : FAKE_PENDING);
	}
	for (uint32_t i = 0; i < 4; i++)
		client_bury(client, pids[i]);
}

static void
a_sleep_for_ever_is_left_by_death_only(void **state)
{
	int32_t child = client_fork(client);
	token_t token = CLIENT_CALL(child, sleep, .deadline = PROC_FOREVER);

	(void)state;
	fake_time_pass(fake_now + (1ul << 40));
	assert_int_equal(fake_token_state(token), FAKE_PENDING);
	assert_int_equal(client_kill(client, child, SIGKILL), 0);
	client_bury(client, child);
}

static void
who_dies_in_its_sleep_is_not_woken(void **state)
{
	int32_t child = client_fork(client), status;
	token_t token = CLIENT_CALL(child, sleep, .deadline = fake_now + 30);

	(void)state;
	assert_int_equal(client_kill(client, child, SIGKILL), 0);
	assert_int_equal(fake_token_state(token), FAKE_STALE);
	assert_int_equal(client_wait(client, child, 0, &status), child);
	assert_int_equal(status, SIGKILL);
	fake_time_pass(fake_now + 60);
}

/* ITIMER_REAL. */

static struct proc_itimer_rep
itimer(int32_t target, uint32_t set, uint64_t value, uint64_t interval)
{
	token_t token = CLIENT_CALL(target, itimer, .which = ITIMER_REAL,
	    .set = set, .value = value, .interval = interval);
	struct proc_itimer_rep rep;

	assert_int_equal(fake_answer_error(token), 0);
	memcpy(&rep, fake_answer(token), sizeof(rep));
	return rep;
}

/* Whether the process that SIGALRM ends by default is dead, and is reaped. */
static bool
alarmed(int32_t child)
{
	int32_t status = 0;

	if (client_wait(client, child, PROC_WAIT_NOHANG, &status) != child)
		return false;
	assert_int_equal(status, SIGALRM);
	return true;
}

static void
sigalrm_comes_when_the_timer_ends(void **state)
{
	int32_t child = client_fork(client);
	uint64_t now = fake_now;

	(void)state;
	(void)itimer(child, 1, 25, 0);
	fake_time_pass(now + 24);
	assert_false(alarmed(child));
	fake_time_pass(now + 25);
	assert_true(alarmed(child));
}

static void
a_process_that_sleeps_is_reached_by_its_alarm(void **state)
{
	int32_t child = client_fork(client);

	(void)state;
	(void)itimer(child, 1, 25, 0);
	(void)CLIENT_CALL(child, sleep, .deadline = fake_now + 1000);
	fake_time_pass(fake_now + 25);
	assert_true(alarmed(child));
}

static void
what_is_left_can_be_asked_for_and_is_given_back(void **state)
{
	uint64_t now = fake_now;
	struct proc_itimer_rep rep = itimer(client, 0, 99, 99);

	(void)state;
	assert_int_equal(rep.value, 0);
	assert_int_equal(rep.interval, 0);
	assert_true(fake_timer == ~0ul);
	rep = itimer(client, 1, 100, 30);
	assert_int_equal(rep.value, 0);
	fake_now = now + 40;
	rep = itimer(client, 0, 0, 0);
	assert_int_equal(rep.value, 60);
	assert_int_equal(rep.interval, 30);
	rep = itimer(client, 1, 50, 0);
	assert_int_equal(rep.value, 60);
	assert_int_equal(rep.interval, 30);
	/* At its end, before procsrv has heard of it. */
	fake_now = now + 90;
	rep = itimer(client, 0, 0, 0);
	assert_int_equal(rep.value, 1);
	assert_int_equal(rep.interval, 0);
	(void)itimer(client, 1, 0, 0);
}

static void
a_value_of_0_disarms(void **state)
{
	struct proc_itimer_rep rep;

	(void)state;
	(void)itimer(client, 1, 20, 20);
	rep = itimer(client, 1, 0, 500);
	assert_int_equal(rep.value, 20);
	rep = itimer(client, 0, 0, 0);
	assert_int_equal(rep.value, 0);
	assert_int_equal(rep.interval, 0);
	fake_time_pass(fake_now + 1000);
	assert_int_equal(pid_proc(client)->state, PROC_ACTIVE);
}

/* Init is immune to SIGALRM, so its timer can be watched. */
static void
an_interval_repeats_and_skips_what_was_missed(void **state)
{
	uint64_t now = fake_now;

	(void)state;
	(void)itimer(1, 1, 10, 25);
	fake_time_pass(now + 10);
	assert_int_equal(fake_timer, now + 35);
	fake_time_pass(now + 35);
	assert_int_equal(fake_timer, now + 60);
	/* Seen late: the next one is where it would have been. */
	fake_now = now + 120;
	fake_time_pass(now + 120);
	assert_int_equal(fake_timer, now + 135);
	assert_int_equal(itimer(1, 0, 0, 0).value, 15);
	(void)itimer(1, 1, 0, 0);
}

static void
times_below_a_millisecond_are_one(void **state)
{
	(void)state;
	times_init(1000 * FAKE_TIMEBASE);
	(void)itimer(client, 1, 1, 1);
	assert_int_equal(itimer(client, 0, 0, 0).value, 1000);
	assert_int_equal(itimer(client, 0, 0, 0).interval, 1000);
	/* And no sum is too large. */
	(void)itimer(client, 1, ~0ul, ~0ul);
	assert_true(itimer(client, 0, 0, 0).value > 1ul << 60);
	assert_true(fake_timer > fake_now);
	(void)itimer(client, 1, 0, 0);
	times_init(FAKE_TIMEBASE);
}

static void
other_timers_do_not_exist(void **state)
{
	(void)state;
	for (uint32_t which = 3; which < 8; which++) {
		assert_int_equal(
		    CLIENT_ERROR(client, itimer, .which = which), TINE_EINVAL);
		assert_int_equal(CLIENT_ERROR(client, itimer, .which = which,
				     .set = 1, .value = 10),
		    TINE_EINVAL);
	}
}

static void
f27_a_child_has_no_timer_and_exec_keeps_it(void **state)
{
	static const char strings[] = "/bin/small";
	int32_t child;
	token_t token;

	(void)state;
	(void)itimer(client, 1, 500, 20);
	child = client_fork(client);
	assert_int_equal(itimer(child, 0, 0, 0).value, 0);
	client_bury(client, child);
	fake_window(strings, sizeof(strings));
	token = CLIENT_CALL(client, exec, .bytes = sizeof(strings));
	assert_int_equal(fake_token_state(token), FAKE_ANSWERED_REGS);
	assert_int_equal(itimer(client, 0, 0, 0).value, 500);
}

static void
f73_the_timer_ends_with_its_process(void **state)
{
	int32_t child = client_fork(client);

	(void)state;
	(void)itimer(child, 1, 30, 30);
	client_exit(child, 0);
	assert_false(fake_time_event());
	client_bury(client, child);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, client_setup, teardown)
	const struct CMUnitTest tests[] = {
	    TEST(a_sleeper_is_answered_at_its_deadline),
	    TEST(a_deadline_that_has_passed_is_answered_at_once),
	    TEST(many_sleep_and_each_wakes_in_its_time),
	    TEST(a_sleep_for_ever_is_left_by_death_only),
	    TEST(who_dies_in_its_sleep_is_not_woken),
	    TEST(sigalrm_comes_when_the_timer_ends),
	    TEST(a_process_that_sleeps_is_reached_by_its_alarm),
	    TEST(what_is_left_can_be_asked_for_and_is_given_back),
	    TEST(a_value_of_0_disarms),
	    TEST(an_interval_repeats_and_skips_what_was_missed),
	    TEST(times_below_a_millisecond_are_one),
	    TEST(other_timers_do_not_exist),
	    TEST(f27_a_child_has_no_timer_and_exec_keeps_it),
	    TEST(f73_the_timer_ends_with_its_process),
	};

	return cmocka_run_group_tests(tests, client_start, NULL);
}
