/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * memmap.c - which physical memory is whose at boot; see memmap.h.
 */
#include "memmap.h"

#include <abi/errors.h>

#define PAGE_UP(address) (((address) + PAGE_MASK) & ~PAGE_MASK)
#define PAGE_DOWN(address) ((address) & ~PAGE_MASK)

static void
span_remove(struct spans *spans, uint32_t i)
{
	spans->n--;
	for (; i < spans->n; i++)
		spans->span[i] = spans->span[i + 1];
}

static int
span_insert(struct spans *spans, uint32_t i, struct span span)
{
	if (spans->n == SPANS_MAX)
		return TINE_E2BIG;
	for (uint32_t j = spans->n; j > i; j--)
		spans->span[j] = spans->span[j - 1];
	spans->span[i] = span;
	spans->n++;
	return 0;
}

/* Add a range; whole pages of it, once even where ranges overlap. */
static int
spans_add(struct spans *spans, paddr_t start, paddr_t end)
{
	uint32_t i = 0;

	start = PAGE_UP(start);
	end = PAGE_DOWN(end);
	if (start >= end)
		return 0;
	while (i < spans->n && spans->span[i].end < start)
		i++;
	while (i < spans->n && spans->span[i].start <= end) {
		if (spans->span[i].start < start)
			start = spans->span[i].start;
		if (spans->span[i].end > end)
			end = spans->span[i].end;
		span_remove(spans, i);
	}
	return span_insert(spans, i, (struct span){start, end});
}

int
spans_subtract(struct spans *spans, paddr_t start, paddr_t end)
{
	uint32_t i = 0;

	start = PAGE_DOWN(start);
	end = PAGE_UP(end);
	while (i < spans->n) {
		struct span *span = &spans->span[i];
		struct span rest = {end, span->end};

		if (span->end <= start || span->start >= end) {
			i++;
			continue;
		}
		if (span->start >= start && span->end <= end) {
			span_remove(spans, i);
			continue;
		}
		if (span->start >= start) {
			span->start = end;
		} else {
			span->end = start;
			if (rest.start < rest.end)
				return span_insert(spans, i + 1, rest);
		}
		i++;
	}
	return 0;
}

static int
subtract_reserved(const struct machine *machine, struct spans *spans)
{
	for (uint32_t i = 0; i < machine->reserves; i++) {
		const struct machine_range *r = &machine->reserved[i];
		int error;

		error = spans_subtract(spans, r->base, r->base + r->size);
		if (error)
			return error;
	}
	return 0;
}

int
memmap_describe(const struct machine *machine, paddr_t image, paddr_t image_end,
    struct memmap *map)
{
	int error;

	*map = (struct memmap){.ram.n = 0};
	for (uint32_t i = 0; i < machine->memories; i++) {
		const struct machine_range *r = &machine->memory[i];

		error = spans_add(&map->ram, r->base, r->base + r->size);
		if (error)
			return error;
	}
	if (map->ram.n == 0)
		return TINE_EINVAL;
	map->mappable = map->ram;
	error = subtract_reserved(machine, &map->mappable);
	if (error == 0)
		error = spans_subtract(&map->mappable, image, image_end);
	if (error)
		return error;
	map->free = map->mappable;
	if (machine->initrd_start == machine->initrd_end)
		return 0;
	return spans_subtract(
	    &map->free, machine->initrd_start, machine->initrd_end);
}

paddr_t
memmap_take(struct memmap *map, uint64_t pages)
{
	uint64_t bytes = pages << PAGE_SHIFT;

	for (uint32_t i = 0; i < map->free.n; i++) {
		struct span *span = &map->free.span[i];
		paddr_t start = span->start;

		if (span->end - start < bytes)
			continue;
		span->start += bytes;
		if (span->start == span->end)
			span_remove(&map->free, i);
		return start;
	}
	return 0;
}
