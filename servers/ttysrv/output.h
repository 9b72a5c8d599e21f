/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * output.h - what is to be sent, and who waits for it.
 *
 * First come bytes of our own, which are kept here: echo, and what is printed
 * at start.  Then come writers in their order; their bytes stay where they are
 * until the UART takes them.  Nothing here ever waits for the UART.
 */
#ifndef TINE_TTYSRV_OUTPUT_H
#define TINE_TTYSRV_OUTPUT_H

#include <ipc/msg.h>

#include "uart.h"

/* Bytes that one write request takes at most, and that one turn sends. */
#define WRITE_MAX 4096u

/* Bytes of our own that are kept. */
#define OWN_MAX 2048u

void output_init(struct uart *uart);

/* Have a byte of our own sent; dropped when too many wait. */
void output_own(uint8_t byte);

/*
 * Write bytes of a caller's window.  0: *bytes were sent; EFAULT, ENOMEM; or
 * SERVE_LATER: it waits, unless it is a server, which gets what could be done
 * at once or EAGAIN.  ERESTART: too many wait.
 */
int output_write(const struct ipc_msg *msg, uint64_t length, uint64_t *bytes);

/* Send what the UART takes, and answer who has been sent. */
void output_send(void);

/* Whether something waits for room in the UART. */
bool output_pending(void);

/*
 * Answer an LWP's write with what was sent of it, or, if nothing was, the
 * error.
 */
void output_cancel(uint64_t identity, int error);

#endif
