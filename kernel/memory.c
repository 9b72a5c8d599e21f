/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * memory.c - from the ranges of the device tree to the frame table.
 */
#include "memory.h"
#include "arch.h"
#include "frame.h"
#include "space.h"

#define PAGES(bytes) (((bytes) + PAGE_MASK) >> PAGE_SHIFT)

/* The lowest and the highest address of RAM. */
static void
memory_bounds(const struct machine *machine, paddr_t *start, paddr_t *end)
{
	*start = ~0ul;
	*end = 0;
	for (uint32_t i = 0; i < machine->memories; i++) {
		const struct machine_range *r = &machine->memory[i];

		if (r->base < *start)
			*start = r->base;
		if (r->base + r->size > *end)
			*end = r->base + r->size;
	}
	*start = PAGES(*start) << PAGE_SHIFT;
}

/* Move *start behind [from, to) if bytes from there on would touch it. */
static bool
avoid(paddr_t *start, uint64_t bytes, paddr_t from, paddr_t to)
{
	if (*start >= to || *start + bytes <= from)
		return false;
	*start = PAGES(to) << PAGE_SHIFT;
	return true;
}

/* The first address from start on with so many bytes that nobody uses. */
static paddr_t
memory_skip(const struct machine *machine, paddr_t start, uint64_t bytes)
{
	bool moved;

	do {
		moved = avoid(
		    &start, bytes, machine->initrd_start, machine->initrd_end);
		for (uint32_t i = 0; i < machine->reserves; i++) {
			const struct machine_range *r = &machine->reserved[i];

			moved |=
			    avoid(&start, bytes, r->base, r->base + r->size);
		}
	} while (moved);
	return start;
}

/* A place in RAM for so many bytes, not below lowest; 0: there is none. */
static paddr_t
memory_place(const struct machine *machine, paddr_t lowest, uint64_t bytes)
{
	for (uint32_t i = 0; i < machine->memories; i++) {
		const struct machine_range *r = &machine->memory[i];
		paddr_t start = PAGES(r->base) << PAGE_SHIFT;

		if (start < lowest)
			start = lowest;
		start = memory_skip(machine, start, bytes);
		if (start + bytes <= r->base + r->size)
			return start;
	}
	return 0;
}

/* All frames that a range touches, clipped to the table. */
static void
mark_touched(paddr_t start, paddr_t end, uint64_t kind) LOCKED
{
	if (start < frames.base)
		start = frames.base;
	if (start < end)
		frame_mark(frame_of(start), frame_of(end + PAGE_MASK), kind);
}

static void
memory_mark(const struct machine *machine) LOCKED
{
	for (uint32_t i = 0; i < machine->memories; i++) {
		const struct machine_range *r = &machine->memory[i];

		/* Without a whole page it may even end below the table. */
		if (PAGES(r->base) < (r->base + r->size) >> PAGE_SHIFT)
			frame_mark(frame_of(r->base + PAGE_MASK),
			    frame_of(r->base + r->size), FRAME_FREE);
	}
	for (uint32_t i = 0; i < machine->reserves; i++) {
		const struct machine_range *r = &machine->reserved[i];

		mark_touched(r->base, r->base + r->size, FRAME_RESERVED);
	}
	mark_touched(machine->initrd_start, machine->initrd_end,
	    FRAME_USER | FRAME_HOLD);
}

const char *
memory_init(const struct machine *machine, paddr_t image, paddr_t image_end)
{
	paddr_t start, end;
	uint64_t count, bytes;
	paddr_t table;

	memory_bounds(machine, &start, &end);
	count = (end - start) >> PAGE_SHIFT;
	bytes = count * sizeof(struct frame);
	if (start >= end)
		return "no RAM";
	if (count > NAME_FRAME_MASK || end > (uint64_t)ROOT_DMAP_SLOTS << 30)
		return "RAM beyond what frame numbers or the direct map reach";
	table = memory_place(machine, image_end, bytes);
	if (table == 0)
		return "no room for the frame table";
	for (uint64_t i = 0; i < PAGES(bytes); i++)
		page_zero(dmap(table + (i << PAGE_SHIFT)));
	frame_init(dmap(table), start, count);
	memory_mark(machine);
	mark_touched(image, image_end, FRAME_RESERVED);
	mark_touched(table, table + bytes, FRAME_TABLE);
	frame_link();
	return NULL;
}
