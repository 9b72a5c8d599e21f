/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * uart.h - a serial line.
 *
 * A driver is functions that never wait.  The
 * firmware has set speed and format already, since it prints before us.
 */
#ifndef TINE_TTYSRV_UART_H
#define TINE_TTYSRV_UART_H

#include <abi/types.h>

struct uart;

struct uart_driver {
	/* Without interrupts. */
	void (*start)(struct uart *uart);
	/*
	 * Interrupt, or not, while bytes have been received; while there is
	 * room for bytes to be sent.
	 */
	void (*interrupt)(struct uart *uart, bool receive, bool transmit);
	/* Whether there was room for the byte, or a byte. */
	bool (*try_put)(struct uart *uart, uint8_t byte);
	bool (*try_get)(struct uart *uart, uint8_t *byte);
};

struct uart {
	const struct uart_driver *driver;
	uintptr_t base; /* of the registers, as they are mapped */
	uint32_t shift; /* log2 of the distance between registers */
	uint32_t width; /* bytes of a register access: 1, 2 or 4 */
	bool receive; /* which interrupts are enabled */
	bool transmit;
	/* Of the driver. */
	uint32_t depth; /* bytes that go into an empty transmitter */
	uint32_t room; /* how many are known to */
};

extern const struct uart_driver uart_ns16550;
extern const struct uart_driver uart_sifive;

/*
 * Choose and start the driver for kind (enum console_kind).  layout has
 * reg-shift in its low byte and the log2 of the access width above.  ENODEV:
 * there is no driver for it.
 */
int uart_open(
    struct uart *uart, uint32_t kind, uintptr_t base, uint32_t layout);

/* Which interrupts are wanted from now on. */
void uart_interrupt(struct uart *uart, bool receive, bool transmit);

/* Send a byte, if there is room for it. */
bool uart_put(struct uart *uart, uint8_t byte);

/* Take a byte that has been received, if there is one. */
bool uart_get(struct uart *uart, uint8_t *byte);

/* Registers by number; for drivers. */
uint32_t uart_read(const struct uart *uart, uint32_t number);
void uart_write(const struct uart *uart, uint32_t number, uint32_t value);

#endif
