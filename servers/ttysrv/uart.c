/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * uart.c - a serial line: what all drivers share.
 */
#include "uart.h"

#include <abi/boot.h>
#include <abi/errors.h>

#define LAYOUT_SHIFT(layout) ((layout)&0xff)
#define LAYOUT_WIDTH(layout) (1u << ((layout) >> 8 & 3))

uint32_t
uart_read(const struct uart *uart, uint32_t number)
{
	uintptr_t address = uart->base + ((uintptr_t)number << uart->shift);

	if (uart->width == 4)
		return *(volatile uint32_t *)address;
	if (uart->width == 2)
		return *(volatile uint16_t *)address;
	return *(volatile uint8_t *)address;
}

void
uart_write(const struct uart *uart, uint32_t number, uint32_t value)
{
	uintptr_t address = uart->base + ((uintptr_t)number << uart->shift);

	if (uart->width == 4)
		*(volatile uint32_t *)address = value;
	else if (uart->width == 2)
		*(volatile uint16_t *)address = (uint16_t)value;
	else
		*(volatile uint8_t *)address = (uint8_t)value;
}

int
uart_open(struct uart *uart, uint32_t kind, uintptr_t base, uint32_t layout)
{
	switch (kind) {
	case CONSOLE_NS16550:
		uart->driver = &uart_ns16550;
		uart->shift = LAYOUT_SHIFT(layout);
		uart->width = LAYOUT_WIDTH(layout);
		break;
	case CONSOLE_SIFIVE:
		/* Always words, side by side. */
		uart->driver = &uart_sifive;
		uart->shift = 2;
		uart->width = 4;
		break;
	default:
		return TINE_ENODEV;
	}
	uart->base = base;
	uart->receive = false;
	uart->transmit = false;
	uart->room = 0;
	uart->driver->start(uart);
	return 0;
}

void
uart_interrupt(struct uart *uart, bool receive, bool transmit)
{
	/* Registers are slow. */
	if (uart->receive == receive && uart->transmit == transmit)
		return;
	uart->driver->interrupt(uart, receive, transmit);
	uart->receive = receive;
	uart->transmit = transmit;
}

bool
uart_put(struct uart *uart, uint8_t byte)
{
	return uart->driver->try_put(uart, byte);
}

bool
uart_get(struct uart *uart, uint8_t *byte)
{
	return uart->driver->try_get(uart, byte);
}
