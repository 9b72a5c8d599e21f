/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fake_kernel.h - callers of ttysrv, its timer and its UART, made up.
 */
#ifndef TINE_TEST_TTY_FAKE_KERNEL_H
#define TINE_TEST_TTY_FAKE_KERNEL_H

#include <ipc/msg.h>

#include "uart.h"

#define CALLERS 80
#define CALLER_WINDOW 8192u

struct caller {
	uint8_t window[CALLER_WINDOW];
	size_t readable; /* bytes of the window; beyond is EFAULT */
	bool dead; /* everything answers ESTALE */
	bool dies_after_copy;
	bool answered;
	int error; /* of the answer */
	uint64_t bytes; /* of the answer */
};

struct fake {
	struct caller callers[CALLERS]; /* of tokens 1, 2, ... */
	uint64_t now;
	uint64_t deadline; /* 0: no timer is set */
	uint8_t output[CALLER_WINDOW];
	size_t noutput;
	const char *input; /* not yet received */
	unsigned int busy; /* how often the UART refuses each byte */
};

extern struct fake fake;
extern struct uart fake_uart;

void fake_reset(void);

#endif
