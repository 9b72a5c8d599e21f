/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * semihost.S - calls to a debugger or emulator that hosts the machine.
 *
 * The call is a breakpoint between two shifts that do nothing (RISC-V
 * Semihosting 0.2).  The three must be uncompressed and on one page, so they
 * begin at a multiple of 16.  a0 is the operation, a1 its argument.
 */

#define SYS_WRITE0 0x04
#define SYS_EXIT_EXTENDED 0x20
#define ADP_STOPPED_APPLICATION_EXIT 0x20026

	.text

	.balign	16
semihost_call:
	.option	push
	.option	norvc
	slli	x0, x0, 0x1f
	ebreak
	srai	x0, x0, 7
	.option	pop
	ret

	.globl	semihost_write
	.type	semihost_write, @function
semihost_write:
	mv	a1, a0
	li	a0, SYS_WRITE0
	j	semihost_call
	.size	semihost_write, . - semihost_write

	/* The argument is a block of two words: the reason and the status. */
	.globl	semihost_exit
	.type	semihost_exit, @function
semihost_exit:
	addi	sp, sp, -32
	sd	ra, 16(sp)
	li	t0, ADP_STOPPED_APPLICATION_EXIT
	sd	t0, 0(sp)
	sd	a0, 8(sp)
	mv	a1, sp
	li	a0, SYS_EXIT_EXTENDED
	call	semihost_call
	ld	ra, 16(sp)
	addi	sp, sp, 32
	ret
	.size	semihost_exit, . - semihost_exit
