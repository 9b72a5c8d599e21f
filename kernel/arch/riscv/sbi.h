/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sbi.h - calls to the firmware (RISC-V SBI specification 1.0).
 */
#pragma once

#include <abi/types.h>

/* The calls in use: function 0 of each of these extensions. */
enum sbi_extension {
	SBI_PUTCHAR = 1, /* legacy: the character */
	SBI_SET_TIMER = 0x54494d45, /* TIME: the time CSR's value then */
	SBI_SEND_IPI = 0x735049, /* sPI: a mask, and the hart of its bit 0 */
	SBI_HART_START = 0x48534d, /* HSM: hart, address, for a1 there */
	SBI_SYSTEM_RESET = 0x53525354, /* SRST: enum sbi_reset */
};

enum sbi_reset {
	SBI_SHUTDOWN = 0,
	SBI_COLD_REBOOT = 1,
};

/* Calls made so far. */
extern uint64_t sbi_calls;

/* Returns 0 or the SBI's negative error as it is. */
long sbi_call3(enum sbi_extension extension, uint64_t first, uint64_t second,
    uint64_t third);

static inline long
sbi_call(enum sbi_extension extension, uint64_t argument)
{
	return sbi_call3(extension, argument, 0, 0);
}
