/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * board.c - the SiFive HiFive Unleashed, and QEMU's "sifive_u".
 *
 * There is no test device.  Firmware on the board can switch it off; inside
 * QEMU it can't (SRST answers "not supported"), and semihosting is the way.
 */
#include "../platform.h"

const struct platform platform_hifive_unleashed = {
    .name = "SiFive HiFive Unleashed",
    .compatible = "sifive,hifive-unleashed-a00",
    .power = {POWER_WAY_SEMIHOSTING, POWER_WAY_SRST},
};
