/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * hart.h - what each hart has of its own.
 *
 * Invariants:
 *   - current is the thread whose registers are on the hart, or that was
 *     running when the kernel was entered; its state is RUNNING, unless the
 *     kernel is just changing it; it is on no queue;
 *   - a READY thread is on the ready queue of its hart;
 *   - fp_holder names whose FP registers are on the hart: FP_ZERO, or the
 *     address of a thread whose copy in memory is the same;
 *   - an idle hart has no current and is in the kernel's own space.
 *
 * What one hart needs of another it does under kernel_lock, or asks for: it
 * posts requests, interrupts, and waits.  The other one serves them without
 * the lock, before it takes it: from user mode the interrupt brings it there,
 * and a hart in the kernel either holds the lock, and then nobody asks, or
 * is about to take it or to leave.
 */
#pragma once

#include <abi/page.h>
#include "arch.h"
#include "list.h"
#include "lock.h"

#define HARTS_MAX 8

/*
 * In the bits of ready, above all priorities, and so like a thread more urgent
 * than any: the fast path leaves what they stand for to sched_leave().
 */
/*
 * A slice ended while a server ran for somebody, who is to go behind others of
 * its priority when it is answered.
 */
#define READY_EXPIRED (1ul << 63)
/* Translations and instructions that the hart may hold are to be forgotten. */
#define READY_STALE (1ul << 62)
#define READY_THREADS (READY_STALE - 1)

/* Requests of one hart to another. */
#define REQUEST_FLUSH 1ul /* forget translations and instructions */
#define REQUEST_EVICT 2ul /* have no current any more, and no user space */

/* Nobody's FP registers: all zero. */
#define FP_ZERO 0ul
/* Somebody's who is gone. */
#define FP_NOBODY 1ul

/* Field guards:  h only by its own hart   ! constant after boot. */
struct hart {
	uint64_t
	    stack; /* !: top of the kernel stack; entry.S knows the offset */
	struct thread *current; /* h */
	uint64_t satp; /* h: the one that is in force */
	uint64_t fp_holder; /* h, or kernel_lock to make it FP_NOBODY */
	uint64_t id; /* !: of the SBI */
	uint64_t index; /* !: in harts[] */
	uint64_t context; /* !: of the PLIC, for S-mode */
	uint64_t request; /* set by kernel_lock's holder, cleared by h */
	uint64_t cycles; /* h: the cycle CSR when time was last charged */
	uint64_t deadline; /* h: when the timer is to interrupt */
	uint64_t tick; /* h: end of the running slice */
	struct list timers; /* kernel_lock: notifications by deadline */
	struct prioq ready; /* kernel_lock */
	/* What the fast path counts; the sums are in sys_system.c. */
	uint64_t fast_calls; /* h; read by all */
	uint64_t fast_replies; /* h; read by all */
	uint64_t counters[STAT_COUNT]; /* h; read by all */
};

extern struct hart harts[HARTS_MAX];
extern uint64_t nharts;

/* Harts that wait for something to do, by bits. */
extern uint64_t harts_idle GUARDED_BY(kernel_lock);

/* Ticks of the time CSR in a time slice; set at boot. */
extern uint64_t slice_ticks;

/* Serve what was asked of this hart; without the lock. */
void hart_serve(void);

/* Take a hart's current thread off it, and wait until it is. */
void hart_evict(struct hart *hart) LOCKED;

/* Have a hart enter the kernel soon. */
void hart_wake(struct hart *hart) LOCKED;

struct space;
/*
 * Have harts but this one forget translations of a space and instructions:
 * those that run it at once, others in the set before they run user code.
 */
void harts_flush(const struct space *space, uint64_t set) LOCKED;

static inline void
count(enum stat stat)
{
	hart_self()->counters[stat]++;
}
