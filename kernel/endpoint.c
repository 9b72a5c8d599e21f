/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * endpoint.c - rendezvous of callers and servers; see endpoint.h.
 *
 * These are the complete paths; ipc.c has a shorter one for the common case,
 * which does the same.
 */
#include "endpoint.h"
#include "ipc.h"
#include "kassert.h"
#include "notify.h"

#include <abi/errors.h>

void
endpoint_init(struct endpoint *endpoint, uint64_t mode)
{
	list_init(&endpoint->receivers);
	endpoint->mode = mode;
	prioq_init(&endpoint->senders);
}

/* The sender of a message and (*kindp) what that is; abi/msg.h. */
static uint64_t
endpoint_sender(const struct endpoint *endpoint, const struct thread *sender,
    uint64_t badge, uint64_t *kindp)
{
	if (sender->flags & THREAD_KERNEL_CALL)
		*kindp = SENDER_KERNEL_THREAD + endpoint->mode;
	else if (badge != 0)
		*kindp = SENDER_BADGE;
	else
		*kindp = SENDER_THREAD + endpoint->mode;
	return *kindp == SENDER_BADGE ? badge : sender->sender[endpoint->mode];
}

void
endpoint_words(
    struct thread *to, uint64_t n, const uint64_t *from, uint64_t word5)
{
#pragma GCC unroll 5
	for (unsigned int i = 0; i < MSG_WORDS - 1; i++)
		to->regs[REG_A2 + i] = i < n ? from[i] : 0;
	to->regs[REG_T0] = n >= MSG_WORDS ? word5 : 0;
#pragma GCC unroll 4
	for (unsigned int i = REG_T3; i <= REG_T6; i++)
		to->regs[i] = 0;
}

/* The message that a sender has, into the registers of a receiver. */
static void
message_move(struct thread *to, const struct thread *from)
{
	uint64_t info = from->regs[REG_A1];

	if ((from->flags & THREAD_KERNEL_CALL) == 0 &&
	    from->send_forwarder == 0) {
		to->regs[REG_A1] = info & MSG_INFO_MASK;
		endpoint_words(to, MSG_COUNT(info), &from->regs[REG_A2],
		    from->regs[REG_T0]);
		return;
	}
	/* The kernel's own calls have no window. */
	info = from->flags & THREAD_KERNEL_CALL ? 0 : info & MSG_WINDOW_MASK;
	to->regs[REG_A1] = info | MSG_INFO(from->kmsg_label, from->kmsg_count);
	endpoint_words(
	    to, from->kmsg_count, from->kmsg, from->kmsg[MSG_WORDS - 1]);
}

/* Give the sender's message to the receiver, without a token. */
static void
message_give(const struct endpoint *endpoint, struct thread *sender,
    struct thread *receiver, uint64_t badge, uint64_t forwarder) LOCKED
{
	uint64_t kind;

	sender->send_forwarder = forwarder;
	message_move(receiver, sender);
	receiver->regs[REG_A0] =
	    endpoint_sender(endpoint, sender, badge, &kind);
	receiver->regs[REG_T1] = 0;
	receiver->regs[REG_T2] = kind | forwarder;
}

/* The same with a token; the sender awaits a reply. */
static void
message_deliver(const struct endpoint *endpoint, struct thread *sender,
    struct thread *receiver, uint64_t badge, uint64_t forwarder) LOCKED
{
	message_give(endpoint, sender, receiver, badge, forwarder);
	sender->token += NAME_GENERATION_ONE;
	receiver->regs[REG_T1] = sender->token;
	sender->reply_name = receiver->name;
	sender->state = THREAD_AWAITING;
}

/* Take the oldest receiver off the queue; there is one. */
static struct thread *
receiver_take(struct endpoint *endpoint) LOCKED
{
	struct thread *receiver =
	    container_of(endpoint->receivers.next, struct thread, link);

	list_remove(&receiver->link);
	receiver->state = THREAD_READY;
	return receiver;
}

struct thread *
endpoint_send(struct endpoint *endpoint, struct thread *sender, uint64_t badge)
{
	struct thread *receiver = receiver_take(endpoint);

	message_give(endpoint, sender, receiver, badge, 0);
	return receiver;
}

struct thread *
endpoint_call(struct endpoint *endpoint, struct thread *sender, uint64_t badge,
    uint64_t forwarder)
{
	struct thread *receiver;

	if (sender->flags & THREAD_KERNEL_CALL)
		count(STAT_FAULT_CALLS);
	else
		count(STAT_CALLS);
	if (list_empty(&endpoint->receivers)) {
		sender->send_badge = badge;
		sender->send_forwarder = forwarder;
		sender->state = THREAD_SENDING;
		sender->reply_name = 0;
		sender->endpoint = endpoint;
		prioq_insert(
		    &endpoint->senders, &sender->link, sender->priority, false);
		return NULL;
	}
	receiver = receiver_take(endpoint);
	message_deliver(endpoint, sender, receiver, badge, forwarder);
	KCHECK(endpoint_check(endpoint));
	return receiver;
}

bool
endpoint_poll(struct endpoint *endpoint, struct thread *receiver)
{
	struct thread *sender;

	if (receiver->notification != NULL &&
	    notification_take(receiver->notification, receiver))
		return true;
	if (endpoint->senders.ready == 0)
		return false;
	sender =
	    container_of(prioq_first(&endpoint->senders), struct thread, link);
	prioq_remove(&endpoint->senders, &sender->link, sender->priority);
	message_deliver(endpoint, sender, receiver, sender->send_badge,
	    sender->send_forwarder);
	return true;
}

void
endpoint_wait(struct endpoint *endpoint, struct thread *receiver)
{
	receiver->state = THREAD_RECEIVING;
	list_insert_tail(&endpoint->receivers, &receiver->link);
	KCHECK(endpoint_check(endpoint));
}

void
endpoint_refuse(struct thread *receiver, int error)
{
#pragma GCC unroll 8
	for (unsigned int i = REG_A0; i <= REG_A7; i++)
		receiver->regs[i] = 0;
#pragma GCC unroll 4
	for (unsigned int i = REG_T3; i <= REG_T6; i++)
		receiver->regs[i] = 0;
	receiver->regs[REG_A0] = error;
	receiver->regs[REG_T0] = 0;
	receiver->regs[REG_T1] = 0;
	receiver->regs[REG_T2] = SENDER_NONE;
}

bool
endpoint_kernel_call(struct thread *thread, const struct endpoint_ref *ref,
    struct thread **receiverp)
{
	struct endpoint *endpoint;

	if (ref->frame == NULL || ref->frame->tag != ref->tag ||
	    thread_exhausted(thread))
		return false;
	endpoint = object_of(ref->frame);
	thread->flags |= THREAD_KERNEL_CALL;
	*receiverp = endpoint_call(endpoint, thread, 0, 0);
	return true;
}

/*
 * Send a thread that waits here away; a fault's can't go on at all.  One whose
 * forwarded call was interrupted makes its AST call, as after any answer.
 */
static void
waiter_dismiss(struct thread *thread) LOCKED
{
	if (thread->flags & THREAD_KERNEL_CALL) {
		thread_stop(thread);
		return;
	}
	thread_unlink(thread);
	endpoint_refuse(thread, TINE_ESTALE);
	ipc_woken(thread_resume(thread));
}

bool
endpoint_drain(struct endpoint *endpoint)
{
	struct list *link;

	while (
	    endpoint->senders.ready != 0 || !list_empty(&endpoint->receivers)) {
		link = endpoint->receivers.next;
		if (endpoint->senders.ready != 0)
			link = prioq_first(&endpoint->senders);
		waiter_dismiss(container_of(link, struct thread, link));
		if (arch_interrupt_pending())
			return false;
	}
	return true;
}
