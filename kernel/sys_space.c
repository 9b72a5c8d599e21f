/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sys_space.c - calls on address spaces by their owner.
 */
#include "cap.h"
#include "frame.h"
#include "object.h"
#include "space.h"
#include "syscall.h"
#include "ucopy.h"

#include <abi/errors.h>

/* The space args[1] names, with the authority of slot args[0]. */
static int
space_arg(struct thread *self, const uint64_t *args, struct space **spacep)
    REQUIRES(kernel_lock)
{
	void *space;
	int error;

	error = cap_named(
	    self->cspace, args[0], RIGHT_OWNER, args[1], KIND_SPACE, &space);
	if (error)
		return error;
	*spacep = space;
	return 0;
}

/* The range of args[3] pages from args[2] on. */
static int
range_arg(const uint64_t *args, vaddr_t *start, vaddr_t *end)
{
	if ((args[2] & PAGE_MASK) != 0 || args[2] > USER_TOP ||
	    args[3] > (USER_TOP - args[2]) >> PAGE_SHIFT)
		return TINE_EINVAL;
	*start = args[2];
	*end = args[2] + (args[3] << PAGE_SHIFT);
	return 0;
}

int
sys_space_feed(struct thread *self, const uint64_t *args)
{
	struct space *space;
	int error;

	error = space_arg(self, args, &space);
	if (error)
		return error;
	return space_feed(space, (int64_t)args[2]);
}

/* Authority to map physical page number args[3] of a device. */
static int
device_check(struct thread *self, const uint64_t *args) REQUIRES(kernel_lock)
{
	uint64_t slot = args[4] >> MAP_PAGE_BYTES_SHIFT;
	struct cap *cap;
	int error;

	error = cap_lookup(self->cspace, slot, RIGHT_MAP, &cap);
	if (error)
		return error;
	if (args[3] < cap->first || args[3] - cap->first >= cap->pages)
		return TINE_EINVAL;
	return 0;
}

int
sys_space_map(struct thread *self, const uint64_t *args)
{
	struct space *space;
	int error;

	error = space_arg(self, args, &space);
	if (error)
		return error;
	if (args[4] & MAP_PAGE_DEVICE) {
		error = device_check(self, args);
		if (error)
			return error;
	}
	return space_map(space, args[2], args[3], args[4], args[5]);
}

int
sys_space_unmap(struct thread *self, const uint64_t *args)
{
	struct space *space;
	vaddr_t va, end;
	int error;

	error = space_arg(self, args, &space);
	if (error)
		return error;
	error = range_arg(args, &va, &end);
	if (error)
		return error;
	space_unmap(space, &va, end);
	syscall_result(self, 1, va);
	return 0;
}

int
sys_space_protect(struct thread *self, const uint64_t *args)
{
	struct space *space;
	vaddr_t va, end;
	int error;

	error = space_arg(self, args, &space);
	if (error)
		return error;
	error = range_arg(args, &va, &end);
	if (error)
		return error;
	if (!map_flags_valid(args[4]) ||
	    (args[4] & ~(uint64_t)(MAP_PAGE_PROT | MAP_PAGE_COW)) != 0)
		return TINE_EINVAL;
	space_protect(space, &va, end, args[4]);
	syscall_result(self, 1, va);
	return 0;
}

/* Ascending, apart, page aligned, in user space. */
static int
exceptions_check(const struct clone_exception *exceptions, uint64_t n)
{
	vaddr_t at = 0;

	for (uint64_t i = 0; i < n; i++) {
		const struct clone_exception *e = &exceptions[i];

		if (e->start < at || (e->start & PAGE_MASK) != 0 ||
		    e->start >= USER_TOP || e->pages == 0 ||
		    e->pages > (USER_TOP - e->start) >> PAGE_SHIFT)
			return TINE_EINVAL;
		if (e->rule != CLONE_RULE_NONE && e->rule != CLONE_RULE_SHARE)
			return TINE_EINVAL;
		at = e->start + (e->pages << PAGE_SHIFT);
	}
	return 0;
}

int
sys_space_clone(struct thread *self, const uint64_t *args)
{
	static struct clone_exception exceptions[CLONE_EXCEPTIONS_MAX];
	struct space *dst, *src;
	void *named;
	vaddr_t va = args[3];
	int error;

	error = space_arg(self, args, &dst);
	if (error)
		return error;
	error = cap_named(self->cspace, args[0], RIGHT_OWNER, args[2],
	    KIND_SPACE, &named);
	if (error)
		return error;
	src = named;
	if (src == dst || (va & PAGE_MASK) != 0 || va > USER_TOP ||
	    args[5] > CLONE_EXCEPTIONS_MAX)
		return TINE_EINVAL;
	/* Guarded by the kernel lock, and too large for the stack. */
	if (args[5] != 0) {
		error = ucopy_in(self->space, args[4], exceptions,
		    args[5] * sizeof(exceptions[0]));
		if (error)
			return error;
	}
	error = exceptions_check(exceptions, args[5]);
	if (error)
		return error;
	error = space_clone(dst, src, &va, exceptions, args[5]);
	syscall_result(self, 1, va);
	return error;
}

int
sys_space_copy(struct thread *self, const uint64_t *args)
{
	struct space *space;
	struct ucopy_miss miss = {0};
	uint64_t done;
	int error;

	error = space_arg(self, args, &space);
	if (error)
		return error;
	if (args[5] > 1)
		return TINE_EINVAL;
	if (args[5])
		error = ucopy(space, args[2], self->space, args[3], args[4],
		    &done, &miss);
	else
		error = ucopy(self->space, args[3], space, args[2], args[4],
		    &done, &miss);
	syscall_result(self, 1, done);
	syscall_result(self, 2, miss.entry);
	return error;
}

int
sys_space_query(struct thread *self, const uint64_t *args)
{
	struct space *space;
	const uint64_t *entry;
	int error;

	error = space_arg(self, args, &space);
	if (error)
		return error;
	if (args[2] >= USER_TOP)
		return TINE_EINVAL;
	entry = space_entry(space, args[2]);
	syscall_result(self, 1, entry == NULL ? 0 : *entry);
	return 0;
}

int
sys_frame_alloc(struct thread *self, const uint64_t *args)
{
	struct cap *cap;
	uint64_t frame;
	int error;

	error = cap_lookup(self->cspace, args[0], RIGHT_OWNER, &cap);
	if (error)
		return error;
	frame = object_new(FRAME_USER);
	if (frame == FRAME_NONE)
		return TINE_ENOMEM;
	frames.table[frame].tag |= FRAME_HOLD;
	syscall_result(self, 1, frame);
	return 0;
}

int
sys_frame_free(struct thread *self, const uint64_t *args)
{
	int error;

	error = cap_authority(self->cspace, args[0], RIGHT_OWNER, args[1]);
	if (error)
		return error;
	if (frame_kind(args[1]) != FRAME_USER ||
	    (frames.table[args[1]].tag & FRAME_HOLD) == 0)
		return TINE_EINVAL;
	frames.table[args[1]].tag &= ~FRAME_HOLD;
	frame_unref(args[1]);
	return 0;
}
