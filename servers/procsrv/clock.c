/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * clock.c - the time CSR; a file of its own because the host has none.
 */
#include "console.h"

uint64_t
now_ticks(void)
{
	uint64_t ticks;

	/* Unprivileged ISA, "Zicntr". */
	__asm__ volatile("rdtime %0" : "=r"(ticks));
	return ticks;
}
