/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ns16550.c - driver of the 16550 and the many that are like it.
 */
#include "uart.h"

/* Registers and bits; the names are those of the data sheet. */
enum ns16550_register {
	RBR_THR = 0, /* read: received; written: to be sent */
	IER = 1,
	IIR_FCR = 2, /* read: identification; written: FIFO control */
	MCR = 4,
	LSR = 5,
};

#define IER_RECEIVED 0x01u
#define IER_THR_EMPTY 0x02u
#define FCR_ENABLE 0x01u /* and an interrupt for the first byte received */
#define IIR_FIFO 0xc0u
#define MCR_OUT2 0x08u /* on PCs it lets interrupts out */
#define LSR_DATA_READY 0x01u
#define LSR_THR_EMPTY 0x20u

#define FIFO_DEPTH 16u

static void
ns16550_start(struct uart *uart)
{
	uart_write(uart, IER, 0);
	uart_write(uart, IIR_FCR, FCR_ENABLE);
	uart_write(uart, MCR, uart_read(uart, MCR) | MCR_OUT2);
	uart->depth = 1;
	if ((uart_read(uart, IIR_FCR) & IIR_FIFO) == IIR_FIFO)
		uart->depth = FIFO_DEPTH;
}

static void
ns16550_interrupt(struct uart *uart, bool receive, bool transmit)
{
	uart_write(uart, IER,
	    (receive ? IER_RECEIVED : 0) | (transmit ? IER_THR_EMPTY : 0));
}

/* It only tells when the FIFO is empty; then there is room for all of it. */
static bool
ns16550_try_put(struct uart *uart, uint8_t byte)
{
	if (uart->room == 0) {
		if ((uart_read(uart, LSR) & LSR_THR_EMPTY) == 0)
			return false;
		uart->room = uart->depth;
	}
	uart->room--;
	uart_write(uart, RBR_THR, byte);
	return true;
}

static bool
ns16550_try_get(struct uart *uart, uint8_t *byte)
{
	if ((uart_read(uart, LSR) & LSR_DATA_READY) == 0)
		return false;
	*byte = (uint8_t)uart_read(uart, RBR_THR);
	return true;
}

const struct uart_driver uart_ns16550 = {
    .start = ns16550_start,
    .interrupt = ns16550_interrupt,
    .try_put = ns16550_try_put,
    .try_get = ns16550_try_get,
};
