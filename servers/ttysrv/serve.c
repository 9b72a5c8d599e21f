/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * serve.c - ttysrv's requests, its interrupt and its clock.
 *
 * The UART interrupts while bytes have been received, and while there is room
 * for bytes that wait to be sent.  Its line stays silent until we have seen to
 * it and acknowledged.  On a board where no interrupt can be had, the clock
 * says when to look.
 */
#include "serve.h"

#include <ipc/slots.h>
#include <ipc/sys.h>

#include "input.h"
#include "output.h"

#define IPC_PROTOCOL tty
#define IPC_DEF <ipc/tty.def>
#include <ipc/serve.h>

/* Bits of our notification. */
#define BIT_TICK 1u
#define BIT_IRQ 2u

static struct uart *uart;
static bool interrupts; /* can be had */
static uint64_t tick;
static bool ticking; /* a timer is set */

/* Say when we want to look at the UART again. */
static void
uart_arm(void)
{
	if (interrupts) {
		uart_interrupt(uart, true, output_pending());
		return;
	}
	if (!ticking)
		ticking = sys_timer_set(
			      SLOT_NOTIFICATION, clock_now() + tick, BIT_TICK)
			      .error == 0;
}

/* See to the UART. */
static void
uart_serve(void)
{
	/* Procsrv asks what was typed when it has time. */
	if (input_take())
		(void)sys_notify(SLOT_PROC_EVENT, EVENT_TTY);
	output_send();
	uart_arm();
}

void
serve_init(struct uart *device, uint64_t period, bool echo)
{
	uart = device;
	tick = period;
	ticking = false;
	interrupts = false;
	if (uart == NULL)
		return;
	output_init(uart);
	input_init(uart, echo);
	interrupts =
	    sys_irq_bind(SLOT_IRQ, SLOT_NOTIFICATION, BIT_IRQ).error == 0;
	uart_arm();
}

void
serve_print(const char *text, size_t length)
{
	if (uart == NULL)
		return;
	for (size_t i = 0; i < length; i++)
		output_own((uint8_t)text[i]);
	output_send();
	uart_arm();
}

void
serve_settle(uint64_t deadline)
{
	while (uart != NULL && output_pending() && clock_now() < deadline)
		output_send();
	uart_arm();
}

int
serve_tty_write(const struct ipc_msg *msg, const struct tty_write_req *req,
    struct tty_write_rep *rep)
{
	int error;

	if (uart == NULL)
		return TINE_ENODEV;
	if (req->length == 0) {
		rep->bytes = 0;
		return 0;
	}
	error = output_write(msg, req->length, &rep->bytes);
	if (error == SERVE_LATER)
		uart_arm();
	return error;
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
	return input_read(msg, req->length);
}

int
serve_tty_cancel(const struct ipc_msg *msg, const struct tty_cancel_req *req,
    struct tty_cancel_rep *rep)
{
	(void)msg;
	(void)rep;
	if (req->error != TINE_EINTR && req->error != TINE_ERESTART)
		return TINE_EINVAL;
	if (uart == NULL)
		return 0;
	input_cancel(req->identity, (int)req->error);
	output_cancel(req->identity, (int)req->error);
	/* Others may go on now. */
	output_send();
	uart_arm();
	return 0;
}

int
serve_tty_event(const struct ipc_msg *msg, const struct tty_event_req *req,
    struct tty_event_rep *rep)
{
	(void)msg;
	(void)req;
	if (uart != NULL)
		rep->signal = input_signal();
	return rep->signal == 0 ? TINE_ENOENT : 0;
}

bool
serve_message(struct ipc_msg *msg)
{
	uint64_t bits = msg->words[0];

	if (SENDER_KIND(msg->kind) != SENDER_NOTIFICATION)
		return tty_dispatch(msg);
	if (uart == NULL)
		return false;
	if (bits & BIT_TICK)
		ticking = false;
	uart_serve();
	if (interrupts && (bits & BIT_IRQ) != 0)
		(void)sys_irq_ack(SLOT_IRQ);
	return false;
}
