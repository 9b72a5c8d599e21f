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
 *     address of a thread whose copy in memory is the same.
 */
#pragma once

#include <abi/page.h>
#include "arch.h"
#include "list.h"
#include "lock.h"

#define HARTS_MAX 8

/*
 * In the bits of ready, above all priorities: a slice ended while a server ran
 * for somebody, who is to go behind others of its priority when it is answered.
 * As the bit stands for a thread more urgent than any, the fast path, which
 * switches to no less urgent one then, leaves that to sched_leave().
 */
#define READY_EXPIRED (1ul << 63)

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
	uint64_t fp_holder; /* h */
	uint64_t id; /* !: of the SBI */
	uint64_t index; /* !: in harts[] */
	uint64_t context; /* !: of the PLIC, for S-mode */
	uint64_t deadline; /* h: when the timer is to interrupt */
	uint64_t tick; /* h: end of the running slice */
	struct list timers; /* h: notifications by deadline */
	struct prioq ready; /* kernel_lock */
	/* What the fast path counts; the sums are in sys_system.c. */
	uint64_t fast_calls; /* h; read by all */
	uint64_t fast_replies; /* h; read by all */
	uint64_t counters[STAT_COUNT]; /* h; read by all */
};

extern struct hart harts[HARTS_MAX];
extern uint64_t nharts;

/* Ticks of the time CSR in a time slice; set at boot. */
extern uint64_t slice_ticks;

static inline void
count(enum stat stat)
{
	hart_self()->counters[stat]++;
}
