/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * input.h - what is received, who waits for it, and what it asks for.
 *
 * Input is taken from the UART when it comes, whether somebody reads or not.
 * A line is consumed only when its reader has it: a reader that died while
 * waiting leaves it to the next one.
 */
#ifndef TINE_TTYSRV_INPUT_H
#define TINE_TTYSRV_INPUT_H

#include <ipc/msg.h>

#include "uart.h"

void input_init(struct uart *uart, bool echo);

/*
 * Read a line into a caller's window, of which length is not 0.  SERVE_LATER:
 * it is, or will be, answered; ERESTART: too many wait.
 */
int input_read(const struct ipc_msg *msg, uint64_t length);

/*
 * Take what the UART has received, up to a bound, and answer readers.  True:
 * a signal was typed.
 */
bool input_take(void);

/* The next signal that was typed; 0: none. */
int32_t input_signal(void);

/* Answer an LWP's read with an error. */
void input_cancel(uint64_t identity, int error);

#endif
