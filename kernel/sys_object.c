/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sys_object.c - calls on objects and capabilities.
 */
#include "cap.h"
#include "object.h"
#include "syscall.h"

#include <abi/errors.h>

int
sys_create(struct thread *self, const uint64_t *args)
{
	struct cap *cap;
	void *space;
	objname_t name = 0;
	int error;

	error = cap_lookup(self->cspace, args[0], RIGHT_OWNER, &cap);
	if (error)
		return error;
	switch (args[1]) {
	case KIND_THREAD:
		error = cap_named(self->cspace, args[0], RIGHT_OWNER, args[2],
		    KIND_SPACE, &space);
		if (error == 0)
			error = object_create_thread(space, args[3], &name);
		break;
	case KIND_SPACE:
		error = object_create_space(args[2], args[3], &name);
		break;
	case KIND_CSPACE:
	case KIND_ENDPOINT:
	case KIND_NOTIFICATION:
		error = object_create_plain(
		    (enum frame_kind)args[1], args[2], &name);
		break;
	default:
		error = TINE_EINVAL;
		break;
	}
	syscall_result(self, 1, name);
	return error;
}

/* The kind of the object that a name means, if it is the current one. */
static enum frame_kind
name_kind(objname_t name)
{
	uint64_t frame = name & NAME_FRAME_MASK;

	if (frame >= frames.count || frame_kind(frame) < KIND_THREAD ||
	    frame_name(frame) != name)
		return FRAME_RESERVED;
	return (enum frame_kind)frame_kind(frame);
}

int
sys_destroy(struct thread *self, const uint64_t *args)
{
	uint64_t frame = args[1] & NAME_FRAME_MASK;
	int error;

	error = cap_authority(self->cspace, args[0], RIGHT_OWNER, frame);
	if (error)
		return error;
	if (name_kind(args[1]) == FRAME_RESERVED)
		return TINE_ESTALE;
	return object_destroy(frame);
}

/* Slot args[1] of the capability space in slot args[0]. */
static int
slot_arg(struct thread *self, uint64_t cspace, uint64_t slot,
    struct cap **capp) REQUIRES(kernel_lock)
{
	void *slots;
	int error;

	error = cap_object(self->cspace, cspace, RIGHT_EDIT, &slots);
	if (error)
		return error;
	if (slot >= CSPACE_SLOTS)
		return TINE_EINVAL;
	*capp = (struct cap *)slots + slot;
	return 0;
}

int
sys_cap_copy(struct thread *self, const uint64_t *args)
{
	struct cap *to, *from;
	struct cap copy;
	int error;

	error = slot_arg(self, args[0], args[1], &to);
	if (error)
		return error;
	error = cap_lookup(self->cspace, args[2], RIGHT_ALL, &from);
	if (error)
		return error;
	copy = *from;
	copy.rights &= args[3];
	if (copy.rights == 0)
		return TINE_EINVAL;
	/* A badge, once given, stays; memory and system have none. */
	if (args[4] != 0) {
		if (copy.tag >= KIND_MEMORY && copy.tag <= KIND_SYSTEM)
			return TINE_EINVAL;
		if (copy.badge != 0 && copy.badge != args[4])
			return TINE_EPERM;
		copy.badge = args[4];
	}
	*to = copy;
	return 0;
}

int
sys_cap_delete(struct thread *self, const uint64_t *args)
{
	struct cap *cap;
	int error;

	error = slot_arg(self, args[0], args[1], &cap);
	if (error)
		return error;
	*cap = (struct cap){.rights = 0};
	return 0;
}

int
sys_cap_name(struct thread *self, const uint64_t *args)
{
	uint64_t frame = args[3] & NAME_FRAME_MASK;
	enum frame_kind kind;
	struct cap *cap;
	int error;

	error = cap_authority(self->cspace, args[0], RIGHT_OWNER, frame);
	if (error)
		return error;
	error = slot_arg(self, args[1], args[2], &cap);
	if (error)
		return error;
	kind = name_kind(args[3]);
	if (kind == FRAME_RESERVED)
		return TINE_ESTALE;
	if ((args[4] & cap_rights_of(kind)) == 0 ||
	    (args[4] & ~cap_rights_of(kind)) != 0)
		return TINE_EINVAL;
	cap_set(cap, frame, args[4], args[5]);
	return 0;
}
