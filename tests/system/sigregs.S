/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sigregs.S - a pattern in every register while signals come.
 *
 * The loop knows nothing but its pc: sp, gp and tp hold patterns too, so the
 * handler runs on an alternate stack and finds its own in sigregs_saved.
 */
#define F	256
#define FCSR	512
/* MSG_INFO(proc_lwp_kill_call, 1), SLOT_PROC */
#define KILL_INFO	0x1002b
#define SLOT		1
#define SYS_CALL	1

#define ALL_F	0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, \
	17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
#define KEPT_X	1, 2, 3, 4, 8, 9, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27
#define KEPT_F	8, 9, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27

	.text
	.option	norelax			/* gp is not what the linker thinks */

	/* void sigregs_init(void): what the handler needs, from now on. */
	.globl	sigregs_init
	.type	sigregs_init, @function
sigregs_init:
	la	t0, sigregs_saved
	sd	gp, 3 * 8(t0)
	sd	tp, 4 * 8(t0)
	ret
	.size	sigregs_init, . - sigregs_init

	/* void sigregs_spin(const struct regs *): until the pc is changed. */
	.globl	sigregs_spin
	.type	sigregs_spin, @function
sigregs_spin:
	la	t0, sigregs_saved
	.irp	n, KEPT_X
	sd	x\n, \n * 8(t0)
	.endr
	.irp	n, KEPT_F
	fsd	f\n, F + \n * 8(t0)
	.endr
	frcsr	t1
	sd	t1, FCSR(t0)
	ld	t1, FCSR(a0)
	fscsr	t1
	.irp	n, ALL_F
	fld	f\n, F + \n * 8(a0)
	.endr
	.irp	n, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16, 17, 18, \
		19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	ld	x\n, \n * 8(a0)
	.endr
	ld	a0, 10 * 8(a0)
	.globl	sigregs_loop
sigregs_loop:
	j	sigregs_loop
	.globl	sigregs_out
sigregs_out:
	la	t0, sigregs_saved
	.irp	n, KEPT_X
	ld	x\n, \n * 8(t0)
	.endr
	.irp	n, KEPT_F
	fld	f\n, F + \n * 8(t0)
	.endr
	ld	t1, FCSR(t0)
	fscsr	t1
	ret
	.size	sigregs_spin, . - sigregs_spin

	/* The handler: spoils what it can, then sigregs_check(). */
	.globl	sigregs_handler
	.type	sigregs_handler, @function
sigregs_handler:
	la	t0, sigregs_saved
	ld	gp, 3 * 8(t0)
	ld	tp, 4 * 8(t0)
	li	t1, -1
	.irp	n, ALL_F
	fmv.d.x	f\n, t1
	.endr
	fscsr	zero
	.irp	n, 5, 6, 7, 8, 9, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, \
		24, 25, 26, 27, 28, 29, 30, 31
	li	x\n, -\n
	.endr
	li	s0, 0			/* the end of the chain of frames */
	tail	sigregs_check
	.size	sigregs_handler, . - sigregs_handler

	/* void raise_on(void *sp, int signal): with that stack pointer. */
	.globl	raise_on
	.type	raise_on, @function
raise_on:
	la	t0, sigregs_saved
	sd	ra, 1 * 8(t0)
	sd	sp, 2 * 8(t0)
	mv	sp, a0
	slli	a2, a1, 32		/* LWP 0: the caller */
	li	a0, SLOT
	li	a1, KILL_INFO
	li	t1, 0
	li	t2, 0
	li	a7, SYS_CALL
	ecall
	la	t0, sigregs_saved
	ld	ra, 1 * 8(t0)
	ld	sp, 2 * 8(t0)
	ret
	.size	raise_on, . - raise_on

	.balign	4
	.option	norvc
	/* long breakpoint(long): its argument, if a handler steps over it. */
	.globl	breakpoint
	.type	breakpoint, @function
breakpoint:
	ebreak
	ret
	.size	breakpoint, . - breakpoint

	.globl	illegal
	.type	illegal, @function
illegal:
	.word	0
	.size	illegal, . - illegal

	.bss
	.balign	64
sigregs_saved:
	.zero	FCSR + 8

	.section .note.GNU-stack, "", @progbits
