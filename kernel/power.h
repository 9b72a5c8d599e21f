/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * power.h - what the kernel asks of the firmware and the board.
 */
#pragma once

#include <abi/types.h>

/* Both return only if the machine has no way to do it. */
void power_off(int status);
void power_reset(void);

/* A character to the firmware's console. */
void power_putc(char c);

/* Calls made to the firmware since boot. */
uint64_t power_sbi_calls(void);
