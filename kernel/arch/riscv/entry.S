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
	addi	t3, a7, -2		/* SYS_call 1, SYS_reply_recv 2 */
	bgtz	t3, trap_full
	sd	ra, REG(1)(tp)
	sd	sp, REG(2)(tp)
	sd	gp, REG(3)(tp)
	sd	t0, REG(5)(tp)
	sd	t1, REG(6)(tp)
	sd	t2, REG(7)(tp)
	sd	s0, REG(8)(tp)
	sd	s1, REG(9)(tp)
	sd	s2, REG(18)(tp)
	sd	s3, REG(19)(tp)
	sd	s4, REG(20)(tp)
	sd	s5, REG(21)(tp)
	sd	s6, REG(22)(tp)
	sd	s7, REG(23)(tp)
	sd	s8, REG(24)(tp)
	sd	s9, REG(25)(tp)
	sd	s10, REG(26)(tp)
	sd	s11, REG(27)(tp)
	csrrw	t0, sscratch, zero
	sd	t0, REG(4)(tp)
	csrr	t1, sepc
	addi	t1, t1, 4
	sd	t1, REG(0)(tp)
	mv	a7, tp
	ld	tp, THREAD_HART(tp)
	ld	sp, HART_STACK(tp)
	beqz	t3, 1f
	addi	t3, t3, 1
	bnez	t3, 2f
	j	fast_call
1:	j	fast_reply_recv
2:	j	trap_bad_call

	/* All registers but t3, which is saved, and tp, in sscratch. */
trap_full:
	sd	ra, REG(1)(tp)
	sd	sp, REG(2)(tp)
	sd	gp, REG(3)(tp)
	sd	t0, REG(5)(tp)
	sd	t1, REG(6)(tp)
	sd	t2, REG(7)(tp)
	sd	s0, REG(8)(tp)
	sd	s1, REG(9)(tp)
	sd	a0, REG(10)(tp)
	sd	a1, REG(11)(tp)
	sd	a2, REG(12)(tp)
	sd	a3, REG(13)(tp)
	sd	a4, REG(14)(tp)
	sd	a5, REG(15)(tp)
	sd	a6, REG(16)(tp)
	sd	a7, REG(17)(tp)
	sd	s2, REG(18)(tp)
	sd	s3, REG(19)(tp)
	sd	s4, REG(20)(tp)
	sd	s5, REG(21)(tp)
	sd	s6, REG(22)(tp)
	sd	s7, REG(23)(tp)
	sd	s8, REG(24)(tp)
	sd	s9, REG(25)(tp)
	sd	s10, REG(26)(tp)
	sd	s11, REG(27)(tp)
	sd	t4, REG(29)(tp)
	sd	t5, REG(30)(tp)
	sd	t6, REG(31)(tp)
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
	csrw	sscratch, a0
	ld	ra, REG(1)(a0)
	ld	sp, REG(2)(a0)
	ld	gp, REG(3)(a0)
	ld	tp, REG(4)(a0)
	ld	t0, REG(5)(a0)
	ld	t1, REG(6)(a0)
	ld	t2, REG(7)(a0)
	ld	s0, REG(8)(a0)
	ld	s1, REG(9)(a0)
	ld	a1, REG(11)(a0)
	ld	a2, REG(12)(a0)
	ld	a3, REG(13)(a0)
	ld	a4, REG(14)(a0)
	ld	a5, REG(15)(a0)
	ld	a6, REG(16)(a0)
	ld	a7, REG(17)(a0)
	ld	s2, REG(18)(a0)
	ld	s3, REG(19)(a0)
	ld	s4, REG(20)(a0)
	ld	s5, REG(21)(a0)
	ld	s6, REG(22)(a0)
	ld	s7, REG(23)(a0)
	ld	s8, REG(24)(a0)
	ld	s9, REG(25)(a0)
	ld	s10, REG(26)(a0)
	ld	s11, REG(27)(a0)
	ld	t3, REG(28)(a0)
	ld	t4, REG(29)(a0)
	ld	t5, REG(30)(a0)
	ld	t6, REG(31)(a0)
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
	ld	ra, REG(1)(a7)
	ld	sp, REG(2)(a7)
	ld	gp, REG(3)(a7)
	ld	tp, REG(4)(a7)
	ld	s0, REG(8)(a7)
	ld	s1, REG(9)(a7)
	ld	s2, REG(18)(a7)
	ld	s3, REG(19)(a7)
	ld	s4, REG(20)(a7)
	ld	s5, REG(21)(a7)
	ld	s6, REG(22)(a7)
	ld	s7, REG(23)(a7)
	ld	s8, REG(24)(a7)
	ld	s9, REG(25)(a7)
	ld	s10, REG(26)(a7)
	ld	s11, REG(27)(a7)
	li	t3, 0
	li	t4, 0
	li	t5, 0
	li	t6, 0
	li	a7, 0
	sret

	/*
	 * A bug of the kernel: report it.  sscratch has tp as it was, and tp
	 * is 0.  The stack that was in use may be what is broken, but there is
	 * no other.  The report is a struct panic_regs below it.
	 */
trap_from_kernel:
	csrrw	tp, sscratch, zero
	addi	sp, sp, -REG(36)
	sd	zero, REG(0)(sp)
	sd	ra, REG(1)(sp)
	sd	gp, REG(3)(sp)
	sd	tp, REG(4)(sp)
	sd	t0, REG(5)(sp)
	sd	t1, REG(6)(sp)
	sd	t2, REG(7)(sp)
	sd	s0, REG(8)(sp)
	sd	s1, REG(9)(sp)
	sd	a0, REG(10)(sp)
	sd	a1, REG(11)(sp)
	sd	a2, REG(12)(sp)
	sd	a3, REG(13)(sp)
	sd	a4, REG(14)(sp)
	sd	a5, REG(15)(sp)
	sd	a6, REG(16)(sp)
	sd	a7, REG(17)(sp)
	sd	s2, REG(18)(sp)
	sd	s3, REG(19)(sp)
	sd	s4, REG(20)(sp)
	sd	s5, REG(21)(sp)
	sd	s6, REG(22)(sp)
	sd	s7, REG(23)(sp)
	sd	s8, REG(24)(sp)
	sd	s9, REG(25)(sp)
	sd	s10, REG(26)(sp)
	sd	s11, REG(27)(sp)
	sd	t3, REG(28)(sp)
	sd	t4, REG(29)(sp)
	sd	t5, REG(30)(sp)
	sd	t6, REG(31)(sp)
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
	call	trap_kernel

	/* void arch_fp_save(struct thread *): store, and the state is clean. */
	.option push
	.option arch, +d
	.globl	arch_fp_save
arch_fp_save:
	.irp	n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, \
		17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	fsd	f\n, (THREAD_F + \n * 8)(a0)
	.endr
	frcsr	t0
	sd	t0, THREAD_FCSR(a0)
	li	t0, SSTATUS_FS
	csrc	sstatus, t0
	li	t0, SSTATUS_FS_CLEAN
	csrs	sstatus, t0
	ret

	/* void arch_fp_restore(const struct thread *); the state is clean. */
	.globl	arch_fp_restore
arch_fp_restore:
	.irp	n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, \
		17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	fld	f\n, (THREAD_F + \n * 8)(a0)
	.endr
	ld	t0, THREAD_FCSR(a0)
	fscsr	t0
	li	t0, SSTATUS_FS
	csrc	sstatus, t0
	li	t0, SSTATUS_FS_CLEAN
	csrs	sstatus, t0
	ret
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
