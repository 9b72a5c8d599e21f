/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch.h - the only door from the kernel to the machine.
 *
 * arch/riscv implements this for harts; tests/fake does so on the host, where
 * RAM is an array and TLBs are not there.  arch_inline.h, found by include
 * path, has the definitions.
 */
#ifndef TINE_ARCH_H
#define TINE_ARCH_H

#include <abi/types.h>

struct thread;
struct hart;

/* The hart that runs this code. */
static inline struct hart *hart_self(void);

/* Where the kernel sees a physical address of RAM (but its own text). */
static inline void *dmap(paddr_t pa);
static inline paddr_t dmap_address(const void *pointer);

/* Whole pages, both page aligned. */
void page_zero(void *page);
void page_copy(void *to, const void *from);

/*
 * Forget translations on this hart: of one page of a space, of one space,
 * of everything.  Priv. ISA 4.2.1; a space without ASID bears number 0.
 */
static inline void arch_flush_page(uint64_t asid, vaddr_t va);
static inline void arch_flush_space(uint64_t asid);
static inline void arch_flush_all(void);

/* satp for a root table and an ASID. */
static inline uint64_t arch_satp(paddr_t root, uint64_t asid);

/* Write what was stored to memory before instructions are fetched from it. */
static inline void arch_sync_icache(void);

/* Ticks of the time CSR. */
static inline uint64_t arch_now(void);

/* Interrupt this hart at a time; replaces the last request. */
void arch_set_timer(uint64_t deadline);

/* Whether an enabled interrupt waits on this hart. */
static inline bool arch_interrupt_pending(void);

/* Wait until there may be an interrupt; called without the lock. */
void arch_wait(void);

/* Put aside or put back the FP registers of the thread; dirty state. */
static inline bool arch_fp_dirty(void);
void arch_fp_save(struct thread *thread);
void arch_fp_restore(const struct thread *thread);

/* The status that a thread runs with, with its FP registers on or off. */
static inline uint64_t arch_status(bool fpu);
static inline void arch_set_status(uint64_t status);

/* Enter an address space. */
static inline void arch_set_satp(uint64_t satp);

#include <arch_inline.h>

#endif
