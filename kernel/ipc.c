/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ipc.c - the calls that move messages, complete.
 */
#include "ipc.h"
#include "endpoint.h"
#include "notify.h"
#include "sched.h"
#include "space.h"

#include <abi/errors.h>
#include <abi/syscalls.h>

/* Words of the message in a thread's registers. */
static void
message_words(const struct thread *thread, uint64_t words[MSG_WORDS])
{
	for (unsigned int i = 0; i < MSG_WORDS - 1; i++)
		words[i] = thread->regs[REG_A2 + i];
	words[MSG_WORDS - 1] = thread->regs[REG_T0];
}

struct thread *
ipc_answer(struct thread *self, token_t token, uint64_t info,
    const uint64_t words[MSG_WORDS])
{
	struct thread *caller = token_lookup(token, self);
	uint64_t n = MSG_COUNT(info);

	if (caller == NULL)
		return NULL;
	caller->state = THREAD_READY;
	caller->reply_name = 0;
	if (caller->flags & THREAD_KERNEL_CALL) {
		caller->flags &= ~THREAD_KERNEL_CALL;
		return caller;
	}
	count(STAT_REPLIES);
	endpoint_refuse(caller, 0);
	caller->regs[REG_A1] = info & (MSG_LABEL_MASK | MSG_COUNT_MASK);
	for (unsigned int i = 0; i < MSG_WORDS - 1 && i < n; i++)
		caller->regs[REG_A2 + i] = words[i];
	if (n >= MSG_WORDS)
		caller->regs[REG_T0] = words[MSG_WORDS - 1];
	return caller;
}

/* The capability in self's a0, which must be an endpoint with this right. */
static int
ipc_endpoint(struct thread *self, uint64_t slot, uint64_t right,
    struct endpoint **endpointp, uint64_t *badgep) LOCKED
{
	struct cap *cap;
	int error;

	error = cap_lookup(self->cspace, slot, right, &cap);
	if (error)
		return error;
	*endpointp = object_of(cap->frame);
	*badgep = cap->badge;
	return 0;
}

static struct thread *
ipc_call(struct thread *self) LOCKED
{
	struct endpoint *endpoint;
	uint64_t badge;
	int error;

	error = ipc_endpoint(
	    self, self->regs[REG_A0], RIGHT_SEND, &endpoint, &badge);
	if (error == 0 && thread_exhausted(self))
		error = TINE_EOVERFLOW;
	if (error) {
		endpoint_refuse(self, error);
		return NULL;
	}
	return endpoint_call(endpoint, self, badge, 0);
}

/* Receive through a slot; woken is who was answered before, or NULL. */
static struct thread *
ipc_receive(struct thread *self, uint64_t slot, uint64_t flags,
    struct thread *woken) LOCKED
{
	struct endpoint *endpoint;
	uint64_t badge;
	int error;

	error = ipc_endpoint(self, slot, RIGHT_RECEIVE, &endpoint, &badge);
	if (error == 0 && endpoint_poll(endpoint, self)) {
		if (woken != NULL)
			sched_ready(woken);
		return NULL;
	}
	if (error == 0 && flags == RECV_WAIT) {
		endpoint_wait(endpoint, self);
		return woken;
	}
	if (error == 0)
		error = flags == RECV_POLL ? TINE_EAGAIN : TINE_EINVAL;
	endpoint_refuse(self, error);
	if (woken != NULL)
		sched_ready(woken);
	return NULL;
}

static struct thread *
ipc_reply_recv(struct thread *self) LOCKED
{
	struct thread *woken;
	uint64_t words[MSG_WORDS];

	message_words(self, words);
	woken = ipc_answer(self, self->regs[REG_T1], self->regs[REG_A1], words);
	return ipc_receive(self, self->regs[REG_A0], RECV_WAIT, woken);
}

static struct thread *
ipc_reply(struct thread *self) LOCKED
{
	struct thread *woken;
	uint64_t words[MSG_WORDS];

	message_words(self, words);
	woken = ipc_answer(self, self->regs[REG_T1], self->regs[REG_A1], words);
	endpoint_refuse(self, woken == NULL ? TINE_ESTALE : 0);
	if (woken != NULL)
		sched_ready(woken);
	return NULL;
}

static struct thread *
ipc_send(struct thread *self) LOCKED
{
	struct endpoint *endpoint;
	struct thread *receiver;
	uint64_t badge;
	int error;

	error = ipc_endpoint(
	    self, self->regs[REG_A0], RIGHT_SEND, &endpoint, &badge);
	if (error == 0 && list_empty(&endpoint->receivers))
		error = TINE_EAGAIN;
	if (error) {
		endpoint_refuse(self, error);
		return NULL;
	}
	count(STAT_SENDS);
	self->regs[REG_A1] &= ~MSG_WINDOW_MASK;
	receiver = endpoint_send(endpoint, self, badge);
	endpoint_refuse(self, 0);
	sched_ready(receiver);
	return NULL;
}

static struct thread *
ipc_forward(struct thread *self) LOCKED
{
	struct thread *caller = token_lookup(self->regs[REG_T1], self);
	struct thread *receiver;
	struct endpoint *endpoint;
	uint64_t badge;
	int error;

	error = ipc_endpoint(
	    self, self->regs[REG_A0], RIGHT_SEND, &endpoint, &badge);
	if (error == 0 && caller == NULL)
		error = TINE_ESTALE;
	if (error == 0 && thread_exhausted(caller))
		error = TINE_EOVERFLOW;
	if (error) {
		endpoint_refuse(self, error);
		return NULL;
	}
	caller->kmsg_label = MSG_LABEL(self->regs[REG_A1]);
	caller->kmsg_count = MSG_COUNT(self->regs[REG_A1]);
	message_words(self, caller->kmsg);
	receiver =
	    endpoint_call(endpoint, caller, 0, SENDER_FORWARDED | badge << 32);
	endpoint_refuse(self, 0);
	if (receiver != NULL)
		sched_ready(receiver);
	return NULL;
}

/* The thread behind a fault's token, if self may map for it. */
static int
fault_lookup(struct thread *self, struct thread **threadp) LOCKED
{
	struct thread *thread = token_lookup(self->regs[REG_T1], self);
	int error;

	if (thread == NULL)
		return TINE_ESTALE;
	error = cap_authority(self->cspace, self->regs[REG_A0], RIGHT_OWNER,
	    thread_frame(thread));
	if (error)
		return error;
	if ((thread->flags & THREAD_KERNEL_CALL) == 0 ||
	    thread->kmsg_label != MSG_FAULT)
		return TINE_EINVAL;
	*threadp = thread;
	return 0;
}

static struct thread *
ipc_fault_map(struct thread *self) LOCKED
{
	struct thread *thread;
	uint64_t flags = self->regs[REG_A3];
	uint64_t slot = self->regs[REG_A1];
	int error;

	error = fault_lookup(self, &thread);
	if (error == 0 && (flags & MAP_PAGE_DEVICE) != 0)
		error = TINE_EINVAL;
	if (error == 0)
		error = space_map(thread->space, thread->fault_va & ~PAGE_MASK,
		    self->regs[REG_A2], flags, thread->fault_entry);
	if (error) {
		endpoint_refuse(self, error);
		return NULL;
	}
	thread->flags &= ~THREAD_KERNEL_CALL;
	thread->state = THREAD_READY;
	thread->reply_name = 0;
	if (slot == 0) {
		endpoint_refuse(self, 0);
		sched_ready(thread);
		return NULL;
	}
	return ipc_receive(self, slot, RECV_WAIT, thread);
}

struct thread *
ipc_slow(struct thread *self)
{
	switch (self->regs[REG_A7]) {
	case SYS_call:
		return ipc_call(self);
	case SYS_reply_recv:
		return ipc_reply_recv(self);
	case SYS_recv:
		return ipc_receive(
		    self, self->regs[REG_A0], self->regs[REG_A1], NULL);
	case SYS_reply:
		return ipc_reply(self);
	case SYS_send:
		return ipc_send(self);
	case SYS_forward:
		return ipc_forward(self);
	case SYS_fault_map:
		return ipc_fault_map(self);
	default:
		endpoint_refuse(self, TINE_ENOSYS);
		return NULL;
	}
}
