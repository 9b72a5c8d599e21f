/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * segment.c - programs laid out in a space.
 */
#include "segment.h"

#include <abi/errors.h>

#include "file.h"
#include "map.h"
#include "serve.h"

/* Left free between the stack and what is below it. */
#define STACK_GAP 0x20000ul
/* A stack without limit keeps others out of this much. */
#define STACK_ROOM_MAX 0x40000000ul
/* Where mmap begins to look, and how much it leaves to the heap. */
#define MAP_BASE 0x20000000ul
#define HEAP_ROOM 0x10000000ul

static uint64_t
page_up(uint64_t va)
{
	return (va + PAGE_MASK) & ~PAGE_MASK;
}

/* Whether a segment can be mapped at all; the numbers are procsrv's. */
static bool
segment_valid(const struct space *space, const struct file *file,
    const struct elf_segment *segment)
{
	if (segment->memory_size == 0 ||
	    segment->file_size > segment->memory_size ||
	    serve_protection(segment->protection) != 0)
		return false;
	if (segment->va < SPACE_LOWEST || segment->va >= USER_TOP ||
	    segment->memory_size > USER_TOP - segment->va)
		return false;
	if (segment->offset > file->size ||
	    segment->file_size > file->size - segment->offset)
		return false;
	if (((segment->va ^ segment->offset) & PAGE_MASK) != 0)
		return false;
	if (segment->file_size > 0 && !file_mappable(file))
		return false;
	return region_free(&space->map, segment->va & ~PAGE_MASK,
	    page_up(segment->va + segment->memory_size));
}

/*
 * The regions of a segment: what is never copied, in regions[0], and what
 * takes frames, in regions[1]; either may be empty.
 */
static void
segment_regions(
    uint32_t file, const struct elf_segment *segment, struct region regions[2])
{
	struct region whole = {
	    .start = segment->va & ~PAGE_MASK,
	    .end = page_up(segment->va + segment->memory_size),
	    .offset = segment->offset & ~PAGE_MASK,
	    .file_end = segment->va + segment->file_size,
	    .object = file,
	    .protection = (uint8_t)segment->protection,
	    .inheritance = VM_INHERIT_COPY,
	    .backing =
		segment->file_size > 0 ? BACKING_FILE : BACKING_ANONYMOUS,
	};
	uint64_t cut = whole.start;

	/* Read-only pages that are all file are the archive's own. */
	if (segment->file_size > 0 && !(segment->protection & VM_PROT_WRITE))
		cut = whole.file_end & ~PAGE_MASK;
	regions[0] = whole;
	regions[0].end = cut;
	regions[1] = whole;
	regions[1].start = cut;
	regions[1].offset += cut - whole.start;
	regions[1].flags = REGION_CHARGED;
}

int
segment_map(
    struct space *space, uint32_t number, const struct elf_segment *segment)
{
	const struct file *file = file_get(number);
	struct region regions[2];
	uint64_t start = segment->va & ~PAGE_MASK;
	uint64_t end;
	int error;

	if (file == NULL)
		return TINE_EBADF;
	if (!segment_valid(space, file, segment))
		return TINE_ENOEXEC;
	end = page_up(segment->va + segment->memory_size);
	segment_regions(number, segment, regions);
	error = region_reserve(&space->map, 2);
	if (error)
		return error;
	error = space_reserve(space, region_pages(&regions[1]),
	    region_tables(&space->map, start, end));
	if (error)
		return error;

	/* Committed: nothing below can fail. */
	for (int i = 0; i < 2; i++) {
		if (regions[i].start < regions[i].end)
			region_insert(&space->map, &regions[i]);
	}
	if (space->low == 0 || start < space->low)
		space->low = start;
	if (end > space->heap) {
		space->heap = end;
		space->brk = end;
	}
	return 0;
}

/* Bytes below the stack's top that only the stack may use. */
static uint64_t
stack_room(const struct space *space)
{
	uint64_t limit = space->limits[VM_LIMIT_STACK];

	return (limit < STACK_ROOM_MAX ? page_up(limit) : STACK_ROOM_MAX) +
	       STACK_GAP;
}

uint64_t
segment_stack_end(const struct space *space)
{
	uint64_t room = stack_room(space);

	return room < space->stack_top ? space->stack_top - room : 0;
}

int
segment_top(struct space *space)
{
	uint64_t room = stack_room(space);
	uint64_t top = space->low;

	if (top < SPACE_LOWEST + room) {
		top = USER_TOP - STACK_GAP;
		if (!region_free(&space->map, top - room, USER_TOP))
			return TINE_ENOMEM;
	}
	space->stack_top = top;
	space->stack_low = top;
	space->map_base = MAP_BASE;
	if (space->heap + HEAP_ROOM > MAP_BASE)
		space->map_base = space->heap + HEAP_ROOM;
	return 0;
}

int
segment_stack(struct space *space, uint64_t bytes)
{
	struct region stack = {
	    .end = space->stack_top,
	    .protection = VM_PROT_READ | VM_PROT_WRITE,
	    .inheritance = VM_INHERIT_COPY,
	    .backing = BACKING_ANONYMOUS,
	    .flags = REGION_CHARGED,
	};
	int error;

	if (bytes > space->limits[VM_LIMIT_STACK] || bytes > stack_room(space))
		return TINE_ENOMEM;
	/* One page at least, or sp would be in nobody's. */
	stack.start = (stack.end - (bytes > 0 ? bytes : 1)) & ~PAGE_MASK;
	error = region_reserve(&space->map, 3);
	if (error)
		return error;
	error = space_reserve(space, region_pages(&stack),
	    region_tables(&space->map, stack.start, stack.end));
	if (error)
		return error;

	/* Committed: nothing below can fail. */
	region_insert(&space->map, &stack);
	space->stack_low = stack.start;
	return 0;
}

void
segment_unstack(struct space *space)
{
	/* There was room for this when the stack was mapped. */
	unmap_now(space, space->stack_low, space->stack_top);
	space->stack_low = space->stack_top;
}
