/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * head.S - the first instructions, from firmware to C.
 *
 * The image begins with the boot header of Linux for RISC-V (Documentation/
 * riscv/boot-image-header.rst there), so boot loaders that start Linux start
 * Tine.  At entry a0 is the hart, a1 the device tree; there is no paging.
 */
#include "csr.h"
#include "offsets.h"

#define IMAGE_OFFSET 0xffffffff00000000
/* A gigapage, kernel only, readable, writable, executable, A and D set. */
#define PTE_GIGA_RWX 0xef

	.section .head, "ax"
	.globl	_start
_start:
	j	start
	.balign	4
	.word	0
	.dword	0x200000		/* load at this offset from RAM */
	.dword	kernel_end - kernel_text
	.dword	0			/* flags: little-endian */
	.word	2			/* header version 0.2 */
	.word	0
	.dword	0
	.ascii	"RISCV\0\0\0"
	.ascii	"RSC\x05"
	.word	0

start:
	/* Only the first hart boots: see hart_late. */
	la	t0, boot_taken
	li	t1, 1
	amoswap.w t1, t1, (t0)
	bnez	t1, hart_late
	csrw	sie, zero
	csrw	sscratch, zero
	/* SUM and MXR are off for good; user mode may read time and counters. */
	csrw	sstatus, zero
	li	t0, 7
	csrw	scounteren, t0
	mv	s0, a0
	mv	s1, a1
	la	t0, kernel_bss
	la	t1, kernel_end
1:	sd	zero, 0(t0)
	addi	t0, t0, 8
	bltu	t0, t1, 1b

	/*
	 * First tables: the gigapage that the kernel lies in, at its physical
	 * address, in the direct map and at the image's address; and that of
	 * the device tree in the direct map.
	 */
	la	t0, early_root
	la	t1, kernel_text
	srli	t1, t1, 30
	slli	t2, t1, 28
	ori	t2, t2, PTE_GIGA_RWX
	slli	t3, t1, 3
	add	t3, t3, t0
	sd	t2, 0(t3)
	li	t4, 2048
	add	t4, t4, t3
	sd	t2, 0(t4)
	li	t4, 510 * 8
	add	t4, t4, t0
	sd	t2, 0(t4)
	srli	t1, s1, 30
	slli	t2, t1, 28
	ori	t2, t2, PTE_GIGA_RWX
	slli	t3, t1, 3
	add	t3, t3, t0
	li	t4, 2048
	add	t4, t4, t3
	sd	t2, 0(t4)

	srli	t1, t0, 12
	li	t2, SATP_SV39
	or	t1, t1, t2
	la	t3, high
	li	t4, IMAGE_OFFSET
	add	t3, t3, t4
	sfence.vma
	csrw	satp, t1
	sfence.vma
	jr	t3
high:
	la	t0, trap_entry
	csrw	stvec, t0
	la	sp, kernel_stacks + KERNEL_STACK_BYTES
	la	tp, harts
	mv	a0, s0
	mv	a1, s1
	call	boot_main
	/* a0: the first thread. */
	j	trap_return

	/*
	 * OpenSBI before 1.3 lets a hart go before it has said where to
	 * (sbi_hsm_hart_start in its sbi_hsm.c); one that looks in between
	 * comes here again, with the first boot's a1, rather than to
	 * hart_entry.  It finds what was meant by its number.
	 */
hart_late:
	la	a1, harts
	li	t0, HART_COUNT
1:	ld	t1, HART_ID(a1)
	ld	t2, HART_STACK(a1)
	beqz	t2, 2f
	beq	t1, a0, 3f
2:	addi	a1, a1, HART_BYTES
	addi	t0, t0, -1
	bnez	t0, 1b
	j	hart_late
3:	li	t0, IMAGE_OFFSET
	add	a1, a1, t0

	/*
	 * A further hart (SBI HSM): a1 is its struct hart.  There is nothing at
	 * this address in the kernel's tables, so that the first fetch with
	 * paging traps: to where it is to go on.
	 */
	.globl	hart_entry
	.balign	4
hart_entry:
	csrw	sie, zero
	csrw	sscratch, zero
	csrw	sstatus, zero
	li	t0, 7
	csrw	scounteren, t0
	la	t0, hart_high
	li	t1, IMAGE_OFFSET
	add	t0, t0, t1
	csrw	stvec, t0
	la	t0, hart_satp
	ld	t0, (t0)
	mv	tp, a1
	sfence.vma
	csrw	satp, t0
	.balign	4
hart_high:
	sfence.vma
	la	t0, trap_entry
	csrw	stvec, t0
	ld	sp, HART_STACK(tp)
	call	hart_main
	j	trap_return

	.data
	.balign	4
boot_taken:
	.word	0

	.bss
	.balign	4096
early_root:
	.space	4096
	.balign	KERNEL_STACK_BYTES
	.globl	kernel_stacks
kernel_stacks:
	.space	KERNEL_STACK_BYTES * HART_COUNT
