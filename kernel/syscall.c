/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * syscall.c - dispatch of kernel calls.
 */
#include "syscall.h"
#include "ipc.h"

#include <abi/errors.h>

static const struct call {
	int (*handler)(struct thread *, void *, const uint64_t *);
	uint32_t rights;
	enum frame_kind kind;
} calls[SYS_COUNT] = {
#define IPC(number, name)
#define SYSCALL(number, name, right, kind, arguments) \
	[number] = {sys_##name, right, kind},
#define GONE(number, name)
#include <abi/syscalls.def>
};

struct thread *syscall_next;

#define SYSCALL_ARGS 7

static int
authority_check(struct thread *self, const struct call *call,
    const uint64_t *args, void **objectp) LOCKED
{
	uint32_t rights = call->rights;
	struct cap *cap;
	int error;

	if (rights == 0)
		return 0;
	if (rights == RIGHT_STEWARD)
		rights |= RIGHT_OWNER;
	if (call->kind == KIND_THREAD || call->kind == KIND_SPACE)
		return cap_named(self->cspace, args[0], rights, args[1],
		    call->kind, objectp);
	error = cap_lookup(self->cspace, args[0], rights, &cap);
	if (error == 0 && cap_is_object(cap))
		*objectp = object_of(cap->frame);
	return error;
}

struct thread *
syscall_dispatch(struct thread *self)
{
	uint64_t number = self->regs[REG_A7];
	uint64_t args[SYSCALL_ARGS];
	void *object = NULL;
	int error;

	if (number < SYS_notify)
		return ipc_slow(self);
	if (number >= SYS_COUNT || calls[number].handler == NULL) {
		self->regs[REG_A0] = TINE_ENOSYS;
		return NULL;
	}
#pragma GCC unroll 7
	for (unsigned int i = 0; i < SYSCALL_ARGS; i++)
		args[i] = self->regs[REG_A0 + i];
	for (unsigned int i = 1; i <= 3; i++)
		self->regs[REG_A0 + i] = 0;
	syscall_next = NULL;
	error = authority_check(self, &calls[number], args, &object);
	if (error == 0)
		error = calls[number].handler(self, object, args);
	if (error != SYSCALL_DONE)
		self->regs[REG_A0] = error;
	return syscall_next;
}
