/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * entry.S - the way into the kernel and out of it.
 *
 * In user mode sscratch holds the running thread; in the kernel it is 0, so
 * that a trap from the kernel, which is always a bug, is recognised.  In the
 * kernel tp is the hart.
 *
 * There are two ways.  Calls that move a message (SYS_call, SYS_reply_recv)
 * save what the psABI has a callee preserve, and pass the message on in the
 * registers it came in, as arguments: fastpath.c.  Everything else saves all
 * registers first.
 */
#include "csr.h"
#include "offsets.h"

/* Store or load x1, x3 and the like at their place in regs[]. */
.macro	regs	op, base, numbers:vararg
	.irp	n, \numbers
	\op	x\n, REG(\n)(\base)
	.endr
.endm
#define PRESERVED	8, 9, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27
#define ARGUMENTS	11, 12, 13, 14, 15, 16, 17
#define ALL_F	0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, \
	17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31

	.section .text
	.balign	64
	.globl	trap_entry
trap_entry:
	csrrw	tp, sscratch, tp
	beqz	tp, trap_from_kernel
	sd	t3, REG(28)(tp)
	csrr	t3, scause
	addi	t3, t3, -EXCEPTION_ECALL_U
	bnez	t3, trap_full
	li	t3, 2			/* SYS_call 1, SYS_reply_recv 2 */
	bltu	t3, a7, trap_full
	beqz	a7, trap_full
	sub	t3, t3, a7
	regs	sd, tp, 1, 2, 3, 5, 6, 7, PRESERVED
	csrrw	t0, sscratch, zero
	sd	t0, REG(4)(tp)
	csrr	t1, sepc
	addi	t1, t1, 4
	sd	t1, REG(0)(tp)
	mv	a7, tp
	ld	tp, THREAD_HART(tp)
	ld	sp, HART_STACK(tp)
	beqz	t3, 1f
	j	fast_call
1:	j	fast_reply_recv

	/*
	 * The complete path for a7's call, whose arguments are still in a0-a6;
	 * t0 is 0 if this hart has the lock.
	 * It is jumped to: a call would have fast_call and fast_reply_recv save
	 * registers on the short path too.
	 */
	.globl	fast_slow
fast_slow:
	regs	sd, a7, 10, 11, 12, 13, 14, 15, 16
	mv	a0, a7
	bnez	t0, 1f
	call	fast_complete
	j	trap_return
	/*
	 * Another hart has the lock.  Any other call will do then, back on the
	 * ecall in case that the thread is taken off this hart first.
	 */
1:	ld	t0, REG(0)(a0)
	addi	t0, t0, -4
	sd	t0, REG(0)(a0)
	li	a1, EXCEPTION_ECALL_U
	call	trap_handle
	j	trap_return

	/* All registers but t3, which is saved, and tp, in sscratch. */
trap_full:
	regs	sd, tp, 1, 2, 3, 5, 6, 7, 10, ARGUMENTS, PRESERVED, 29, 30, 31
	csrrw	t0, sscratch, zero
	sd	t0, REG(4)(tp)
	csrr	t0, sepc
	sd	t0, REG(0)(tp)
	csrr	a1, scause
	csrr	a2, stval
	mv	a0, tp
	ld	tp, THREAD_HART(tp)
	ld	sp, HART_STACK(tp)
	call	trap_handle
	/* a0: the thread to run, whose registers are all in memory. */
	.globl	trap_return
trap_return:
	ld	t0, REG(0)(a0)
	csrw	sepc, t0
	/* Ends a reservation of another thread (Unpriv. ISA 14.2). */
	sc.d	zero, t0, (a0)
	csrw	sscratch, a0
	regs	ld, a0, 1, 2, 3, 4, 5, 6, 7, ARGUMENTS, PRESERVED, 28, 29, 30, 31
	ld	a0, REG(10)(a0)
	sret

	/*
	 * Leave with a message in a0-a6 and t0-t2 for the thread in a7: put
	 * back what its own call preserved, clear the rest.
	 */
	.globl	fast_leave
fast_leave:
	ld	t3, REG(0)(a7)
	csrw	sepc, t3
	csrw	sscratch, a7
	regs	ld, a7, 1, 2, 3, 4, PRESERVED
	.irp	n, 28, 29, 30, 31, 17
	li	x\n, 0
	.endr
	sret

	/*
	 * A bug of the kernel: report it.  sscratch has tp as it was, and tp
	 * is 0.  The stack that was in use may be what is broken, but there is
	 * no other.  The report is a struct panic_regs below it.
	 */
trap_from_kernel:
	csrrw	tp, sscratch, zero
	addi	sp, sp, -REG(36)
	regs	sd, sp, 0, 1, 3, 4, 5, 6, 7, 10, ARGUMENTS, PRESERVED, 28, 29, 30, 31
	addi	t0, sp, REG(36)
	sd	t0, REG(2)(sp)
	csrr	t0, scause
	sd	t0, REG(32)(sp)
	csrr	t0, stval
	sd	t0, REG(33)(sp)
	csrr	t0, sepc
	sd	t0, REG(34)(sp)
	csrr	t0, sstatus
	sd	t0, REG(35)(sp)
	mv	a0, sp
	call	panic_trap

	/* The FP registers are as in memory now. */
.macro	fp_clean
	li	t0, SSTATUS_FS
	csrc	sstatus, t0
	li	t0, SSTATUS_FS_CLEAN
	csrs	sstatus, t0
	ret
.endm

	.option push
	.option arch, +d
	/* void arch_fp_save(struct thread *) */
	.globl	arch_fp_save
arch_fp_save:
	.irp	n, ALL_F
	fsd	f\n, (THREAD_F + \n * 8)(a0)
	.endr
	frcsr	t0
	sd	t0, THREAD_FCSR(a0)
	fp_clean

	/* void arch_fp_restore(const struct thread *) */
	.globl	arch_fp_restore
arch_fp_restore:
	.irp	n, ALL_F
	fld	f\n, (THREAD_F + \n * 8)(a0)
	.endr
	ld	t0, THREAD_FCSR(a0)
	fscsr	t0
	fp_clean
	.option pop

	/* void page_zero(void *page) */
	.globl	page_zero
page_zero:
	li	t0, 4096
	add	t0, t0, a0
1:	.irp	n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
	sd	zero, (\n * 8)(a0)
	.endr
	addi	a0, a0, 128
	bne	a0, t0, 1b
	ret

	/* void page_copy(void *to, const void *from) */
	.globl	page_copy
page_copy:
	li	t0, 4096
	add	t0, t0, a0
1:	.irp	n, 0, 1, 2, 3
	ld	t1, (\n * 32)(a1)
	ld	t2, (\n * 32 + 8)(a1)
	ld	t3, (\n * 32 + 16)(a1)
	ld	t4, (\n * 32 + 24)(a1)
	sd	t1, (\n * 32)(a0)
	sd	t2, (\n * 32 + 8)(a0)
	sd	t3, (\n * 32 + 16)(a0)
	sd	t4, (\n * 32 + 24)(a0)
	.endr
	addi	a0, a0, 128
	addi	a1, a1, 128
	bne	a0, t0, 1b
	ret
