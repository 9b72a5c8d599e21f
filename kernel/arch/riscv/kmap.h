/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kmap.h - the kernel's own mappings.
 */
#pragma once

#include <abi/types.h>
#include "../../lock.h"

/*
 * Build kernel_space and enter it: the direct map of all RAM that is not
 * RESERVED (read and write), the image (text executable, rodata read-only,
 * the rest read and write).  After this nothing is both writable and
 * executable, and the firmware's memory is not mapped.
 */
void kmap_init(void) LOCKED;

/*
 * Map a device for the kernel, with what else lies in its megapages; before any
 * space is made.
 */
void *kmap_device(paddr_t pa, uint64_t size) LOCKED;

/* Physical address of something in the kernel's image. */
paddr_t kmap_image_address(const void *pointer);

/* ASID bits that the hardware has (Priv. ISA 4.1.11). */
uint64_t kmap_asid_bits(void);
