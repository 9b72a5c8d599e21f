/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * syscall.c - dispatch of kernel calls.
 */
#include "syscall.h"
#include "ipc.h"

#include <abi/errors.h>

/* What a call's authority is: rights, and the kind of object it names. */
struct authority {
	uint32_t rights;
	uint32_t kind;
};

#define ANYBODY \
	{ \
		0, 0 \
	}
#define THREAD_OWNER \
	{ \
		RIGHT_OWNER, KIND_THREAD \
	}
#define THREAD_STEWARD \
	{ \
		RIGHT_OWNER | RIGHT_STEWARD, KIND_THREAD \
	}
#define SPACE_OWNER \
	{ \
		RIGHT_OWNER, KIND_SPACE \
	}
#define MEMORY_OWNER \
	{ \
		RIGHT_OWNER, 0 \
	}
#define NOTIFY \
	{ \
		RIGHT_NOTIFY, 0 \
	}
#define WAIT \
	{ \
		RIGHT_WAIT, 0 \
	}
#define EDIT \
	{ \
		RIGHT_EDIT, 0 \
	}
#define POWER \
	{ \
		RIGHT_POWER, 0 \
	}
#define STAT \
	{ \
		RIGHT_STAT, 0 \
	}
#define DEBUG \
	{ \
		RIGHT_DEBUG, 0 \
	}

static const struct call {
	int (*handler)(struct thread *, void *, const uint64_t *);
	struct authority authority;
} calls[SYS_COUNT] = {
#define IPC(number, name)
#define SYSCALL(number, name, authority, arguments) \
	[number] = {sys_##name, authority},
#define GONE(number, name)
#include <abi/syscalls.def>
};

#define SYSCALL_ARGS 7

static int
authority_check(struct thread *self, const struct authority *authority,
    const uint64_t *args, void **objectp) LOCKED
{
	struct cap *cap;
	int error;

	if (authority->rights == 0)
		return 0;
	if (authority->kind != 0)
		return cap_named(self->cspace, args[0], authority->rights,
		    args[1], (enum frame_kind)authority->kind, objectp);
	error = cap_lookup(self->cspace, args[0], authority->rights, &cap);
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
	for (unsigned int i = 0; i < SYSCALL_ARGS; i++)
		args[i] = self->regs[REG_A0 + i];
	for (unsigned int i = 1; i <= 3; i++)
		self->regs[REG_A0 + i] = 0;
	error = authority_check(self, &calls[number].authority, args, &object);
	if (error == 0)
		error = calls[number].handler(self, object, args);
	self->regs[REG_A0] = error;
	return NULL;
}
