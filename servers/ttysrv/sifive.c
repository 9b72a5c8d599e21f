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
/* An interrupt when fewer than so many bytes wait, or more than so many. */
#define CTRL_WATERMARK(n) ((uint32_t)(n) << 16)
#define CTRL_WATERMARK_MASK CTRL_WATERMARK(7)
#define TX_WATERMARK 4u
#define IE_TXWM 1u
#define IE_RXWM 2u

static void
sifive_start(struct uart *uart)
{
	uart_write(uart, IE, 0);
	uart_write(uart, TXCTRL,
	    (uart_read(uart, TXCTRL) & ~CTRL_WATERMARK_MASK) | TXCTRL_ENABLE |
		CTRL_WATERMARK(TX_WATERMARK));
	uart_write(uart, RXCTRL,
	    (uart_read(uart, RXCTRL) & ~CTRL_WATERMARK_MASK) | RXCTRL_ENABLE);
}

static void
sifive_interrupt(struct uart *uart, bool receive, bool transmit)
{
	uart_write(
	    uart, IE, (receive ? IE_RXWM : 0) | (transmit ? IE_TXWM : 0));
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
    .interrupt = sifive_interrupt,
    .try_put = sifive_try_put,
    .try_get = sifive_try_get,
};
