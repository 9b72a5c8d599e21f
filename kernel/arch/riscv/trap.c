/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * trap.c - what a trap was, and who sees to it.
 */
#include "../../fault.h"
#include "../../irq.h"
#include "../../sched.h"
#include "../../syscall.h"

/* A trap from user mode (entry.S); returns the thread to go on with. */
struct thread *trap_handle(
    struct thread *thread, uint64_t scause, uint64_t stval);

struct thread *
trap_handle(struct thread *thread, uint64_t scause, uint64_t stval) UNCHECKED
{
	struct thread *prefer = NULL;
	struct thread *next;

	lock_acquire(&kernel_lock);
	count(STAT_TRAPS);
	if (scause & SCAUSE_INTERRUPT) {
		hart_interrupts();
	} else if (thread != hart_self()->current) {
		/* It was evicted meanwhile, and does this again later. */
	} else if (scause == EXCEPTION_ECALL_U) {
		thread->regs[REG_PC] += 4;
		prefer = syscall_dispatch(thread);
	} else if (scause >= EXCEPTION_PAGE_FETCH &&
		   scause <= EXCEPTION_PAGE_STORE) {
		prefer = fault_page(thread, scause, stval);
	} else {
		prefer = fault_exception(thread, scause, stval);
	}
	next = sched_leave(prefer);
	lock_release(&kernel_lock);
	return next;
}
