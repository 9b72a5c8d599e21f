/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * crt0.S - where a program begins.
 *
 * At entry sp points to argc, then come argv, envp and the auxiliary vector
 * (RISC-V psABI).  The block of thread-local variables is laid out below
 * them: errno is then in a page that any program writes to anyway, and a
 * forked child that touches nothing else copies one page.
 */
	.text
	.globl	_start
	.type	_start, @function
_start:
	.option	push
	.option	norelax
	lla	gp, __global_pointer$
	.option	pop
	mv	a0, sp
	/* Sizes are absolute symbols of tine.ld. */
	lui	t0, %hi(__tls_size)
	addi	t0, t0, %lo(__tls_size)
	sub	sp, sp, t0
	andi	sp, sp, -64	/* TLS_ALIGN of tine.ld */
	mv	tp, sp
	mv	a1, sp
	/* The end of the chain of frames, for debuggers. */
	li	s0, 0
	li	ra, 0
	tail	__tine_start
	.size	_start, . - _start

	.section .note.GNU-stack, "", @progbits
