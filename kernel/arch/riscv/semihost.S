/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * semihost.S - void semihost_call(uint64_t operation, const void *argument).
 *
 * The call is a breakpoint between two shifts that do nothing (RISC-V
 * Semihosting 0.2).  The three must be uncompressed and on one page, so they
 * begin at a multiple of 16.
 */

	.text
	.balign	16
	.globl	semihost_call
	.type	semihost_call, @function
semihost_call:
	.option	norvc
	slli	x0, x0, 0x1f
	ebreak
	srai	x0, x0, 7
	ret
	.size	semihost_call, . - semihost_call
