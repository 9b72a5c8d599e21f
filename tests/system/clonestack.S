/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * clonestack.S - __clone() with a stack, whose child can't return to C.
 */
	.text
/*
 * pid_t clone_on(int flags, void *stack): the child exits with 0 if its stack
 * pointer is what it was given, else with 1.
 */
	.globl	clone_on
	.type	clone_on, @function
clone_on:
	addi	sp, sp, -16
	sd	ra, 0(sp)
	sd	s0, 8(sp)
	mv	s0, a1
	call	__clone
	beqz	a0, 1f
	ld	ra, 0(sp)
	ld	s0, 8(sp)
	addi	sp, sp, 16
	ret
1:	sub	a0, sp, s0
	snez	a0, a0
	andi	sp, sp, -16
	call	_exit
	.size	clone_on, . - clone_on

	.section .note.GNU-stack, "", @progbits
