/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * main.h - where head.S goes to.
 */
#pragma once

#include "thread.h"

/*
 * Boot on this hart with the device tree at a physical address; returns the
 * first thread to run.
 */
struct thread *boot_main(uint64_t hartid, paddr_t fdt);
