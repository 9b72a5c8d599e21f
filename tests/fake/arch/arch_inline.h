/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch_inline.h - arch.h for the host.
 */
#ifndef TINE_ARCH_INLINE_H
#define TINE_ARCH_INLINE_H

#include "fake_arch.h"
#include "fake_plic.h"

static inline struct hart *
hart_self(void)
{
	return fake_hart();
}

static inline void *
dmap(paddr_t pa)
{
	return fake_dmap(pa);
}

static inline paddr_t
dmap_address(const void *pointer)
{
	return fake_dmap_address(pointer);
}

static inline void
arch_flush_page(uint64_t asid, vaddr_t va)
{
	fake_flush_page(asid, va);
}

static inline void
arch_flush_space(uint64_t asid)
{
	fake_flush_space(asid);
}

static inline void
arch_flush_all(void)
{
	fake_flush_all();
}

static inline uint64_t
arch_satp(paddr_t root, uint64_t asid)
{
	return 8ul << 60 | asid << 44 | root >> PAGE_SHIFT;
}

static inline void
arch_sync_icache(void)
{
	fake_arch.icache_syncs++;
	if (fake_arch.icache_sync != NULL)
		fake_arch.icache_sync();
}

static inline uint64_t
arch_now(void)
{
	return fake_arch.now;
}

static inline uint64_t
arch_cycles(void)
{
	return fake_arch.cycles;
}

static inline void
arch_clear_ipi(void)
{
}

static inline uint64_t
arch_interrupt_pending(void)
{
	return fake_interrupt_pending();
}

static inline uint32_t
arch_device_read(uintptr_t address)
{
	return fake_device_read(address);
}

static inline void
arch_device_write(uintptr_t address, uint32_t value)
{
	fake_device_write(address, value);
}

static inline bool
arch_fp_dirty(void)
{
	return fake_arch.fp_dirty;
}

static inline uint64_t
arch_status(bool fpu)
{
	return 0x20 | (fpu ? FAKE_STATUS_FPU : 0);
}

/* FS is off or clean in every status that the kernel makes. */
static inline void
arch_set_status(uint64_t status)
{
	fake_arch.status = status;
	fake_arch.fp_dirty = false;
}

static inline void
arch_set_satp(uint64_t satp)
{
	fake_arch.satp = satp;
}

#endif
