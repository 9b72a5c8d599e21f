/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kmap.c - the kernel's own mappings; see kmap.h.
 *
 * All of them are global (G) and have A and D set.  Large runs are mapped by
 * megapages.
 */
#include "kmap.h"
#include "../../space_impl.h"

#include <abi/errors.h>

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
kmap_table(struct memmap *map)
{
	paddr_t pa = memmap_take(map, 1);

	if (pa == 0)
		return NULL;
	page_zero(dmap(pa));
	return dmap(pa);
}

/* The table below *entry, made if need be; NULL: out of memory. */
static uint64_t *
kmap_below(struct memmap *map, uint64_t *entry)
{
	if (*entry == 0) {
		uint64_t *table = kmap_table(map);

		if (table == NULL)
			return NULL;
		*entry = pte_to_table(table);
	}
	return pte_table(*entry);
}

/* Map [pa, end) from va on, with megapages where both are aligned. */
static int
kmap_range(
    struct memmap *map, vaddr_t va, paddr_t pa, paddr_t end, uint64_t flags)
{
	uint64_t *root = (uint64_t *)kernel_space;

	while (pa < end) {
		uint64_t leaf = pa >> PAGE_SHIFT << PTE_PPN_SHIFT | flags;
		uint64_t size = PAGE_SIZE;
		uint64_t *table;

		table = kmap_below(map, &root[va >> 30 & 511]);
		if (table == NULL)
			return TINE_ENOMEM;
		if (((va | pa) & (MEGAPAGE - 1)) == 0 && end - pa >= MEGAPAGE) {
			table[va >> 21 & 511] = leaf;
			size = MEGAPAGE;
		} else {
			table = kmap_below(map, &table[va >> 21 & 511]);
			if (table == NULL)
				return TINE_ENOMEM;
			table[va >> 12 & 511] = leaf;
		}
		va += size;
		pa += size;
	}
	return 0;
}

static int
kmap_image(
    struct memmap *map, const char *start, const char *end, uint64_t flags)
{
	return kmap_range(map, (vaddr_t)start, kmap_image_address(start),
	    kmap_image_address(end), flags);
}

int
kmap_init(struct memmap *map)
{
	struct spans mappable = map->mappable;
	int error;

	kernel_space = (struct space *)kmap_table(map);
	if (kernel_space == NULL)
		return TINE_ENOMEM;
	error = kmap_image(map, kernel_text, kernel_text_end, PTE_RX);
	if (error == 0)
		error = kmap_image(map, kernel_rodata, kernel_data, PTE_RO);
	if (error == 0)
		error = kmap_image(map, kernel_data, kernel_end, PTE_RW);
	for (uint32_t i = 0; error == 0 && i < mappable.n; i++) {
		struct span *span = &mappable.span[i];

		error = kmap_range(map, span->start + DMAP_BASE, span->start,
		    span->end, PTE_RW);
	}
	if (error)
		return error;
	/* So that a device can be mapped after spaces were made. */
	if (kmap_below(map, &kernel_space->kernel[0]) == NULL)
		return TINE_ENOMEM;
	arch_set_satp(arch_satp(dmap_address(kernel_space), 0));
	arch_flush_all();
	return 0;
}

void *
kmap_device(struct memmap *map, paddr_t pa)
{
	static vaddr_t next = DEVICE_BASE;
	vaddr_t va = next;

	if (kmap_range(map, va, pa & ~PAGE_MASK, (pa & ~PAGE_MASK) + PAGE_SIZE,
		PTE_RW) != 0)
		return NULL;
	next += PAGE_SIZE;
	return (char *)va + (pa & PAGE_MASK);
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
