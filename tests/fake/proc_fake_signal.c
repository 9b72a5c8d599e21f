/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * proc_fake_signal.c - the fake's part for signals: frames, and ttysrv.
 */
#include "proc_fake_signal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <abi/errors.h>
#include <ipc/copy.h>
#include <ipc/slots.h>
#include <ipc/sys.h>
#include <ipc/tty.h>
#include <ipc/vm.h>

#include "procsrv/last.h"
#include "proc_fake.h"
#include "proc_fake_books.h"
#include "procsrv/serve.h"
#include "proc_fake_time.h"

#define REG_PC 0
#define REG_RA 1
#define REG_SP 2
#define REG_A0 10
#define REG_A1 11
#define REG_A2 12

uint64_t fake_missing;
uint64_t (*fake_page_missing)(
    uint64_t space, uint64_t address, uint64_t length);
struct fake_bring fake_brought;
int fake_cancel_error;
bool fake_tty_answers_first;

/* Whose calls vmsrv answers; it is nobody's badge. */
#define HOLDER_VM 100ul

/* Where the frame of a handler begins. */
static uint64_t
frame_base(const struct fake_thread *thread, const struct signal_delivery *d)
{
	uint64_t top = d->sp != 0 ? d->sp : thread->regs.x[REG_SP];

	return (top - d->head_bytes - sizeof(struct regs)) & ~15ul;
}

/* The page that a frame lacks, or 0. */
static uint64_t
frame_missing(const struct fake_thread *thread, const struct signal_delivery *d)
{
	if (fake_missing != 0)
		return fake_missing;
	if (d->sp == 0 && thread->regs.x[REG_SP] == FAKE_NO_STACK)
		return FAKE_NO_STACK | ACCESS_WRITE;
	if (fake_page_missing == NULL)
		return 0;
	return fake_page_missing(thread->space, frame_base(thread, d),
	    d->head_bytes + sizeof(struct regs));
}

/* What the kernel does with the registers of who enters a handler. */
static void
enter(struct fake_call *call, struct fake_thread *thread,
    const struct signal_delivery *d)
{
	uint64_t base = frame_base(thread, d);

	call->regs = malloc(sizeof(*call->regs));
	assert_non_null(call->regs);
	*call->regs = thread->regs;
	thread->regs.x[REG_PC] = d->pc;
	thread->regs.x[REG_RA] = d->ra;
	thread->regs.x[REG_SP] = base;
	thread->regs.x[REG_A0] = d->a0;
	thread->regs.x[REG_A1] = base + d->a1_offset;
	thread->regs.x[REG_A2] = base + d->a2_offset;
}

struct sysret
sys_reply_signal(token_t token, const struct signal_delivery *delivery)
{
	struct fake_call *call = fake_call_of(token);
	struct fake_thread *thread = fake_thread_find(call->thread);
	int error = fake_step(FAKE_REPLY_SIGNAL);
	uint64_t missing;

	if (error)
		return (struct sysret){.error = (uint64_t)error};
	fake_lose(token);
	if (call->state == FAKE_STALE)
		return (struct sysret){.error = TINE_ESTALE};
	assert_int_equal(call->state, FAKE_PENDING);
	assert_non_null(thread);
	assert_true(delivery->head_bytes <= SIGNAL_HEAD_MAX);
	missing = frame_missing(thread, delivery);
	if (missing != 0)
		return (struct sysret){.error = TINE_EFAULT,
		    .value2 = thread->space,
		    .value3 = missing};
	(void)fake_token_use(token);
	call->state = FAKE_ANSWERED_SIGNAL;
	call->signal =
	    aligned_alloc(_Alignof(struct signal_delivery), sizeof(*delivery));
	assert_non_null(call->signal);
	memcpy(
	    call->signal, delivery, SIGNAL_HEADER_BYTES + delivery->head_bytes);
	enter(call, thread, delivery);
	return (struct sysret){0};
}

const struct signal_delivery *
fake_answer_signal(token_t token)
{
	assert_int_equal(fake_call_of(token)->state, FAKE_ANSWERED_SIGNAL);
	return fake_call_of(token)->signal;
}

const struct regs *
fake_saved_regs(token_t token)
{
	assert_int_equal(fake_call_of(token)->state, FAKE_ANSWERED_SIGNAL);
	return fake_call_of(token)->regs;
}

bool
fake_ast_due(uint64_t identity)
{
	struct fake_thread *thread = fake_thread_by_identity(identity);

	if (thread == NULL || !thread->interrupted || thread->token != 0)
		return false;
	thread->interrupted = false;
	return true;
}

token_t
fake_tty_read(uint64_t identity)
{
	struct fake_thread *thread = fake_thread_by_identity(identity);
	token_t token = fake_token(identity);

	assert_non_null(thread);
	thread->holder = BADGE_TTY;
	return token;
}

token_t
fake_vm_call(uint64_t identity)
{
	struct fake_thread *thread = fake_thread_by_identity(identity);
	token_t token = fake_token(identity);

	assert_non_null(thread);
	thread->holder = HOLDER_VM;
	return token;
}

/* Another server's answer to whom it keeps. */
static void
server_answers(struct fake_thread *thread, uint64_t label)
{
	struct fake_call *call = fake_token_use(thread->token);

	call->state = FAKE_ANSWERED;
	call->info = MSG_INFO(label, 0);
	thread->regs.x[REG_A0] = 0;
	thread->regs.x[REG_A1] = call->info;
}

void
fake_vm_answer(uint64_t identity)
{
	struct fake_thread *thread = fake_thread_by_identity(identity);

	assert_non_null(thread);
	assert_int_equal(thread->holder, HOLDER_VM);
	server_answers(thread, 0);
}

token_t
fake_vm_forward(uint64_t identity)
{
	struct fake_thread *thread = fake_thread_by_identity(identity);

	assert_non_null(thread);
	assert_int_equal(thread->holder, HOLDER_VM);
	thread->holder = 0;
	return thread->token;
}

void
fake_tty_answer(uint64_t identity)
{
	struct fake_thread *thread = fake_thread_by_identity(identity);

	assert_non_null(thread);
	assert_int_equal(thread->holder, BADGE_TTY);
	server_answers(thread, 0);
}

/* vmsrv brings a page: of whom, and which, is kept. */
void
fake_call_bring(struct ipc_msg *msg)
{
	struct vm_bring_req req;
	int error = fake_step(FAKE_VM_BRING);

	assert_int_equal(MSG_COUNT(msg->info), IPC_COUNT(sizeof(req)));
	memcpy(&req, msg->words, sizeof(req));
	assert_true(fake_space_users(req.space) > 0);
	fake_brought.address = req.address;
	fake_brought.access = req.access;
	if (error == 0 && fake_brought.helps)
		fake_missing = 0;
	ipc_pack(msg, (uint64_t)error, "", 0);
}

/* ttysrv cancels what it holds, and nothing else. */
static void
tty_cancels(struct ipc_msg *msg)
{
	struct fake_thread *thread;
	struct tty_cancel_req req;

	assert_int_equal(MSG_LABEL(msg->info), tty_cancel_call);
	(void)fake_step(FAKE_TTY_CANCEL);
	memcpy(&req, msg->words, sizeof(req));
	ipc_pack(msg, 0, "", 0);
	thread = fake_thread_by_identity(req.identity);
	if (thread == NULL || thread->holder != BADGE_TTY)
		return;
	/* Flag first, cancel second. */
	assert_true(thread->interrupted);
	fake_cancel_error = (int)req.error;
	server_answers(thread, fake_tty_answers_first ? 0 : req.error);
}

void
fake_tty_call(struct ipc_msg *msg)
{
	if (MSG_LABEL(msg->info) == tty_event_call)
		fake_tty_event(msg);
	else
		tty_cancels(msg);
}

/* The window is that of any token. */
struct sysret
sys_reply_window(token_t token)
{
	struct regs regs;

	if (fake_call_of(token)->state == FAKE_STALE)
		return (struct sysret){.error = TINE_ESTALE};
	if (fake_missing != 0)
		return (struct sysret){.error = TINE_EFAULT,
		    .value2 =
			fake_thread_find(fake_call_of(token)->thread)->space,
		    .value3 = fake_missing};
	if (ipc_copy_in(token, 0, &regs, sizeof(regs)) != 0)
		return (struct sysret){
		    .error = TINE_EFAULT, .value3 = USER_TOP};
	if (regs.x[0] % 2 != 0 || regs.x[0] >= USER_TOP)
		return (struct sysret){.error = TINE_EINVAL};
	return sys_reply_regs(token, &regs);
}

void
fake_serve(struct ipc_msg *msg)
{
	serve_message(msg);
	last_receive(msg);
}

/* As if there were a message to be received, which the next test makes. */
static void
received(struct ipc_msg *msg, struct sysret ret)
{
	msg->token = 0;
	if (ret.error == 0)
		return;
	msg->kind = SENDER_NONE;
	msg->sender = ret.error;
	msg->words[0] = ret.value2;
	msg->words[1] = ret.value3;
}

void
ipc_reply_recv(cap_t endpoint, struct ipc_msg *msg)
{
	assert_int_equal(endpoint, SLOT_OWN);
	if (msg->token != 0)
		(void)ipc_reply(msg->token, msg->info, msg->words);
	msg->token = 0;
}

void
ipc_reply_signal(cap_t endpoint, token_t token,
    const struct signal_delivery *delivery, struct ipc_msg *msg)
{
	assert_int_equal(endpoint, SLOT_OWN);
	assert_int_equal(msg->token, 0);
	received(msg, sys_reply_signal(token, delivery));
}

void
ipc_reply_window(cap_t endpoint, token_t token, struct ipc_msg *msg)
{
	assert_int_equal(endpoint, SLOT_OWN);
	assert_int_equal(msg->token, 0);
	received(msg, sys_reply_window(token));
}
