/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * timer.c - the timer of a hart, and waiting for it.
 *
 * With the Sstc extension the hart has a comparator that the kernel sets
 * itself; otherwise the firmware does (SBI TIME), at some 300 instructions.
 */
#include "../../arch.h"
#include "csr.h"
#include "sbi.h"

static bool sstc;

void
arch_timer_init(bool has_sstc)
{
	sstc = has_sstc;
}

void
arch_set_timer(uint64_t deadline)
{
	if (sstc)
		csr_write(0x14d, deadline); /* stimecmp */
	else
		(void)sbi_call(SBI_SET_TIMER, deadline);
}

void
arch_wait(void)
{
	/* sstatus.SIE is 0: an interrupt ends the wait but is not taken. */
	while (!arch_interrupt_pending())
		__asm__ volatile("wfi");
}

void
arch_nap(uint64_t ticks, uint64_t deadline)
{
	uint64_t ipi = csr_read(sip) & SIE_SSIE;

	csr_write(sie, SIE_ENABLED & ~SIE_SEIE);
	csr_clear(sip, ipi);
	arch_set_timer(arch_now() + ticks);
	__asm__ volatile("wfi");
	arch_set_timer(deadline);
	csr_set(sip, ipi);
	csr_write(sie, SIE_ENABLED);
}
