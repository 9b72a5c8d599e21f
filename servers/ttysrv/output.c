/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * output.c - what is to be sent, and who waits for it.
 */
#include "output.h"

#include <ipc/copy.h>
#include <ipc/message.h>

#include "waiter.h"

#define CHUNK_MAX 256u /* bytes fetched from a writer at a time */

_Static_assert((OWN_MAX & (OWN_MAX - 1)) == 0, "not a power of two");

static struct uart *uart;

/* A ring; positions only grow. */
static struct {
	uint32_t start;
	uint32_t end;
	uint8_t ring[OWN_MAX];
} own;

/* Writers, and bytes of the first of them that were fetched, but not sent. */
static struct waiters writers;
static struct {
	size_t at;
	size_t end;
	uint8_t bytes[CHUNK_MAX];
} chunk;

void
output_init(struct uart *device)
{
	uart = device;
	own.start = 0;
	own.end = 0;
	writers.count = 0;
	chunk.at = 0;
	chunk.end = 0;
}

void
output_own(uint8_t byte)
{
	if (own.end - own.start < OWN_MAX)
		own.ring[own.end++ % OWN_MAX] = byte;
}

/* True: nothing of our own waits. */
static bool
own_send(void)
{
	while (own.start != own.end) {
		if (!uart_put(uart, own.ring[own.start % OWN_MAX]))
			return false;
		own.start++;
	}
	return true;
}

static int
chunk_fetch(const struct waiter *writer)
{
	size_t bytes = CHUNK_MAX;
	int error;

	if (chunk.at < chunk.end)
		return 0;
	if (writer->length - writer->done < bytes)
		bytes = writer->length - writer->done;
	error = ipc_copy_in(writer->token, writer->done, chunk.bytes, bytes);
	if (error)
		return error;
	chunk.at = 0;
	chunk.end = bytes;
	return 0;
}

/*
 * Send bytes of the first writer, and count them off *budget.  SERVE_LATER:
 * some are left; 0 or an error: it is to be answered.
 */
static int
writer_send(struct waiter *writer, uint64_t *budget)
{
	while (writer->done < writer->length) {
		int error = chunk_fetch(writer);

		/* What has been sent can't be taken back: it is reported. */
		if (error)
			return writer->done > 0 ? 0 : error;
		while (chunk.at < chunk.end) {
			if (*budget == 0 ||
			    !uart_put(uart, chunk.bytes[chunk.at]))
				return SERVE_LATER;
			chunk.at++;
			writer->done++;
			(*budget)--;
		}
	}
	return 0;
}

/* The first writer is gone, and with it what was fetched from it. */
static void
chunk_drop(void)
{
	chunk.at = 0;
	chunk.end = 0;
}

void
output_send(void)
{
	uint64_t budget = WRITE_MAX;

	if (!own_send())
		return;
	while (writers.count > 0) {
		struct waiter *writer = &writers.at[0];
		int error = writer_send(writer, &budget);

		if (error == SERVE_LATER)
			return;
		/* If it is gone, there is nobody to be told. */
		(void)waiter_answer(writer, error, writer->done);
		waiters_remove(&writers, 0);
		chunk_drop();
	}
}

bool
output_pending(void)
{
	return own.start != own.end || writers.count > 0;
}

int
output_write(const struct ipc_msg *msg, uint64_t length, uint64_t *bytes)
{
	bool server = SENDER_KIND(msg->kind) == SENDER_BADGE;
	struct waiter writer = {
	    .token = msg->token,
	    .identity = msg->sender,
	    .length = length < WRITE_MAX ? length : WRITE_MAX,
	};
	uint64_t budget = WRITE_MAX;
	int error = SERVE_LATER;

	if (writers.count == 0 && own_send())
		error = writer_send(&writer, &budget);
	if (error == SERVE_LATER && !server)
		return waiters_add(&writers, &writer) ? SERVE_LATER
						      : TINE_ERESTART;
	if (writers.count == 0)
		chunk_drop();
	if (error == SERVE_LATER && writer.done == 0)
		return TINE_EAGAIN;
	*bytes = writer.done;
	return error == SERVE_LATER ? 0 : error;
}

void
output_cancel(uint64_t identity, int error)
{
	size_t i;

	while ((i = waiters_find(&writers, identity)) < writers.count) {
		const struct waiter *writer = &writers.at[i];

		(void)waiter_answer(
		    writer, writer->done > 0 ? 0 : error, writer->done);
		waiters_remove(&writers, i);
		if (i == 0)
			chunk_drop();
	}
}
