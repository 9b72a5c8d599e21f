/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sbi.h - calls to the firmware (RISC-V SBI specification 1.0).
 *
 * The functions return 0 or the SBI's negative error as it is.
 */
#ifndef TINE_ARCH_SBI_H
#define TINE_ARCH_SBI_H

#include <abi/types.h>

enum sbi_reset {
	SBI_SHUTDOWN = 0,
	SBI_COLD_REBOOT = 1,
};

/* Calls made so far. */
extern uint64_t sbi_calls;

/* Interrupt at that value of the time CSR; clears a pending one. */
long sbi_set_timer(uint64_t time);

/* Returns only if the firmware can't: then with its error. */
long sbi_system_reset(enum sbi_reset type);

/* Write to the firmware's console (the legacy call 1). */
void sbi_putchar(char c);

/* Wait for ever: what is left when the firmware can't end it. */
void sbi_hart_halt(void) __attribute__((noreturn));

#endif
