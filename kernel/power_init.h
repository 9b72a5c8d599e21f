/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * power_init.h - telling power.c what can be used.
 */
#pragma once

#include "platform/platform.h"

/* Boot only; copies *allowed. */
void power_init(const struct platform_power *allowed);
