/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sigsetjmp.S - sigsetjmp: setjmp(), and before it the mask if it is wanted.
 *
 * setjmp() takes its registers down as they were when we were called, so
 * nothing of ours may be left on the stack by then.  siglongjmp() is in
 * sigmask.c.
 */
#include "sigcall.h"

	.text
	.globl	sigsetjmp
	.type	sigsetjmp, @function
sigsetjmp:
	sw	a1, SIGJMP_SAVED(a0)
	beqz	a1, 1f
	addi	sp, sp, -16
	sd	ra, 8(sp)
	sd	a0, 0(sp)
	call	__tine_sigjmp_save
	ld	a0, 0(sp)
	ld	ra, 8(sp)
	addi	sp, sp, 16
1:	tail	setjmp
	.size	sigsetjmp, . - sigsetjmp

	.section .note.GNU-stack, "", @progbits
