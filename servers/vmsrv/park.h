/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * park.h - messages that cannot be answered yet, and dead things.
 *
 * A request that has done its share of one turn, or that concerns a space in
 * transition, is put at the end of a queue and made again later.  So is one
 * that failed for want of memory while memory is still being torn down.
 *
 * Requests wait for a space in the order in which they came, and who comes
 * while others wait goes behind them: a process that keeps its space in
 * transition can't keep a server from it, which would wait for ever.
 *
 * Invariant: there is room for a message of each thread that exists, so
 * putting one aside never fails.
 */
#ifndef TINE_VMSRV_PARK_H
#define TINE_VMSRV_PARK_H

#include <abi/types.h>
#include <ipc/msg.h>

struct space;

void park_init(void);

/* See to room for one more thread's message.  ENOMEM. */
int park_thread_add(void) __attribute__((warn_unused_result));

/* There will be no such thread. */
void park_thread_drop(void);

/* A thread is gone: so are its messages, but for one that is at work. */
void park_thread_remove(objname_t thread);

/* Put a message aside, to be made again.  Returns SERVE_LATER. */
int park_again(const struct ipc_msg *msg);

/* The same, but not before something dead has been freed. */
int park_memory(const struct ipc_msg *msg);

/* The same, until it is its turn and the space is in transition no more. */
int park_for(struct space *space, const struct ipc_msg *msg);

/* Whether it is a message's turn, which has waited. */
bool park_is_due(const struct ipc_msg *msg);

/* Whether there is something to do beside waiting for a message. */
bool park_pending(void);

/*
 * Do a bounded part of it.  True: msg is a message to be made again; *memory
 * says that it had waited for memory, and need not a second time.
 */
bool park_step(struct ipc_msg *msg, bool *memory);

/* Whether spaces or objects are being torn down. */
bool park_dying(void);

#endif
