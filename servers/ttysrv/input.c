/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * input.c - what is received, who waits for it, and what it asks for.
 *
 * Signals that were typed wait here until they are fetched.  As with pending
 * signals, one that waits already is not kept twice: so there is room for all.
 */
#include "input.h"

#include <ipc/copy.h>
#include <ipc/message.h>

#include "line.h"
#include "output.h"
#include "waiter.h"

#define TURN_MAX 1024u /* bytes taken in one turn: others wait too */
#define SIGNALS 3u

static struct uart *uart;
static struct line line;
static struct waiters readers;

static struct {
	size_t count;
	enum line_signal at[SIGNALS]; /* oldest first; no two are the same */
} signals;

static void
echo_to_output(void *context, uint8_t byte)
{
	(void)context;
	output_own(byte);
}

void
input_init(struct uart *device, bool echo)
{
	uart = device;
	readers.count = 0;
	signals.count = 0;
	line_init(&line, echo ? echo_to_output : NULL, NULL);
}

/* Give the first line to a reader; consumes it on success only. */
static void
reader_answer(const struct waiter *reader)
{
	uint8_t buffer[LINE_MAX];
	struct line_part part;
	size_t size = sizeof(buffer);
	int error;

	if (reader->length < size)
		size = reader->length;
	part = line_peek(&line, buffer, size);
	error = ipc_copy_out(reader->token, 0, buffer, part.bytes);
	/* If it is gone, there is nobody to be told. */
	if (waiter_answer(reader, error, part.bytes) == 0 && error == 0)
		line_consume(&line, part);
}

/* Answer as many readers as there are lines. */
static void
readers_answer(void)
{
	while (readers.count > 0 && line_is_ready(&line)) {
		reader_answer(&readers.at[0]);
		waiters_remove(&readers, 0);
	}
}

static void
signal_add(enum line_signal signal)
{
	for (size_t i = 0; i < signals.count; i++) {
		if (signals.at[i] == signal)
			return;
	}
	signals.at[signals.count++] = signal;
}

int
input_read(const struct ipc_msg *msg, uint64_t length)
{
	const struct waiter reader = {
	    .token = msg->token, .identity = msg->sender, .length = length};

	if (!waiters_add(&readers, &reader))
		return TINE_ERESTART;
	readers_answer();
	return SERVE_LATER;
}

bool
input_take(void)
{
	bool typed = false;
	uint8_t byte;

	for (unsigned int i = 0; i < TURN_MAX && uart_get(uart, &byte); i++) {
		enum line_signal signal = line_input(&line, byte);

		if (signal == LINE_NO_SIGNAL) {
			/* At once: more lines may come than there is room. */
			readers_answer();
			continue;
		}
		signal_add(signal);
		typed = true;
	}
	return typed;
}

int32_t
input_signal(void)
{
	int32_t signal;

	if (signals.count == 0)
		return 0;
	signal = signals.at[0];
	signals.count--;
	for (size_t i = 0; i < signals.count; i++)
		signals.at[i] = signals.at[i + 1];
	return signal;
}

void
input_cancel(uint64_t identity, int error)
{
	size_t i;

	while ((i = waiters_find(&readers, identity)) < readers.count) {
		(void)waiter_answer(&readers.at[i], error, 0);
		waiters_remove(&readers, i);
	}
}
