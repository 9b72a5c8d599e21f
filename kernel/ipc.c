/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ipc.c - the calls that move messages, complete.
 */
#include "ipc.h"
#include "endpoint.h"
#include "notify.h"
#include "sched.h"
#include "space.h"

#include <string.h>

#include <abi/errors.h>
#include <abi/syscalls.h>

bool
ipc_answer(
    struct thread *self, token_t token, uint64_t info, struct thread **wokenp)
{
	struct thread *caller = token_lookup(token, self);

	*wokenp = NULL;
	if (caller == NULL)
		return false;
	if ((caller->flags & THREAD_KERNEL_CALL) == 0) {
		count(STAT_REPLIES);
		endpoint_refuse(caller, 0);
		caller->regs[REG_A1] = info & (MSG_LABEL_MASK | MSG_COUNT_MASK);
		endpoint_words(caller, MSG_COUNT(info), &self->regs[REG_A2],
		    self->regs[REG_T0]);
	}
	*wokenp = thread_resume(caller);
	return true;
}

void
ipc_woken(struct thread *woken)
{
	if (woken != NULL)
		sched_ready(woken);
}

/*
 * Each call of the following returns an error for self; 0, and self goes on
 * with 0 in a0; or IPC_DONE: its registers are as they should be, or will be
 * set later.  *nextp is who should run if self can't.
 */
#define IPC_DONE (-1)

/* The endpoint in self's a0, to which it must have this right. */
static int
ipc_endpoint(struct thread *self, uint64_t right, struct endpoint **endpointp,
    uint64_t *badgep) LOCKED
{
	struct cap *cap;
	int error;

	error = cap_lookup(self->cspace, self->regs[REG_A0], right, &cap);
	if (error)
		return error;
	*endpointp = object_of(cap->frame);
	*badgep = cap->badge;
	return 0;
}

static int
ipc_call(struct thread *self, struct thread **nextp) LOCKED
{
	struct endpoint *endpoint;
	uint64_t badge;
	int error;

	error = ipc_endpoint(self, RIGHT_SEND, &endpoint, &badge);
	if (error)
		return error;
	if (thread_exhausted(self))
		return TINE_EOVERFLOW;
	*nextp = endpoint_call(endpoint, self, badge, 0);
	return IPC_DONE;
}

/* Receive from self's a0; woken is who was answered before, or NULL. */
static int
ipc_receive(struct thread *self, uint64_t flags, struct thread *woken,
    struct thread **nextp) LOCKED
{
	struct endpoint *endpoint;
	uint64_t badge;
	int error;

	error = ipc_endpoint(self, RIGHT_RECEIVE, &endpoint, &badge);
	if (error == 0 && flags > RECV_POLL)
		error = TINE_EINVAL;
	else if (error == 0 && endpoint_poll(endpoint, self))
		error = IPC_DONE;
	else if (error == 0 && flags == RECV_POLL)
		error = TINE_EAGAIN;
	if (error == 0) {
		endpoint_wait(endpoint, self);
		*nextp = woken;
		return IPC_DONE;
	}
	ipc_woken(woken);
	return error;
}

void
ipc_recv_next(struct thread *self, uint64_t slot, struct thread *woken,
    struct thread **nextp)
{
	int error;

	self->regs[REG_A0] = slot;
	error = ipc_receive(self, RECV_WAIT, woken, nextp);
	if (error != IPC_DONE)
		endpoint_refuse(self, error);
}

static int
ipc_recv(struct thread *self, struct thread **nextp) LOCKED
{
	return ipc_receive(self, self->regs[REG_A1], NULL, nextp);
}

static int
ipc_reply_recv(struct thread *self, struct thread **nextp) LOCKED
{
	struct thread *woken;

	(void)ipc_answer(self, self->regs[REG_T1], self->regs[REG_A1], &woken);
	return ipc_receive(self, RECV_WAIT, woken, nextp);
}

static int
ipc_reply(struct thread *self, struct thread **nextp) LOCKED
{
	struct thread *woken;

	if (!ipc_answer(self, self->regs[REG_T1], self->regs[REG_A1], &woken))
		return TINE_ESTALE;
	ipc_woken(woken);
	return 0;
}

static int
ipc_send(struct thread *self, struct thread **nextp) LOCKED
{
	struct endpoint *endpoint;
	uint64_t badge;
	int error;

	error = ipc_endpoint(self, RIGHT_SEND, &endpoint, &badge);
	if (error)
		return error;
	if (list_empty(&endpoint->receivers))
		return TINE_EAGAIN;
	count(STAT_SENDS);
	self->regs[REG_A1] &= ~MSG_WINDOW_MASK;
	sched_ready(endpoint_send(endpoint, self, badge));
	return 0;
}

static int
ipc_forward(struct thread *self, struct thread **nextp) LOCKED
{
	struct thread *caller = token_lookup(self->regs[REG_T1], self);
	struct thread *receiver;
	struct endpoint *endpoint;
	uint64_t badge;
	int error;

	error = ipc_endpoint(self, RIGHT_SEND, &endpoint, &badge);
	if (error)
		return error;
	if (caller == NULL)
		return TINE_ESTALE;
	if (thread_exhausted(caller))
		return TINE_EOVERFLOW;
	caller->kmsg_label = MSG_LABEL(self->regs[REG_A1]);
	caller->kmsg_count = MSG_COUNT(self->regs[REG_A1]);
	memcpy(caller->kmsg, &self->regs[REG_A2], sizeof(caller->kmsg));
	caller->kmsg[MSG_WORDS - 1] = self->regs[REG_T0];
	receiver =
	    endpoint_call(endpoint, caller, 0, SENDER_FORWARDED | badge << 32);
	ipc_woken(receiver);
	return 0;
}

static int
ipc_fault_map(struct thread *self, struct thread **nextp) LOCKED
{
	struct thread *thread = token_lookup(self->regs[REG_T1], self);
	int error;

	if (thread == NULL)
		return TINE_ESTALE;
	if ((thread->flags & THREAD_KERNEL_CALL) == 0 ||
	    thread->kmsg_label != MSG_FAULT ||
	    self->regs[REG_A3] & MAP_PAGE_DEVICE)
		return TINE_EINVAL;
	error = cap_authority(self->cspace, self->regs[REG_A0], RIGHT_OWNER,
	    thread_frame(thread));
	if (error)
		return error;
	error = space_map(thread->space, thread->fault_va & ~PAGE_MASK,
	    self->regs[REG_A2], self->regs[REG_A3], thread->fault_entry);
	if (error)
		return error;
	thread = thread_resume(thread);
	self->regs[REG_A0] = self->regs[REG_A1];
	if (self->regs[REG_A0] != 0)
		return ipc_receive(self, RECV_WAIT, thread, nextp);
	ipc_woken(thread);
	return 0;
}

struct thread *
ipc_slow(struct thread *self)
{
	static int (*const calls[])(struct thread *, struct thread **) = {
	    [SYS_call] = ipc_call,
	    [SYS_reply_recv] = ipc_reply_recv,
	    [SYS_recv] = ipc_recv,
	    [SYS_reply] = ipc_reply,
	    [SYS_send] = ipc_send,
	    [SYS_forward] = ipc_forward,
	    [SYS_fault_map] = ipc_fault_map,
	};
	uint64_t number = self->regs[REG_A7];
	struct thread *next = NULL;
	int error = TINE_ENOSYS;

	if (number >= SYS_call && number <= SYS_fault_map)
		error = calls[number](self, &next);
	if (error != IPC_DONE)
		endpoint_refuse(self, error);
	return next;
}
