/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * notify.h - notifications: bits that are set now and taken later.
 *
 * A notification is bound to one thread, which gets the bits as a message
 * whenever it receives, before any queued sender.  It has one timer.
 *
 * Invariants (notification_check() asserts them):
 *   - if the bound thread is RECEIVING, no bits are pending;
 *   - the timer is on its hart's list iff deadline is not TIMER_NEVER.
 */
#pragma once

#include "thread.h"

#define TIMER_NEVER (~0ul)

/* Field guards:  all kernel_lock. */
struct notification {
	uint64_t pending;
	struct thread *bound; /* NULL: none */
	uint64_t deadline;
	uint64_t timer_bits;
	struct list timer_link;
};

void notification_init(struct notification *notification);

/* Unbind and disarm before the notification goes. */
void notification_end(struct notification *notification) LOCKED;

/* Set bits.  If the bound thread waits it gets them, and is READY then. */
void notification_set(struct notification *notification, uint64_t bits) LOCKED;

/* Give pending bits to the thread that it is bound to: true if any were. */
bool notification_take(
    struct notification *notification, struct thread *thread) LOCKED;

/* Set bits at a time; TIMER_NEVER disarms. */
void notification_arm(
    struct notification *notification, uint64_t deadline, uint64_t bits) LOCKED;

/* Fire this hart's timers that are due at now; wakes their threads. */
void notification_fire(uint64_t now) LOCKED;

/* When the next timer of this hart is due; TIMER_NEVER: none. */
uint64_t notification_next(void) LOCKED;
