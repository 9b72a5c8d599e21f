/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * last.h - the answer that a request ends with.
 *
 * To enter a handler, or to leave one, is an answer with many registers.  The
 * kernel can give it and receive the next message in one call, so it is kept
 * until the request has been served.  There is one at a time; another one
 * before that has it given at once.
 *
 * An LWP whose stack can't be written, or whose registers can't be read or
 * gone on with, gets a SIGSEGV that it can't catch.
 */
#ifndef TINE_PROCSRV_LAST_H
#define TINE_PROCSRV_LAST_H

#include <abi/types.h>

struct ipc_msg;
struct lwp;

/* Where the next delivery is to be written; the last one has been given. */
struct signal_delivery *last_delivery(void);

/* Let an LWP's call, with this token, be answered by last_delivery(). */
void last_enter(const struct lwp *lwp, token_t token);

/* Let it be answered by the struct regs that its window is. */
void last_leave(const struct lwp *lwp, token_t token);

/* Reply to msg->token, give the answer, and receive into msg. */
void last_receive(struct ipc_msg *msg);

#endif
