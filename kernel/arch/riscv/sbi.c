/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sbi.c - calls to the firmware.
 *
 * An ecall from S-mode with the extension in a7 and the function in a6, here
 * always 0; the firmware returns an error in a0, a value in a1 and leaves
 * all other registers alone (SBI 1.0, 3).
 */
#include "sbi.h"

uint64_t sbi_calls;

long
sbi_call(enum sbi_extension extension, uint64_t argument)
{
	register uint64_t a0 __asm__("a0") = argument;
	/* SRST's reason: none.  The others have one argument. */
	register uint64_t a1 __asm__("a1") = 0;
	register uint64_t a6 __asm__("a6") = 0;
	register uint64_t a7 __asm__("a7") = extension;

	sbi_calls++;
	__asm__ volatile("ecall"
			 : "+r"(a0), "+r"(a1)
			 : "r"(a6), "r"(a7)
			 : "memory");
	return (long)a0;
}
