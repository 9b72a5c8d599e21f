/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_input.c - servers/ttysrv/input.c: readers, signals, and cancelled ones.
 */
#include <stdio.h>
#include <stdlib.h>

#include "tty_test.h"

#define SIGINT_ 2
#define SIGQUIT_ 3
#define SIGTSTP_ 18

static bool
read_request(token_t token, uint64_t length)
{
	return request(token, tty_read_call, length);
}

static void
a_read_waits_for_a_line(void **state)
{
	(void)state;
	assert_false(read_request(1, 100));
	type("hel");
	assert_false(caller(1)->answered);
	type("lo\r");
	expect_read(1, "hello\n");
	expect_output("hello\r\n");
}

static void
input_is_taken_whether_somebody_waits_or_not(void **state)
{
	(void)state;
	type("one\ntwo\nthr");
	expect_output("one\r\ntwo\r\nthr");
	assert_false(read_request(1, 100));
	expect_read(1, "one\n");
	assert_false(read_request(2, 2));
	expect_read(2, "tw");
	assert_false(read_request(3, 2));
	expect_read(3, "o\n");
	assert_false(read_request(4, 100));
	assert_false(caller(4)->answered);
	type("ee\n");
	expect_read(4, "three\n");
}

static void
readers_are_served_in_their_order(void **state)
{
	(void)state;
	assert_false(read_request(1, 100));
	assert_false(read_request(2, 100));
	assert_false(read_request(3, 100));
	type("a\nb\n");
	expect_read(1, "a\n");
	expect_read(2, "b\n");
	assert_false(caller(3)->answered);
	type("\x04");
	expect_read(3, "");
}

static void
what_is_received_at_once_goes_to_all_who_wait(void **state)
{
	static char lines[2 * WAITERS_MAX * 2 + 1];

	(void)state;
	/* More than the buffer holds, if lines were not read at once. */
	for (token_t token = 1; token <= WAITERS_MAX; token++)
		assert_false(read_request(token, 100));
	for (size_t i = 0; i < WAITERS_MAX; i++)
		memcpy(&lines[2 * i], "x\n", 3);
	type(lines);
	for (token_t token = 1; token <= WAITERS_MAX; token++)
		expect_read(token, "x\n");
}

static void
a_full_buffer_rings_the_bell_and_drops_the_byte(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < 3000; i++)
		type("\n");
	fake.noutput = 0;
	for (unsigned int i = 0; i < 3000; i++)
		type("\n");
	assert_int_equal(fake.output[fake.noutput - 1], '\a');
	for (unsigned int i = 0; i < 4096; i++) {
		caller(1)->answered = false;
		assert_false(read_request(1, 100));
		expect_read(1, "\n");
	}
	assert_false(read_request(2, 100));
	assert_false(caller(2)->answered);
}

static void
a_line_is_not_lost_with_its_reader(void **state)
{
	(void)state;
	assert_false(read_request(1, 100));
	assert_false(read_request(2, 100));
	assert_false(read_request(3, 100));
	caller(1)->dead = true;
	caller(2)->dies_after_copy = true;
	type("line\n");
	assert_false(caller(1)->answered);
	assert_false(caller(2)->answered);
	expect_read(3, "line\n");
}

static void
a_line_is_not_lost_by_a_bad_address(void **state)
{
	(void)state;
	caller(1)->readable = 2;
	type("line\n");
	assert_false(read_request(1, 100));
	expect_error(1, TINE_EFAULT);
	assert_false(read_request(2, 100));
	expect_read(2, "line\n");
}

static void
a_read_of_nothing_does_not_wait(void **state)
{
	(void)state;
	assert_true(read_request(1, 0));
	assert_int_equal(MSG_LABEL(msg.info), 0);
	assert_int_equal(msg.words[0], 0);
}

static void
dead_readers_make_room_for_new_ones(void **state)
{
	token_t token;

	(void)state;
	for (token = 1; token <= WAITERS_MAX; token++)
		assert_false(read_request(token, 10));
	assert_true(read_request(token, 10));
	assert_int_equal(MSG_LABEL(msg.info), TINE_ERESTART);
	caller(1)->dead = true;
	caller(6)->dead = true;
	caller(WAITERS_MAX)->dead = true;
	assert_false(read_request(token, 10));
	assert_false(read_request(token + 1, 10));
	type("a\n");
	expect_read(2, "a\n");
}

static void
typing_is_unseen_without_echo(void **state)
{
	(void)state;
	(void)setup_with(true, false);
	type("secret\n\x03");
	assert_int_equal(fake.noutput, 0);
	assert_false(read_request(1, 100));
	type("secret\n");
	expect_read(1, "secret\n");
	assert_int_equal(fake.noutput, 0);
	assert_int_equal(event(), SIGINT_);
}

static void
keys_that_are_signals_become_events(void **state)
{
	(void)state;
	assert_int_equal(event(), 0);
	type("\x03");
	assert_int_equal(fake.notified, 1);
	assert_int_equal(fake.events, EVENT_TTY);
	assert_int_equal(event(), SIGINT_);
	assert_int_equal(event(), 0);
	type("\x1a");
	type("\x1c");
	type("\x03");
	assert_int_equal(fake.notified, 4);
	assert_int_equal(event(), SIGTSTP_);
	assert_int_equal(event(), SIGQUIT_);
	assert_int_equal(event(), SIGINT_);
	assert_int_equal(event(), 0);
	expect_output("^C^Z^\\^C");
}

static void
an_event_that_waits_is_not_kept_twice(void **state)
{
	(void)state;
	for (int i = 0; i < 1000; i++)
		type("\x03\x1a\x1c");
	assert_int_equal(event(), SIGINT_);
	/* Fetched, it can come again. */
	type("\x03");
	assert_int_equal(event(), SIGTSTP_);
	assert_int_equal(event(), SIGQUIT_);
	assert_int_equal(event(), SIGINT_);
	assert_int_equal(event(), 0);
}

static void
a_signal_forgets_what_was_typed_before(void **state)
{
	(void)state;
	type("old\nolder\nold");
	type("\x03");
	assert_false(read_request(1, 100));
	assert_false(caller(1)->answered);
	type("new\n");
	expect_read(1, "new\n");
}

static void
a_signal_answers_no_reader(void **state)
{
	(void)state;
	assert_false(read_request(1, 100));
	type("abc\x03");
	assert_false(caller(1)->answered);
	assert_int_equal(event(), SIGINT_);
	/* That is procsrv's affair. */
	assert_int_equal(cancel(1, TINE_EINTR), 0);
	expect_error(1, TINE_EINTR);
}

static void
a_cancelled_reader_does_not_eat_the_next_line(void **state)
{
	const int errors[] = {TINE_EINTR, TINE_ERESTART};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		caller(1)->answered = false;
		caller(2)->answered = false;
		assert_false(read_request(1, 100));
		assert_false(read_request(2, 100));
		assert_int_equal(cancel(1, (uint64_t)errors[i]), 0);
		expect_error(1, errors[i]);
		type("line\n");
		expect_read(2, "line\n");
	}
	/* Nor does it when it comes back, as after a stop. */
	caller(1)->answered = false;
	assert_false(read_request(1, 100));
	type("x\n");
	expect_read(1, "x\n");
}

static void
cancelling_is_for_one_lwp_and_comes_too_late_for_who_has_read(void **state)
{
	(void)state;
	for (token_t token = 1; token <= 5; token++)
		assert_false(read_request(token, 100));
	type("a\n");
	expect_read(1, "a\n");
	assert_int_equal(cancel(1, TINE_EINTR), 0);
	assert_int_equal(cancel(3, TINE_EINTR), 0);
	/* Idempotent. */
	assert_int_equal(cancel(3, TINE_EINTR), 0);
	type("b\nc\nd\n");
	expect_read(2, "b\n");
	expect_error(3, TINE_EINTR);
	expect_read(4, "c\n");
	expect_read(5, "d\n");
	assert_int_equal(cancel(6, TINE_EPERM), TINE_EINVAL);
}

static void
cancelling_a_reader_that_died_is_harmless(void **state)
{
	(void)state;
	assert_false(read_request(1, 100));
	caller(1)->dead = true;
	assert_int_equal(cancel(1, TINE_EINTR), 0);
	assert_false(read_request(2, 100));
	type("a\n");
	expect_read(2, "a\n");
}

/*
 * An LWP that reads while another one forks: the child's LWP has an identity
 * and tokens of its own, and no call here.  Whatever happens to it, the line is
 * for who called.
 */
static void
a_line_goes_to_the_caller_and_to_nobody_else(void **state)
{
	static uint8_t untouched[CALLER_WINDOW];

	(void)state;
	assert_false(read_request(1, 100));
	/* The child writes, reads nothing, is told to stop, and dies. */
	assert_true(request(2, tty_write_call, 5));
	assert_int_equal(cancel(2, TINE_ERESTART), 0);
	type("data\n");
	expect_read(1, "data\n");
	assert_false(caller(2)->answered);
	for (token_t token = 2; token <= 10; token++)
		assert_memory_equal(
		    caller(token)->window, untouched, CALLER_WINDOW);
}

/* Readers that wait, oldest first, and the lines that they are to get. */
static struct {
	token_t waiting[10];
	size_t count;
	unsigned int sent;
	unsigned int got;
} model;

static void
model_remove(size_t index)
{
	model.count--;
	for (size_t i = index; i < model.count; i++)
		model.waiting[i] = model.waiting[i + 1];
}

static void
model_answer(void)
{
	char text[16];

	while (model.count > 0 && model.got < model.sent) {
		(void)snprintf(text, sizeof(text), "%u\n", model.got++);
		expect_read(model.waiting[0], text);
		model_remove(0);
	}
}

static void
random_step(void)
{
	token_t token = 1 + (token_t)(rand() % 10);
	char text[16];
	size_t i = 0;

	while (i < model.count && model.waiting[i] != token)
		i++;
	/* Not more than the buffer holds. */
	if (rand() % 2 && model.sent - model.got < 500) {
		(void)snprintf(text, sizeof(text), "%u\n", model.sent++);
		type(text);
	} else if (i == model.count) {
		caller(token)->answered = false;
		assert_false(read_request(token, 100));
		model.waiting[model.count++] = token;
	} else {
		assert_int_equal(cancel(token, TINE_ERESTART), 0);
		expect_error(token, TINE_ERESTART);
		model_remove(i);
	}
	model_answer();
	for (i = 0; i < model.count; i++)
		assert_false(caller(model.waiting[i])->answered);
}

static void
whatever_is_cancelled_no_line_is_lost_or_read_twice(void **state)
{
	(void)state;
	srand(3);
	for (int i = 0; i < 20000; i++) {
		fake.noutput = 0;
		random_step();
	}
	assert_true(model.got > 1000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_read_waits_for_a_line),
	    TEST(input_is_taken_whether_somebody_waits_or_not),
	    TEST(readers_are_served_in_their_order),
	    TEST(what_is_received_at_once_goes_to_all_who_wait),
	    TEST(a_full_buffer_rings_the_bell_and_drops_the_byte),
	    TEST(a_line_is_not_lost_with_its_reader),
	    TEST(a_line_is_not_lost_by_a_bad_address),
	    TEST(a_read_of_nothing_does_not_wait),
	    TEST(dead_readers_make_room_for_new_ones),
	    TEST(typing_is_unseen_without_echo),
	    TEST(keys_that_are_signals_become_events),
	    TEST(an_event_that_waits_is_not_kept_twice),
	    TEST(a_signal_forgets_what_was_typed_before),
	    TEST(a_signal_answers_no_reader),
	    TEST(a_cancelled_reader_does_not_eat_the_next_line),
	    TEST(cancelling_is_for_one_lwp_and_comes_too_late_for_who_has_read),
	    TEST(cancelling_a_reader_that_died_is_harmless),
	    TEST(a_line_goes_to_the_caller_and_to_nobody_else),
	    TEST(whatever_is_cancelled_no_line_is_lost_or_read_twice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
