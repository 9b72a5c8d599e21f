/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * endpoint.h - where callers and servers meet.
 *
 * Invariants (endpoint_check() asserts them):
 *   - senders and receivers are not both non-empty;
 *   - a thread is on senders iff its state is SENDING and endpoint this one;
 *   - a thread is on receivers only if its state is RECEIVING.
 */
#pragma once

#include "list.h"
#include "lock.h"
#include "thread.h"

/* Field guards:  k kernel_lock   ! constant after creation. */
struct endpoint {
	struct list receivers; /* k: oldest first */
	uint64_t mode; /* !: enum endpoint_mode */
	struct prioq senders; /* k: by priority, oldest first */
};

void endpoint_init(struct endpoint *endpoint, uint64_t mode);

/*
 * Send the threads that wait here away with ESTALE.  False: an interrupt
 * waits, and there may be more of them.
 */
bool endpoint_drain(struct endpoint *endpoint) LOCKED MUST_CHECK;

/*
 * The sender's call: hand its message to a receiver, or queue the sender.
 * badge is that of the capability used, forwarder the kind bits of a forward
 * or 0.  Returns the receiver, READY but on no queue, or NULL if none waits.
 */
struct thread *endpoint_call(struct endpoint *endpoint, struct thread *sender,
    uint64_t badge, uint64_t forwarder) LOCKED;

/*
 * Hand a message that awaits no reply to a receiver, of which there is one.
 * Returns it, READY but on no queue.
 */
struct thread *endpoint_send(
    struct endpoint *endpoint, struct thread *sender, uint64_t badge) LOCKED;

/*
 * Give the receiver a message if there is one: true.  False: none waits.
 */
bool endpoint_poll(struct endpoint *endpoint, struct thread *receiver) LOCKED;

/* Let the receiver wait. */
void endpoint_wait(struct endpoint *endpoint, struct thread *receiver) LOCKED;

/*
 * The first n of five words, and of word 5, into the registers of a receiver;
 * the others, and t3 to t6, are cleared.
 */
void endpoint_words(struct thread *to, uint64_t n, const uint64_t *words,
    uint64_t word5) LOCKED;

/* Tell a receiver that there is no message, but an error. */
void endpoint_refuse(struct thread *receiver, int error) LOCKED;

/*
 * Call an endpoint in a thread's name; kmsg is set.  *receiverp is as what
 * endpoint_call() returns.  False: the endpoint is gone.
 */
bool endpoint_kernel_call(struct thread *thread, const struct endpoint_ref *ref,
    struct thread **receiverp) LOCKED MUST_CHECK;
