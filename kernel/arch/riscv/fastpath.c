/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fastpath.c - call and reply_recv when nothing is in the way.
 *
 * entry.S passes the message in the registers it came in: a0 capability, a1
 * info, a2-a6 words 0 to 4, and the thread in a7; word 5, token and window
 * are in the thread's saved t0-t2.  If all conditions hold, the message goes
 * on to fast_leave in the very same registers, so most of it is never moved.
 * Otherwise nothing has been changed yet and the complete path of ipc.c does
 * the call.  What this file does is what ipc.c and endpoint.c would do.
 *
 * The conditions: the capability is good; the partner waits; it runs on this
 * hart; nobody ready is more urgent than it; FP registers need not move.
 */
#include "../../endpoint.h"
#include "../../hart.h"
#include "../../ipc.h"
#include "../../notify.h"
#include "../../sched.h"
#include "../../space.h"
#include "../../thread.h"

#include <abi/msg.h>
#include <abi/syscalls.h>

#include "offsets.h"

_Static_assert(offsetof(struct thread, hart) == THREAD_HART, "entry.S");
_Static_assert(offsetof(struct thread, f) == THREAD_F, "entry.S");
_Static_assert(offsetof(struct thread, fcsr) == THREAD_FCSR, "entry.S");
_Static_assert(offsetof(struct hart, stack) == HART_STACK, "entry.S");
_Static_assert(offsetof(struct hart, id) == HART_ID, "head.S");
_Static_assert(sizeof(struct hart) == HART_BYTES, "head.S");
_Static_assert(HARTS_MAX == HART_COUNT, "head.S");
_Static_assert(SYS_call == 1 && SYS_reply_recv == 2, "entry.S");

#define UNLIKELY(condition) __builtin_expect(!!(condition), 0)

#define FAST_ARGS \
	uint64_t slot, uint64_t info, uint64_t w0, uint64_t w1, uint64_t w2, \
	    uint64_t w3, uint64_t w4, struct thread *self

void fast_call(FAST_ARGS);
void fast_reply_recv(FAST_ARGS);
struct thread *fast_complete(struct thread *self);

struct message {
	uint64_t sender, info, w0, w1, w2, w3, w4, w5, token, kind;
};

/*
 * Go to fast_leave, or to fast_slow, with a message in registers; there word 5
 * tells whether another hart has the lock.
 */
static inline __attribute__((always_inline, noreturn)) void
fast_jump(struct message m, struct thread *thread, bool slow)
{
	register uint64_t a0 __asm__("a0") = m.sender;
	register uint64_t a1 __asm__("a1") = m.info;
	register uint64_t a2 __asm__("a2") = m.w0;
	register uint64_t a3 __asm__("a3") = m.w1;
	register uint64_t a4 __asm__("a4") = m.w2;
	register uint64_t a5 __asm__("a5") = m.w3;
	register uint64_t a6 __asm__("a6") = m.w4;
	register struct thread *a7 __asm__("a7") = thread;
	register uint64_t t0 __asm__("t0") = m.w5;
	register uint64_t t1 __asm__("t1") = m.token;
	register uint64_t t2 __asm__("t2") = m.kind;

#define MESSAGE \
	"r"(a0), "r"(a1), "r"(a2), "r"(a3), "r"(a4), "r"(a5), "r"(a6), "r"(a7)
	if (slow)
		__asm__ volatile("j fast_slow" : : MESSAGE, "r"(t0) : "memory");
	else
		__asm__ volatile("j fast_leave"
				 :
				 : MESSAGE, "r"(t0), "r"(t1), "r"(t2)
				 : "memory");
	__builtin_unreachable();
}

/* The complete path, entered with the lock held. */
struct thread *
fast_complete(struct thread *self) UNCHECKED
{
	struct thread *next;

	count(STAT_TRAPS);
	next = sched_leave(ipc_slow(self));
	lock_release(&kernel_lock);
	return next;
}

/* Words beyond the count are 0; word 5 is still in the sender's t0. */
static inline __attribute__((always_inline)) void
message_trim(struct message *m, const struct thread *sender)
{
	uint64_t n = m->info >> MSG_COUNT_SHIFT & 7;

	m->w5 = 0;
	if (n > 4) {
		if (n > 5)
			m->w5 = sender->regs[REG_T0];
		return;
	}
	m->w4 = 0;
	if (n == 4)
		return;
	m->w3 = 0;
	if (n == 3)
		return;
	m->w2 = 0;
	if (n == 2)
		return;
	m->w1 = 0;
	if (n == 0)
		m->w0 = 0;
}

/* Whether this hart may go straight on with partner. */
static inline __attribute__((always_inline)) bool
fast_possible(struct hart *hart, struct thread *partner, uint64_t sstatus)
{
	if (partner->hart != hart)
		return false;
	if (hart->ready.ready >> partner->priority > 1)
		return false;
	if ((sstatus & SSTATUS_FS) == SSTATUS_FS)
		return false;
	return (partner->flags & THREAD_USES_FPU) == 0 ||
	       hart->fp_holder == partner->fp_key;
}

/* Make partner the thread that this hart runs. */
static inline __attribute__((always_inline)) void
fast_switch(struct hart *hart, struct thread *partner)
{
	uint64_t satp = partner->satp;

	hart->current = partner;
	partner->state = THREAD_RUNNING;
	arch_set_status(partner->sstatus);
	if (satp != hart->satp) {
		hart->satp = satp;
		arch_set_satp(satp);
		if (UNLIKELY(space_satp_asid(satp) == 0))
			arch_flush_all();
	}
}

/* A good capability with this right, or NULL. */
static inline __attribute__((always_inline)) struct endpoint *
fast_endpoint(const struct thread *self, uint64_t slot, uint64_t right,
    const struct cap **capp)
{
	const struct cap *cap;

	if (slot >= CSPACE_SLOTS || self->cspace == NULL)
		return NULL;
	cap = &self->cspace[slot];
	if ((cap->rights & right) == 0 || cap->frame->tag != cap->tag)
		return NULL;
	*capp = cap;
	return object_of(cap->frame);
}

void
fast_call(FAST_ARGS) UNCHECKED
{
	struct hart *hart = hart_self();
	uint64_t sstatus = csr_read(sstatus);
	struct message m = {slot, info, w0, w1, w2, w3, w4, 0, 0, 0};
	const struct cap *cap;
	struct endpoint *endpoint;
	struct thread *receiver;
	struct list *link;

	m.w5 = lock_try(&kernel_lock);
	if (UNLIKELY(m.w5 != 0))
		goto slow;
	endpoint = fast_endpoint(self, slot, RIGHT_SEND, &cap);
	if (UNLIKELY(endpoint == NULL))
		goto slow;
	link = endpoint->receivers.next;
	if (UNLIKELY(link == &endpoint->receivers))
		goto slow;
	receiver = container_of(link, struct thread, link);
	m.token = self->token + NAME_GENERATION_ONE;
	if (UNLIKELY(m.token < self->token ||
		     !fast_possible(hart, receiver, sstatus)))
		goto slow;

	/* Committed: nothing below can fail. */
	list_remove(link);
	message_trim(&m, self);
	m.info &= MSG_INFO_MASK;
	m.kind = SENDER_BADGE;
	m.sender = cap->badge;
	if (m.sender == 0) {
		m.kind = SENDER_THREAD + endpoint->mode;
		m.sender = self->sender[endpoint->mode];
	}
	self->token = m.token;
	self->regs[REG_A1] = info;
	self->reply_name = receiver->name;
	self->state = THREAD_AWAITING;
	hart->fast_calls++;
	fast_switch(hart, receiver);
	lock_release(&kernel_lock);
	fast_jump(m, receiver, false);
slow:
	self->regs[REG_A7] = SYS_call;
	fast_jump(m, self, true);
}

void
fast_reply_recv(FAST_ARGS) UNCHECKED
{
	struct hart *hart = hart_self();
	uint64_t sstatus = csr_read(sstatus);
	struct message m = {slot, info, w0, w1, w2, w3, w4, 0, 0, 0};
	const struct cap *cap;
	struct endpoint *endpoint;
	struct thread *caller;

	m.w5 = lock_try(&kernel_lock);
	if (UNLIKELY(m.w5 != 0))
		goto slow;
	caller = token_lookup(self->regs[REG_T1], self);
	if (UNLIKELY(caller == NULL || caller->flags & THREAD_SPECIAL))
		goto slow;
	endpoint = fast_endpoint(self, slot, RIGHT_RECEIVE, &cap);
	if (UNLIKELY(endpoint == NULL || endpoint->senders.ready != 0))
		goto slow;
	if (self->notification != NULL &&
	    UNLIKELY(self->notification->pending != 0))
		goto slow;
	if (UNLIKELY(!fast_possible(hart, caller, sstatus)))
		goto slow;

	/* Committed: nothing below can fail. */
	self->state = THREAD_RECEIVING;
	caller->reply_name = 0;
	list_insert_tail(&endpoint->receivers, &self->link);
	message_trim(&m, self);
	m.info &= MSG_LABEL_MASK | MSG_COUNT_MASK;
	hart->fast_replies++;
	fast_switch(hart, caller);
	m.sender = 0;
	m.token = 0;
	m.kind = 0;
	lock_release(&kernel_lock);
	fast_jump(m, caller, false);
slow:
	self->regs[REG_A7] = SYS_reply_recv;
	fast_jump(m, self, true);
}
