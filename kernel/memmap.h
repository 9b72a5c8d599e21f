/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * memmap.h - which physical memory is whose at boot.
 *
 * From the ranges of the device tree to two lists of page-aligned spans:
 * what the kernel may map (RAM without what the firmware keeps), and what is
 * free (also without the kernel, device tree and boot archive).
 *
 * Invariant: spans ascend, do not touch or overlap, and are not empty.
 */
#ifndef TINE_MEMMAP_H
#define TINE_MEMMAP_H

#include <abi/types.h>
#include "machine.h"

#define SPANS_MAX 40

struct span {
	paddr_t start;
	paddr_t end;
};

struct spans {
	uint32_t n;
	struct span span[SPANS_MAX];
};

struct memmap {
	struct spans ram; /* all of it */
	struct spans mappable; /* RAM that is not the firmware's */
	struct spans free;
};

/*
 * Sort a machine's memory out; the kernel's image is [image, image_end).
 * E2BIG: too many pieces; EINVAL: no RAM at all.
 */
int memmap_describe(const struct machine *machine, paddr_t image,
    paddr_t image_end, struct memmap *map);

/*
 * Take pages off the free spans, lowest first: their address, or 0 if there
 * is no such run.
 */
paddr_t memmap_take(struct memmap *map, uint64_t pages);

/* Take a range out of spans.  E2BIG: too many pieces. */
int spans_subtract(struct spans *spans, paddr_t start, paddr_t end);

#endif
