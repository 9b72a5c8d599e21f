/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * syscall.c - dispatch of kernel calls.
 */
#include "syscall.h"
#include "ipc.h"

#include <abi/errors.h>

typedef int syscall_fn(struct thread *self, const uint64_t *args);

static syscall_fn *const calls[SYS_COUNT] = {
#define IPC(number, name)
#define SYSCALL(number, name, arguments, what) [number] = sys_##name,
#define GONE(number, name)
#include <abi/syscalls.def>
#undef IPC
#undef SYSCALL
#undef GONE
};

#define SYSCALL_ARGS 7

struct thread *
syscall_dispatch(struct thread *self)
{
	uint64_t number = self->regs[REG_A7];
	uint64_t args[SYSCALL_ARGS];
	int error;

	if (number < SYS_notify)
		return ipc_slow(self);
	if (number >= SYS_COUNT || calls[number] == NULL) {
		self->regs[REG_A0] = TINE_ENOSYS;
		return NULL;
	}
	for (unsigned int i = 0; i < SYSCALL_ARGS; i++)
		args[i] = self->regs[REG_A0 + i];
	for (unsigned int i = 1; i <= 3; i++)
		self->regs[REG_A0 + i] = 0;
	error = calls[number](self, args);
	self->regs[REG_A0] = error;
	return NULL;
}
