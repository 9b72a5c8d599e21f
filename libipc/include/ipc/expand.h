/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * expand.h - what a protocol definition becomes.
 *
 * Included by NAME.h with IPC_PROTOCOL and IPC_DEF defined; may be included
 * for several protocols, so it has no guard.  For each
 *
 *	CALL(number, name, senders, request fields, reply fields)
 *	CALL_WINDOW(number, name, senders, access, request, reply)
 *
 * it makes PROTOCOL_NAME_call (the number), struct PROTOCOL_NAME_req and
 * _rep, checked at compile time to fit a message and to have no padding, and
 * the client's stub
 *
 *	int PROTOCOL_NAME(cap_t server, const req *, rep *[, window, bytes])
 *
 * which returns 0, the server's error or the kernel's.  The reply is written
 * on success only.
 */
#include <ipc/message.h>

#define IPC_PASTE3(a, b, c) a##_##b##c
#define IPC_PASTE(a, b, c) IPC_PASTE3(a, b, c)
#define IPC_NAME(name, suffix) IPC_PASTE(IPC_PROTOCOL, name, suffix)

#define FIELD(type, name) type name;

/* Numbers. */
enum {
#define CALL(number, name, senders, request, reply) \
	IPC_NAME(name, _call) = number,
#define CALL_WINDOW(number, name, senders, access, request, reply) \
	IPC_NAME(name, _call) = number,
#include IPC_DEF
#undef CALL
#undef CALL_WINDOW
};

/* Structures. */
#define IPC_BODY(name, fields) \
	struct name { \
		fields \
	}; \
	struct __attribute__((packed)) IPC_PASTE3(name, packed, ) { \
		fields \
	}; \
	_Static_assert(sizeof(struct name) <= MSG_BYTES, "too big"); \
	_Static_assert( \
	    sizeof(struct name) == sizeof(struct IPC_PASTE3(name, packed, )), \
	    "has padding");
#define IPC_BODIES(req, rep, request, reply) \
	IPC_BODY(req, request) \
	IPC_BODY(rep, reply)
#define CALL(number, name, senders, request, reply) \
	IPC_BODIES(IPC_NAME(name, _req), IPC_NAME(name, _rep), request, reply)
#define CALL_WINDOW(number, name, senders, access, request, reply) \
	IPC_BODIES(IPC_NAME(name, _req), IPC_NAME(name, _rep), request, reply)
#include IPC_DEF
#undef CALL
#undef CALL_WINDOW

/* Client stubs. */
#define CALL(number, name, senders, request, reply) \
	static inline int IPC_NAME(name, )(cap_t server, \
	    const struct IPC_NAME(name, _req) * req, \
	    struct IPC_NAME(name, _rep) * rep) \
	{ \
		return ipc_transact(server, number, req, sizeof(*req), rep, \
		    sizeof(*rep), 0, NULL, 0); \
	}
#define CALL_WINDOW(number, name, senders, access, request, reply) \
	static inline int IPC_NAME(name, )(cap_t server, \
	    const struct IPC_NAME(name, _req) * req, \
	    struct IPC_NAME(name, _rep) * rep, access##_POINTER window, \
	    size_t bytes) \
	{ \
		return ipc_transact(server, number, req, sizeof(*req), rep, \
		    sizeof(*rep), access, window, bytes); \
	}
#include IPC_DEF
#undef CALL
#undef CALL_WINDOW
#undef FIELD
