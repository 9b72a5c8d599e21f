/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_ptimer.c - the timers that a process makes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include <abi/errors.h>
#include <procsrv/pid.h>
#include <procsrv/proc.h>
#include <procsrv/siginfo.h>
#include <procsrv/signal.h>
#include <procsrv/sigset.h>

#include "proc_client_signal.h"
#include "proc_fake_time.h"

#define QUEUED SIGRTMIN
#define VALUE 0x1234567890ul

/* Whatever timers there were end with their process. */
static int
teardown(void **state)
{
	(void)client_teardown(state);
	assert_false(fake_time_event());
	return 0;
}

/* A new timer of a process; its id. */
static int32_t
create(int32_t of, int32_t signal)
{
	token_t token =
	    CLIENT_CALL(of, timer_create, .signal = signal, .value = VALUE);
	struct proc_timer_create_rep rep;

	assert_int_equal(fake_answer_error(token), 0);
	memcpy(&rep, fake_answer(token), sizeof(rep));
	return rep.id;
}

static struct proc_timer_set_rep
set(int32_t id, uint32_t how, uint64_t value, uint64_t interval)
{
	token_t token = CLIENT_CALL(client, timer_set, .id = id, .how = how,
	    .value = value, .interval = interval);
	struct proc_timer_set_rep rep;

	assert_int_equal(fake_answer_error(token), 0);
	memcpy(&rep, fake_answer(token), sizeof(rep));
	return rep;
}

static uint32_t
overruns(int32_t id)
{
	token_t token = CLIENT_CALL(client, timer_overrun, .id = id);
	struct proc_timer_overrun_rep rep;

	assert_int_equal(fake_answer_error(token), 0);
	memcpy(&rep, fake_answer(token), sizeof(rep));
	return rep.count;
}

/* Hold a signal, so that it stays pending. */
static void
hold(int32_t signal)
{
	assert_int_equal(CLIENT_ERROR(client, sigmask, .how = PROC_SIG_BLOCK,
			     .set = SIGBIT(signal)),
	    0);
}

/* Take a pending signal with sigtimedwait(); its error, or 0. */
static int
take(int32_t signal, struct proc_sigwait_rep *rep)
{
	token_t token = CLIENT_CALL(client, sigwait, .set = SIGBIT(signal));
	int error = fake_answer_error(token);

	if (error == 0)
		memcpy(rep, fake_answer(token), sizeof(*rep));
	return error;
}

static void
a_timer_sends_its_signal_with_its_value(void **state)
{
	int32_t id = create(client, SIGHUP);
	struct proc_sigwait_rep rep = {};
	uint64_t now = fake_now;

	(void)state;
	hold(SIGHUP);
	(void)set(id, PROC_TIMER_RELATIVE, 30, 0);
	fake_time_pass(now + 29);
	assert_int_equal(take(SIGHUP, &rep), TINE_EAGAIN);
	fake_time_pass(now + 30);
	assert_int_equal(take(SIGHUP, &rep), 0);
	assert_int_equal(rep.code, PROC_SI_TIMER);
	assert_true(rep.value == VALUE);
	/* Once only. */
	assert_true(fake_timer == ~0ul);
	assert_int_equal(set(id, PROC_TIMER_ASK, 0, 0).value, 0);
}

static void
the_value_can_be_the_timers_id(void **state)
{
	struct proc_timer_create_rep made;
	struct proc_sigwait_rep rep = {};
	token_t token;

	(void)state;
	(void)create(client, 0);
	token = CLIENT_CALL(client, timer_create, .signal = SIGALRM,
	    .value_is_id = 1, .value = VALUE);
	memcpy(&made, fake_answer(token), sizeof(made));
	hold(SIGALRM);
	(void)set(made.id, PROC_TIMER_RELATIVE, 1, 0);
	fake_time_pass(fake_now + 1);
	assert_int_equal(take(SIGALRM, &rep), 0);
	assert_int_equal(rep.value, made.id);
}

static void
a_time_can_be_absolute_and_past(void **state)
{
	int32_t id = create(client, SIGHUP);
	struct proc_sigwait_rep rep = {};
	uint64_t now = fake_now;

	(void)state;
	hold(SIGHUP);
	(void)set(id, PROC_TIMER_ABSOLUTE, now + 20, 0);
	assert_int_equal(set(id, PROC_TIMER_ASK, 0, 0).value, 20);
	fake_time_pass(now + 20);
	assert_int_equal(take(SIGHUP, &rep), 0);
	(void)set(id, PROC_TIMER_ABSOLUTE, 1, 0);
	fake_time_pass(now + 20);
	assert_int_equal(take(SIGHUP, &rep), 0);
}

static void
what_was_left_is_told_and_0_stops_it(void **state)
{
	int32_t id = create(client, SIGHUP);
	struct proc_timer_set_rep rep;

	(void)state;
	rep = set(id, PROC_TIMER_RELATIVE, 100, 7);
	assert_int_equal(rep.value, 0);
	assert_int_equal(rep.interval, 0);
	fake_now += 40;
	rep = set(id, PROC_TIMER_RELATIVE, 0, 0);
	assert_int_equal(rep.value, 60);
	assert_int_equal(rep.interval, 7);
	assert_int_equal(set(id, PROC_TIMER_ASK, 0, 0).value, 0);
	fake_time_pass(fake_now + 1000);
	assert_int_equal(pid_proc(client)->state, PROC_ACTIVE);
	/* No sum is too large. */
	(void)set(id, PROC_TIMER_RELATIVE, ~0ul, ~0ul);
	assert_true(set(id, PROC_TIMER_ASK, 0, 0).value > 1ul << 60);
}

/* With a signal that is pending once, and with one that is queued. */
static void
overruns_are_those_of_the_signal_taken_last(void **state)
{
	static const int32_t signals[] = {SIGHUP, QUEUED};
	struct proc_sigwait_rep rep = {};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		int32_t id = create(client, signals[i]);
		uint64_t now = fake_now;

		hold(signals[i]);
		(void)set(id, PROC_TIMER_RELATIVE, 10, 10);
		for (uint64_t passed = 10; passed <= 40; passed += 10)
			fake_time_pass(now + passed);
		assert_int_equal(overruns(id), 0);
		assert_int_equal(take(signals[i], &rep), 0);
		assert_int_equal(overruns(id), 3);
		/* The next is pending: those of the one taken, still. */
		fake_time_pass(now + 50);
		assert_int_equal(overruns(id), 3);
		assert_int_equal(take(signals[i], &rep), 0);
		assert_int_equal(overruns(id), 0);
		/* Seen late: one signal, the rest are overruns. */
		fake_now = now + 85;
		fake_time_pass(now + 85);
		assert_int_equal(take(signals[i], &rep), 0);
		assert_int_equal(take(signals[i], &rep), TINE_EAGAIN);
		assert_int_equal(overruns(id), 2);
		assert_int_equal(set(id, PROC_TIMER_ASK, 0, 0).value, 5);
		assert_int_equal(
		    CLIENT_ERROR(client, timer_delete, .id = id), 0);
	}
}

static void
timers_with_one_queued_signal_count_for_themselves(void **state)
{
	int32_t first = create(client, QUEUED), second = create(client, QUEUED);
	struct proc_sigwait_rep rep = {};
	uint64_t now = fake_now;

	(void)state;
	hold(QUEUED);
	(void)set(first, PROC_TIMER_RELATIVE, 10, 10);
	(void)set(second, PROC_TIMER_RELATIVE, 25, 0);
	fake_time_pass(now + 30);
	assert_int_equal(take(QUEUED, &rep), 0);
	assert_int_equal(take(QUEUED, &rep), 0);
	assert_int_equal(take(QUEUED, &rep), TINE_EAGAIN);
	assert_int_equal(overruns(first), 2);
	assert_int_equal(overruns(second), 0);
}

static void
a_timer_without_a_signal_runs_and_sends_none(void **state)
{
	int32_t id = create(client, 0);
	uint64_t now = fake_now;

	(void)state;
	(void)set(id, PROC_TIMER_RELATIVE, 10, 10);
	fake_time_pass(now + 13);
	assert_int_equal(set(id, PROC_TIMER_ASK, 0, 0).value, 7);
	assert_int_equal(pid_proc(client)->sigpending, 0);
	assert_int_equal(overruns(id), 0);
}

static void
ids_are_the_lowest_free_and_there_are_so_many(void **state)
{
	(void)state;
	for (int32_t id = 1; id <= PROC_TIMER_MAX; id++)
		assert_int_equal(create(client, SIGHUP), id);
	assert_int_equal(
	    CLIENT_ERROR(client, timer_create, .signal = SIGHUP), TINE_EAGAIN);
	assert_int_equal(CLIENT_ERROR(client, timer_delete, .id = 7), 0);
	assert_int_equal(CLIENT_ERROR(client, timer_delete, .id = 3), 0);
	assert_int_equal(create(client, SIGHUP), 3);
	assert_int_equal(create(client, SIGHUP), 7);
}

static void
what_is_no_timer_is_refused(void **state)
{
	static const int32_t bad[] = {-1, 0, 2, PROC_TIMER_MAX, INT32_MIN};
	int32_t id = create(client, SIGHUP);

	(void)state;
	for (size_t i = 0; i < 5; i++) {
		assert_int_equal(
		    CLIENT_ERROR(client, timer_set, .id = bad[i]), TINE_EINVAL);
		assert_int_equal(
		    CLIENT_ERROR(client, timer_delete, .id = bad[i]),
		    TINE_EINVAL);
		assert_int_equal(
		    CLIENT_ERROR(client, timer_overrun, .id = bad[i]),
		    TINE_EINVAL);
	}
	assert_int_equal(
	    CLIENT_ERROR(client, timer_set, .id = id, .how = 3), TINE_EINVAL);
	assert_int_equal(
	    CLIENT_ERROR(client, timer_create, .signal = -1), TINE_EINVAL);
	assert_int_equal(
	    CLIENT_ERROR(client, timer_create, .signal = PROC_NSIG),
	    TINE_EINVAL);
}

static void
a_deleted_timer_sends_nothing_more(void **state)
{
	int32_t id = create(client, SIGHUP);

	(void)state;
	(void)set(id, PROC_TIMER_RELATIVE, 10, 10);
	assert_int_equal(CLIENT_ERROR(client, timer_delete, .id = id), 0);
	fake_time_pass(fake_now + 100);
	assert_int_equal(pid_proc(client)->state, PROC_ACTIVE);
	assert_int_equal(
	    CLIENT_ERROR(client, timer_delete, .id = id), TINE_EINVAL);
}

static void
f27_a_child_has_none_and_exec_deletes_them(void **state)
{
	static const char strings[] = "/bin/small";
	int32_t id = create(client, SIGHUP), child;
	token_t token;

	(void)state;
	(void)set(id, PROC_TIMER_RELATIVE, 50, 50);
	child = client_fork(client);
	assert_int_equal(CLIENT_ERROR(child, timer_set, .id = id), TINE_EINVAL);
	client_bury(client, child);
	fake_window(strings, sizeof(strings));
	token = CLIENT_CALL(client, exec, .bytes = sizeof(strings));
	assert_int_equal(fake_token_state(token), FAKE_ANSWERED_REGS);
	assert_int_equal(
	    CLIENT_ERROR(client, timer_set, .id = id), TINE_EINVAL);
	assert_false(fake_time_event());
}

static void
a_timer_can_end_its_process(void **state)
{
	int32_t child = client_fork(client), id = create(child, SIGHUP), status;

	(void)state;
	assert_int_equal(
	    CLIENT_ERROR(child, timer_set, .id = id, .how = PROC_TIMER_RELATIVE,
		.value = 10, .interval = 10),
	    0);
	fake_time_pass(fake_now + 100);
	assert_int_equal(client_wait(client, child, 0, &status), child);
	assert_int_equal(status, SIGHUP);
	assert_false(fake_time_event());
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, client_setup, teardown)
	const struct CMUnitTest tests[] = {
	    TEST(a_timer_sends_its_signal_with_its_value),
	    TEST(the_value_can_be_the_timers_id),
	    TEST(a_time_can_be_absolute_and_past),
	    TEST(what_was_left_is_told_and_0_stops_it),
	    TEST(overruns_are_those_of_the_signal_taken_last),
	    TEST(timers_with_one_queued_signal_count_for_themselves),
	    TEST(a_timer_without_a_signal_runs_and_sends_none),
	    TEST(ids_are_the_lowest_free_and_there_are_so_many),
	    TEST(what_is_no_timer_is_refused),
	    TEST(a_deleted_timer_sends_nothing_more),
	    TEST(f27_a_child_has_none_and_exec_deletes_them),
	    TEST(a_timer_can_end_its_process),
	};

	return cmocka_run_group_tests(tests, client_start, NULL);
}
