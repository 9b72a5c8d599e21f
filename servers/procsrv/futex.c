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
#include <ipc/proc.h>
#include <ipc/slots.h>
#include <ipc/vm.h>

#include "console.h"
#include "lwp.h"
#include "reply.h"
#include "signal.h"

#define QUEUES 256u
#define QUEUE_SHIFT 56 /* of a hash */
#define MULTIPLIER 0x9e3779b97f4a7c15ul
#define WORD_MASK 3u

static struct list queues[QUEUES];
static uint64_t secret; /* odd; 0: not drawn yet */

/* The key of a word.  EINVAL; EFAULT it is not shared. */
static int
futex_key(const struct proc *proc, uint64_t address, uint32_t shared,
    struct futex_key *key)
{
	const struct vm_shared_key_req req = {proc->space, address};
	struct vm_shared_key_rep rep;
	int error;

	if ((address & WORD_MASK) || shared > 1)
		return TINE_EINVAL;
	*key = (struct futex_key){.memory = proc->space, .at = address};
	if (!shared)
		return 0;
	error = vm_shared_key(SLOT_VM, &req, &rep);
	if (error)
		return error;
	*key = (struct futex_key){
	    .shared = true, .memory = rep.serial, .at = rep.offset};
	return 0;
}

/* The queue of a key; keys of other words may be in it, too. */
static struct list *
futex_queue(const struct futex_key *key)
{
	struct list *queue;

	/*
	 * Multiplicative hashing, by what programs can only guess: they choose
	 * their addresses, and are not to fill one queue on purpose.
	 */
	if (secret == 0)
		secret = MULTIPLIER ^ now_ticks() << 1;
	queue = &queues[(key->memory * MULTIPLIER + key->at) * secret >>
			QUEUE_SHIFT];
	if (queue->head.next == NULL)
		list_init(queue);
	return queue;
}

static bool
futex_same(const struct futex_key *a, const struct futex_key *b)
{
	return a->at == b->at && a->memory == b->memory &&
	       a->shared == b->shared;
}

/* It was woken for a shared word. */
static void
woken_note(struct lwp *lwp, const struct futex_key *key)
{
	if ((lwp->flags & LWPF_WOKEN) && !futex_same(&lwp->woken[0], key))
		lwp->woken[1] = lwp->woken[0];
	lwp->woken[0] = *key;
	lwp->flags |= LWPF_WOKEN;
}

/* It waits again: it has looked. */
static void
woken_forget(struct lwp *lwp, const struct futex_key *key)
{
	if (futex_same(&lwp->woken[0], key)) {
		lwp->woken[0] = lwp->woken[1];
		lwp->woken[1].shared = false;
	} else if (futex_same(&lwp->woken[1], key)) {
		lwp->woken[1].shared = false;
	}
	if (!lwp->woken[0].shared)
		lwp->flags &= ~LWPF_WOKEN;
}

int
futex_wait(
    struct lwp *lwp, token_t token, const struct proc_futex_wait_req *req)
{
	struct futex_key key;
	uint32_t word;
	int error;

	error = futex_key(lwp->proc, req->address, req->shared, &key);
	if (error)
		return error;
	if (lwp->flags & LWPF_WOKEN)
		woken_forget(lwp, &key);
	error = ipc_copy_in(token, 0, &word, sizeof(word));
	if (error)
		return error;
	if (word != req->value)
		return TINE_EAGAIN;
	if (req->deadline <= now_ticks())
		return TINE_ETIMEDOUT;
	if (signal_waits(lwp))
		return signal_error(lwp);
	lwp_block_until(lwp, LWP_FUTEX, token, req->deadline);
	lwp->futex = key;
	list_insert_tail(futex_queue(&key), &lwp->queue_link);
	return SERVE_LATER;
}

/* How many were woken. */
static uint64_t
futex_wake_key(const struct futex_key *key, uint32_t count)
{
	struct list *queue = futex_queue(key);
	struct link *next = queue->head.next;
	uint64_t woken = 0;

	while (next != &queue->head && woken < count) {
		struct lwp *waiter = LIST_ENTRY(next, struct lwp, queue_link);

		next = next->next;
		if (!futex_same(&waiter->futex, key))
			continue;
		if (key->shared)
			woken_note(waiter, key);
		(void)reply_error(lwp_unblock(waiter), 0);
		woken++;
	}
	return woken;
}

int
futex_wake(const struct lwp *lwp, const struct proc_futex_wake_req *req,
    uint64_t *wokenp)
{
	struct futex_key key;
	int error;

	error = futex_key(lwp->proc, req->address, req->shared, &key);
	if (error == 0)
		*wokenp = futex_wake_key(&key, req->count);
	return error;
}

void
futex_pass_on(struct lwp *lwp)
{
	lwp->flags &= ~LWPF_WOKEN;
	for (unsigned int i = 0; i < FUTEX_WOKEN; i++) {
		if (lwp->woken[i].shared)
			(void)futex_wake_key(&lwp->woken[i], 1);
		lwp->woken[i].shared = false;
	}
}
