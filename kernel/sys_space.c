/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sys_space.c - calls on address spaces by their owner.
 */
#include "cap.h"
#include "space.h"
#include "syscall.h"
#include "ucopy.h"

#include <abi/errors.h>

/* Whether pages pages from va on are user addresses. */
static bool
range_is_valid(vaddr_t va, uint64_t pages)
{
	return (va & PAGE_MASK) == 0 && va <= USER_TOP &&
	       pages <= (USER_TOP - va) >> PAGE_SHIFT;
}

int
sys_space_feed(struct thread *self, void *object, const uint64_t *args)
{
	return space_feed(object, (int64_t)args[2]);
}

int
sys_space_map(struct thread *self, void *object, const uint64_t *args)
{
	uint64_t page = args[3], flags = args[4];
	struct cap *cap;
	int error;

	if (flags & MAP_PAGE_DEVICE) {
		error = cap_lookup(self->cspace, flags >> MAP_PAGE_BYTES_SHIFT,
		    RIGHT_MAP, &cap);
		if (error)
			return error;
		if (page < cap->first || page - cap->first >= cap->pages)
			return TINE_EINVAL;
	}
	return space_map(object, args[2], page, flags, args[5]);
}

int
sys_space_unmap(struct thread *self, void *object, const uint64_t *args)
{
	vaddr_t va = args[2];

	if (!range_is_valid(va, args[3]))
		return TINE_EINVAL;
	space_unmap(object, &va, va + (args[3] << PAGE_SHIFT));
	syscall_result(self, 1, va);
	return 0;
}

int
sys_space_protect(struct thread *self, void *object, const uint64_t *args)
{
	const uint64_t known = MAP_PAGE_PROT | MAP_PAGE_COW;
	vaddr_t va = args[2];

	if (!range_is_valid(va, args[3]) || !map_flags_valid(args[4]) ||
	    (args[4] & ~known) != 0)
		return TINE_EINVAL;
	space_protect(object, &va, va + (args[3] << PAGE_SHIFT), args[4]);
	syscall_result(self, 1, va);
	return 0;
}

int
sys_space_clone(struct thread *self, void *object, const uint64_t *args)
{
	vaddr_t va = args[3];
	void *src;
	int error;

	error = cap_named(
	    self->cspace, args[0], RIGHT_OWNER, args[2], KIND_SPACE, &src);
	if (error)
		return error;
	if (src == object || !range_is_valid(va, 0))
		return TINE_EINVAL;
	error = space_clone(object, src, &va);
	syscall_result(self, 1, va);
	return error;
}

int
sys_space_copy(struct thread *self, void *object, const uint64_t *args)
{
	struct ucopy_miss miss = {0};
	uint64_t done;
	int error;

	if (args[5] > 1)
		return TINE_EINVAL;
	if (args[5])
		error = ucopy(object, args[2], self->space, args[3], args[4],
		    &done, &miss);
	else
		error = ucopy(self->space, args[3], object, args[2], args[4],
		    &done, &miss);
	syscall_result(self, 1, done);
	syscall_result(self, 2, miss.entry);
	return error;
}

int
sys_space_query(struct thread *self, void *object, const uint64_t *args)
{
	const uint64_t *entry;

	if (args[2] >= USER_TOP)
		return TINE_EINVAL;
	entry = space_entry(object, args[2]);
	syscall_result(self, 1, entry == NULL ? 0 : *entry);
	return 0;
}
