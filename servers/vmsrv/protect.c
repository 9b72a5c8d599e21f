/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * protect.c - mprotect.
 *
 * A private page is never made writable here but marked copy-on-write: the
 * kernel or the pager decides at the first write whether it must be copied.
 */
#include <ipc/sys.h>

#include "fault.h"
#include "handlers.h"
#include "park.h"
#include "report.h"
#include "root.h"
#include "serve.h"
#include "space.h"

/* Whether a region must be charged before it may be written. */
static bool
charge_due(const struct region *region, uint32_t protection)
{
	return region->backing == BACKING_FILE &&
	       (region->flags & REGION_CHARGED) == 0 &&
	       (protection & VM_PROT_WRITE) != 0;
}

/* Pages of a range that must be charged. */
static uint64_t
pages_due(const struct region_map *map, uint64_t start, uint64_t end,
    uint32_t protection)
{
	uint64_t pages = 0;

	for (uint32_t i = region_above(map, start);
	     i < map->count && map->at[i].start < end; i++) {
		const struct region *region = &map->at[i];
		uint64_t low = region->start > start ? region->start : start;
		uint64_t high = region->end < end ? region->end : end;

		if (charge_due(region, protection))
			pages += (high - low) >> PAGE_SHIFT;
	}
	return pages;
}

/* Change the regions.  ENOMEM: a hole in the range, or no memory. */
static int
protect_begin(struct space *space, token_t token, uint64_t start, uint64_t end,
    uint32_t protection)
{
	struct region_map *map = &space->map;
	int error;

	if (!region_covered(map, start, end))
		return TINE_ENOMEM;
	error = region_reserve(map, 2);
	if (error)
		return error;
	error = space_reserve(space, pages_due(map, start, end, protection), 0);
	if (error)
		return error;

	/* Committed: nothing below can fail. */
	region_split(map, start);
	region_split(map, end);
	for (uint32_t i = region_above(map, start);
	     i < map->count && map->at[i].start < end; i++) {
		struct region *region = &map->at[i];

		if (charge_due(region, protection))
			region_set_charged(map, region, true);
		region->protection = (uint8_t)protection;
	}
	region_join(map, start, end);
	space->busy.token = token;
	space->busy.kind = TRANSITION_PROTECT;
	space->busy.va = start;
	space->busy.end = end;
	return 0;
}

/* The kernel's part, up to the end of a region at a time. */
static int
protect_step(struct space *space, const struct ipc_msg *msg)
{
	struct transition *busy = &space->busy;

	for (int i = 0; busy->va < busy->end; i++) {
		const struct region *region =
		    region_find(&space->map, busy->va);
		uint64_t end = busy->end;
		struct sysret done;

		if (i == TURN_CALLS)
			return park_again(msg);
		ASSERT(region != NULL);
		if (region->end < end)
			end = region->end;
		done = sys_space_protect(ROOT_MEMORY, space->name, busy->va,
		    (end - busy->va) >> PAGE_SHIFT, fault_protection(region));
		ASSERT(done.error == 0 && done.value > busy->va);
		if (done.error != 0)
			break;
		busy->va = done.value;
	}
	space_idle(space);
	space_settle(space);
	CHECK(space_check(space));
	return 0;
}

int
serve_vm_protect(const struct ipc_msg *msg, const struct vm_protect_req *req,
    struct vm_protect_rep *rep)
{
	struct space *space;
	uint64_t end;
	int error;

	(void)rep;
	if (!serve_range(req->address, req->length, &end))
		return TINE_EINVAL;
	error = serve_protection(req->protection);
	if (error)
		return error;
	error = space_claim(msg->sender, msg, &space);
	if (error)
		return error;
	if (!space_busy(space)) {
		error = protect_begin(
		    space, msg->token, req->address, end, req->protection);
		if (error)
			return error;
	}
	return protect_step(space, msg);
}
