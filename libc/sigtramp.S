/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sigtramp.S - the end of a signal handler.
 *
 * Handlers return to __tine_sigtramp, with sp where the kernel put it: at
 * the frame.  Going on with the registers that lie there is procsrv's, which
 * answers with nothing else; so there is nothing here to preserve, but also
 * nothing to come back to.
 */
#include "sigcall.h"

	.text
	.globl	__tine_sigtramp
	.type	__tine_sigtramp, @function
__tine_sigtramp:
	addi	a0, sp, SIGFRAME_REGS
	ld	a1, SIGFRAME_MASK(sp)
	.size	__tine_sigtramp, . - __tine_sigtramp

	/* void __tine_sigreturn(const struct regs *, uint64_t mask) */
	.globl	__tine_sigreturn
	.type	__tine_sigreturn, @function
__tine_sigreturn:
	mv	t1, a0			/* the window */
	li	t2, SIGCALL_REGS_BYTES
	mv	a2, a1			/* word 0 */
	li	a0, SIGCALL_SLOT
	li	a1, SIGCALL_INFO
	li	a7, SIGCALL_SYSCALL
	ecall
	/* procsrv is lost. */
	unimp
	.size	__tine_sigreturn, . - __tine_sigreturn

	.section .note.GNU-stack, "", @progbits
