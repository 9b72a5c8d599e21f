/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tiny.S - /tiny: the program that exits at once, without a C library.
 */
#include "exitcall.h"

	.text
	.globl	_start
_start:
	li	a0, EXITCALL_SLOT
	li	a1, EXITCALL_INFO
	/* Word 0: status 0. */
	li	a2, 0
	/* No window. */
	li	t1, 0
	li	t2, 0
	li	a7, EXITCALL_SYSCALL
	ecall
	/* Nobody answers that. */
	ebreak

	.section .note.GNU-stack, "", @progbits
