/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * platform.h - what differs between boards and is not in the device tree.
 *
 * A board is a table of data, chosen by the compatible strings of the root
 * node.  There is always one: unknown boards get the generic one.
 */
#ifndef TINE_PLATFORM_H
#define TINE_PLATFORM_H

#include <abi/types.h>

#include "fdt.h"

/* Ways to switch the machine off, tried in the board's order. */
enum power_way {
	POWER_WAY_END = 0, /* ends a list */
	POWER_WAY_SEMIHOSTING, /* tells the status */
	POWER_WAY_FINISHER, /* the test device; tells the status */
	POWER_WAY_SRST, /* the firmware's shutdown; tells none */
};
#define POWER_WAYS_MAX 4

struct platform {
	const char *name;
	const char *compatible; /* of the root node; NULL: any */
	uint8_t power[POWER_WAYS_MAX]; /* enum power_way */
};

/* What can be used for switching off, here and now. */
struct platform_power {
	bool semihosting; /* the boot arguments allow it */
	volatile uint32_t *finisher; /* mapped; NULL: not there */
};

/* The boards, one folder each. */
extern const struct platform platform_qemu_virt;
extern const struct platform platform_hifive_unleashed;

/* The board's description; never NULL. */
const struct platform *platform_match(const struct fdt *fdt);

/*
 * Switch off, with a status from 0 to 255 where there is someone to be told.
 * Returns if none of the board's ways works.
 */
void platform_power_off(const struct platform *platform,
    const struct platform_power *power, int status);

#endif
