/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * msg.h - sending and receiving messages.
 *
 * A struct ipc_msg is a message with all that goes beside it.  The functions
 * move it to and from the registers that abi/msg.h lists.  Host tests link
 * fakes of them.
 */
#ifndef TINE_IPC_MSG_H
#define TINE_IPC_MSG_H

#include <abi/errors.h>
#include <abi/msg.h>
#include <abi/types.h>

struct ipc_msg {
	uint64_t sender; /* received: as the kind says */
	uint64_t info; /* label, count, window flags */
	uint64_t words[MSG_WORDS];
	token_t token; /* received: answers the call; 0: no answer due */
	uint64_t kind; /* received: enum sender_kind and flags */
	/* Offered with a call: */
	uint64_t window; /* address */
	uint64_t window_size; /* bytes */
};

/*
 * Call a server and wait for its reply: info and words become the reply's.
 * Returns 0, or the kernel's error: EBADF no such endpoint or no right to
 * send, ESTALE the endpoint is gone, EIO the server died that had received it.
 */
int ipc_call(cap_t endpoint, struct ipc_msg *msg);

/* Wait (flags 0) for a message, or look for one (RECV_POLL). */
void ipc_recv(cap_t endpoint, uint64_t flags, struct ipc_msg *msg);

/*
 * Reply to msg->token with msg->info and words (token 0: no reply), then
 * receive into msg.  A reply to a caller that is gone is dropped.
 */
void ipc_reply_recv(cap_t endpoint, struct ipc_msg *msg);

/* Reply to token.  Returns 0 or ESTALE: the caller is gone. */
int ipc_reply(token_t token, uint64_t info, const uint64_t words[MSG_WORDS]);

/* Deliver if a receiver waits, else EAGAIN.  Never blocks. */
int ipc_send(cap_t endpoint, const struct ipc_msg *msg);

/*
 * Hand the caller behind token on to another endpoint with a message of
 * one's own; the caller's window goes along.  The token is used up.
 */
int ipc_forward(cap_t endpoint, token_t token, uint64_t info,
    const uint64_t words[MSG_WORDS]);

/*
 * sys_reply_signal(), or sys_reply_window(); then receive into msg.  On error
 * msg->kind is SENDER_NONE, msg->sender the error, words 0 and 1 what
 * sys_copy() gives in value2 and value3, and the caller waits still.
 */
void ipc_reply_signal(cap_t endpoint, token_t token,
    const struct signal_delivery *delivery, struct ipc_msg *msg);
void ipc_reply_window(cap_t endpoint, token_t token, struct ipc_msg *msg);

/*
 * Map a page where the thread behind token faulted and let it go on; flags
 * and source as for space_map.  Then receive into msg from endpoint, or with
 * endpoint 0 return at once.  On error msg->kind is SENDER_NONE, msg->sender
 * the error, and the thread still waits; but if the error is EBADF or ESTALE
 * because of the endpoint, the page is mapped and the thread goes on.
 */
void ipc_fault_map(cap_t auth, cap_t endpoint, token_t token, uint64_t source,
    uint64_t flags, struct ipc_msg *msg);
/* A source for MAP_PAGE_COPY: the frame in the entry that was found. */
#define SOURCE_ENTRY (~0ul)

#endif
