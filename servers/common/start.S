/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * start.S - where a server begins.
 *
 * Its creator has set sp and a0; main(a0) does not return.
 */
	.section .text.start, "ax"
	.globl	_start
	.type	_start, @function
_start:
	/* Relaxed, this would be gp relative to a gp that is not there yet. */
	.option	push
	.option	norelax
	la	gp, __global_pointer$
	.option	pop
	/* The end of the chain of frames, for the debugger. */
	li	ra, 0
	li	fp, 0
	call	main
	/* There is nobody to return to: an illegal instruction says so. */
	unimp
	.size	_start, . - _start
