/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ecall.S - a kernel call with control over every register it may touch.
 */
	.text
	/* void kt_ecall(struct kt_call *) */
	.globl	kt_ecall
	.type	kt_ecall, @function
kt_ecall:
	addi	sp, sp, -16
	sd	s0, 0(sp)
	mv	s0, a0
	ld	a0, 0(s0)
	ld	a1, 8(s0)
	ld	a2, 16(s0)
	ld	a3, 24(s0)
	ld	a4, 32(s0)
	ld	a5, 40(s0)
	ld	a6, 48(s0)
	ld	a7, 56(s0)
	ld	t0, 64(s0)
	ld	t1, 72(s0)
	ld	t2, 80(s0)
	ld	t3, 88(s0)
	ld	t4, 96(s0)
	ld	t5, 104(s0)
	ld	t6, 112(s0)
	ecall
	sd	a0, 0(s0)
	sd	a1, 8(s0)
	sd	a2, 16(s0)
	sd	a3, 24(s0)
	sd	a4, 32(s0)
	sd	a5, 40(s0)
	sd	a6, 48(s0)
	sd	a7, 56(s0)
	sd	t0, 64(s0)
	sd	t1, 72(s0)
	sd	t2, 80(s0)
	sd	t3, 88(s0)
	sd	t4, 96(s0)
	sd	t5, 104(s0)
	sd	t6, 112(s0)
	ld	s0, 0(sp)
	addi	sp, sp, 16
	ret
	.size	kt_ecall, . - kt_ecall
