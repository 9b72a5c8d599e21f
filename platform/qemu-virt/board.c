/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * board.c - QEMU's "virt" machine.
 *
 * Its test device ends QEMU with a status, as semihosting does; a shutdown
 * by the firmware ends it with status 0.
 */
#include "../platform.h"

const struct platform platform_qemu_virt = {
    .name = "QEMU virt",
    .compatible = "riscv-virtio",
    .power = {POWER_WAY_SEMIHOSTING, POWER_WAY_FINISHER, POWER_WAY_SRST},
};
