/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * map.c - mmap, munmap and brk.
 */
#include "map.h"

#include <ipc/sys.h>

#include "handlers.h"
#include "object.h"
#include "park.h"
#include "report.h"
#include "root.h"
#include "segment.h"
#include "serve.h"

#define LEAF_SPAN 0x200000ul
#define MAP_ALL (VM_MAP_SHARED | VM_MAP_PRIVATE | VM_MAP_FIXED | VM_MAP_ANON)

void
unmap_widen(const struct region_map *map, uint64_t *start, uint64_t *end)
{
	uint64_t low = *start & ~(LEAF_SPAN - 1);
	uint64_t high = (*end + LEAF_SPAN - 1) & ~(LEAF_SPAN - 1);

	if (low < *start && region_free(map, low, *start))
		*start = low;
	if (high > *end && region_free(map, *end, high))
		*end = high;
}

void
unmap_now(struct space *space, uint64_t start, uint64_t end)
{
	int error;

	object_defer();
	region_cut(&space->map, start, end);
	unmap_widen(&space->map, &start, &end);
	error = space_unmap(space, start, end);
	ASSERT(error == 0);
	(void)error;
	object_undefer();
	space_settle(space);
	CHECK(space_check(space));
}

void
unmap_begin(struct space *space, token_t token, uint64_t start, uint64_t end)
{
	struct transition *busy = &space->busy;

	/* What is cut out stays mapped, and objects alive, for now. */
	object_defer();
	region_cut(&space->map, start, end);
	busy->token = token;
	busy->kind = TRANSITION_UNMAP;
	busy->va = start;
	busy->end = end;
	/* The kernel frees a table when its whole span is unmapped at once. */
	unmap_widen(&space->map, &busy->va, &busy->end);
}

int
unmap_step(struct space *space, const struct ipc_msg *msg)
{
	struct transition *busy = &space->busy;

	for (int i = 0; busy->va < busy->end; i++) {
		struct sysret done;

		if (i == TURN_CALLS)
			return park_again(msg);
		done = sys_space_unmap(ROOT_MEMORY, space->name, busy->va,
		    (busy->end - busy->va) >> PAGE_SHIFT);
		ASSERT(done.error == 0 && done.value > busy->va);
		if (done.error != 0)
			break;
		busy->va = done.value;
	}
	object_undefer();
	space_idle(space);
	space_settle(space);
	CHECK(space_check(space));
	return 0;
}

int
serve_vm_unmap(const struct ipc_msg *msg, const struct vm_unmap_req *req,
    struct vm_unmap_rep *rep)
{
	struct space *space;
	uint64_t end;
	int error;

	(void)rep;
	if (!serve_range(req->address, req->length, &end))
		return TINE_EINVAL;
	error = space_claim(msg->sender, msg, &space);
	if (error)
		return error;
	if (!space_busy(space)) {
		if (region_free(&space->map, req->address, end))
			return 0;
		error = region_reserve(&space->map, 2);
		if (error)
			return error;
		unmap_begin(space, msg->token, req->address, end);
	}
	return unmap_step(space, msg);
}

/* The first address at or above base with room for length; 0: none. */
static uint64_t
find_room(const struct space *space, uint64_t base, uint64_t length)
{
	const struct region_map *map = &space->map;
	uint64_t stack = segment_stack_end(space);
	uint32_t i;

	while (base < USER_TOP && length <= USER_TOP - base) {
		if (base + length > stack && base < space->stack_top) {
			base = space->stack_top;
			continue;
		}
		i = region_above(map, base);
		if (i == map->count || map->at[i].start >= base + length)
			return base;
		base = map->at[i].end;
	}
	return 0;
}

/* Check a request; *start is where it goes, *end where that ends. */
static int
map_place(const struct space *space, const struct vm_map_req *req,
    uint64_t *start, uint64_t *end)
{
	uint64_t length;

	if (req->flags & VM_MAP_FIXED) {
		*start = req->address;
		return serve_range(req->address, req->length, end)
			   ? 0
			   : TINE_EINVAL;
	}
	if (req->length > USER_TOP)
		return TINE_ENOMEM;
	length = (req->length + PAGE_MASK) & ~PAGE_MASK;
	/* A wish, granted if there is room and the stack does not claim it. */
	*start = req->address & ~PAGE_MASK;
	if (req->address == 0 || !serve_range(*start, length, end) ||
	    find_room(space, *start, length) != *start)
		*start = find_room(space, space->map_base, length);
	*end = *start + length;
	return *start != 0 ? 0 : TINE_ENOMEM;
}

/* Whether a space may map pages in place of others that it maps now. */
static bool
limit_allows(const struct space *space, uint64_t more, uint64_t fewer)
{
	uint64_t pages = space->map.pages + more - fewer;

	return pages <= space->limits[VM_LIMIT_AS] >> PAGE_SHIFT;
}

/* Pages of regions in a range. */
static uint64_t
pages_mapped(const struct region_map *map, uint64_t start, uint64_t end)
{
	uint64_t pages = 0;

	for (uint32_t i = region_above(map, start);
	     i < map->count && map->at[i].start < end; i++) {
		const struct region *region = &map->at[i];
		uint64_t low = region->start > start ? region->start : start;
		uint64_t high = region->end < end ? region->end : end;

		pages += (high - low) >> PAGE_SHIFT;
	}
	return pages;
}

/* Promise the frames of a new region, its own or an object's.  ENOMEM. */
static int
map_promise(struct space *space, struct region *region, bool shared)
{
	uint64_t pages = region_pages(region);
	int error;

	error = space_reserve(space, shared ? 0 : pages,
	    region_tables(&space->map, region->start, region->end));
	if (error || !shared)
		return error;
	region->backing = BACKING_SHARED;
	region->inheritance = VM_INHERIT_SHARE;
	region->flags = 0;
	error = object_create(pages, &region->object);
	if (error)
		space_settle(space);
	return error;
}

/*
 * Put a new region at [start, end), over what is there.  The space is in
 * transition then if something was there.  A failed call changes nothing.
 */
static int
map_insert(struct space *space, const struct ipc_msg *msg,
    const struct vm_map_req *req, uint64_t start, uint64_t end)
{
	struct region_map *map = &space->map;
	struct region region = {
	    .start = start,
	    .end = end,
	    .protection = (uint8_t)req->protection,
	    .inheritance = VM_INHERIT_COPY,
	    .backing = BACKING_ANONYMOUS,
	    .flags = REGION_CHARGED,
	};
	uint64_t pages = region_pages(&region);
	int error;

	if (!limit_allows(space, pages, pages_mapped(map, start, end)))
		return TINE_ENOMEM;
	error = region_reserve(map, 3);
	if (error)
		return error;
	error = map_promise(space, &region, (req->flags & VM_MAP_SHARED) != 0);
	if (error)
		return error;

	/* Committed: nothing below can fail. */
	if (!region_free(map, start, end)) {
		unmap_begin(space, msg->token, start, end);
		/* What goes is replaced, so its tables stay. */
		space->busy.va = start;
		space->busy.end = end;
	}
	region_insert(map, &region);
	return 0;
}

int
serve_vm_map(const struct ipc_msg *msg, const struct vm_map_req *req,
    struct vm_map_rep *rep)
{
	uint32_t kind = req->flags & (VM_MAP_SHARED | VM_MAP_PRIVATE);
	struct space *space;
	uint64_t start;
	uint64_t end;
	int error;

	/* One of shared and private; files come with fssrv. */
	if (kind == 0 || (kind & (kind - 1)) != 0 ||
	    (req->flags & ~MAP_ALL) != 0 || !(req->flags & VM_MAP_ANON) ||
	    req->length == 0)
		return TINE_EINVAL;
	error = serve_protection(req->protection);
	if (error)
		return error;
	error = space_claim(msg->sender, msg, &space);
	if (error)
		return error;
	if (!space_busy(space)) {
		error = map_place(space, req, &start, &end);
		if (error)
			return error;
		error = map_insert(space, msg, req, start, end);
		if (error)
			return error;
		rep->address = start;
		if (!space_busy(space))
			return 0;
	}
	/* Only a fixed address can have had something to unmap. */
	rep->address = req->address;
	return unmap_step(space, msg);
}

/* Raise the end of the heap from one page boundary to another. */
static int
heap_grow(struct space *space, uint64_t from, uint64_t to)
{
	struct region heap = {
	    .start = from,
	    .end = to,
	    .protection = VM_PROT_READ | VM_PROT_WRITE,
	    .inheritance = VM_INHERIT_COPY,
	    .backing = BACKING_ANONYMOUS,
	    .flags = REGION_CHARGED,
	};
	uint64_t pages = region_pages(&heap);
	int error;

	if (to - space->heap > space->limits[VM_LIMIT_DATA] ||
	    !limit_allows(space, pages, 0) ||
	    !region_free(&space->map, from, to))
		return TINE_ENOMEM;
	error = region_reserve(&space->map, 1);
	if (error)
		return error;
	error =
	    space_reserve(space, pages, region_tables(&space->map, from, to));
	if (error)
		return error;
	region_insert(&space->map, &heap);
	CHECK(space_check(space));
	return 0;
}

int
serve_vm_brk(const struct ipc_msg *msg, const struct vm_brk_req *req,
    struct vm_brk_rep *rep)
{
	struct space *space;
	uint64_t from;
	uint64_t to;
	int error;

	error = space_claim(msg->sender, msg, &space);
	if (error)
		return error;
	rep->address = req->address;
	if (space_busy(space))
		return unmap_step(space, msg);
	if (req->address == 0) {
		rep->address = space->brk;
		return 0;
	}
	if (req->address < space->heap || req->address > USER_TOP)
		return TINE_ENOMEM;
	from = (space->brk + PAGE_MASK) & ~PAGE_MASK;
	to = (req->address + PAGE_MASK) & ~PAGE_MASK;
	if (to > from) {
		error = heap_grow(space, from, to);
		if (error)
			return error;
	} else if (to < from) {
		error = region_reserve(&space->map, 2);
		if (error)
			return error;
		unmap_begin(space, msg->token, to, from);
	}
	space->brk = req->address;
	return space_busy(space) ? unmap_step(space, msg) : 0;
}
