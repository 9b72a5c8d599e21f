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
uint64_t harts_idle;
struct lock kernel_lock;

/*
 * A thread was made ready on a hart: if that, or else any, is idle, wake it;
 * or have it look whether the thread is more urgent than what it runs.
 */
static __attribute__((noinline)) void
sched_notice(const struct thread *thread) LOCKED
{
	struct hart *hart = thread->hart;

	if (harts_idle != 0 && (harts_idle >> hart->index & 1) == 0)
		hart = &harts[__builtin_ctzl(harts_idle)];
	if (harts_idle != 0)
		harts_idle &= ~(1ul << hart->index);
	else if (hart == hart_self() || hart->current == NULL ||
		 hart->current->priority >= thread->priority)
		return;
	hart_wake(hart);
}

/* Make a thread READY: behind, or before, others of its priority. */
static void
sched_insert(struct thread *thread, bool first) LOCKED
{
	thread->state = THREAD_READY;
	prioq_insert(
	    &thread->hart->ready, &thread->link, thread->priority, first);
	if (nharts > 1)
		sched_notice(thread);
}

/* Let a thread that is on no hart run on this one. */
static void
sched_migrate(struct thread *thread, struct hart *hart) LOCKED
{
	if (thread->hart == hart)
		return;
	if (thread->hart->fp_holder == (uintptr_t)thread)
		thread->hart->fp_holder = FP_NOBODY;
	thread->hart = hart;
	space_enter(thread->space, hart);
}

void
sched_ready(struct thread *thread)
{
	sched_insert(thread, false);
}

/* Charge the time since the last charge to who runs. */
static inline __attribute__((always_inline)) void
sched_charge(struct hart *hart)
{
	uint64_t now = arch_cycles();

	if (hart->current != NULL)
		hart->current->cycles += now - hart->cycles;
	hart->cycles = now;
}

/* Put current's FP registers aside if they changed; charge its time. */
static inline __attribute__((always_inline)) void
sched_switch_out(struct hart *hart)
{
	struct thread *current = hart->current;

	sched_charge(hart);
	if (current != NULL && arch_fp_dirty()) {
		arch_fp_save(current);
		current->flags |= THREAD_FP_SAVED;
		current->fp_key = (uintptr_t)current;
		hart->fp_holder = (uintptr_t)current;
	}
}

void
sched_vacate(struct hart *hart)
{
	sched_switch_out(hart);
	hart->current = NULL;
	hart->satp = space_satp(kernel_space);
	arch_set_satp(hart->satp);
}

/* Put next's FP registers in place. */
static inline __attribute__((always_inline)) void
sched_switch_fp(struct hart *hart, struct thread *next)
{
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
	sched_switch_out(hart);
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
	sched_charge(hart);
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

/* Forget what other harts said was stale. */
static __attribute__((noinline)) void
sched_refresh(struct hart *hart) LOCKED
{
	hart->ready.ready &= ~READY_STALE;
	arch_flush_all();
	arch_sync_icache();
	hart->counters[STAT_FLUSHES]++;
}

/* Take the most urgent thread of a ready queue, which is not empty. */
static struct thread *
sched_take(struct prioq *ready) LOCKED
{
	struct thread *thread =
	    container_of(prioq_first(ready), struct thread, link);

	prioq_remove(ready, &thread->link, thread->priority);
	return thread;
}

/* The most urgent of the threads that wait for other harts; NULL: none. */
static struct thread *
sched_steal(const struct hart *hart) LOCKED
{
	struct hart *from = NULL;
	uint64_t most = 0;

	for (uint64_t i = 0; i < nharts; i++) {
		uint64_t ready = harts[i].ready.ready & READY_THREADS;

		if (&harts[i] != hart && ready > most) {
			most = ready;
			from = &harts[i];
		}
	}
	if (from == NULL)
		return NULL;
	count(STAT_STEALS);
	return sched_take(&from->ready);
}

/*
 * The most urgent ready thread of this hart, or of another, waiting for one if
 * need be; the lock is dropped meanwhile.
 */
static struct thread *
sched_find(struct hart *hart) LOCKED
{
	struct thread *thread;

	while (hart->ready.ready == 0) {
		thread = sched_steal(hart);
		if (thread != NULL)
			return thread;
		sched_vacate(hart);
		harts_idle |= 1ul << hart->index;
		lock_release(&kernel_lock);
		arch_wait();
		lock_acquire(&kernel_lock);
		harts_idle &= ~(1ul << hart->index);
		hart_interrupts();
		if (hart->ready.ready & READY_STALE)
			sched_refresh(hart);
	}
	return sched_take(&hart->ready);
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
		prefer = sched_find(hart);
	}
	sched_migrate(prefer, hart);
	prefer->state = THREAD_RUNNING;
	KCHECK(thread_check(prefer));
	if (prefer != hart->current)
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

	if (__builtin_expect(hart->ready.ready >> PRIORITIES, 0)) {
		if (hart->ready.ready & READY_STALE)
			sched_refresh(hart);
		if (hart->ready.ready & READY_EXPIRED)
			return sched_expire(hart, prefer);
	}
	return sched_choose(hart, prefer);
}
