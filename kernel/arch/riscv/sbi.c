/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sbi.c - calls to the firmware.
 *
 * An ecall from S-mode with the extension in a7 and the function in a6, here
 * always 0; the firmware returns an error in a0, a value in a1 and leaves
 * all other registers alone (SBI 1.0, 3).
 */
#include "sbi.h"
#include "../../arch.h"
#include "semihost.h"

uint64_t sbi_calls;
bool semihost_allowed;

long
sbi_call3(enum sbi_extension extension, uint64_t first, uint64_t second,
    uint64_t third)
{
	register uint64_t a0 __asm__("a0") = first;
	register uint64_t a1 __asm__("a1") = second;
	register uint64_t a2 __asm__("a2") = third;
	register uint64_t a6 __asm__("a6") = 0;
	register uint64_t a7 __asm__("a7") = extension;

	sbi_calls++;
	__asm__ volatile("ecall"
			 : "+r"(a0), "+r"(a1)
			 : "r"(a2), "r"(a6), "r"(a7)
			 : "memory");
	return (long)a0;
}

void
arch_send_ipi(uint64_t id)
{
	(void)sbi_call3(SBI_SEND_IPI, 1, id, 0);
}
