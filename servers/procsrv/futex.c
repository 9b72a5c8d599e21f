/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * futex.c - waiting for a word of memory; see futex.h.
 *
 * Who waits is in the queue of its key's hash, the longest wait first, and
 * leaves it in lwp_unblock(), whatever ends the wait.
 */
#include "futex.h"

#include <abi/errors.h>
#include <ipc/copy.h>

#include "console.h"
#include "lwp.h"
#include "reply.h"
#include "signal.h"

#define QUEUES 256u
#define WORD_MASK 3u

static struct list queues[QUEUES];

/* The queue of a key; keys of other words may be in it, too. */
static struct list *
futex_queue(uint64_t space, uint64_t address)
{
	/* Multiplicative hashing: the upper bits depend on all of the key. */
	uint64_t hash = (address ^ space << 40 ^ space) * 0x9e3779b97f4a7c15ul;
	struct list *queue = &queues[hash >> 32 & (QUEUES - 1)];

	if (queue->head.next == NULL)
		list_init(queue);
	return queue;
}

int
futex_wait(struct lwp *lwp, token_t token, uint64_t address, uint64_t deadline,
    uint32_t value)
{
	uint32_t word;
	int error;

	if (address & WORD_MASK)
		return TINE_EINVAL;
	error = ipc_copy_in(token, 0, &word, sizeof(word));
	if (error)
		return error;
	if (word != value)
		return TINE_EAGAIN;
	if (deadline <= now_ticks())
		return TINE_ETIMEDOUT;
	if (signal_waits(lwp))
		return signal_error(lwp);
	lwp_block_until(lwp, LWP_FUTEX, token, deadline);
	lwp->futex = address;
	list_insert_tail(
	    futex_queue(lwp->proc->space, address), &lwp->queue_link);
	return SERVE_LATER;
}

int
futex_wake(
    const struct lwp *lwp, uint64_t address, uint32_t count, uint64_t *wokenp)
{
	struct list *queue = futex_queue(lwp->proc->space, address);
	struct link *next = queue->head.next;
	uint64_t woken = 0;

	if (address & WORD_MASK)
		return TINE_EINVAL;
	while (next != &queue->head && woken < count) {
		struct lwp *waiter = LIST_ENTRY(next, struct lwp, queue_link);

		next = next->next;
		if (waiter->futex != address ||
		    waiter->proc->space != lwp->proc->space)
			continue;
		(void)reply_error(lwp_unblock(waiter), 0);
		woken++;
	}
	*wokenp = woken;
	return 0;
}
