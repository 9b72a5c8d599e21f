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
#define CALLS 64u /* under way at once */

int32_t fake_code;
uint64_t fake_faults;
uint64_t fake_turns;
jmp_buf fake_power_off;
bool fake_power_off_expected;
jmp_buf fake_idle;
bool fake_idle_expected;

enum call_state { CALL_FREE, CALL_PENDING, CALL_ANSWERED };

/* The calls that are under way, and what became of them. */
static struct call {
	token_t token;
	enum call_state state;
	bool dead; /* whoever made it is gone */
	uint64_t order; /* of the answers */
	uint64_t info;
	uint64_t words[MSG_WORDS];
	int signal, code; /* forwarded to procsrv */
	/* Its window. */
	uint8_t *window;
	size_t bytes;
	uint64_t access;
	/* A fault. */
	objname_t space;
	uint64_t va;
	uint64_t entry;
} calls[CALLS];
static uint64_t last_token, last_answer;

/* Messages that vmsrv has not taken yet, the oldest first. */
static struct ipc_msg queue[CALLS];
static uint32_t queued;

/* A new call by the thread with this name; 0: by nobody's frame. */
static struct call *
call_new(objname_t thread)
{
	struct call *call = calls;

	while (call->state != CALL_FREE)
		assert_true(++call < calls + CALLS);
	memset(call, 0, sizeof(*call));
	call->state = CALL_PENDING;
	/* Sequence numbers rise. */
	call->token = ++last_token << NAME_FRAME_BITS |
		      (thread != 0 ? thread & NAME_FRAME_MASK
				   : (uint64_t)NAME_FRAME_MASK);
	return call;
}

/* The call with a token, if it may still be answered; else NULL. */
static struct call *
call_pending(token_t token)
{
	for (struct call *call = calls; call < calls + CALLS; call++) {
		if (call->state == CALL_PENDING && call->token == token)
			return call;
	}
	return NULL;
}

/* It is answered; whether anybody hears of it. */
static bool
call_end(struct call *call)
{
	call->state = CALL_ANSWERED;
	call->order = ++last_answer;
	return !call->dead;
}

/* The kernel's side of messages. */

int
ipc_reply(token_t token, uint64_t info, const uint64_t words[MSG_WORDS])
{
	struct call *call = call_pending(token);

	if (call == NULL)
		return TINE_ESTALE;
	call->info = info;
	memcpy(call->words, words, sizeof(call->words));
	return call_end(call) ? 0 : TINE_ESTALE;
}

void
ipc_reply_recv(cap_t endpoint, struct ipc_msg *msg)
{
	if (msg->token != 0)
		(void)ipc_reply(msg->token, msg->info, msg->words);
	ipc_recv(endpoint, RECV_POLL, msg);
	if (SENDER_KIND(msg->kind) != SENDER_NONE)
		return;
	/* It would wait for ever. */
	assert_true(fake_idle_expected);
	longjmp(fake_idle, 1);
}

/* The calls that were begun and not yet served. */
void
ipc_recv(cap_t endpoint, uint64_t flags, struct ipc_msg *msg)
{
	assert_int_equal(endpoint, OWN_ENDPOINT);
	assert_int_equal(flags, RECV_POLL);
	memset(msg, 0, sizeof(*msg));
	msg->sender = TINE_EAGAIN;
	if (queued == 0)
		return;
	*msg = queue[0];
	memmove(queue, queue + 1, --queued * sizeof(queue[0]));
}

int
ipc_forward(cap_t endpoint, token_t token, uint64_t info,
    const uint64_t words[MSG_WORDS])
{
	struct call *call = call_pending(token);
	struct proc_fault_req req;

	assert_int_equal(endpoint, OWN_PROC);
	assert_int_equal(MSG_LABEL(info), proc_fault_call);
	if (call == NULL)
		return TINE_ESTALE;
	memcpy(&req, words, sizeof(req));
	assert_int_equal(req.address, call->va);
	call->signal = req.signal;
	call->code = req.code;
	fake_code = req.code;
	return call_end(call) ? 0 : TINE_ESTALE;
}

void
ipc_fault_map(cap_t auth, cap_t endpoint, token_t token, uint64_t source,
    uint64_t flags, struct ipc_msg *msg)
{
	struct call *call = call_pending(token);

	(void)endpoint;
	assert_int_equal(auth, ROOT_MEMORY);
	memset(msg, 0, sizeof(*msg));
	if (call == NULL || call->dead) {
		msg->sender = TINE_ESTALE;
		return;
	}
	msg->sender = fake_map(
	    call->space, call->va & ~PAGE_MASK, source, flags, call->entry);
	if (msg->sender == 0)
		(void)call_end(call);
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
	const struct call *call = call_pending(token);

	if (call == NULL || call->dead)
		return (struct sysret){.error = TINE_ESTALE};
	if ((call->access & access) == 0 || at > call->bytes ||
	    length > call->bytes - at)
		return (struct sysret){.error = TINE_EFAULT};
	/* A page at a time, so that callers must go on. */
	if (length > PAGE_SIZE)
		length = PAGE_SIZE;
	if (in)
		memcpy((void *)dst, call->window + at, length);
	else
		memcpy(call->window + at, (const void *)src, length);
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

void
fake_turn(void)
{
	struct ipc_msg msg = {0};

	assert_true(++fake_turns < TURNS_MAX);
	serve_pending(&msg);
}

void
fake_settle(void)
{
	while (park_pending() || queued > 0)
		fake_turn();
}

/* Serve a message, and what is pending until it is answered. */
static void
serve(struct ipc_msg *msg, const struct call *call, bool once)
{
	fake_turns = 0;
	while (serve_message(msg, false))
		;
	if (msg->token != 0)
		(void)ipc_reply(msg->token, msg->info, msg->words);
	while (call->state == CALL_PENDING && !once) {
		assert_true(park_pending() || queued > 0);
		fake_turn();
	}
}

/* A request, as the kernel would send it. */
static struct call *
request_new(const struct request *request, struct ipc_msg *msg)
{
	struct call *call = call_new(request->thread);

	*msg = (struct ipc_msg){.sender = request->sender};
	msg->kind = request->kind;
	msg->token = call->token;
	memcpy(msg->words, request->req, request->req_bytes);
	msg->info = MSG_INFO(request->label, IPC_COUNT(request->req_bytes));
	call->window = request->window;
	call->bytes = request->window_bytes;
	if (call->window != NULL)
		call->access = MSG_WINDOW_READ | MSG_WINDOW_WRITE;
	return call;
}

int
fake_request(const struct request *request)
{
	struct ipc_msg msg;
	struct call *call = request_new(request, &msg);

	serve(&msg, call, request->once);
	if (call->state == CALL_PENDING) {
		call->state = CALL_FREE;
		return -1;
	}
	call->state = CALL_FREE;
	if (MSG_LABEL(call->info) == 0 && request->rep != NULL) {
		assert_int_equal(
		    MSG_COUNT(call->info), IPC_COUNT(request->rep_bytes));
		memcpy(request->rep, call->words, request->rep_bytes);
	}
	return (int)MSG_LABEL(call->info);
}

/* Calls that are under way. */

static token_t
call_queue(const struct call *call, const struct ipc_msg *msg)
{
	assert_true(queued < CALLS);
	queue[queued++] = *msg;
	fake_turns = 0;
	return call->token;
}

token_t
fake_request_begin(const struct request *request)
{
	struct ipc_msg msg;
	const struct call *call = request_new(request, &msg);

	return call_queue(call, &msg);
}

void
fake_call_kill(token_t token)
{
	struct call *call = call_pending(token);
	uint32_t left = 0;

	assert_non_null(call);
	call->dead = true;
	for (uint32_t i = 0; i < queued; i++) {
		if (queue[i].token != token)
			queue[left++] = queue[i];
	}
	queued = left;
}

bool
fake_answer_take(struct fake_answer *answer)
{
	struct call *first = NULL;

	for (struct call *call = calls; call < calls + CALLS; call++) {
		if (call->state == CALL_ANSWERED &&
		    (first == NULL || call->order < first->order))
			first = call;
	}
	if (first == NULL)
		return false;
	*answer = (struct fake_answer){.token = first->token,
	    .error = (int)MSG_LABEL(first->info),
	    .signal = first->signal,
	    .code = first->code,
	    .info = first->info};
	memcpy(answer->words, first->words, sizeof(answer->words));
	first->state = CALL_FREE;
	return true;
}

void
fake_call_forget(token_t token)
{
	struct call *call = call_pending(token);

	if (call != NULL)
		call->state = CALL_FREE;
}

void
fake_check(void)
{
	ledger_check();
	assert_int_equal(fake_kernel.refused, 0);
	assert_true(ledger_available() <= fake_unreserved());
}

/* A fault, as the kernel would send it. */
static struct call *
fault_new(uint64_t space, objname_t thread, uint64_t va, uint64_t access,
    uint64_t entry, struct ipc_msg *msg)
{
	struct call *call = call_new(thread);

	*msg = (struct ipc_msg){.sender = space};
	msg->kind = SENDER_KERNEL_SPACE;
	msg->token = call->token;
	msg->info = MSG_INFO(MSG_FAULT, 4);
	msg->words[0] = va;
	msg->words[1] = access;
	msg->words[3] = entry;
	call->space = fake_space(space);
	call->va = va;
	call->entry = entry;
	fake_faults++;
	return call;
}

int
fake_fault(uint64_t space, uint64_t va, uint64_t access, uint64_t entry)
{
	const struct space *faulting = space_lookup(space);
	struct ipc_msg msg;
	struct call *call = fault_new(space, 0, va, access, entry, &msg);

	/* A server does not survive it. */
	serve(&msg, call, faulting != NULL && faulting->server != NULL);
	call->state = CALL_FREE;
	return call->signal;
}

token_t
fake_fault_begin(uint64_t space, objname_t thread, uint64_t va, uint64_t access)
{
	struct ipc_msg msg;
	const struct call *call =
	    fault_new(space, thread, va, access, fake_entry(space, va), &msg);

	return call_queue(call, &msg);
}

int
fake_exception(uint64_t space, uint64_t scause)
{
	struct ipc_msg msg = {.sender = space};
	struct call *call = call_new(0);

	msg.kind = SENDER_KERNEL_SPACE;
	msg.token = call->token;
	msg.info = MSG_INFO(MSG_EXCEPTION, 3);
	msg.words[0] = scause;
	serve(&msg, call, true);
	call->state = CALL_FREE;
	return (int)MSG_LABEL(call->info);
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
