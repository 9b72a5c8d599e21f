/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * inherit.c - minherit.
 *
 * Inheritance is only noted, but for "share" of private memory: parent and
 * child are to see each other's writes from the next fork on, also in pages
 * that neither has touched by then.  So the memory becomes a shared object
 * now, a part at a time.  Until a fork nobody can tell, and with inheritance
 * "copy" a fork takes a snapshot of an object; so a request that fails half
 * way has changed nothing that shows.
 */
#include <ipc/sys.h>

#include "fault.h"
#include "file.h"
#include "handlers.h"
#include "object.h"
#include "own.h"
#include "park.h"
#include "report.h"
#include "root.h"
#include "serve.h"
#include "space.h"

#define PART_PAGES 256 /* that become an object in one turn */

/* The frame with what is in a page, and how many bytes of it; 0: zeros. */
static uint64_t
page_source(struct space *space, const struct region *region, uint64_t va,
    size_t *bytes)
{
	uint64_t entry = space_entry(space, va);
	uint64_t left;

	*bytes = PAGE_SIZE;
	if (entry >> PTE_PPN_SHIFT != 0)
		return entry_frame(entry);
	if (region->backing != BACKING_FILE || va >= region->file_end)
		return 0;
	left = region->file_end - va;
	if (left < PAGE_SIZE)
		*bytes = (size_t)left;
	return file_frame(
	    region->object, region->offset + (va - region->start));
}

/* Copy what is in a range of a region to an object.  ENOMEM. */
static int
object_fill(struct space *space, const struct region *region, uint64_t start,
    uint64_t end, uint32_t object)
{
	for (uint64_t va = start; va < end; va += PAGE_SIZE) {
		size_t bytes;
		uint64_t from = page_source(space, region, va, &bytes);
		uint64_t to;
		int error;

		if (from == 0)
			continue;
		error = object_frame(object, (va - start) >> PAGE_SHIFT, &to);
		if (error == 0)
			error = own_frame_copy(to, from, bytes);
		if (error)
			return error;
	}
	return 0;
}

/*
 * Have threads that run not write to a range while it is copied: their writes
 * fault, and are seen to after this turn.
 */
static int
part_freeze(struct space *space, const struct region *region, uint64_t start,
    uint64_t end)
{
	uint64_t flags =
	    fault_flags(region) & ~(uint64_t)MAP_PAGE_WRITE & MAP_PAGE_PROT;

	while (start < end) {
		struct sysret done = sys_space_protect(ROOT_MEMORY, space->name,
		    start, (end - start) >> PAGE_SHIFT, flags);

		if (done.error != 0)
			return TINE_ENOMEM;
		start = done.value;
	}
	return 0;
}

/* Make [start, end) of a private region an object.  ENOMEM. */
static int
part_share(struct space *space, uint64_t start, uint64_t end)
{
	struct region_map *map = &space->map;
	struct region *region;
	uint32_t object;
	int error;

	error = region_reserve(map, 2);
	if (error)
		return error;
	error = object_create((end - start) >> PAGE_SHIFT, &object);
	if (error)
		return error;
	region = region_find(map, start);
	error = part_freeze(space, region, start, end);
	if (error == 0)
		error = object_fill(space, region, start, end, object);
	if (error) {
		object_unref(object);
		return error;
	}

	/* Committed: nothing below can fail. */
	region_split(map, start);
	region_split(map, end);
	region = region_find(map, start);
	region_set_charged(map, region, false);
	region->backing = BACKING_SHARED;
	region->object = object;
	region->offset = 0;
	error = space_unmap(space, start, end);
	ASSERT(error == 0);
	space_settle(space);
	CHECK(space_check(space));
	return error;
}

/* The first part of a range that is private; false: there is none. */
static bool
part_find(const struct region_map *map, uint64_t start, uint64_t end,
    uint64_t *part_start, uint64_t *part_end)
{
	for (uint32_t i = region_above(map, start);
	     i < map->count && map->at[i].start < end; i++) {
		const struct region *region = &map->at[i];

		if (region->backing != BACKING_ANONYMOUS &&
		    region->backing != BACKING_FILE)
			continue;
		*part_start = region->start > start ? region->start : start;
		*part_end = region->end < end ? region->end : end;
		if (*part_end - *part_start > PART_PAGES * PAGE_SIZE)
			*part_end = *part_start + PART_PAGES * PAGE_SIZE;
		return true;
	}
	return false;
}

/* Note the inheritance of a range. */
static int
inheritance_set(
    struct region_map *map, uint64_t start, uint64_t end, uint32_t value)
{
	int error = region_reserve(map, 2);

	if (error)
		return error;
	region_split(map, start);
	region_split(map, end);
	for (uint32_t i = region_above(map, start);
	     i < map->count && map->at[i].start < end; i++)
		map->at[i].inheritance = (uint8_t)value;
	region_join(map, start, end);
	return 0;
}

int
serve_vm_inherit(const struct ipc_msg *msg, const struct vm_inherit_req *req,
    struct vm_inherit_rep *rep)
{
	struct space *space;
	uint64_t end;
	uint64_t part_start;
	uint64_t part_end;
	int error;

	(void)rep;
	if (!serve_range(req->address, req->length, &end))
		return TINE_EINVAL;
	if (req->inheritance > VM_INHERIT_NONE &&
	    req->inheritance != VM_INHERIT_ZERO)
		return TINE_EINVAL;
	error = space_claim(msg->sender, msg, &space);
	if (error)
		return error;
	if (req->inheritance == VM_INHERIT_SHARE &&
	    part_find(&space->map, req->address, end, &part_start, &part_end)) {
		error = part_share(space, part_start, part_end);
		return error ? error : park_again(msg);
	}
	return inheritance_set(
	    &space->map, req->address, end, req->inheritance);
}
