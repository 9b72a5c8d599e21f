/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * handlers.h - the handlers of vm.def, one for each call.
 *
 * Each returns 0 with *rep filled in, an error, or SERVE_LATER: the message
 * was put aside and will be served again.  A failed request has changed
 * nothing.  Beside the errors in vm.def: ESRCH no such space, EINVAL an
 * argument that makes no sense.
 */
#ifndef TINE_VMSRV_HANDLERS_H
#define TINE_VMSRV_HANDLERS_H

#include <ipc/msg.h>
#include <ipc/vm.h>

#define CALL(number, name, senders, request, reply) \
	int serve_vm_##name(const struct ipc_msg *msg, \
	    const struct vm_##name##_req *req, struct vm_##name##_rep *rep);
#define CALL_WINDOW(number, name, senders, access, request, reply) \
	CALL(number, name, senders, request, reply)
#include <ipc/vm.def>
#undef CALL
#undef CALL_WINDOW

#endif
