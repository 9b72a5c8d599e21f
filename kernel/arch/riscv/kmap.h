/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kmap.h - the kernel's own mappings.
 */
#ifndef TINE_ARCH_KMAP_H
#define TINE_ARCH_KMAP_H

#include "../../lock.h"
#include "../../memmap.h"

/*
 * Build kernel_space and enter it: the direct map of what is mappable (read
 * and write), the image (text executable, rodata read-only, the rest read
 * and write), devices.  Tables come from map->free.  After this nothing is
 * both writable and executable, and the firmware's memory is not mapped.
 * ENOMEM.
 */
int kmap_init(struct memmap *map) MUST_CHECK;

/* Map a page of a device for the kernel; NULL: no room for it. */
void *kmap_device(struct memmap *map, paddr_t pa);

/* Physical address of something in the kernel's image. */
paddr_t kmap_image_address(const void *pointer);

/* ASID bits that the hardware has (Priv. ISA 4.1.11). */
uint64_t kmap_asid_bits(void);

#endif
