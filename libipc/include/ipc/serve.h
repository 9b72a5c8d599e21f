/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * serve.h - the server's side of a protocol definition.
 *
 * Included once by a server with IPC_PROTOCOL and IPC_DEF defined, after the
 * protocol's header.  It declares for each call the handler that the server
 * must write, so that a missing one is a link error,
 *
 *	int serve_PROTOCOL_NAME(const struct ipc_msg *msg, const req *, rep *)
 *
 * and defines PROTOCOL_dispatch(msg), which checks number, sender and size,
 * calls the handler and makes msg its reply.  A handler returns 0, an error,
 * or SERVE_LATER, and then keeps msg->token.  Dispatch returns true if msg is
 * now a reply to be sent.  Errors: ENOSYS unknown number, EPERM not for this
 * sender, EINVAL size.  A message that was sent rather than called with has no
 * token: nobody could be answered, so it is dropped.
 */
#define IPC_SERVE3(protocol, name) serve_##protocol##_##name
#define IPC_SERVE2(protocol, name) IPC_SERVE3(protocol, name)
#define IPC_SERVE(name) IPC_SERVE2(IPC_PROTOCOL, name)

#define CALL(number, name, senders, request, reply) \
	int IPC_SERVE(name)(const struct ipc_msg *msg, \
	    const struct IPC_NAME(name, _req) * req, \
	    struct IPC_NAME(name, _rep) * rep);
#define CALL_WINDOW(number, name, senders, access, request, reply) \
	CALL(number, name, senders, request, reply)
#include IPC_DEF
#undef CALL

#define CALL(number, name, senders, request, reply) \
	case number: { \
		_Alignas(8) struct IPC_NAME(name, _req) req; \
		_Alignas(8) struct IPC_NAME(name, _rep) rep; \
\
		if (!ipc_sender_allowed(senders, msg)) { \
			error = TINE_EPERM; \
			break; \
		} \
		if (MSG_COUNT(msg->info) != IPC_COUNT(sizeof(req))) { \
			error = TINE_EINVAL; \
			break; \
		} \
		__builtin_memcpy(&req, IPC_WORDS(msg), sizeof(req)); \
		__builtin_memset(&rep, 0, sizeof(rep)); \
		error = IPC_SERVE(name)(msg, &req, &rep); \
		if (error == 0) { \
			ipc_pack(msg, 0, &rep, sizeof(rep)); \
			return true; \
		} \
		break; \
	}

static inline bool
IPC_PASTE(IPC_PROTOCOL, dispatch, )(struct ipc_msg *msg)
{
	int error;

	if (msg->token == 0)
		return false;
	switch (MSG_LABEL(msg->info)) {
#include IPC_DEF
	default:
		error = TINE_ENOSYS;
		break;
	}
	if (error == SERVE_LATER)
		return false;
	ipc_error(msg, error);
	return true;
}
#undef CALL
#undef CALL_WINDOW
