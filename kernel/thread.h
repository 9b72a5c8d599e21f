/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * thread.h - an LWP, as far as the kernel knows it.
 *
 * States, and what a thread in each is on:
 *
 *	STOPPED		nothing; not started yet, or stopped
 *	READY		the ready queue of its hart
 *	RUNNING		its hart's current
 *	SENDING		the senders of an endpoint: its message waits
 *	RECEIVING	the receivers of an endpoint
 *	AWAITING	nothing; whoever has its token can answer
 *
 *	STOPPED --start--> READY <--> RUNNING --recv--> RECEIVING --> READY
 *	   ^                            |
 *	   |stop, from any state        +--call--> [SENDING] --> AWAITING
 *	   +---------                                     reply --> READY
 *
 * A message that a thread sends lies in its registers until it is received;
 * while it awaits the reply its a1, t1 and t2 go on describing its window.
 * A fault or exception is a call that the kernel makes for the thread; then
 * KERNEL_CALL is set, the message lies in kmsg, and a reply leaves all its
 * registers alone.
 *
 * Token: token is the last one given out (or the name, if none was).  It is
 * good for the thread that reply_name names.
 *
 * Invariants (thread_check() asserts them):
 *   - state and queue agree as above;
 *   - reply_name is not 0 iff the state is AWAITING;
 *   - satp is that of space; space and cspace count the thread;
 *   - name < token in generation, or equal.
 */
#pragma once

#include <abi/msg.h>
#include <abi/types.h>
#include "cap.h"
#include "hart.h"
#include "list.h"

enum thread_state {
	THREAD_STOPPED,
	THREAD_READY,
	THREAD_RUNNING,
	THREAD_SENDING,
	THREAD_RECEIVING,
	THREAD_AWAITING
};

/* Flags. */
#define THREAD_KERNEL_CALL 1u /* the pending call is the kernel's */
#define THREAD_USES_FPU 2u
#define THREAD_FP_SAVED 4u /* f and fcsr are not all zero */
#define THREAD_AST 8u /* to call MSG_AST before it runs on in user mode */
/* What keeps a reply from being just a message to the caller. */
#define THREAD_SPECIAL (THREAD_KERNEL_CALL | THREAD_AST)

/* Indices of registers in regs[]; 0 is the program counter. */
enum reg {
	REG_PC = 0,
	REG_RA = 1,
	REG_SP = 2,
	REG_T0 = 5,
	REG_T1 = 6,
	REG_T2 = 7,
	REG_A0 = 10,
	REG_A1 = 11,
	REG_A2 = 12,
	REG_A3 = 13,
	REG_A7 = 17,
	REG_T3 = 28,
	REG_T6 = 31
};

/* A reference to an endpoint that is checked when it is used. */
struct endpoint_ref {
	struct frame *frame; /* NULL: none */
	uint64_t tag;
};

struct endpoint;
struct notification;
struct space;
struct ucopy_span;

/* Field guards:  all kernel_lock; regs also by the hart that runs it. */
struct thread {
	/* As in struct regs. */
	uint64_t regs[32];
	uint64_t f[32];
	uint64_t fcsr;

	uint64_t kmsg[MSG_WORDS]; /* KERNEL_CALL or forwarded: the message */
	uint64_t kmsg_label;

	/* What a call or reply touches, in two cache lines. */
	struct hart *hart;
	uint64_t satp;
	struct cap *cspace; /* NULL: none */
	objname_t name;
	token_t token;
	objname_t reply_name; /* AWAITING: who may reply; else 0 */
	uint64_t sender[2]; /* by endpoint mode: identity, space's tag */

	struct list link;
	uint64_t priority;
	uint32_t state;
	uint32_t flags;
	uint64_t fp_key; /* FP_ZERO, or its own address if FP_SAVED */
	struct notification *notification; /* bound to it */
	struct endpoint *endpoint; /* SENDING: where */
	struct space *space;
	uint64_t sstatus; /* to run with: FS off or clean */

	/* The rest. */
	uint64_t send_badge; /* SENDING: of the capability used */
	uint64_t send_forwarder; /* kind bits if forwarded, else 0 */
	uint64_t kmsg_count; /* of kmsg */
	vaddr_t fault_va;
	uint64_t fault_entry;
	struct endpoint_ref fault_endpoint;
	struct endpoint_ref exception_endpoint;
	uint64_t cycles; /* that it ran, without its present turn */
};
_Static_assert(sizeof(struct thread) <= PAGE_SIZE, "a thread is a frame");
_Static_assert(
    offsetof(struct thread, fcsr) == offsetof(struct regs, fcsr), "");

static inline uint64_t
thread_frame(const struct thread *thread)
{
	return thread->name & NAME_FRAME_MASK;
}

/*
 * The caller that a token stands for, if the replier may answer it.  NULL:
 * the caller is gone, was answered, or it is not the replier's to answer.
 */
static inline struct thread *
token_lookup(token_t token, const struct thread *replier) LOCKED
{
	uint64_t frame = token & NAME_FRAME_MASK;
	struct thread *thread;

	if (frame >= frames.count || frame_kind(frame) != KIND_THREAD)
		return NULL;
	thread = object_of(&frames.table[frame]);
	if (thread->token != token || thread->reply_name != replier->name)
		return NULL;
	return thread;
}

/* Whether a thread has no token left to give out: 2^40 calls of its frame. */
static inline bool
thread_exhausted(const struct thread *thread)
{
	return thread->token + NAME_GENERATION_ONE < thread->token;
}

/* Set up a new thread in a zeroed frame. */
void thread_init(struct thread *thread, uint64_t frame, struct space *space,
    uint64_t identity) LOCKED;

/* The queue by priority that a thread is on, or NULL. */
struct prioq *thread_queue(const struct thread *thread) LOCKED;

/*
 * Take a thread off its hart or the queue that it is on, if any.  Unless it
 * awaits a reply, it is on nothing then.
 */
void thread_unlink(struct thread *thread) LOCKED;

/* Take a thread out of whatever it does; it is STOPPED then. */
void thread_stop(struct thread *thread) LOCKED;

/*
 * Let a thread, which is on no queue, go on with the registers that it has.
 * Returns who is READY but on no queue: the thread; or, as it was interrupted,
 * the receiver of its AST, or NULL.
 */
struct thread *thread_resume(struct thread *thread) LOCKED MUST_CHECK;

/* End a thread and free its frame. */
void thread_destroy(struct thread *thread) LOCKED;

/* Move a thread that does not run to another space. */
void thread_set_space(struct thread *thread, struct space *space) LOCKED;

/*
 * Make a new, never started thread the copy of a caller that awaits the
 * replier's reply; returns the copy's token.
 */
token_t thread_copy(struct thread *to, const struct thread *from) LOCKED;

/*
 * Registers, as a struct regs, to and from user memory.  The pc loses its
 * lowest bit (IALIGN is 16).
 */
void thread_put_regs(
    const struct thread *thread, struct ucopy_span *span) LOCKED;
void thread_get_regs(struct thread *thread, struct ucopy_span *span) LOCKED;

/* Do without a cspace, notification... before the thread goes. */
void thread_set_cspace(struct thread *thread, struct cap *cspace) LOCKED;
int thread_bind(
    struct thread *thread, struct notification *notification) LOCKED MUST_CHECK;
