/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * power_init.h - telling power.c about the board.
 */
#ifndef TINE_POWER_INIT_H
#define TINE_POWER_INIT_H

#include "platform/platform.h"

/* Boot only; keeps board, copies allowed. */
void power_init(
    const struct platform *board, const struct platform_power *allowed);

#endif
