/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sched.h - which thread runs.
 *
 * Fixed priorities, round robin within one, a ready queue for each hart.
 * Kernel operations make threads READY and say whom they would like to run
 * next; only the way out of a trap, sched_leave(), switches.  A thread stays
 * with its hart, but goes to that of whom it answers or who calls it; and
 * harts without work take it from others.
 */
#pragma once

#include "thread.h"

/* Make a thread READY, behind others of its priority. */
void sched_ready(struct thread *thread) LOCKED;

/*
 * Choose and become the next thread: prefer (READY but on no queue, or NULL)
 * if nobody more urgent is ready, else current if it still runs, else
 * whoever is ready, waiting for one if need be.  Returns it RUNNING, its
 * space and FP registers in place.
 */
struct thread *sched_leave(struct thread *prefer) LOCKED;

/* Let others of its priority run before current does again. */
void sched_yield(void) LOCKED;

/* Set the timer for what is due first, after a timer was armed. */
void sched_rearm(void) LOCKED;

/* The timer interrupted, or may have. */
void sched_tick(void) LOCKED;

/* Leave current, its FP registers in memory, and its space. */
void sched_vacate(struct hart *hart);
