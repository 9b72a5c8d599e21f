/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * trap.h - a kernel call with any registers.
 */
#ifndef TINE_TESTS_TRAP_H
#define TINE_TESTS_TRAP_H

#include <stdint.h>

struct trap {
	uint64_t a[8]; /* a0 to a7 */
	uint64_t t[3]; /* t0 to t2 */
};

/* Trap with these registers; a0 as it comes back, which is the error. */
uint64_t trap(const struct trap *registers);

#endif
