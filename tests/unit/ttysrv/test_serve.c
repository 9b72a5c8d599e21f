/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_serve.c - servers/ttysrv/serve.c: requests, interrupt and clock.
 */
#include "tty_test.h"

static void
with_an_interrupt_there_is_no_timer(void **state)
{
	(void)state;
	assert_true(fake.receive);
	assert_false(fake.transmit);
	assert_int_equal(fake.deadline, 0);
	assert_false(request(1, tty_read_call, 100));
	type("a\n");
	expect_read(1, "a\n");
	fake.room = 0;
	assert_false(request(2, tty_write_call, 10));
	assert_int_equal(fake.deadline, 0);
}

static void
without_an_interrupt_the_clock_says_when_to_look(void **state)
{
	(void)state;
	(void)setup_with(false, true);
	assert_false(fake.receive);
	assert_int_equal(fake.deadline, TICK);
	assert_false(request(1, tty_read_call, 100));
	fake_type("hel");
	tick();
	assert_false(caller(1)->answered);
	assert_int_equal(fake.deadline, 2 * TICK);
	fake_type("lo\r");
	tick();
	expect_read(1, "hello\n");
	expect_output("hello\r\n");
	/* Also while nobody waits: ^C may come. */
	fake_type("\x03");
	tick();
	assert_int_equal(event(), 2);
	fake.room = 0;
	assert_false(request(2, tty_write_call, 10));
	fake.room = FAKE_ROOM;
	tick();
	assert_true(caller(2)->answered);
	assert_false(fake.receive || fake.transmit);
}

static void
only_what_waits_interrupts_for_room(void **state)
{
	(void)state;
	assert_true(request(1, tty_write_call, 10));
	assert_false(fake.transmit);
	fake.room = 5;
	assert_false(request(1, tty_write_call, 10));
	assert_true(fake.transmit);
	assert_true(fake.receive);
	fake.room = FAKE_ROOM;
	interrupts();
	assert_true(caller(1)->answered);
	assert_false(fake.transmit);
	/* Echo, too. */
	fake.room = 0;
	type("x");
	assert_true(fake.transmit);
	fake.room = FAKE_ROOM;
	interrupts();
	assert_false(fake.transmit);
	assert_int_equal(fake.output[fake.noutput - 1], 'x');
}

static void
a_notification_without_an_interrupt_acknowledges_none(void **state)
{
	(void)state;
	/* The fake would complain. */
	notification(1);
	notification(0);
}

static void
what_is_printed_at_start_comes_before_what_is_written(void **state)
{
	(void)state;
	fake.room = 3;
	serve_print("marker\n", 7);
	memcpy(caller(1)->window, "text", 4);
	assert_false(request(1, tty_write_call, 4));
	fake.room = FAKE_ROOM;
	interrupts();
	expect_output("marker\ntext");
}

static void
the_start_waits_until_it_is_sent(void **state)
{
	(void)state;
	fake.room = 3;
	fake.refill = 2;
	fake.step = 1;
	serve_print("marker\n", 7);
	serve_settle(100);
	expect_output("marker\n");
	assert_true(fake.now < 100);
	assert_false(fake.transmit);
}

static void
but_not_for_a_uart_that_takes_nothing(void **state)
{
	(void)state;
	fake.room = 0;
	fake.step = 1;
	serve_print("marker\n", 7);
	serve_settle(100);
	assert_int_equal(fake.now, 100);
	assert_int_equal(fake.noutput, 0);
	assert_true(fake.transmit);
}

static void
what_was_only_sent_is_no_request(void **state)
{
	(void)state;
	assert_false(request(0, tty_write_call, 10));
	assert_int_equal(fake.noutput, 0);
	for (size_t i = 0; i < WAITERS_MAX; i++)
		assert_false(request(0, tty_read_call, 10));
	assert_false(request(1, tty_read_call, 10));
	type("a\n");
	expect_read(1, "a\n");
}

static void
without_a_uart_there_is_no_device(void **state)
{
	(void)state;
	fake_reset();
	serve_init(NULL, 0, false);
	serve_print("x", 1);
	assert_true(request(1, tty_write_call, 10));
	assert_int_equal(MSG_LABEL(msg.info), TINE_ENODEV);
	assert_true(request(1, tty_read_call, 10));
	assert_int_equal(MSG_LABEL(msg.info), TINE_ENODEV);
	assert_int_equal(event(), 0);
	assert_int_equal(cancel(1, TINE_EINTR), 0);
	notification(3);
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
programs_may_not_cancel_nor_take_events(void **state)
{
	(void)state;
	assert_false(request(1, tty_read_call, 10));
	type("\x03");
	memset(&msg, 0, sizeof(msg));
	msg.kind = SENDER_THREAD;
	msg.sender = identity_of(2);
	msg.token = 2;
	msg.info = MSG_INFO(tty_cancel_call, 2);
	msg.words[0] = identity_of(1);
	msg.words[1] = TINE_EINTR;
	assert_true(serve_message(&msg));
	assert_int_equal(MSG_LABEL(msg.info), TINE_EPERM);
	assert_false(caller(1)->answered);
	msg.info = MSG_INFO(tty_event_call, 0);
	assert_true(serve_message(&msg));
	assert_int_equal(MSG_LABEL(msg.info), TINE_EPERM);
	assert_int_equal(event(), 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(with_an_interrupt_there_is_no_timer),
	    TEST(without_an_interrupt_the_clock_says_when_to_look),
	    TEST(only_what_waits_interrupts_for_room),
	    TEST(a_notification_without_an_interrupt_acknowledges_none),
	    TEST(what_is_printed_at_start_comes_before_what_is_written),
	    TEST(the_start_waits_until_it_is_sent),
	    TEST(but_not_for_a_uart_that_takes_nothing),
	    TEST(what_was_only_sent_is_no_request),
	    TEST(without_a_uart_there_is_no_device),
	    TEST(what_is_no_request_is_refused),
	    TEST(programs_may_not_cancel_nor_take_events),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
