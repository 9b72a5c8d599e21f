/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fake_kernel.h - callers of ttysrv, its timer and its UART, made up.
 */
#ifndef TINE_TEST_TTY_FAKE_KERNEL_H
#define TINE_TEST_TTY_FAKE_KERNEL_H

#include <ipc/msg.h>

#include "uart.h"

#define CALLERS 300
#define CALLER_WINDOW 8192u

struct caller {
	uint8_t window[CALLER_WINDOW];
	size_t readable; /* bytes of the window; beyond is EFAULT */
	bool dead; /* everything answers ESTALE */
	bool dies_after_copy;
	bool answered;
	int error; /* of the answer */
	uint64_t bytes; /* of the answer */
	uint64_t order; /* of the answer: 1 is the first */
};

struct fake {
	struct caller callers[CALLERS]; /* of tokens 1, 2, ... */
	uint64_t now;
	uint64_t deadline; /* 0: no timer is set */
	uint8_t output[CALLER_WINDOW];
	size_t noutput;
	const char *input; /* not yet received */
	size_t ninput;
	size_t room; /* bytes that the UART takes; FAKE_ROOM: any number */
	size_t refill; /* room that there is after it was once full */
	uint64_t step; /* what looking at the clock takes */
	uint64_t answers;
	/* The interrupt. */
	bool has_irq;
	uint64_t irq_bits; /* bound to these; 0: not bound */
	bool claimed; /* delivered, not acknowledged */
	bool receive; /* what the UART interrupts for */
	bool transmit;
	/* Procsrv's notification. */
	uint64_t events;
	unsigned int notified; /* how often */
};

#define FAKE_ROOM SIZE_MAX

/* Let bytes be received. */
void fake_type(const char *text);

/* Whether the interrupt's line is up. */
bool fake_irq(void);

extern struct fake fake;
extern struct uart fake_uart;

void fake_reset(void);

#endif
