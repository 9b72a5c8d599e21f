/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * memory.h - from the ranges of the device tree to the frame table.
 *
 * After this every page of RAM is in the table as what it is: free; USER with
 * a hold, if it is the boot archive's; TABLE, if the frame table itself is in
 * it; RESERVED, if it is the firmware's, the device tree's or the kernel's.
 */
#pragma once

#include "lock.h"
#include "machine.h"

/*
 * Make the frame table, somewhere above the kernel's image, which is at
 * [image, image_end).  Returns NULL, or what is wrong with the machine.
 */
const char *memory_init(const struct machine *machine, paddr_t image,
    paddr_t image_end) LOCKED MUST_CHECK;
