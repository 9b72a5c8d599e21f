/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * forkregs.S - fork with a pattern in every register.
 *
 * Only x0 is known when the call returns, in parent and child, so one
 * register is lost to say where the others are stored: t3 or t4, by turns.
 */
#define SAVED	1536
#define IN	0
#define OUT	768
#define F	256
#define FCSR	512
#define BASE_T3	28
#define BASE_T4	29

#define ALL_F	0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, \
	17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
#define KEPT_X	1, 2, 3, 4, 8, 9, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27
#define OTHER_X	5, 6, 7, 10, 11, 12, 13, 14, 15, 16, 17, 30, 31

	.text
	/* pid_t NAME(void): with fork_area's registers; its result. */
.macro	FORKREGS name, base, rest
	.globl	\name
	.type	\name, @function
\name:
	la	t6, fork_area
	li	t5, SAVED
	add	t5, t6, t5
	.irp	n, KEPT_X
	sd	x\n, \n * 8(t5)
	.endr
	.irp	n, 8, 9, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27
	fsd	f\n, F + \n * 8(t5)
	.endr
	frcsr	t4
	sd	t4, FCSR(t5)
	ld	t4, IN + FCSR(t6)
	fscsr	t4
	.irp	n, ALL_F
	fld	f\n, IN + F + \n * 8(t6)
	.endr
	.irp	n, KEPT_X, 5, 6, 7, 10, 11, 12, 13, 14, 15, 16, 17, 28, 29, 30
	ld	x\n, IN + \n * 8(t6)
	.endr
	ld	t6, IN + 31 * 8(t6)
	ecall
	.option	push
	.option	norelax			/* gp is not what the linker thinks */
	la	x\base, fork_area
	.option	pop
	.irp	n, KEPT_X, OTHER_X, \rest
	sd	x\n, OUT + \n * 8(x\base)
	.endr
	.irp	n, ALL_F
	fsd	f\n, OUT + F + \n * 8(x\base)
	.endr
	frcsr	t0
	sd	t0, OUT + FCSR(x\base)
	li	t5, SAVED
	add	t5, x\base, t5
	.irp	n, KEPT_X
	ld	x\n, \n * 8(t5)
	.endr
	.irp	n, 8, 9, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27
	fld	f\n, F + \n * 8(t5)
	.endr
	ld	t4, FCSR(t5)
	fscsr	t4
	sext.w	a0, a2
	ret
	.size	\name, . - \name
.endm

	FORKREGS forkregs_t3, BASE_T3, 29
	FORKREGS forkregs_t4, BASE_T4, 28

	.bss
	.balign	64
	.globl	fork_area
fork_area:
	.zero	2560

	.section .note.GNU-stack, "", @progbits
