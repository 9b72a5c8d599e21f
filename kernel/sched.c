/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sched.c - which thread runs; see sched.h.
 */
#include "sched.h"
#include "irq.h"
#include "kassert.h"
#include "notify.h"
#include "space.h"

struct hart harts[HARTS_MAX];
uint64_t nharts;
uint64_t slice_ticks;
struct lock kernel_lock;

/* Make a thread READY: behind, or before, others of its priority. */
static void
sched_insert(struct thread *thread, bool first) LOCKED
{
	thread->state = THREAD_READY;
	prioq_insert(
	    &thread->hart->ready, &thread->link, thread->priority, first);
}

void
sched_ready(struct thread *thread)
{
	sched_insert(thread, false);
}

/* Put current's FP registers aside if they changed, and next's in place. */
static inline __attribute__((always_inline)) void
sched_switch_fp(struct hart *hart, struct thread *next)
{
	struct thread *current = hart->current;

	if (current != NULL && arch_fp_dirty()) {
		arch_fp_save(current);
		current->flags |= THREAD_FP_SAVED;
		current->fp_key = (uintptr_t)current;
		hart->fp_holder = (uintptr_t)current;
	}
	arch_set_status(next->sstatus);
	if ((next->flags & THREAD_USES_FPU) != 0 &&
	    hart->fp_holder != next->fp_key) {
		arch_fp_restore(next);
		hart->fp_holder = next->fp_key;
	}
}

/* Run next on this hart, which has left hart->current. */
static inline __attribute__((always_inline)) void
sched_switch(struct hart *hart, struct thread *next) LOCKED
{
	sched_switch_fp(hart, next);
	hart->current = next;
	hart->counters[STAT_SWITCHES]++;
	if (next->satp != hart->satp) {
		hart->satp = next->satp;
		arch_set_satp(next->satp);
		if (space_satp_asid(next->satp) == 0) {
			arch_flush_all();
			hart->counters[STAT_FLUSHES]++;
		}
	}
}

void
sched_rearm(void)
{
	struct hart *hart = hart_self();
	uint64_t deadline = hart->tick;
	uint64_t timer = notification_next();

	if (timer < deadline)
		deadline = timer;
	if (deadline != hart->deadline) {
		hart->deadline = deadline;
		arch_set_timer(deadline);
	}
}

void
sched_tick(void)
{
	struct hart *hart = hart_self();
	uint64_t now = arch_now();

	hart->counters[STAT_TICKS]++;
	notification_fire(now);
	if (now >= hart->tick) {
		hart->tick = now + slice_ticks;
		/* An idle hart has nobody's slice to end. */
		if (hart->current != NULL &&
		    hart->current->state == THREAD_RUNNING)
			hart->ready.ready |= READY_EXPIRED;
		sched_yield();
	}
	sched_rearm();
}

void
sched_yield(void)
{
	struct thread *current = hart_self()->current;

	if (current != NULL && current->state == THREAD_RUNNING)
		sched_ready(current);
}

/* Wait for a thread to become ready; the lock is dropped meanwhile. */
static void
sched_idle(struct hart *hart) LOCKED
{
	while (hart->ready.ready == 0) {
		lock_release(&kernel_lock);
		arch_wait();
		lock_acquire(&kernel_lock);
		hart_interrupts();
	}
}

/* Whether a more urgent thread than this one is ready. */
static bool
sched_outranked(const struct hart *hart, const struct thread *thread) LOCKED
{
	return hart->ready.ready >> thread->priority > 1;
}

/* What sched_leave() does when no slice has ended in a server. */
static inline __attribute__((always_inline)) struct thread *
sched_choose(struct hart *hart, struct thread *prefer) LOCKED
{
	struct thread *current = hart->current;

	/* The running thread goes before others of its priority. */
	if (current != NULL && current->state == THREAD_RUNNING) {
		if (prefer == NULL && !sched_outranked(hart, current))
			return current;
		sched_insert(current, true);
	}
	if (prefer == NULL || sched_outranked(hart, prefer)) {
		if (prefer != NULL)
			sched_insert(prefer, true);
		sched_idle(hart);
		prefer = container_of(
		    prioq_first(&hart->ready), struct thread, link);
		prioq_remove(&hart->ready, &prefer->link, prefer->priority);
	}
	prefer->state = THREAD_RUNNING;
	KCHECK(thread_check(prefer));
	if (prefer != current)
		sched_switch(hart, prefer);
	return prefer;
}

/* What it does when one has. */
static __attribute__((noinline)) struct thread *
sched_expire(struct hart *hart, struct thread *prefer) LOCKED
{
	struct thread *current = hart->current;
	struct thread *next;
	bool equals;

	hart->ready.ready &= ~READY_EXPIRED;
	equals = prefer != NULL && (hart->ready.ready >> prefer->priority & 1);
	/* The one who is answered has had its slice: behind its equals. */
	if (equals)
		sched_insert(prefer, false);
	next = sched_choose(hart, equals ? NULL : prefer);
	/* A server goes on, or one answers another: still to be found. */
	if (!equals && (next == current || next == prefer) &&
	    hart->ready.ready != 0)
		hart->ready.ready |= READY_EXPIRED;
	return next;
}

struct thread *
sched_leave(struct thread *prefer)
{
	struct hart *hart = hart_self();

	if (__builtin_expect((int64_t)hart->ready.ready < 0, 0))
		return sched_expire(hart, prefer);
	return sched_choose(hart, prefer);
}
_Static_assert(READY_EXPIRED == 1ul << 63, "sched_leave looks at the sign");
