/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fault.c - page faults and exceptions; see fault.h.
 */
#include "fault.h"
#include "endpoint.h"
#include "panic.h"
#include "printk.h"
#include "root.h"
#include "space.h"

/* What a page fault was about, by scause - 12 (Priv. ISA 4.1.8). */
static const uint8_t fault_access[] = {
    ACCESS_EXEC, ACCESS_READ, 0, ACCESS_WRITE};

struct thread *
fault_page(struct thread *thread, uint64_t scause, vaddr_t va)
{
	uint64_t access = fault_access[scause - SCAUSE_PAGE_FAULT];
	struct thread *pager;
	uint64_t entry;

	count(STAT_FAULTS);
	if (space_access(thread->space, va, access, &entry))
		return NULL;
	thread->fault_va = va;
	thread->fault_entry = entry;
	thread->kmsg_label = MSG_FAULT;
	thread->kmsg_count = 4;
	thread->kmsg[0] = va;
	thread->kmsg[1] = access;
	thread->kmsg[2] = thread->regs[REG_PC];
	thread->kmsg[3] = entry;
	if (endpoint_kernel_call(thread, &thread->fault_endpoint, &pager))
		return pager;
	return fault_exception(thread, scause, va);
}

struct thread *
fault_ast(struct thread *thread)
{
	struct thread *handler;

	thread->flags &= ~THREAD_AST;
	thread->kmsg_label = MSG_AST;
	thread->kmsg_count = 2;
	thread->kmsg[0] = thread->regs[REG_PC];
	thread->kmsg[1] = thread->regs[REG_SP];
	if (endpoint_kernel_call(thread, &thread->exception_endpoint, &handler))
		return handler;
	thread->state = THREAD_STOPPED;
	return NULL;
}

struct thread *
fault_exception(struct thread *thread, uint64_t scause, uint64_t stval)
{
	struct thread *handler;

	thread->kmsg_label = MSG_EXCEPTION;
	thread->kmsg_count = 3;
	thread->kmsg[0] = scause;
	thread->kmsg[1] = stval;
	thread->kmsg[2] = thread->regs[REG_PC];
	if (endpoint_kernel_call(thread, &thread->exception_endpoint, &handler))
		return handler;
	if (thread == root_thread)
		panic("root task: exception %lu at %lx, stval %lx",
		    (unsigned long)scause, (unsigned long)thread->regs[REG_PC],
		    (unsigned long)stval);
	printk("thread %lx stopped: exception %lu at %lx, stval %lx\n",
	    (unsigned long)thread->name, (unsigned long)scause,
	    (unsigned long)thread->regs[REG_PC], (unsigned long)stval);
	thread_stop(thread);
	return NULL;
}
