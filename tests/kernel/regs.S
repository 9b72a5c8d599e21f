/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * regs.S - threads that use every register there is.
 *
 * All 31 registers carry a pattern, so none is left to address memory with,
 * and the page at address 0 is used, whose lowest half x0 reaches: a struct
 * regs at REGS_IN is loaded first, another stored at REGS_OUT last.  The
 * thread then calls the endpoint in slot KT_DONE, for ever.
 */
#define REGS_IN	0
#define REGS_OUT 1024
#define REGS_SEEN 1600
#define F	256
#define FCSR	512
#define KT_DONE	8
#define SYS_CALL 1

	.option	arch, +d

	.macro	regs_load
	ld	x1, REGS_IN + FCSR(x0)
	fscsr	x1
	.irp	n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, \
		17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	fld	f\n, REGS_IN + F + \n * 8(x0)
	.endr
	.irp	n, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, \
		17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	ld	x\n, REGS_IN + \n * 8(x0)
	.endr
	.endm

	.text
	/* Kernel call with the registers as they are. */
	.globl	regs_call
regs_call:
	regs_load
	ecall
	j	regs_store

	/* Store to where x31 says. */
	.globl	regs_fault, regs_fault_here
regs_fault:
	regs_load
regs_fault_here:
	sd	x30, 0(x31)
	j	regs_store

	/* An instruction that there isn't; who is told skips its 4 bytes. */
	.globl	regs_illegal, regs_illegal_here
regs_illegal:
	regs_load
regs_illegal_here:
	.4byte	0xffffffff
	j	regs_store

	/* Count in x31, for ever. */
	.globl	regs_spin
regs_spin:
	addi	x31, x31, 1
	j	regs_spin

	.globl	regs_store
regs_store:
	.irp	n, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, \
		17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	sd	x\n, REGS_OUT + \n * 8(x0)
	.endr
	.irp	n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, \
		17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	fsd	f\n, REGS_OUT + F + \n * 8(x0)
	.endr
	frcsr	x1
	sd	x1, REGS_OUT + FCSR(x0)
1:	li	a0, KT_DONE
	li	a1, 0
	li	a7, SYS_CALL
	ecall
	j	1b

	/* A handler, which leaves little as it was. */
	.globl	regs_handler
regs_handler:
	sd	a0, REGS_SEEN(x0)
	sd	a1, REGS_SEEN + 8(x0)
	sd	a2, REGS_SEEN + 16(x0)
	sd	sp, REGS_SEEN + 24(x0)
	call	regs_trash_fp
	.irp	n, 3, 4, 8, 9, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27
	li	x\n, -\n
	.endr
	j	1b

	/* void regs_trash_fp(void): leave something in all FP registers. */
	.globl	regs_trash_fp
regs_trash_fp:
	li	t0, 0x5a5a5a5a
	fscsr	t0
	.irp	n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, \
		17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	fmv.d.x	f\n, t0
	.endr
	ret
