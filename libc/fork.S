/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fork.S - fork, vfork and their like.
 *
 * Leaves that store nothing on the stack: after vfork() the child runs on it
 * first, and the parent must then find it as it was.  All that the parent
 * needs later is in registers, of which each process has its own.
 */
#include "forkcall.h"

/*
 * pid_t NAME(void): the child's pid, 0 in the child, or -1 with errno
 *	EAGAIN	as many processes as the system or the user may have
 *	ENOMEM	not enough memory
 */
.macro	FORK	name, flags
	.globl	\name
	.type	\name, @function
\name:
	li	a0, FORKCALL_SLOT
	li	a1, FORKCALL_INFO
	/* Word 0: flags, and the exit signal above them. */
	li	a2, \flags | FORKCALL_EXITSIG << 32
	/* Word 1: keep the caller's stack pointer. */
	li	a3, 0
	/* No window. */
	li	t1, 0
	li	t2, 0
	li	a7, FORKCALL_SYSCALL
	ecall
	bnez	a0, 1f
	slli	a0, a1, 64 - FORKCALL_LABEL_BITS
	srli	a0, a0, 64 - FORKCALL_LABEL_BITS
	bnez	a0, 1f
	sext.w	a0, a2
	ret
1:	tail	__tine_fail
	.size	\name, . - \name
.endm

	.text

/*
 * fork() in a program that may have threads has more to do: forkhook.c.  The
 * address lies here, as this page is in use anyway.
 */
	.weak	__tine_fork_hooked
	.balign	8
hook:
	.dword	__tine_fork_hooked
	.globl	fork
	.type	fork, @function
fork:
	ld	t0, hook
	bnez	t0, hooked
	FORK	__tine_fork, 0
hooked:
	jr	t0
	.size	fork, . - fork

	FORK	vfork, FORKCALL_PPWAIT | FORKCALL_SHAREVM
	FORK	__vfork44, FORKCALL_PPWAIT

	.section .note.GNU-stack, "", @progbits
