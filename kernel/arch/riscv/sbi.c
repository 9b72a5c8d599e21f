/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sbi.c - calls to the firmware.
 *
 * An ecall from S-mode with the extension in a7 and the function in a6; the
 * firmware returns an error in a0, a value in a1 and leaves all other
 * registers alone (SBI 1.0, 3).
 */
#include "sbi.h"

#define SBI_LEGACY_PUTCHAR 1ul
#define SBI_EXT_TIME 0x54494d45ul
#define SBI_EXT_SRST 0x53525354ul
#define TIME_SET_TIMER 0ul
#define SRST_RESET 0ul
#define SRST_NO_REASON 0ul

uint64_t sbi_calls;

static long
sbi_call(uint64_t extension, uint64_t function, uint64_t arg0, uint64_t arg1)
{
	register uint64_t a0 __asm__("a0") = arg0;
	register uint64_t a1 __asm__("a1") = arg1;
	register uint64_t a6 __asm__("a6") = function;
	register uint64_t a7 __asm__("a7") = extension;

	sbi_calls++;
	__asm__ volatile("ecall"
			 : "+r"(a0), "+r"(a1)
			 : "r"(a6), "r"(a7)
			 : "memory");
	return (long)a0;
}

long
sbi_set_timer(uint64_t time)
{
	return sbi_call(SBI_EXT_TIME, TIME_SET_TIMER, time, 0);
}

long
sbi_system_reset(enum sbi_reset type)
{
	return sbi_call(SBI_EXT_SRST, SRST_RESET, type, SRST_NO_REASON);
}

void
sbi_putchar(char c)
{
	(void)sbi_call(SBI_LEGACY_PUTCHAR, 0, (uint8_t)c, 0);
}

void
sbi_hart_halt(void)
{
	for (;;)
		__asm__ volatile("wfi" : : : "memory");
}
