/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ns16550.c - driver of the 16550 and the many that are like it.
 */
#include "uart.h"

/* Registers and bits; the names are those of the data sheet. */
enum ns16550_register {
	RBR_THR = 0, /* read: received; written: to be sent */
	IER = 1,
	LSR = 5,
};

#define LSR_DATA_READY 0x01u
#define LSR_THR_EMPTY 0x20u

static void
ns16550_start(struct uart *uart)
{
	uart_write(uart, IER, 0);
}

static bool
ns16550_try_put(struct uart *uart, uint8_t byte)
{
	if ((uart_read(uart, LSR) & LSR_THR_EMPTY) == 0)
		return false;
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
    .try_put = ns16550_try_put,
    .try_get = ns16550_try_get,
};
