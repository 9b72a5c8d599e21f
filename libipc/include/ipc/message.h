/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * message.h - packing requests and replies into messages.
 */
#ifndef TINE_IPC_MESSAGE_H
#define TINE_IPC_MESSAGE_H

#include <string.h>

#include <abi/msg.h>
#include <ipc/msg.h>
#include <ipc/slots.h>

/* Who may make a request: the senders of a protocol definition. */
#define BY_THREAD (1u << SENDER_THREAD)
#define BY_SPACE (1u << SENDER_SPACE)
#define BY_BADGE(badge) (1u << (8 + (badge)))
#define BY_FORWARD(badge) (1u << (20 + (badge))) /* forwarded by */
#define BY_SERVER (BY_BADGE(BADGE_PROC) | BY_BADGE(BADGE_TTY))

/* What a server may do with the window of a request. */
#define WINDOW_IN MSG_WINDOW_READ
#define WINDOW_IN_POINTER const void *
#define WINDOW_OUT MSG_WINDOW_WRITE
#define WINDOW_OUT_POINTER void *

/* Words that so many bytes take. */
#define IPC_COUNT(bytes) (((bytes) + 7) / 8)

/* For memcpy(), which else the compiler makes of single bytes. */
#define IPC_WORDS(msg) \
	((uint64_t *)__builtin_assume_aligned((msg)->words, sizeof(uint64_t)))

/* Copy in whole words when the size allows, which the compiler sees. */
static inline void
ipc_pack(struct ipc_msg *msg, uint64_t label, const void *body, size_t bytes)
{
	if (bytes % 8 != 0)
		msg->words[bytes / 8] = 0;
	__builtin_memcpy(IPC_WORDS(msg), body, bytes);
	msg->info = MSG_INFO(label, IPC_COUNT(bytes));
}

/*
 * Make one call with a request and take its reply.  Returns 0, the error in
 * the reply, or the kernel's; EIO when the reply has not the agreed size.
 */
static inline int
ipc_transact(cap_t server, uint64_t label, const void *req, size_t req_bytes,
    void *rep, size_t rep_bytes, uint64_t access, const void *window,
    size_t window_bytes)
{
	struct ipc_msg msg;
	int error;

	ipc_pack(&msg, label, req, req_bytes);
	msg.info |= access;
	msg.window = (uint64_t)(uintptr_t)window;
	msg.window_size = window_bytes;
	error = ipc_call(server, &msg);
	if (error)
		return error;
	error = (int)MSG_LABEL(msg.info);
	if (error)
		return error;
	if (MSG_COUNT(msg.info) != IPC_COUNT(rep_bytes))
		return TINE_EIO;
	__builtin_memcpy(rep, IPC_WORDS(&msg), rep_bytes);
	return 0;
}

/* Whether a request of these senders may come from this one. */
static inline bool
ipc_sender_allowed(uint32_t senders, const struct ipc_msg *msg)
{
	uint32_t kind = SENDER_KIND(msg->kind);

	if (msg->kind & SENDER_FORWARDED) {
		uint32_t by = SENDER_FORWARDER(msg->kind);

		return by < 8 && (senders & BY_FORWARD(by)) != 0;
	}
	if (kind == SENDER_BADGE)
		return msg->sender < 8 &&
		       (senders & BY_BADGE(msg->sender)) != 0;
	return kind < 8 && (senders & 1u << kind) != 0;
}

/* A handler's answer when the reply is given later, by its token. */
#define SERVE_LATER (-1)

/* Turn msg into an error reply, to be sent by ipc_reply_recv(). */
static inline void
ipc_error(struct ipc_msg *msg, int error)
{
	msg->info = MSG_INFO(error, 0);
}

#endif
