/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_output.c - servers/ttysrv/output.c: writers, and a UART that is slow.
 */
#include "tty_test.h"

static bool
write_request(token_t token, uint64_t length)
{
	return request(token, tty_write_call, length);
}

/* The same, with these bytes. */
static bool
write_text(token_t token, const char *text)
{
	memcpy(caller(token)->window, text, strlen(text));
	return write_request(token, strlen(text));
}

/* A writer was answered, with so many bytes. */
static void
expect_written(token_t token, uint64_t bytes)
{
	expect_error(token, 0);
	assert_int_equal(caller(token)->bytes, bytes);
}

/* Let the UART send so much of what it has. */
static void
drain(size_t room)
{
	fake.room = room;
	interrupts();
}

static void
every_byte_of_a_write_comes_out(void **state)
{
	const size_t rooms[] = {FAKE_ROOM, 16, 1};

	(void)state;
	for (size_t i = 0; i < CALLER_WINDOW; i++)
		caller(1)->window[i] = (uint8_t)(i * 7);
	for (int k = 0; k < 3; k++) {
		for (size_t length = 0; length <= 1024; length += 64) {
			fake.noutput = 0;
			fake.room = rooms[k];
			caller(1)->answered = false;
			if (!write_request(1, length)) {
				while (!caller(1)->answered)
					drain(rooms[k]);
				expect_written(1, length);
			} else {
				assert_int_equal(MSG_LABEL(msg.info), 0);
				assert_int_equal(msg.words[0], length);
			}
			assert_int_equal(fake.noutput, length);
			assert_memory_equal(
			    fake.output, caller(1)->window, length);
		}
	}
}

static void
a_long_write_is_taken_in_part(void **state)
{
	(void)state;
	assert_true(write_request(1, UINT64_MAX));
	assert_int_equal(MSG_LABEL(msg.info), 0);
	assert_int_equal(msg.words[0], WRITE_MAX);
	assert_int_equal(fake.noutput, WRITE_MAX);
	fake.noutput = 0;
	fake.room = 1;
	assert_false(write_request(1, UINT64_MAX));
	drain(FAKE_ROOM);
	expect_written(1, WRITE_MAX);
	assert_int_equal(fake.noutput, WRITE_MAX);
}

static void
a_write_that_faults_tells_what_was_written(void **state)
{
	(void)state;
	caller(1)->readable = 600;
	assert_true(write_request(1, 1000));
	assert_int_equal(MSG_LABEL(msg.info), 0);
	assert_int_equal(msg.words[0], 512);
	assert_int_equal(fake.noutput, 512);
	caller(1)->readable = 0;
	assert_true(write_request(1, 1000));
	assert_int_equal(MSG_LABEL(msg.info), TINE_EFAULT);
	assert_int_equal(fake.noutput, 512);
	/* The same when it had to wait. */
	caller(1)->readable = 600;
	caller(2)->readable = 0;
	fake.room = 100;
	assert_false(write_request(1, 1000));
	assert_false(write_request(2, 1000));
	assert_false(write_text(3, "good"));
	drain(FAKE_ROOM);
	expect_written(1, 512);
	expect_error(2, TINE_EFAULT);
	expect_written(3, 4);
}

static void
a_write_is_answered_when_all_its_bytes_are_in_the_uart(void **state)
{
	(void)state;
	fake.room = 2;
	assert_false(write_text(1, "abcdef"));
	drain(3);
	assert_false(caller(1)->answered);
	expect_output("abcde");
	drain(1);
	expect_written(1, 6);
	expect_output("abcdef");
}

static void
writers_take_turns_in_the_order_they_came(void **state)
{
	(void)state;
	fake.room = 1;
	assert_false(write_text(1, "one."));
	assert_false(write_text(2, "two."));
	assert_false(write_text(3, "three."));
	while (!caller(3)->answered)
		drain(1);
	expect_output("one.two.three.");
	assert_int_equal(caller(1)->order, 1);
	assert_int_equal(caller(2)->order, 2);
	assert_int_equal(caller(3)->order, 3);
	/* And then there is no more to wait for. */
	fake.room = FAKE_ROOM;
	assert_true(write_text(4, "four."));
	expect_output("one.two.three.four.");
}

static void
one_turn_sends_a_bounded_number_of_bytes(void **state)
{
	uint64_t answered = 0;

	(void)state;
	fake.room = 0;
	assert_false(write_request(1, 3000));
	assert_false(write_request(2, 3000));
	fake.room = FAKE_ROOM;
	while (fake_irq()) {
		size_t before = fake.noutput;

		fake.claimed = true;
		notification(fake.irq_bits);
		assert_true(fake.noutput - before <= WRITE_MAX);
		answered++;
	}
	assert_int_equal(answered, 2);
	assert_int_equal(fake.noutput, 6000);
	expect_written(2, 3000);
}

static void
a_cancelled_writer_is_told_what_was_written(void **state)
{
	(void)state;
	fake.room = 3;
	assert_false(write_text(1, "abcdef"));
	assert_false(write_text(2, "xyz"));
	assert_false(write_text(3, "uvw"));
	assert_int_equal(cancel(2, TINE_ERESTART), 0);
	expect_error(2, TINE_ERESTART);
	assert_int_equal(cancel(1, TINE_EINTR), 0);
	expect_written(1, 3);
	/* Nothing of the others goes out. */
	drain(FAKE_ROOM);
	expect_written(3, 3);
	expect_output("abcuvw");
}

static void
cancelling_the_first_writer_lets_the_next_one_write(void **state)
{
	(void)state;
	/* Room comes, and before the interrupt does, the first is cancelled. */
	fake.room = 0;
	assert_false(write_text(1, "a"));
	assert_false(write_text(2, "b"));
	fake.room = FAKE_ROOM;
	assert_int_equal(cancel(1, TINE_EINTR), 0);
	expect_error(1, TINE_EINTR);
	expect_written(2, 1);
	expect_output("b");
	assert_false(fake.transmit);
}

static void
cancelling_who_waits_for_nothing_does_nothing(void **state)
{
	(void)state;
	fake.room = 0;
	assert_false(write_text(1, "a"));
	assert_int_equal(cancel(2, TINE_EINTR), 0);
	assert_int_equal(cancel(1, TINE_EIO), TINE_EINVAL);
	assert_int_equal(cancel(1, 0), TINE_EINVAL);
	assert_false(caller(1)->answered);
	drain(FAKE_ROOM);
	expect_written(1, 1);
	/* Too late. */
	assert_int_equal(cancel(1, TINE_EINTR), 0);
}

static void
a_writer_that_died_is_passed_over(void **state)
{
	(void)state;
	fake.room = 0;
	assert_false(write_text(1, "a"));
	assert_false(write_text(2, "b"));
	assert_false(write_text(3, "c"));
	/* What was fetched of the first one goes out all the same. */
	caller(1)->dead = true;
	caller(2)->dead = true;
	drain(FAKE_ROOM);
	assert_false(caller(1)->answered);
	assert_false(caller(2)->answered);
	expect_written(3, 1);
	expect_output("ac");
}

static void
too_many_writers_are_told_to_come_again(void **state)
{
	token_t token;

	(void)state;
	fake.room = 0;
	for (token = 1; token <= WAITERS_MAX; token++)
		assert_false(write_text(token, "a"));
	assert_true(write_text(token, "b"));
	assert_int_equal(MSG_LABEL(msg.info), TINE_ERESTART);
	/* Dead ones make room. */
	caller(7)->dead = true;
	assert_false(write_text(token, "b"));
	drain(FAKE_ROOM);
	expect_written(token, 1);
	assert_int_equal(fake.noutput, WAITERS_MAX);
}

static void
a_server_is_never_made_to_wait(void **state)
{
	const uint64_t length = 6;

	(void)state;
	memcpy(caller(CALLERS)->window, "server", 6);
	assert_int_equal(proc_request(tty_write_call, &length, 1), 0);
	assert_int_equal(msg.words[0], 6);
	fake.room = 2;
	assert_int_equal(proc_request(tty_write_call, &length, 1), 0);
	assert_int_equal(msg.words[0], 2);
	assert_int_equal(proc_request(tty_write_call, &length, 1), TINE_EAGAIN);
	/* What was fetched for it is forgotten. */
	assert_false(write_text(1, "x"));
	drain(FAKE_ROOM);
	expect_output("serversex");
}

static void
echo_goes_before_writers_and_is_bounded(void **state)
{
	(void)state;
	fake.room = 0;
	assert_false(write_text(1, "text"));
	type("abc");
	drain(FAKE_ROOM);
	expect_output("abctext");
	fake.noutput = 0;
	fake.room = 0;
	for (size_t i = 0; i < 2 * OWN_MAX; i++)
		type("\x7f\x15"
		     "z\x15");
	drain(FAKE_ROOM);
	assert_int_equal(fake.noutput, OWN_MAX);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(every_byte_of_a_write_comes_out),
	    TEST(a_long_write_is_taken_in_part),
	    TEST(a_write_that_faults_tells_what_was_written),
	    TEST(a_write_is_answered_when_all_its_bytes_are_in_the_uart),
	    TEST(writers_take_turns_in_the_order_they_came),
	    TEST(one_turn_sends_a_bounded_number_of_bytes),
	    TEST(a_cancelled_writer_is_told_what_was_written),
	    TEST(cancelling_the_first_writer_lets_the_next_one_write),
	    TEST(cancelling_who_waits_for_nothing_does_nothing),
	    TEST(a_writer_that_died_is_passed_over),
	    TEST(too_many_writers_are_told_to_come_again),
	    TEST(a_server_is_never_made_to_wait),
	    TEST(echo_goes_before_writers_and_is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
