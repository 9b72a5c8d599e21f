/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * serve.c - ttysrv's requests and its clock.
 *
 * A write is done when it is answered.  A read waits in a queue with its
 * token until there is a line.  While the queue is not empty, a timer makes
 * us look for input; input that comes when nobody waits stays in the UART,
 * whose flow control holds it back, until somebody does.
 *
 * A line is consumed only when its reader has it: a reader that died while
 * waiting leaves it to the next one.
 */
#include "serve.h"

#include <string.h>

#include <ipc/copy.h>
#include <ipc/sys.h>

#include "line.h"

#define IPC_PROTOCOL tty
#define IPC_DEF <ipc/tty.def>
#include <ipc/serve.h>

#define WRITE_CHUNK 256u
#define TICK_BIT 1u
#define INPUT_MAX 1024u /* bytes of input in one turn */

struct reader {
	token_t token;
	uint64_t length; /* not 0 */
};

static struct uart *uart;
static struct line line;
static uint64_t tick;
static bool ticking; /* a timer is set */

/* Those who wait, oldest first. */
static struct reader readers[READERS_MAX];
static size_t nreaders;

static void
echo_to_uart(void *context, uint8_t byte)
{
	uart_put(context, byte);
}

void
serve_init(struct uart *device, uint64_t period, bool echo)
{
	uart = device;
	tick = period;
	ticking = false;
	nreaders = 0;
	line_init(&line, echo ? echo_to_uart : NULL, device);
}

static void
reader_remove(size_t index)
{
	nreaders--;
	memmove(&readers[index], &readers[index + 1],
	    (nreaders - index) * sizeof(readers[0]));
}

/* Forget readers that died waiting: the kernel knows their token no more. */
static void
readers_purge(void)
{
	for (size_t i = nreaders; i > 0; i--)
		if (sys_copy(readers[i - 1].token, 0, 0, 0, 0).error ==
		    TINE_ESTALE)
			reader_remove(i - 1);
}

/* Give the first line to a reader; consumes it on success only. */
static int
reader_answer(const struct reader *reader)
{
	uint64_t words[MSG_WORDS] = {0};
	uint8_t buffer[LINE_MAX];
	struct line_part part;
	size_t size = sizeof(buffer);
	int error;

	if (reader->length < size)
		size = reader->length;
	part = line_peek(&line, buffer, size);
	error = ipc_copy_out(reader->token, 0, buffer, part.bytes);
	if (error) {
		/* If it is gone, there is nobody to be told. */
		(void)ipc_reply(reader->token, MSG_INFO(error, 0), words);
		return error;
	}
	words[0] = part.bytes;
	error = ipc_reply(reader->token,
	    MSG_INFO(0, IPC_COUNT(sizeof(struct tty_read_rep))), words);
	if (error)
		return error;
	line_consume(&line, part);
	return 0;
}

/* Answer as many readers as there are lines. */
static void
readers_answer(void)
{
	while (nreaders > 0 && line_is_ready(&line)) {
		(void)reader_answer(&readers[0]);
		reader_remove(0);
	}
}

/* Have the clock wake us while someone waits. */
static void
tick_arm(void)
{
	if (nreaders == 0 || ticking)
		return;
	ticking = sys_timer_set(SLOT_NOTIFICATION, clock_now() + tick, TICK_BIT)
		      .error == 0;
}

/*
 * Take input while somebody waits for it, so that no more lines pile up
 * than there are readers.  At most so much in one turn: others wait too.
 */
static void
input_serve(void)
{
	uint8_t byte;

	readers_answer();
	for (unsigned int i = 0; i < INPUT_MAX && nreaders > 0; i++) {
		if (!uart_get(uart, &byte))
			break;
		line_input(&line, byte);
		readers_answer();
	}
	tick_arm();
}

int
serve_tty_write(const struct ipc_msg *msg, const struct tty_write_req *req,
    struct tty_write_rep *rep)
{
	uint8_t chunk[WRITE_CHUNK];
	uint64_t length = req->length < WRITE_MAX ? req->length : WRITE_MAX;
	uint64_t done = 0;
	int error;

	if (uart == NULL)
		return TINE_ENODEV;
	while (done < length) {
		size_t bytes = sizeof(chunk);

		if (length - done < bytes)
			bytes = length - done;
		error = ipc_copy_in(msg->token, done, chunk, bytes);
		/* What has been sent can't be taken back: it is reported. */
		if (error && done == 0)
			return error;
		if (error)
			break;
		for (size_t i = 0; i < bytes; i++)
			uart_put(uart, chunk[i]);
		done += bytes;
	}
	rep->bytes = done;
	return 0;
}

int
serve_tty_read(const struct ipc_msg *msg, const struct tty_read_req *req,
    struct tty_read_rep *rep)
{
	if (uart == NULL)
		return TINE_ENODEV;
	if (req->length == 0) {
		rep->bytes = 0;
		return 0;
	}
	if (nreaders == READERS_MAX)
		readers_purge();
	if (nreaders == READERS_MAX)
		return TINE_EAGAIN;
	readers[nreaders++] = (struct reader){
	    .token = msg->token,
	    .length = req->length,
	};
	input_serve();
	return SERVE_LATER;
}

bool
serve_message(struct ipc_msg *msg)
{
	if (SENDER_KIND(msg->kind) == SENDER_NOTIFICATION) {
		ticking = false;
		input_serve();
		return false;
	}
	return tty_dispatch(msg);
}
