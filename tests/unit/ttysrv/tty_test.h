/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tty_test.h - what ttysrv's tests begin with.
 */
#ifndef TINE_TESTS_TTY_TEST_H
#define TINE_TESTS_TTY_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fake_kernel.h"
#include "output.h"
#include "serve.h"
#include "waiter.h"

#define TICK 100u

/* The message that is served, and then perhaps its answer. */
static struct ipc_msg msg;

static inline int
setup_with(bool irq, bool echo)
{
	fake_reset();
	fake.has_irq = irq;
	serve_init(&fake_uart, TICK, echo);
	return 0;
}

/* On a board with an interrupt for the UART. */
static inline int
setup(void **state)
{
	(void)state;
	return setup_with(true, true);
}

/* The identity of the LWP behind a token. */
static inline uint64_t
identity_of(token_t token)
{
	return 1ul << 32 | token;
}

/* Make a request in an LWP's name; returns whether msg is the answer. */
static inline bool
request(token_t token, uint64_t label, uint64_t length)
{
	memset(&msg, 0, sizeof(msg));
	msg.kind = SENDER_THREAD;
	msg.sender = identity_of(token);
	msg.token = token;
	msg.info = MSG_INFO(label, 1);
	msg.words[0] = length;
	return serve_message(&msg);
}

/* Make a request in procsrv's name; the error. */
static inline int
proc_request(uint64_t label, const uint64_t *words, unsigned int count)
{
	memset(&msg, 0, sizeof(msg));
	msg.kind = SENDER_BADGE;
	msg.sender = BADGE_PROC;
	msg.token = CALLERS;
	msg.info = MSG_INFO(label, count);
	for (unsigned int i = 0; i < count; i++)
		msg.words[i] = words[i];
	assert_true(serve_message(&msg));
	return (int)MSG_LABEL(msg.info);
}

static inline int
cancel(token_t token, uint64_t error)
{
	const uint64_t words[] = {identity_of(token), error};

	return proc_request(tty_cancel_call, words, 2);
}

/* The next signal that was typed; 0: none. */
static inline int32_t
event(void)
{
	int error = proc_request(tty_event_call, NULL, 0);

	if (error == 0)
		return (int32_t)(uint32_t)msg.words[0];
	assert_int_equal(error, TINE_ENOENT);
	return 0;
}

static inline void
notification(uint64_t bits)
{
	memset(&msg, 0, sizeof(msg));
	msg.kind = SENDER_NOTIFICATION;
	msg.words[0] = bits;
	assert_false(serve_message(&msg));
}

/* Let the timer go off, if one is set. */
static inline void
tick(void)
{
	if (fake.deadline == 0)
		return;
	fake.now = fake.deadline;
	fake.deadline = 0;
	notification(1);
}

/* Let the UART interrupt for as long as it does. */
static inline void
interrupts(void)
{
	while (fake_irq()) {
		assert_false(fake.claimed);
		fake.claimed = true;
		notification(fake.irq_bits);
		assert_false(fake.claimed);
	}
}

/* Let bytes be received, and be seen to. */
static inline void
type(const char *text)
{
	fake_type(text);
	interrupts();
	assert_int_equal(fake.ninput, 0);
}

static inline struct caller *
caller(token_t token)
{
	return &fake.callers[token - 1];
}

static inline void
expect_read(token_t token, const char *text)
{
	assert_true(caller(token)->answered);
	assert_int_equal(caller(token)->error, 0);
	assert_int_equal(caller(token)->bytes, strlen(text));
	assert_memory_equal(caller(token)->window, text, strlen(text));
}

static inline void
expect_error(token_t token, int error)
{
	assert_true(caller(token)->answered);
	assert_int_equal(caller(token)->error, error);
}

static inline void
expect_output(const char *text)
{
	assert_int_equal(fake.noutput, strlen(text));
	assert_memory_equal(fake.output, text, strlen(text));
}

#define TEST(name) cmocka_unit_test_setup(name, setup)

#endif
