/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * trap.c - a kernel call with any registers; see trap.h.
 */
#include "trap.h"

uint64_t
trap(const struct trap *registers)
{
	register uint64_t a0 __asm__("a0") = registers->a[0];
	register uint64_t a1 __asm__("a1") = registers->a[1];
	register uint64_t a2 __asm__("a2") = registers->a[2];
	register uint64_t a3 __asm__("a3") = registers->a[3];
	register uint64_t a4 __asm__("a4") = registers->a[4];
	register uint64_t a5 __asm__("a5") = registers->a[5];
	register uint64_t a6 __asm__("a6") = registers->a[6];
	register uint64_t a7 __asm__("a7") = registers->a[7];
	register uint64_t t0 __asm__("t0") = registers->t[0];
	register uint64_t t1 __asm__("t1") = registers->t[1];
	register uint64_t t2 __asm__("t2") = registers->t[2];

	__asm__ volatile("ecall"
			 : "+r"(a0), "+r"(a1), "+r"(a2), "+r"(a3), "+r"(a4),
			 "+r"(a5), "+r"(a6), "+r"(a7), "+r"(t0), "+r"(t1),
			 "+r"(t2)
			 :
			 : "t3", "t4", "t5", "t6", "memory");
	return a0;
}
