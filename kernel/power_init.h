/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * power_init.h - telling power.c about the board.
 */
#pragma once

#include "platform/platform.h"

/* Boot only; keeps board, copies allowed. */
void power_init(
    const struct platform *board, const struct platform_power *allowed);
