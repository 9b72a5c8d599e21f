/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sifive.c - driver of the UART in SiFive's FU540 (FU540-C000 Manual, 13).
 */
#include "uart.h"

enum sifive_register {
	TXDATA = 0,
	RXDATA = 1,
	TXCTRL = 2,
	RXCTRL = 3,
	IE = 4,
};

#define TXDATA_FULL 0x80000000u
#define RXDATA_EMPTY 0x80000000u
#define TXCTRL_ENABLE 1u
#define RXCTRL_ENABLE 1u

static void
sifive_start(struct uart *uart)
{
	uart_write(uart, IE, 0);
	uart_write(uart, TXCTRL, uart_read(uart, TXCTRL) | TXCTRL_ENABLE);
	uart_write(uart, RXCTRL, uart_read(uart, RXCTRL) | RXCTRL_ENABLE);
}

static bool
sifive_try_put(struct uart *uart, uint8_t byte)
{
	if ((uart_read(uart, TXDATA) & TXDATA_FULL) != 0)
		return false;
	uart_write(uart, TXDATA, byte);
	return true;
}

/* Reading takes the byte, so the register is read only once. */
static bool
sifive_try_get(struct uart *uart, uint8_t *byte)
{
	uint32_t data = uart_read(uart, RXDATA);

	if ((data & RXDATA_EMPTY) != 0)
		return false;
	*byte = (uint8_t)data;
	return true;
}

const struct uart_driver uart_sifive = {
    .start = sifive_start,
    .try_put = sifive_try_put,
    .try_get = sifive_try_get,
};
