/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * irq.h - interrupts of devices, and what becomes of them.
 *
 * Devices interrupt by the lines of a PLIC, which has a context for each hart.
 * An irq is a line that somebody has taken.  Bound, the line is enabled on the
 * context of the hart that bound it: there an interrupt is claimed, and bits
 * of a notification are set.  Not before it is acknowledged is it completed, so
 * that the line is silent while a driver sees to the device.
 *
 * Invariants (irq_check() asserts them):
 *   - irqs[] has the irq at its line, which is not 0;
 *   - only what is bound is claimed.
 */
#pragma once

#include "cap.h"

/* Lines are numbered from 1 (PLIC specification 1.0.0, 1). */
#define IRQ_LINES 1024

/* Field guards:  ! constant after creation; all others kernel_lock. */
struct irq {
	uint32_t line; /* ! */
	bool claimed; /* and not completed */
	uint64_t context; /* the one that it is enabled on, if bound */
	struct cap notification; /* checked at use; without rights: unbound */
	uint64_t bits;
};

extern struct irq *irqs[IRQ_LINES];

/*
 * Use the PLIC whose registers are at base, size bytes, and which has lines up
 * to last; boot only.  Without this there are no lines.
 */
void plic_init(uintptr_t base, uint64_t size, uint64_t last) LOCKED;

/* Let no line interrupt this hart, which has this context, yet. */
void plic_hart_init(uint64_t context) LOCKED;

/* EINVAL: there is no such line; EBUSY: it is taken. */
int irq_available(uint64_t line) LOCKED MUST_CHECK;

/* Take a line that is available. */
void irq_init(struct irq *irq, uint64_t line) LOCKED;

/* Disable the line and give it back. */
void irq_end(struct irq *irq) LOCKED;

/*
 * See to what interrupts this hart: one interrupt of a device, or else the
 * timer; a further one interrupts again.
 */
void hart_interrupts(void) LOCKED;
