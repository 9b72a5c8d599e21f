/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sys_object.c - calls on objects, frames and capabilities.
 */
#include "cap.h"
#include "object.h"
#include "kassert.h"
#include "syscall.h"

#include <abi/errors.h>

int
sys_create(struct thread *self, void *object, const uint64_t *args)
{
	objname_t name = 0;
	int error = 0;

	if (args[1] > KIND_IRQ)
		return TINE_EINVAL;
	if (args[1] == KIND_THREAD)
		error = cap_named(self->cspace, args[0], RIGHT_OWNER, args[2],
		    KIND_SPACE, &object);
	if (error == 0)
		error = object_create(
		    (enum frame_kind)args[1], object, args[2], args[3], &name);
	syscall_result(self, 1, name);
	return error;
}

/*
 * The frame of an object that auth's memory has.  EBADF, EINVAL as for any
 * authority; ESTALE: not the name of an object that is.
 */
static int
object_named(
    struct thread *self, uint64_t auth, objname_t name, uint64_t *framep) LOCKED
{
	uint64_t frame = name & NAME_FRAME_MASK;
	int error;

	error = cap_authority(self->cspace, auth, RIGHT_OWNER, frame);
	if (error)
		return error;
	if (frame_kind(frame) < KIND_THREAD || frame_name(frame) != name)
		return TINE_ESTALE;
	*framep = frame;
	return 0;
}

int
sys_destroy(struct thread *self, void *object, const uint64_t *args)
{
	uint64_t frame;
	int error;

	error = object_named(self, args[0], args[1], &frame);
	return error ? error : object_destroy(frame);
}

int
sys_cap_copy(struct thread *self, void *object, const uint64_t *args)
{
	struct cap *slots = object;
	struct cap *from;
	struct cap copy;
	int error;

	if (args[1] >= CSPACE_SLOTS)
		return TINE_EINVAL;
	error = cap_lookup(self->cspace, args[2], RIGHT_ALL, &from);
	if (error)
		return error;
	copy = *from;
	copy.rights &= args[3];
	if (copy.rights == 0)
		return TINE_EINVAL;
	/* A badge, once given, stays; memory and system have none. */
	if (args[4] != 0) {
		if (!cap_is_object(&copy))
			return TINE_EINVAL;
		if (copy.badge != 0 && copy.badge != args[4])
			return TINE_EPERM;
		copy.badge = args[4];
	}
	slots[args[1]] = copy;
	return 0;
}

int
sys_cap_delete(struct thread *self, void *object, const uint64_t *args)
{
	struct cap *slots = object;

	if (args[1] >= CSPACE_SLOTS)
		return TINE_EINVAL;
	slots[args[1]] = (struct cap){.rights = 0};
	return 0;
}

int
sys_cap_name(struct thread *self, void *object, const uint64_t *args)
{
	struct cap *slots = object;
	uint64_t rights = args[3];
	uint64_t frame, possible;
	int error;

	error = object_named(self, args[5], args[2], &frame);
	if (error)
		return error;
	possible = cap_rights_of((enum frame_kind)frame_kind(frame));
	if (args[1] >= CSPACE_SLOTS || rights == 0 || (rights & ~possible) != 0)
		return TINE_EINVAL;
	cap_set(&slots[args[1]], frame, rights, args[4]);
	KCHECK(cap_check(slots));
	return 0;
}

int
sys_frame_alloc(struct thread *self, void *object, const uint64_t *args)
{
	uint64_t frame = object_new(FRAME_USER);

	if (frame == FRAME_NONE)
		return TINE_ENOMEM;
	frames.table[frame].tag |= FRAME_HOLD;
	syscall_result(self, 1, frame);
	return 0;
}

int
sys_frame_free(struct thread *self, void *object, const uint64_t *args)
{
	uint64_t frame = args[1];
	int error;

	error = cap_authority(self->cspace, args[0], RIGHT_OWNER, frame);
	if (error)
		return error;
	if (frame_kind(frame) != FRAME_USER ||
	    (frames.table[frame].tag & FRAME_HOLD) == 0)
		return TINE_EINVAL;
	frames.table[frame].tag &= ~FRAME_HOLD;
	frame_unref(frame);
	return 0;
}
