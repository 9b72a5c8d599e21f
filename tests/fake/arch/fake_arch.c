/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fake_arch.c - a machine for the kernel to run on; see fake_arch.h.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "arch.h"
#include "hart.h"
#include "panic.h"
#include "thread.h"

#define RAM_BYTES (FAKE_FRAMES * PAGE_SIZE)

struct fake_arch fake_arch;
static _Alignas(PAGE_SIZE) uint8_t ram[RAM_BYTES];

/* As the TLB of a hart: it forgets an entry whenever it likes. */
#define TLB_ENTRIES 1024
/* What it takes to find that an interrupt waits already. */
#define FAKE_TICKS 100

struct tlb_entry {
	bool valid;
	uint64_t asid;
	uint64_t page;
	uint64_t pte;
};

static struct tlb_entry tlb[TLB_ENTRIES];

void
fake_arch_reset(void)
{
	memset(&fake_arch, 0, sizeof(fake_arch));
	memset(ram, FAKE_GARBAGE, sizeof(ram));
	memset(tlb, 0, sizeof(tlb));
	fake_log[0] = '\0';
	memset(&fake_power, 0, sizeof(fake_power));
	fake_plic_reset();
}

void *
fake_ram(void)
{
	return ram;
}

struct hart *
fake_hart(void)
{
	return &harts[fake_arch.hart];
}

/* The other hart comes into the kernel at once, and serves its requests. */
void
arch_send_ipi(uint64_t id)
{
	uint64_t self = fake_arch.hart;

	fake_arch.ipis++;
	assert_true(id < nharts && id != self);
	fake_arch.hart = id;
	hart_serve();
	fake_arch.hart = self;
}

void *
fake_dmap(paddr_t pa)
{
	if (pa - FAKE_BASE >= RAM_BYTES)
		panic("%lx is not in the direct map", pa);
	return ram + (pa - FAKE_BASE);
}

paddr_t
fake_dmap_address(const void *pointer)
{
	uint64_t offset = (uintptr_t)pointer - (uintptr_t)ram;

	if (offset >= RAM_BYTES)
		panic("%p is not in the direct map", pointer);
	return FAKE_BASE + offset;
}

void
page_zero(void *page)
{
	assert_true(((uintptr_t)page & PAGE_MASK) == 0);
	memset(page, 0, PAGE_SIZE);
}

void
page_copy(void *to, const void *from)
{
	assert_true((((uintptr_t)to | (uintptr_t)from) & PAGE_MASK) == 0);
	memcpy(to, from, PAGE_SIZE);
}

void
arch_set_timer(uint64_t deadline)
{
	fake_arch.timer = deadline;
}

/*
 * Other harts have done all that they were asked for: only for a lock that a
 * test holds is anybody awaited.
 */
void
arch_nap(uint64_t ticks, uint64_t deadline)
{
	assert_non_null(fake_arch.nap);
	fake_arch.nap(ticks, deadline);
	fake_arch.timer = deadline;
}

static uint64_t
external_pending(void)
{
	return fake_plic_interrupts(FAKE_PLIC_CONTEXT(fake_hart()->index))
		   ? SIE_SEIE
		   : 0;
}

/* Time passes until the timer interrupts, or a device. */
void
arch_wait(void)
{
	fake_arch.waits++;
	if (external_pending() != 0) {
		fake_arch.now += FAKE_TICKS;
		return;
	}
	if (fake_arch.device_line != 0 &&
	    fake_arch.device_at < fake_arch.timer) {
		fake_arch.now = fake_arch.device_at;
		fake_plic_level(fake_arch.device_line, true);
		fake_arch.device_line = 0;
		return;
	}
	if (fake_arch.timer == ~0ul)
		panic("the hart waits for ever");
	if (fake_arch.now < fake_arch.timer)
		fake_arch.now = fake_arch.timer;
}

void
fake_interrupt_at(uint64_t n)
{
	fake_arch.interrupt_at = fake_arch.polls + n;
}

uint64_t
fake_interrupt_pending(void)
{
	fake_arch.polls++;
	if (fake_arch.interrupts || fake_arch.polls == fake_arch.interrupt_at)
		return SIE_STIE | external_pending();
	return external_pending();
}

void
arch_fp_save(struct thread *thread)
{
	fake_arch.fp_saves++;
	memcpy(thread->f, fake_arch.f, sizeof(thread->f));
	thread->fcsr = fake_arch.fcsr;
}

void
arch_fp_restore(const struct thread *thread)
{
	fake_arch.fp_restores++;
	memcpy(fake_arch.f, thread->f, sizeof(thread->f));
	fake_arch.fcsr = thread->fcsr;
}

static struct tlb_entry *
tlb_slot(uint64_t asid, uint64_t page)
{
	return &tlb[(page ^ page >> 9 ^ asid * 37) % TLB_ENTRIES];
}

void
fake_flush_page(uint64_t asid, vaddr_t va)
{
	struct tlb_entry *entry = tlb_slot(asid, va >> PAGE_SHIFT);

	fake_arch.page_flushes++;
	if (entry->asid == asid && entry->page == va >> PAGE_SHIFT)
		entry->valid = false;
}

void
fake_flush_space(uint64_t asid)
{
	fake_arch.space_flushes++;
	for (unsigned int i = 0; i < TLB_ENTRIES; i++) {
		if (tlb[i].asid == asid)
			tlb[i].valid = false;
	}
}

void
fake_flush_all(void)
{
	fake_arch.full_flushes++;
	memset(tlb, 0, sizeof(tlb));
}

/* The leaf for a user address in the space that satp names; 0: none. */
static uint64_t
walk(vaddr_t va)
{
	const uint64_t *table =
	    fake_dmap((fake_arch.satp & ((1ul << 44) - 1)) << PAGE_SHIFT);

	for (unsigned int level = 2; level > 0; level--) {
		uint64_t pte = table[va >> (PAGE_SHIFT + 9 * level) & 511];

		if ((pte & PTE_V) == 0)
			return 0;
		assert_true((pte & (PTE_R | PTE_W | PTE_X)) == 0);
		table = fake_dmap(pte >> PTE_PPN_SHIFT << PAGE_SHIFT);
	}
	return table[va >> PAGE_SHIFT & 511];
}

static bool
pte_allows(uint64_t pte, uint64_t access)
{
	return (pte & (PTE_V | PTE_U)) == (PTE_V | PTE_U) &&
	       (pte >> 1 & access) == access;
}

bool
fake_translate(vaddr_t va, uint64_t access, void **page)
{
	uint64_t asid = fake_arch.satp >> 44 & 0xffff;
	struct tlb_entry *entry = tlb_slot(asid, va >> PAGE_SHIFT);
	uint64_t pte;

	if (va >= USER_TOP)
		return false;
	pte = walk(va);
	if (entry->valid && entry->asid == asid &&
	    entry->page == va >> PAGE_SHIFT && pte_allows(entry->pte, access)) {
		if (!pte_allows(pte, access) ||
		    pte >> PTE_PPN_SHIFT != entry->pte >> PTE_PPN_SHIFT)
			fail_msg(
			    "stale translation of %lx, ASID %lu", va, asid);
	}
	if (!pte_allows(pte, access))
		return false;
	*entry = (struct tlb_entry){true, asid, va >> PAGE_SHIFT, pte};
	*page = fake_dmap(pte >> PTE_PPN_SHIFT << PAGE_SHIFT);
	return true;
}
