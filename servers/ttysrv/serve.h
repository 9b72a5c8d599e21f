/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * serve.h - ttysrv's requests and its clock.
 */
#ifndef TINE_TTYSRV_SERVE_H
#define TINE_TTYSRV_SERVE_H

#include <ipc/tty.h>

#include "uart.h"

/* Readers that may wait at a time. */
#define READERS_MAX 64u

/* Bytes that one write request takes at most. */
#define WRITE_MAX 4096u

/*
 * Forget everything and begin with this UART; NULL: there is none, and all
 * requests answer ENODEV.  tick is how often input is looked for while
 * someone waits for it, in ticks of the clock.
 */
void serve_init(struct uart *uart, uint64_t tick, bool echo);

/*
 * Answer one received message, or deal with the clock's notification.
 * Returns true if msg is now a reply to be sent.
 */
bool serve_message(struct ipc_msg *msg);

/* Ticks of rdtime; main.c's on the target, a fake's in tests. */
uint64_t clock_now(void);

#endif
