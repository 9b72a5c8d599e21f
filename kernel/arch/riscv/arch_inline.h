/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch_inline.h - arch.h for RISC-V harts.
 *
 * Where things are in the upper half of each address space:
 *
 *	0xffffffc000000000	direct map: all RAM but firmware and kernel
 *	0xffffffff40000000	devices that the kernel itself uses
 *	0xffffffff80000000	the kernel's image, at its physical address
 *				plus IMAGE_OFFSET
 */
#pragma once

#include "csr.h"

#define DMAP_BASE 0xffffffc000000000ul
#define DEVICE_BASE 0xffffffff40000000ul

static inline struct hart *
hart_self(void)
{
	struct hart *hart;

	__asm__("mv %0, tp" : "=r"(hart));
	return hart;
}

static inline void *
dmap(paddr_t pa)
{
	return (void *)(pa + DMAP_BASE);
}

static inline paddr_t
dmap_address(const void *pointer)
{
	return (paddr_t)pointer - DMAP_BASE;
}

static inline void
arch_flush_page(uint64_t asid, vaddr_t va)
{
	__asm__ volatile("sfence.vma %0, %1" : : "r"(va), "r"(asid) : "memory");
}

static inline void
arch_flush_space(uint64_t asid)
{
	__asm__ volatile("sfence.vma zero, %0" : : "r"(asid) : "memory");
}

static inline void
arch_flush_all(void)
{
	__asm__ volatile("sfence.vma" : : : "memory");
}

static inline uint64_t
arch_satp(paddr_t root, uint64_t asid)
{
	return SATP_SV39 | asid << SATP_ASID_SHIFT | root >> PAGE_SHIFT;
}

static inline void
arch_sync_icache(void)
{
	__asm__ volatile("fence.i" : : : "memory");
}

static inline uint64_t
arch_now(void)
{
	return csr_read(time);
}

/* time may trap to the firmware, where this is a register. */
static inline uint64_t
arch_cycles(void)
{
	return csr_read(cycle);
}

static inline void
arch_clear_ipi(void)
{
	csr_clear(sip, SIE_SSIE);
}

static inline uint64_t
arch_interrupt_pending(void)
{
	return csr_read(sip) & csr_read(sie);
}

static inline uint32_t
arch_device_read(uintptr_t address)
{
	return *(const volatile uint32_t *)address;
}

static inline void
arch_device_write(uintptr_t address, uint32_t value)
{
	/* After what a driver did to its device (Unpriv. ISA 2.7). */
	__asm__ volatile("fence iorw, ow" : : : "memory");
	*(volatile uint32_t *)address = value;
}

static inline bool
arch_fp_dirty(void)
{
	return (csr_read(sstatus) & SSTATUS_FS) == SSTATUS_FS;
}

static inline uint64_t
arch_status(bool fpu)
{
	uint64_t status = csr_read(sstatus);

	status &= ~(uint64_t)(SSTATUS_SPP | SSTATUS_FS);
	status |= SSTATUS_SPIE;
	return fpu ? status | SSTATUS_FS_CLEAN : status;
}

static inline void
arch_set_status(uint64_t status)
{
	csr_write(sstatus, status);
}

static inline void
arch_set_satp(uint64_t satp)
{
	csr_write(satp, satp);
}
