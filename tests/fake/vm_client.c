/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vm_client.c - whoever talks to vmsrv.
 */
#include "vm_client.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <ipc/message.h>
#include <ipc/slots.h>
#include <ipc/sys.h>

#include "vmsrv/boot.h"
#include "vmsrv/ledger.h"
#include "vmsrv/park.h"
#include "vmsrv/root.h"
#include "vmsrv/serve.h"
#include "vmsrv/space.h"

#define TURNS_MAX 100000
#define TRIES_MAX 4

int32_t fake_code;
uint64_t fake_faults;
uint64_t fake_turns;
jmp_buf fake_power_off;
bool fake_power_off_expected;

/* The one call that is under way, and what became of it. */
static struct {
	token_t token;
	bool answered;
	uint64_t info;
	uint64_t words[MSG_WORDS];
	int signal; /* forwarded to procsrv */
	/* Its window. */
	uint8_t *window;
	size_t bytes;
	uint64_t access;
	/* A fault. */
	objname_t space;
	uint64_t va;
	uint64_t entry;
} call;
static uint64_t last_token;

static token_t
token_new(void)
{
	memset(&call, 0, sizeof(call));
	/* Sequence numbers rise; the frame is nobody's. */
	call.token = ++last_token << NAME_FRAME_BITS | NAME_FRAME_MASK;
	return call.token;
}

/* The kernel's side of messages. */

int
ipc_reply(token_t token, uint64_t info, const uint64_t words[MSG_WORDS])
{
	if (token != call.token || call.answered)
		return TINE_ESTALE;
	call.answered = true;
	call.info = info;
	memcpy(call.words, words, sizeof(call.words));
	return 0;
}

void
ipc_reply_recv(cap_t endpoint, struct ipc_msg *msg)
{
	(void)endpoint;
	(void)msg;
	abort();
}

/* Nobody else calls while a test's call is under way. */
void
ipc_recv(cap_t endpoint, uint64_t flags, struct ipc_msg *msg)
{
	assert_int_equal(endpoint, OWN_ENDPOINT);
	assert_int_equal(flags, RECV_POLL);
	memset(msg, 0, sizeof(*msg));
	msg->sender = TINE_EAGAIN;
}

int
ipc_forward(cap_t endpoint, token_t token, uint64_t info,
    const uint64_t words[MSG_WORDS])
{
	struct proc_fault_req req;

	assert_int_equal(endpoint, OWN_PROC);
	assert_int_equal(MSG_LABEL(info), proc_fault_call);
	if (token != call.token || call.answered)
		return TINE_ESTALE;
	memcpy(&req, words, sizeof(req));
	assert_int_equal(req.address, call.va);
	call.answered = true;
	call.signal = req.signal;
	fake_code = req.code;
	return 0;
}

void
ipc_fault_map(cap_t auth, cap_t endpoint, token_t token, uint64_t source,
    uint64_t flags, struct ipc_msg *msg)
{
	(void)endpoint;
	assert_int_equal(auth, ROOT_MEMORY);
	memset(msg, 0, sizeof(*msg));
	if (token != call.token || call.answered) {
		msg->sender = TINE_ESTALE;
		return;
	}
	msg->sender = fake_map(
	    call.space, call.va & ~PAGE_MASK, source, flags, call.entry);
	if (msg->sender == 0)
		call.answered = true;
}

/* Between the window of the call and the test's memory. */
struct sysret
sys_copy(token_t dst_token, uint64_t dst, token_t src_token, uint64_t src,
    uint64_t length)
{
	bool in = dst_token == 0;
	token_t token = in ? src_token : dst_token;
	uint64_t at = in ? src : dst;
	uint64_t access = in ? MSG_WINDOW_READ : MSG_WINDOW_WRITE;

	if (token != call.token || call.answered)
		return (struct sysret){.error = TINE_ESTALE};
	if ((call.access & access) == 0 || at > call.bytes ||
	    length > call.bytes - at)
		return (struct sysret){.error = TINE_EFAULT};
	/* A page at a time, so that callers must go on. */
	if (length > PAGE_SIZE)
		length = PAGE_SIZE;
	if (in)
		memcpy((void *)dst, call.window + at, length);
	else
		memcpy(call.window + at, (const void *)src, length);
	return (struct sysret){.value = length};
}

struct sysret
sys_system_power(uint64_t system, uint64_t how, uint64_t status)
{
	assert_int_equal(system, ROOT_SYSTEM);
	assert_int_equal(how, POWER_OFF);
	fake_kernel.powered_off = true;
	if (!fake_power_off_expected)
		fail_msg("%s", fake_kernel.console);
	fake_kernel.status = status;
	longjmp(fake_power_off, 1);
}

/* Serving. */

/* Let a turn pass in which something is pending. */
static void
turn(void)
{
	struct ipc_msg msg = {0};

	assert_true(++fake_turns < TURNS_MAX);
	serve_pending(&msg);
}

void
fake_settle(void)
{
	while (park_pending())
		turn();
}

/* Serve a message, and what is pending until it is answered. */
static void
serve(struct ipc_msg *msg, bool once)
{
	while (serve_message(msg, false))
		;
	if (msg->token != 0)
		(void)ipc_reply(msg->token, msg->info, msg->words);
	while (!call.answered && !once) {
		assert_true(park_pending());
		turn();
	}
}

int
fake_request(const struct request *request)
{
	struct ipc_msg msg = {.sender = request->sender};

	msg.kind = request->kind;
	msg.token = token_new();
	memcpy(msg.words, request->req, request->req_bytes);
	msg.info = MSG_INFO(request->label, IPC_COUNT(request->req_bytes));
	call.window = request->window;
	call.bytes = request->window_bytes;
	if (call.window != NULL)
		call.access = MSG_WINDOW_READ | MSG_WINDOW_WRITE;
	fake_turns = 0;
	serve(&msg, request->once);
	if (!call.answered)
		return -1;
	if (MSG_LABEL(call.info) == 0 && request->rep != NULL) {
		assert_int_equal(
		    MSG_COUNT(call.info), IPC_COUNT(request->rep_bytes));
		memcpy(request->rep, call.words, request->rep_bytes);
	}
	return (int)MSG_LABEL(call.info);
}

void
fake_check(void)
{
	ledger_check();
	assert_int_equal(fake_kernel.refused, 0);
	assert_true(ledger_available() <= fake_unreserved());
}

int
fake_fault(uint64_t space, uint64_t va, uint64_t access, uint64_t entry)
{
	const struct space *faulting = space_lookup(space);
	struct ipc_msg msg = {.sender = space};

	msg.kind = SENDER_KERNEL_SPACE;
	msg.token = token_new();
	msg.info = MSG_INFO(MSG_FAULT, 4);
	msg.words[0] = va;
	msg.words[1] = access;
	msg.words[3] = entry;
	call.space = fake_space(space);
	call.va = va;
	call.entry = entry;
	fake_faults++;
	fake_turns = 0;
	/* A server does not survive it. */
	serve(&msg, faulting != NULL && faulting->server != NULL);
	return call.signal;
}

void
fake_exception(uint64_t space, uint64_t scause)
{
	struct ipc_msg msg = {.sender = space};

	msg.kind = SENDER_KERNEL_SPACE;
	msg.token = token_new();
	msg.info = MSG_INFO(MSG_EXCEPTION, 3);
	msg.words[0] = scause;
	serve(&msg, true);
}

/* An access by user mode: the kernel's walk, the pager, and again. */
int
fake_access(uint64_t space, uint64_t va, uint64_t access)
{
	for (int i = 0; i < TRIES_MAX; i++) {
		uint64_t entry = fake_entry(space, va);
		int signal;

		if ((entry & PTE_V) != 0 && (entry >> 1 & access) == access)
			return 0;
		if (access == ACCESS_WRITE && fake_upgrade(space, va))
			return 0;
		signal = fake_fault(space, va, access, entry);
		if (signal != 0)
			return signal;
	}
	fail_msg("the page at %lx never came", (unsigned long)va);
	return -1;
}
