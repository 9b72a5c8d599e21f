/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sigsetjmp.S - sigsetjmp and siglongjmp.
 *
 * There is no signal mask to save before processes can set one, so these are
 * setjmp() and longjmp(), which find their registers first in a sigjmp_buf.
 */
	.text
	.globl	sigsetjmp
	.type	sigsetjmp, @function
sigsetjmp:
	tail	setjmp
	.size	sigsetjmp, . - sigsetjmp

	.globl	siglongjmp
	.type	siglongjmp, @function
siglongjmp:
	tail	longjmp
	.size	siglongjmp, . - siglongjmp

	.section .note.GNU-stack, "", @progbits
