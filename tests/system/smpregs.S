/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * smpregs.S - keep a pattern in the registers and see that it stays there.
 *
 *	int smpregs_a(struct regs_area *), smpregs_b(the same)
 *
 * Each sets all registers but sp, gp, tp and three that it needs itself, and
 * compares them again and again, until the area's stop is set (it returns 0)
 * or one is wrong (its number, from 1; 32 is fcsr, 33 and on are f0 and on).
 * The two need different registers.
 */
#define STOP	0
#define BEATS	8
#define X	16			/* x0 to x31 */
#define F	272			/* f0 to f31 */
#define FCSR	528
#define SAVED	536
#define RESULT	800

#define CALLEE_X	1, 8, 9, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27
#define CALLEE_F	8, 9, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27
#define ALL_F	0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, \
	17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
#define MOST_X	1, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 21, 22, \
	23, 24, 25, 26, 27, 28

	.text
.macro	SMPREGS name, base, one, two, rest1, rest2, rest3
	.globl	\name
	.type	\name, @function
\name:
	.irp	n, CALLEE_X
	sd	x\n, SAVED + \n * 8(a0)
	.endr
	.irp	n, CALLEE_F
	/* What is saved after x31. */
	fsd	f\n, RESULT + 8 + \n * 8(a0)
	.endr
	mv	x\base, a0
	frcsr	x\one
	sd	x\one, SAVED(x\base)
	.irp	n, ALL_F
	fld	f\n, F + \n * 8(x\base)
	.endr
	ld	x\one, FCSR(x\base)
	fscsr	x\one
	.irp	n, MOST_X, \rest1, \rest2, \rest3
	ld	x\n, X + \n * 8(x\base)
	.endr

1:	.irp	n, MOST_X, \rest1, \rest2, \rest3
	ld	x\one, X + \n * 8(x\base)
	li	x\two, \n
	bne	x\one, x\n, 2f
	.endr
	.irp	n, ALL_F
	ld	x\one, F + \n * 8(x\base)
	fmv.x.d	x\two, f\n
	bne	x\one, x\two, 3f
	.endr
	ld	x\one, FCSR(x\base)
	frcsr	x\two
	bne	x\one, x\two, 4f
	ld	x\one, BEATS(x\base)
	addi	x\one, x\one, 1
	sd	x\one, BEATS(x\base)
	li	x\two, 0
	ld	x\one, STOP(x\base)
	bnez	x\one, 2f
	/* Out of reach of a branch. */
	j	1b

	/* One of f0 to f31; which, the area does not need to tell. */
3:	li	x\two, 33
	j	2f
4:	li	x\two, 32
2:	sd	x\two, RESULT(x\base)
	ld	x\one, SAVED(x\base)
	fscsr	x\one
	mv	a0, x\base
	.irp	n, CALLEE_X
	ld	x\n, SAVED + \n * 8(a0)
	.endr
	.irp	n, CALLEE_F
	fld	f\n, RESULT + 8 + \n * 8(a0)
	.endr
	ld	a0, RESULT(a0)
	ret
	.size	\name, . - \name
.endm

	SMPREGS smpregs_a, 31, 30, 29, 18, 19, 20
	SMPREGS smpregs_b, 18, 19, 20, 29, 30, 31

	.section .note.GNU-stack, "", @progbits
