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

/* What can be used for switching off, here and now. */
struct platform_power {
	bool semihosting; /* the boot arguments allow it */
	volatile uint32_t *finisher; /* mapped; NULL: not there */
};

/* Boot only: what power_off() (power.h) may use; copied. */
void platform_init(const struct platform_power *allowed);
