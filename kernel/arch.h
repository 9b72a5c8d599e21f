/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch.h - the only door from the kernel to the machine.
 *
 * arch/riscv implements this for harts; tests/fake does so on the host, where
 * RAM is an array and TLBs are not there.  arch_inline.h, found by include
 * path, has the definitions.
 */
#pragma once

#include <abi/types.h>

struct thread;
struct hart;

/*
 * arch_inline.h defines, as inline functions:
 *
 *	hart_self()		the hart that runs this code
 *	dmap(pa)		where the kernel sees a physical address of RAM
 *	dmap_address(pointer)	and back
 *	arch_flush_page(asid, va)
 *	arch_flush_space(asid)
 *	arch_flush_all()	forget translations on this hart: of one page
 *				of a space, of one space, of everything (Priv.
 *				ISA 4.2.1); a space without ASID bears number 0
 *	arch_satp(root, asid)	satp for a root table's address and an ASID
 *	arch_set_satp(satp)	enter an address space
 *	arch_sync_icache()	have memory written to before instructions are
 *				fetched from it
 *	arch_now()		ticks of the time CSR
 *	arch_cycles()		the cycle CSR
 *	arch_clear_ipi()	forget an interrupt by another hart
 *	arch_interrupt_pending()  enabled interrupts that wait here, as bits of
 *				sie; SIE_SEIE: a device's
 *	arch_device_read(address)
 *	arch_device_write(address, value)  a register of a device, 32 bits
 *	arch_fp_dirty()		whether FP registers differ from their copy
 *	arch_status(fpu)	the status that a thread runs with
 *	arch_set_status(status)
 */
#include <arch_inline.h>

/* Whole pages, both page aligned. */
void page_zero(void *page);
void page_copy(void *to, const void *from);

/* Interrupt the hart that the SBI calls so. */
void arch_send_ipi(uint64_t id);

/* How timers are set: by stimecmp (Sstc), or by the firmware. */
void arch_timer_init(bool has_sstc);

/* Interrupt this hart at a time; replaces the last request. */
void arch_set_timer(uint64_t deadline);

/* Wait until there may be an interrupt; called without the lock. */
void arch_wait(void);

/*
 * Sleep for so many ticks, at most until an IPI; what is waiting already does
 * not end it, and is still there afterwards.  The timer is left as it is to
 * be: set for the deadline.
 */
void arch_nap(uint64_t ticks, uint64_t deadline);

/* Put the FP registers of a thread aside, or back; they are clean then. */
void arch_fp_save(struct thread *thread);
void arch_fp_restore(const struct thread *thread);
