/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * semihost.h - calls to a debugger or emulator that hosts the machine.
 *
 * Without one these are breakpoint exceptions, so they are for use only where
 * the boot arguments have the word "semihosting".
 */
#pragma once

#include <abi/types.h>

/* Operations, and why the emulation ends (RISC-V Semihosting 0.2). */
#define SYS_WRITEC 0x03
#define SYS_EXIT_EXTENDED 0x20
#define ADP_STOPPED_APPLICATION_EXIT 0x20026

/* Whether the boot arguments allow it; set at boot. */
extern bool semihost_allowed;

/* Do that; semihost.S. */
void semihost_call(uint64_t operation, const void *argument);

/* End the emulation with an exit status.  Returns if the host refuses. */
static inline void
semihost_exit(int status)
{
	const uint64_t block[] = {ADP_STOPPED_APPLICATION_EXIT, status};

	semihost_call(SYS_EXIT_EXTENDED, block);
}
