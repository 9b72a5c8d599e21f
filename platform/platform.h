/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * platform.h - what differs between boards and is not in the device tree.
 *
 * That is how they are switched off.  There is no table of boards: each way
 * is tried whose means are there.
 *
 *	semihosting	QEMU, if the boot arguments allow it; tells the status
 *	finisher	the test device of QEMU's "virt"; tells the status
 *	SRST		the firmware; tells none.  Works on boards and on
 *			"virt"; on QEMU's "sifive_u" it is not supported.
 */
#pragma once

#include <abi/types.h>

/* Set at boot: where the test device is mapped; NULL: there is none. */
extern volatile uint32_t *platform_finisher;

/* Returns only if there is no way to do it. */
void platform_off(int status);
