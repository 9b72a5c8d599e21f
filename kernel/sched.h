/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sched.h - which thread runs.
 *
 * 64 fixed priorities, round robin within one, a ready queue for each hart.
 * Kernel operations make threads READY and say whom they would like to run
 * next; only the way out of a trap, sched_leave(), switches.
 */
#ifndef TINE_SCHED_H
#define TINE_SCHED_H

#include "thread.h"

/* Make a thread READY: behind, or before, others of its priority. */
void sched_ready(struct thread *thread) REQUIRES(kernel_lock);
void sched_ready_first(struct thread *thread) REQUIRES(kernel_lock);

/* Take a READY thread off its queue.  The caller sets its state. */
void sched_remove(struct thread *thread) REQUIRES(kernel_lock);

/*
 * Choose and become the next thread: prefer (READY but on no queue, or NULL)
 * if nobody more urgent is ready, else current if it still runs, else
 * whoever is ready, waiting for one if need be.  Returns it RUNNING, its
 * space and FP registers in place.
 */
struct thread *sched_leave(struct thread *prefer) REQUIRES(kernel_lock);

/* Let others of its priority run before current does again. */
void sched_yield(void) REQUIRES(kernel_lock);

/* Set the timer for what is due first, after a timer was armed. */
void sched_rearm(void) REQUIRES(kernel_lock);

/* The timer interrupted. */
void sched_tick(void) REQUIRES(kernel_lock);

/* Everything but the choice: used by the fast path too. */
void sched_switch_fp(struct hart *hart, struct thread *next);

#endif
