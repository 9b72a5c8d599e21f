/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * serve.h - ttysrv's requests, its interrupt and its clock.
 */
#ifndef TINE_TTYSRV_SERVE_H
#define TINE_TTYSRV_SERVE_H

#include <ipc/tty.h>

#include "uart.h"

/*
 * Forget everything and begin with this UART; NULL: there is none, and all
 * requests answer ENODEV.  Without an interrupt the UART is looked at every
 * tick, in ticks of the clock.
 */
void serve_init(struct uart *uart, uint64_t tick, bool echo);

/* Have something sent before all that is written. */
void serve_print(const char *text, size_t length);

/*
 * Wait until what was printed has been given to the UART, or until a time: at
 * the start only, when nobody else can be waiting.  Otherwise the machine
 * might be off before, as whoever prints waits for nothing.
 */
void serve_settle(uint64_t deadline);

/*
 * Answer one received message, or see to the UART after a notification.
 * Returns true if msg is now a reply to be sent.
 */
bool serve_message(struct ipc_msg *msg);

/* Ticks of rdtime; main.c's on the target, a fake's in tests. */
uint64_t clock_now(void);

#endif
