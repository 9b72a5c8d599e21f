/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kmap.c - the kernel's own mappings; see kmap.h.
 *
 * All of them are global (G) and have A and D set.  Large runs are mapped by
 * megapages.
 */
#include "kmap.h"
#include "../../cap.h"
#include "../../panic.h"
#include "../../space_impl.h"

extern char kernel_text[], kernel_text_end[], kernel_rodata[], kernel_data[],
    kernel_end[];

#define PTE_KERNEL (PTE_V | PTE_A | PTE_D | PTE_G)
#define PTE_RX (PTE_KERNEL | PTE_R | PTE_X)
#define PTE_RO (PTE_KERNEL | PTE_R)
#define PTE_RW (PTE_KERNEL | PTE_R | PTE_W)

paddr_t
kmap_image_address(const void *pointer)
{
	return (paddr_t)pointer - 0xffffffff00000000ul;
}

static uint64_t *
kmap_table(void) LOCKED
{
	uint64_t frame = frame_take(FRAME_TABLE);

	if (frame == FRAME_NONE)
		panic("no memory for the kernel's page tables");
	page_zero(object_in(frame));
	return object_in(frame);
}

/* The table below *entry, made if need be. */
static uint64_t *
kmap_below(uint64_t *entry) LOCKED
{
	if (*entry == 0)
		*entry = pte_to_table(kmap_table());
	return pte_table(*entry);
}

/* Map size bytes, a page or a megapage, to which both are aligned. */
static void
kmap_page(vaddr_t va, paddr_t pa, uint64_t size, uint64_t flags) LOCKED
{
	uint64_t *root = (uint64_t *)kernel_space;
	uint64_t *table = kmap_below(&root[va >> 30 & 511]);
	uint64_t *entry = &table[va >> 21 & 511];

	if (size == PAGE_SIZE)
		entry = &kmap_below(entry)[va >> 12 & 511];
	*entry = pa >> PAGE_SHIFT << PTE_PPN_SHIFT | flags;
}

static void
kmap_image(const char *start, const char *end, uint64_t flags) LOCKED
{
	for (; start < end; start += PAGE_SIZE)
		kmap_page((vaddr_t)start, kmap_image_address(start), PAGE_SIZE,
		    flags);
}

/* Whether none of the frames of an aligned megapage is RESERVED. */
static bool
megapage_is_plain(uint64_t frame) LOCKED
{
	uint64_t n = MEGAPAGE / PAGE_SIZE;

	if ((frame_address(frame) & (MEGAPAGE - 1)) != 0 ||
	    frames.count - frame < n)
		return false;
	while (n > 0 && frame_kind(frame + n - 1) != FRAME_RESERVED)
		n--;
	return n == 0;
}

static void
kmap_direct(void) LOCKED
{
	uint64_t frame = 0;

	while (frame < frames.count) {
		uint64_t size = megapage_is_plain(frame) ? MEGAPAGE : PAGE_SIZE;
		paddr_t pa = frame_address(frame);

		if (frame_kind(frame) != FRAME_RESERVED)
			kmap_page(pa + DMAP_BASE, pa, size, PTE_RW);
		frame += size >> PAGE_SHIFT;
	}
}

void
kmap_init(void)
{
	kernel_space = (struct space *)kmap_table();
	kmap_image(kernel_text, kernel_text_end, PTE_RX);
	kmap_image(kernel_rodata, kernel_data, PTE_RO);
	kmap_image(kernel_data, kernel_end, PTE_RW);
	kmap_direct();
	arch_set_satp(arch_satp(dmap_address(kernel_space), 0));
	arch_flush_all();
}

void *
kmap_device(paddr_t pa, uint64_t size)
{
	static vaddr_t next = DEVICE_BASE;
	vaddr_t va = next + (pa & (MEGAPAGE - 1));

	if (size > DEVICE_BASE + GIGAPAGE - va)
		panic("no room for a device of %lu bytes", size);
	for (paddr_t at = pa; next < va + size; at += MEGAPAGE) {
		kmap_page(next, at & ~(MEGAPAGE - 1), MEGAPAGE, PTE_RW);
		next += MEGAPAGE;
	}
	return (void *)va;
}

uint64_t
kmap_asid_bits(void)
{
	uint64_t satp = csr_read(satp);
	uint64_t all;

	csr_write(satp, satp | 0xfffful << SATP_ASID_SHIFT);
	all = space_satp_asid(csr_read(satp));
	csr_write(satp, satp);
	arch_flush_all();
	return (uint64_t)__builtin_popcountl(all);
}
