/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fake_plic.h - an interrupt controller, by its registers.
 *
 * It is as strict as the specification allows: a level is passed on once until
 * it is completed, and what is completed where it is not enabled is ignored.
 * Whoever reaches for a register that is not there fails the test.
 */
#ifndef TINE_FAKE_PLIC_H
#define TINE_FAKE_PLIC_H

#include <abi/types.h>

#define FAKE_PLIC_BASE 0xc000000ul
#define FAKE_PLIC_CONTEXTS 4u
#define FAKE_PLIC_SIZE (0x200000ul + FAKE_PLIC_CONTEXTS * 0x1000)
#define FAKE_PLIC_LAST 39u /* the highest line */
#define FAKE_PLIC_WORDS (FAKE_PLIC_LAST / 32 + 1)
/* The S-mode context of a hart, as on a machine where all have M-mode's too. */
#define FAKE_PLIC_CONTEXT(hart) (2 * (hart) + 1)

struct fake_plic {
	uint32_t priority[FAKE_PLIC_LAST + 1];
	uint32_t enable[FAKE_PLIC_CONTEXTS][FAKE_PLIC_WORDS];
	uint32_t threshold[FAKE_PLIC_CONTEXTS];
	bool level[FAKE_PLIC_LAST + 1]; /* the device wants attention */
	bool pending[FAKE_PLIC_LAST + 1];
	/* By the context + 1 that claimed it; 0: the gateway is open. */
	uint32_t claimed[FAKE_PLIC_LAST + 1];
	bool spurious; /* every hart is interrupted, whatever waits */
};

extern struct fake_plic fake_plic;

/* As the firmware may have left it: all enabled, all masked. */
void fake_plic_reset(void);

/* A device begins, or ceases, to want attention. */
void fake_plic_level(uint32_t line, bool high);

/* Whether a context interrupts its hart. */
bool fake_plic_interrupts(uint64_t context);

bool fake_plic_enabled(uint64_t context, uint32_t line);

/* For arch_inline.h. */
uint32_t fake_device_read(uintptr_t address);
void fake_device_write(uintptr_t address, uint32_t value);

#endif
