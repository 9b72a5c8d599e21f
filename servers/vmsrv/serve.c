/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * serve.c - the event loop.
 *
 * A turn is one message, or one part of what is pending; both are bounded.
 * With nothing pending a reply and the wait for the next message are one
 * call.
 */
#include "serve.h"

#include <ipc/sys.h>
#include <ipc/vm.h>

#define IPC_PROTOCOL vm
#define IPC_DEF <ipc/vm.def>
#include <ipc/serve.h>
#undef IPC_PROTOCOL
#undef IPC_DEF

#include "fault.h"
#include "park.h"
#include "server.h"
#include "root.h"
#include "space.h"

/* Words of the kernel's message: scause, stval, pc. */
#define EXCEPTION_WORDS 3

bool
serve_range(uint64_t address, uint64_t length, uint64_t *end)
{
	if ((address & PAGE_MASK) != 0 || length == 0)
		return false;
	if (address < SPACE_LOWEST || address >= USER_TOP ||
	    length > USER_TOP - address)
		return false;
	*end = (address + length + PAGE_MASK) & ~PAGE_MASK;
	return true;
}

int
serve_protection(uint32_t protection)
{
	const uint32_t all = VM_PROT_READ | VM_PROT_WRITE | VM_PROT_EXEC;
	const uint32_t both = VM_PROT_WRITE | VM_PROT_EXEC;

	if ((protection & ~all) != 0)
		return TINE_EINVAL;
	return (protection & both) == both ? TINE_EACCES : 0;
}

/* A request.  One that lacks memory waits, once, for what is torn down. */
static void
serve_request(struct ipc_msg *msg, bool retried)
{
	uint64_t info = msg->info;

	if (!vm_dispatch(msg)) {
		msg->token = 0;
		return;
	}
	if (MSG_LABEL(msg->info) != TINE_ENOMEM || retried || !park_dying())
		return;
	/* A failed request has left the words as they were. */
	msg->info = info;
	if (park_memory(msg) == SERVE_LATER)
		msg->token = 0;
	else
		ipc_error(msg, TINE_ENOMEM);
}

/* An exception of a thread; those of processes go to procsrv. */
static void
serve_exception(struct ipc_msg *msg)
{
	const struct space *space = space_lookup(msg->sender);

	if (space == NULL || space->server == NULL) {
		ipc_error(msg, TINE_ENOSYS);
		return;
	}
	server_failed(space, "exception", msg->words, EXCEPTION_WORDS);
	msg->token = 0;
}

bool
serve_message(struct ipc_msg *msg, bool retried)
{
	switch (SENDER_KIND(msg->kind)) {
	case SENDER_KERNEL_SPACE:
		if (MSG_LABEL(msg->info) == MSG_FAULT)
			return fault_serve(msg, retried);
		serve_exception(msg);
		return false;
	case SENDER_NONE:
	case SENDER_NOTIFICATION:
		msg->token = 0;
		return false;
	default:
		serve_request(msg, retried);
		return false;
	}
}

/* Serve a message to its end, which may be that of the one after it. */
static void
serve_whole(struct ipc_msg *msg, bool retried)
{
	while (serve_message(msg, retried))
		retried = false;
}

static void
reply(struct ipc_msg *msg)
{
	/* ESTALE: the caller was killed meanwhile. */
	if (msg->token != 0)
		(void)ipc_reply(msg->token, msg->info, msg->words);
	msg->token = 0;
}

void
serve_pending(struct ipc_msg *msg)
{
	bool memory;

	reply(msg);
	ipc_recv(OWN_ENDPOINT, RECV_POLL, msg);
	if (SENDER_KIND(msg->kind) != SENDER_NONE) {
		serve_whole(msg, false);
		reply(msg);
	}
	if (park_step(msg, &memory)) {
		serve_whole(msg, memory);
		reply(msg);
	}
	msg->token = 0;
}

_Noreturn void
serve_loop(void)
{
	struct ipc_msg msg = {0};

	for (;;) {
		while (park_pending())
			serve_pending(&msg);
		ipc_reply_recv(OWN_ENDPOINT, &msg);
		serve_whole(&msg, false);
	}
}
