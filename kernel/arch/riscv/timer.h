/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * timer.h - choosing the way to set timers.
 */
#ifndef TINE_ARCH_TIMER_H
#define TINE_ARCH_TIMER_H

#include <stdbool.h>

/* Enable timer interrupts; by stimecmp, or by the firmware. */
void timer_init(bool has_sstc);

#endif
