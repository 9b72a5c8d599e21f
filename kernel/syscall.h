/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * syscall.h - from a number to the function that does the call.
 *
 * sys_NAME(self, object, args) does SYSCALL NAME of abi/syscalls.def for the
 * running thread.  The authority has been looked up: object is what it is
 * about, or NULL for ANYBODY and the system.  args are a0 to a6.  It returns
 * the error for a0 and stores results with syscall_result().
 */
#pragma once

#include <abi/syscalls.h>
#include "thread.h"

#define IPC(number, name)
#define SYSCALL(number, name, right, kind, arguments) \
	int sys_##name(struct thread *self, void *object, \
	    const uint64_t *args) LOCKED MUST_CHECK;
#define GONE(number, name)
#include <abi/syscalls.def>
#undef IPC
#undef SYSCALL
#undef GONE

/* A handler's answer if self's registers are as they should be. */
#define SYSCALL_DONE (-1)

/* For handlers that switch: who should run next, if self can't; or NULL. */
extern struct thread *syscall_next GUARDED_BY(kernel_lock);

/* Do the call in self's registers; who should run next, or NULL. */
struct thread *syscall_dispatch(struct thread *self) LOCKED MUST_CHECK;

/* Set result i (1 to 3: a1 to a3). */
static inline void
syscall_result(struct thread *self, unsigned int i, uint64_t value)
{
	self->regs[REG_A0 + i] = value;
}
