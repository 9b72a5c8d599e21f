/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * serve.h - the event loop, and what request handlers have in common.
 */
#ifndef TINE_VMSRV_SERVE_H
#define TINE_VMSRV_SERVE_H

#include <abi/types.h>
#include <ipc/message.h>
#include <ipc/msg.h>

/*
 * Kernel calls that work through a range, as one turn may make them; what is
 * left then waits for a later turn.
 */
#define TURN_CALLS 8

/*
 * Serve a message.  True: msg is the next message.  False: msg is used up,
 * and if its token is not 0 it is a reply.  retried: it has waited for
 * memory once.
 */
bool serve_message(struct ipc_msg *msg, bool retried);

/*
 * Send the reply in msg, if it is one, then serve a message, if there is one,
 * and do a part of what is pending.
 */
void serve_pending(struct ipc_msg *msg);

/* Serve for ever. */
_Noreturn void serve_loop(void);

/*
 * Whether [address, address + length) is a range of whole pages of user
 * space; length is not 0 and may end within a page.  *end is set then.
 */
bool serve_range(uint64_t address, uint64_t length, uint64_t *end);

/* Check a protection.  EINVAL: unknown bits; EACCES: writable code. */
int serve_protection(uint32_t protection) __attribute__((warn_unused_result));

#endif
