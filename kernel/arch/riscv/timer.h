/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * timer.h - choosing the way to set timers.
 */
#pragma once

#include <stdbool.h>

/* Enable timer interrupts; by stimecmp, or by the firmware. */
void timer_init(bool has_sstc);
