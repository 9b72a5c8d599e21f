/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * clone.S - NetBSD's clone().
 *
 * As fork.S: nothing is stored on the caller's stack, on which the child may
 * run first.  What clone()'s child needs is on its own stack: temporaries do
 * not survive the call, and the saved registers are its function's.
 */
#include "forkcall.h"

#define EINVAL 22

/*
 * Ask for a child: flags (of clone()) in a4, its stack pointer in a3.  On
 * success a0 is 0, and a2 the pid or, in the child, 0.  Uses a1, a5, t0.
 *	error	the flags are not to be had
 *	failed	procsrv refuses; a0 is the error
 */
.macro	CLONE	error, failed
	li	t0, FORKCALL_REFUSED
	and	t0, a4, t0
	bnez	t0, \error
	andi	a5, a4, FORKCALL_CSIGNAL
	li	t0, FORKCALL_NSIG
	bgeu	a5, t0, \error
	/* CLONE_SIGHAND needs CLONE_VM. */
	slli	t0, a4, 63 - 11
	bgez	t0, 1f
	andi	t0, a4, FORKCALL_VM
	beqz	t0, \error
1:	srliw	t0, a4, FORKCALL_VFORK_SHIFT
	andi	t0, t0, FORKCALL_PPWAIT
	srliw	a2, a4, FORKCALL_SHARES_SHIFT
	andi	a2, a2, FORKCALL_SHARES
	or	a2, a2, t0
	slli	a5, a5, 32
	or	a2, a2, a5
	li	a0, FORKCALL_SLOT
	li	a1, FORKCALL_INFO
	/* No window. */
	li	t1, 0
	li	t2, 0
	li	a7, FORKCALL_SYSCALL
	ecall
	bnez	a0, \failed
	slli	a0, a1, 64 - FORKCALL_LABEL_BITS
	srli	a0, a0, 64 - FORKCALL_LABEL_BITS
	bnez	a0, \failed
	sext.w	a2, a2
.endm

	.text
/*
 * pid_t __clone(int flags, void *stack): the child's pid, 0 in the child,
 * which goes on with that stack pointer, or -1 with errno
 *	EINVAL	flags that are refused, no such signal
 *	EAGAIN	as many processes as the system or the user may have
 *	ENOMEM	not enough memory
 */
	.globl	__clone
	.type	__clone, @function
__clone:
	mv	a4, a0
	mv	a3, a1
	CLONE	2f, 3f
	mv	a0, a2
	ret
2:	li	a0, EINVAL
3:	tail	__tine_fail
	.size	__clone, . - __clone

/*
 * pid_t clone(int (*run)(void *), void *stack, int flags, void *argument):
 * the pid of a child that runs run(argument) on a stack, growing down from
 * there, and exits with its result.  Errors as above; EINVAL: no function or
 * no stack.
 */
	.globl	clone
	.type	clone, @function
clone:
	beqz	a0, 2f
	beqz	a1, 2f
	mv	a4, a2
	andi	a1, a1, -16
	addi	a1, a1, -16
	sd	a0, 0(a1)
	sd	a3, 8(a1)
	mv	a3, a1
	CLONE	2f, 3f
	beqz	a2, 4f
	mv	a0, a2
	ret
2:	li	a0, EINVAL
3:	tail	__tine_fail
4:	/* The child, with the end of the chain of frames, for debuggers. */
	ld	t0, 0(sp)
	ld	a0, 8(sp)
	li	s0, 0
	li	ra, 0
	jalr	t0
	call	_exit
	.size	clone, . - clone

	.section .note.GNU-stack, "", @progbits
