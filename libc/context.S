/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * context.S - taking down a context, and the end of one.
 */
#include "sigcall.h"

	.text
	/* int getcontext(ucontext_t *): 0, also when it is taken up again. */
	.globl	getcontext
	.type	getcontext, @function
getcontext:
	.irp	n, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16, 17, 18, \
		19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	sd	x\n, UCONTEXT_X + \n * 8(a0)
	.endr
	sd	ra, UCONTEXT_X(a0)		/* pc */
	sd	zero, UCONTEXT_X + 10 * 8(a0)	/* a0: the result */
	.irp	n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, \
		17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	fsd	f\n, UCONTEXT_F + \n * 8(a0)
	.endr
	frcsr	t0
	sd	t0, UCONTEXT_FCSR(a0)
	tail	__tine_getcontext_mask
	.size	getcontext, . - getcontext

	/* Where makecontext()'s functions return to; s1: uc_link. */
	.globl	__tine_context_end
	.type	__tine_context_end, @function
__tine_context_end:
	mv	a0, s1
	tail	__tine_context_next
	.size	__tine_context_end, . - __tine_context_end

	.section .note.GNU-stack, "", @progbits
