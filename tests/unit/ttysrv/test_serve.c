/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_serve.c - servers/ttysrv/serve.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fake_kernel.h"
#include "serve.h"

#define TICK 100u

static struct ipc_msg msg;

static int
setup(void **state)
{
	(void)state;
	fake_reset();
	serve_init(&fake_uart, TICK, true);
	return 0;
}

/* Make a request in a caller's name; returns whether msg is the answer. */
static bool
request(token_t token, uint64_t label, uint64_t length)
{
	memset(&msg, 0, sizeof(msg));
	msg.kind = SENDER_THREAD;
	msg.sender = 1234;
	msg.token = token;
	msg.info = MSG_INFO(label, 1);
	msg.words[0] = length;
	return serve_message(&msg);
}

static int
write_request(token_t token, uint64_t length)
{
	assert_true(request(token, tty_write_call, length));
	return (int)MSG_LABEL(msg.info);
}

static bool
read_request(token_t token, uint64_t length)
{
	return request(token, tty_read_call, length);
}

/* Let the timer go off, if one is set. */
static void
tick(void)
{
	if (fake.deadline == 0)
		return;
	fake.now = fake.deadline;
	fake.deadline = 0;
	memset(&msg, 0, sizeof(msg));
	msg.kind = SENDER_NOTIFICATION;
	msg.words[0] = 1;
	assert_false(serve_message(&msg));
}

static void
expect_read(token_t token, const char *text)
{
	struct caller *caller = &fake.callers[token - 1];

	assert_true(caller->answered);
	assert_int_equal(caller->error, 0);
	assert_int_equal(caller->bytes, strlen(text));
	assert_memory_equal(caller->window, text, strlen(text));
}

static void
every_byte_of_a_write_comes_out(void **state)
{
	struct caller *caller = &fake.callers[0];

	(void)state;
	fake.busy = 3;
	for (size_t i = 0; i < CALLER_WINDOW; i++)
		caller->window[i] = (uint8_t)(i * 7);
	for (size_t length = 0; length <= 1024; length += 64) {
		fake.noutput = 0;
		assert_int_equal(write_request(1, length), 0);
		assert_int_equal(msg.words[0], length);
		assert_int_equal(fake.noutput, length);
		assert_memory_equal(fake.output, caller->window, length);
	}
}

static void
a_long_write_is_taken_in_part(void **state)
{
	(void)state;
	assert_int_equal(write_request(1, UINT64_MAX), 0);
	assert_int_equal(msg.words[0], WRITE_MAX);
	assert_int_equal(fake.noutput, WRITE_MAX);
}

static void
a_write_that_faults_tells_what_was_written(void **state)
{
	(void)state;
	fake.callers[0].readable = 600;
	assert_int_equal(write_request(1, 1000), 0);
	assert_int_equal(msg.words[0], 512);
	assert_int_equal(fake.noutput, 512);
	fake.callers[0].readable = 0;
	assert_int_equal(write_request(1, 1000), TINE_EFAULT);
	assert_int_equal(fake.noutput, 512);
}

static void
a_read_waits_for_a_line(void **state)
{
	(void)state;
	assert_false(read_request(1, 100));
	assert_int_equal(fake.deadline, TICK);
	fake.input = "hel";
	tick();
	assert_false(fake.callers[0].answered);
	assert_int_equal(fake.deadline, 2 * TICK);
	fake.input = "lo\r";
	tick();
	expect_read(1, "hello\n");
	assert_memory_equal(fake.output, "hello\r\n", 7);
	/* Nobody waits now, so there is no timer. */
	assert_int_equal(fake.deadline, 0);
}

static void
input_is_taken_only_while_somebody_waits(void **state)
{
	(void)state;
	fake.input = "one\ntwo\nthree\n";
	assert_false(read_request(1, 100));
	expect_read(1, "one\n");
	assert_string_equal(fake.input, "two\nthree\n");
	assert_false(read_request(2, 2));
	expect_read(2, "tw");
	assert_false(read_request(3, 2));
	expect_read(3, "o\n");
	assert_string_equal(fake.input, "three\n");
	assert_int_equal(fake.deadline, 0);
}

static void
readers_are_served_in_their_order(void **state)
{
	(void)state;
	assert_false(read_request(1, 100));
	assert_false(read_request(2, 100));
	assert_false(read_request(3, 100));
	fake.input = "a\nb\n";
	tick();
	expect_read(1, "a\n");
	expect_read(2, "b\n");
	assert_false(fake.callers[2].answered);
	fake.input = "\x04";
	tick();
	expect_read(3, "");
}

static void
a_line_is_not_lost_with_its_reader(void **state)
{
	(void)state;
	assert_false(read_request(1, 100));
	assert_false(read_request(2, 100));
	assert_false(read_request(3, 100));
	fake.callers[0].dead = true;
	fake.callers[1].dies_after_copy = true;
	fake.input = "line\n";
	tick();
	assert_false(fake.callers[0].answered);
	assert_false(fake.callers[1].answered);
	expect_read(3, "line\n");
}

static void
a_line_is_not_lost_by_a_bad_address(void **state)
{
	(void)state;
	fake.callers[0].readable = 2;
	fake.input = "line\n";
	assert_false(read_request(1, 100));
	assert_true(fake.callers[0].answered);
	assert_int_equal(fake.callers[0].error, TINE_EFAULT);
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
	assert_int_equal(fake.deadline, 0);
}

static void
dead_readers_make_room_for_new_ones(void **state)
{
	token_t token;

	(void)state;
	for (token = 1; token <= READERS_MAX; token++)
		assert_false(read_request(token, 10));
	assert_true(read_request(token, 10));
	assert_int_equal(MSG_LABEL(msg.info), TINE_EAGAIN);
	fake.callers[0].dead = true;
	fake.callers[5].dead = true;
	fake.callers[READERS_MAX - 1].dead = true;
	assert_false(read_request(token, 10));
	assert_false(read_request(token + 1, 10));
	fake.input = "a\n";
	tick();
	expect_read(2, "a\n");
}

static void
what_was_only_sent_is_no_request(void **state)
{
	(void)state;
	assert_false(request(0, tty_write_call, 10));
	assert_int_equal(fake.noutput, 0);
	for (size_t i = 0; i < READERS_MAX; i++)
		assert_false(request(0, tty_read_call, 10));
	assert_false(read_request(1, 10));
	fake.input = "a\n";
	tick();
	expect_read(1, "a\n");
}

static void
without_a_uart_there_is_no_device(void **state)
{
	(void)state;
	serve_init(NULL, 0, false);
	assert_int_equal(write_request(1, 10), TINE_ENODEV);
	assert_true(read_request(1, 10));
	assert_int_equal(MSG_LABEL(msg.info), TINE_ENODEV);
}

static void
what_is_no_request_is_refused(void **state)
{
	(void)state;
	assert_true(request(1, 99, 0));
	assert_int_equal(MSG_LABEL(msg.info), TINE_ENOSYS);
	memset(&msg, 0, sizeof(msg));
	msg.kind = SENDER_THREAD;
	msg.token = 1;
	msg.info = MSG_INFO(tty_write_call, 2);
	assert_true(serve_message(&msg));
	assert_int_equal(MSG_LABEL(msg.info), TINE_EINVAL);
	/* Nor may just anybody ask. */
	msg.kind = SENDER_KERNEL_THREAD;
	msg.info = MSG_INFO(tty_write_call, 1);
	assert_true(serve_message(&msg));
	assert_int_equal(MSG_LABEL(msg.info), TINE_EPERM);
	assert_int_equal(fake.noutput, 0);
}

static void
typing_is_unseen_without_echo(void **state)
{
	(void)state;
	serve_init(&fake_uart, TICK, false);
	fake.input = "secret\n";
	assert_false(read_request(1, 100));
	expect_read(1, "secret\n");
	assert_int_equal(fake.noutput, 0);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, setup)
	const struct CMUnitTest tests[] = {
	    TEST(every_byte_of_a_write_comes_out),
	    TEST(a_long_write_is_taken_in_part),
	    TEST(a_write_that_faults_tells_what_was_written),
	    TEST(a_read_waits_for_a_line),
	    TEST(input_is_taken_only_while_somebody_waits),
	    TEST(readers_are_served_in_their_order),
	    TEST(a_line_is_not_lost_with_its_reader),
	    TEST(a_line_is_not_lost_by_a_bad_address),
	    TEST(a_read_of_nothing_does_not_wait),
	    TEST(dead_readers_make_room_for_new_ones),
	    TEST(what_was_only_sent_is_no_request),
	    TEST(without_a_uart_there_is_no_device),
	    TEST(what_is_no_request_is_refused),
	    TEST(typing_is_unseen_without_echo),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
