/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * irq.c - interrupts of devices; see irq.h.
 *
 * All lines have the same priority, and are told apart by enabling them.
 */
#include "irq.h"
#include "kassert.h"
#include "notify.h"
#include "sched.h"
#include "syscall.h"

#include <abi/errors.h>

/* Registers, all of 32 bits (PLIC specification 1.0.0, 3). */
#define PLIC_PRIORITY(line) ((line)*4)
#define PLIC_ENABLE(context, line) (0x2000 + (context)*0x80 + (line) / 32 * 4)
#define PLIC_THRESHOLD(context) (0x200000 + (context)*0x1000)
#define PLIC_CLAIM(context) (PLIC_THRESHOLD(context) + 4)

struct irq *irqs[IRQ_LINES];
static uintptr_t plic;
static uint64_t plic_size;
static uint64_t plic_last;

void
plic_init(uintptr_t base, uint64_t size, uint64_t last)
{
	plic = base;
	plic_size = size;
	plic_last = last < IRQ_LINES ? last : IRQ_LINES - 1;
}

/* A hart without a context has a number that is beyond all. */
static bool
context_exists(uint64_t context)
{
	return PLIC_CLAIM(context) < plic_size;
}

void
plic_hart_init(uint64_t context)
{
	hart_self()->context = context;
	if (!context_exists(context))
		return;
	for (uint64_t line = 0; line <= plic_last; line += 32)
		arch_device_write(plic + PLIC_ENABLE(context, line), 0);
	arch_device_write(plic + PLIC_THRESHOLD(context), 0);
}

static void
line_enable(uint64_t context, uint32_t line, bool enable) LOCKED
{
	uintptr_t at = plic + PLIC_ENABLE(context, line);
	uint32_t others = arch_device_read(at) & ~(1u << line % 32);

	arch_device_write(at, others | (uint32_t)enable << line % 32);
}

static void
irq_complete(struct irq *irq) LOCKED
{
	if (irq->claimed)
		arch_device_write(plic + PLIC_CLAIM(irq->context), irq->line);
	irq->claimed = false;
}

static void
irq_disable(struct irq *irq) LOCKED
{
	/* First: a line that is disabled can't be completed. */
	irq_complete(irq);
	line_enable(irq->context, irq->line, false);
}

int
irq_available(uint64_t line)
{
	if (line == 0 || line > plic_last ||
	    !context_exists(hart_self()->context))
		return TINE_EINVAL;
	return irqs[line] != NULL ? TINE_EBUSY : 0;
}

void
irq_init(struct irq *irq, uint64_t line)
{
	irq->line = (uint32_t)line;
	irq->context = hart_self()->context;
	irqs[line] = irq;
}

void
irq_end(struct irq *irq)
{
	irq_disable(irq);
	irqs[irq->line] = NULL;
}

static void
irq_claim(uint64_t context) LOCKED
{
	uint32_t line = arch_device_read(plic + PLIC_CLAIM(context));
	struct irq *irq = irqs[line % IRQ_LINES];
	struct cap *cap;

	/* It may have gone, or been disabled, since it interrupted. */
	if (line == 0)
		return;
	count(STAT_INTERRUPTS);
	if (irq == NULL) {
		arch_device_write(plic + PLIC_CLAIM(context), line);
		line_enable(context, line, false);
		return;
	}
	irq->claimed = true;
	if (cap_lookup(&irq->notification, 0, RIGHT_NOTIFY, &cap) == 0)
		notification_set(object_of(cap->frame), irq->bits);
}

void
hart_interrupts(void)
{
	arch_clear_ipi();
	if (arch_interrupt_pending() & SIE_SEIE)
		irq_claim(hart_self()->context);
	else
		sched_tick();
}

int
sys_irq_bind(struct thread *self, void *object, const uint64_t *args)
{
	struct irq *irq = object;
	struct cap *cap;
	int error;

	error = cap_lookup(self->cspace, args[1], RIGHT_NOTIFY, &cap);
	if (error)
		return error;
	irq_disable(irq);
	irq->notification = *cap;
	irq->bits = args[2];
	if (context_exists(hart_self()->context))
		irq->context = hart_self()->context;
	line_enable(irq->context, irq->line, true);
	/* Last: only this makes QEMU's PLIC see a line that waits already. */
	arch_device_write(plic + PLIC_PRIORITY(irq->line), 1);
	KCHECK(irq_check(irq));
	return 0;
}

int
sys_irq_ack(struct thread *self, void *object, const uint64_t *args)
{
	KCHECK(irq_check(object));
	irq_complete(object);
	return 0;
}
