/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * region.c - the sorted array of regions and its sums.
 *
 * Arrays come in classes, each with its pool; a map moves up a class when it
 * is full and never down.
 */
#include "region.h"

#include <string.h>

#include <abi/errors.h>
#include <ipc/vm.h>

#include "object.h"
#include "own.h"
#include "report.h"

#define LEAF_SPAN_SHIFT 21 /* one L0 table spans 2 MiB */
#define MIDDLE_SPAN_SHIFT 30 /* one L1 table spans 1 GiB */

#define CLASSES 3
static const uint32_t class_capacity[CLASSES] = {32, 128, REGIONS_MAX};
static struct pool classes[CLASSES];

void
region_init(void)
{
	for (uint32_t i = 0; i < CLASSES; i++)
		pool_init(&classes[i], (enum own_range)(OWN_REGIONS + i),
		    class_capacity[i] * sizeof(struct region));
}

void
region_map_init(struct region_map *map)
{
	map->at = map->few;
	map->count = 0;
	map->capacity = REGIONS_FEW;
	map->pages = 0;
	map->charged = 0;
	map->tables = 0;
	map->hint = 0;
}

/* Give back the array of a map, unless it is the small one. */
static void
array_free(struct region_map *map)
{
	for (uint32_t i = 0; i < CLASSES; i++) {
		if (map->capacity == class_capacity[i])
			pool_free(&classes[i], map->at);
	}
}

void
region_map_destroy(struct region_map *map)
{
	for (uint32_t i = 0; i < map->count; i++) {
		if (map->at[i].backing == BACKING_SHARED)
			object_unref(map->at[i].object);
	}
	array_free(map);
	region_map_init(map);
}

int
region_reserve(struct region_map *map, uint32_t more)
{
	uint32_t wanted = map->count + more;
	struct region *array;
	uint32_t class;

	if (wanted <= map->capacity)
		return 0;
	for (class = 0; class < CLASSES; class ++) {
		if (wanted <= class_capacity[class])
			break;
	}
	array = class < CLASSES ? pool_alloc(&classes[class]) : NULL;
	if (array == NULL)
		return TINE_ENOMEM;
	memcpy(array, map->at, map->count * sizeof(*array));
	array_free(map);
	map->at = array;
	map->capacity = class_capacity[class];
	return 0;
}

uint32_t
region_above(const struct region_map *map, uint64_t va)
{
	uint32_t low = 0;
	uint32_t high = map->count;

	while (low < high) {
		uint32_t middle = (low + high) >> 1;

		if (map->at[middle].end > va)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

struct region *
region_find(struct region_map *map, uint64_t va)
{
	uint32_t i = map->hint;

	if (i < map->count && map->at[i].start <= va && va < map->at[i].end)
		return &map->at[i];
	i = region_above(map, va);
	if (i == map->count || map->at[i].start > va)
		return NULL;
	map->hint = i;
	return &map->at[i];
}

bool
region_free(const struct region_map *map, uint64_t start, uint64_t end)
{
	uint32_t i = region_above(map, start);

	return i == map->count || map->at[i].start >= end;
}

bool
region_covered(const struct region_map *map, uint64_t start, uint64_t end)
{
	for (uint32_t i = region_above(map, start); i < map->count; i++) {
		if (map->at[i].start > start)
			return false;
		start = map->at[i].end;
		if (start >= end)
			return true;
	}
	return false;
}

/*
 * Spans of one size that [start, end) has for itself between regions that
 * end at below and begin at above (0 and ~0: there is none).
 */
static uint64_t
spans_alone(uint32_t shift, uint64_t below, uint64_t start, uint64_t end,
    uint64_t above)
{
	uint64_t first = start >> shift;
	uint64_t beyond = ((end - 1) >> shift) + 1;

	if (below != 0 && (below - 1) >> shift == first)
		first++;
	if (above >> shift == beyond - 1 && beyond > first)
		beyond--;
	return beyond - first;
}

static uint64_t
tables_alone(uint64_t below, uint64_t start, uint64_t end, uint64_t above)
{
	return spans_alone(LEAF_SPAN_SHIFT, below, start, end, above) +
	       spans_alone(MIDDLE_SPAN_SHIFT, below, start, end, above);
}

/* Where the region before index i ends. */
static uint64_t
end_below(const struct region_map *map, uint32_t i)
{
	return i > 0 ? map->at[i - 1].end : 0;
}

/* Where the one at i starts. */
static uint64_t
start_above(const struct region_map *map, uint32_t i)
{
	return i < map->count ? map->at[i].start : ~0ul;
}

uint64_t
region_tables(const struct region_map *map, uint64_t start, uint64_t end)
{
	uint32_t i = region_above(map, start);
	uint64_t tables = 0;

	/* The gaps of the range, one after the other. */
	while (start < end) {
		uint64_t above = start_above(map, i);
		uint64_t gap_end = above < end ? above : end;

		if (gap_end > start)
			tables += tables_alone(
			    end_below(map, i), start, gap_end, above);
		if (i == map->count)
			break;
		start = map->at[i].end;
		i++;
	}
	return tables;
}

/* Add a region to the sums. */
static void
sums_add(struct region_map *map, const struct region *region, uint64_t tables)
{
	map->pages += region_pages(region);
	if (region->flags & REGION_CHARGED)
		map->charged += region_pages(region);
	map->tables += tables;
}

/* Whether b goes on where a ends, in every respect. */
static bool
alike(const struct region *a, const struct region *b)
{
	if (a->end != b->start || a->backing != b->backing ||
	    a->protection != b->protection ||
	    a->inheritance != b->inheritance || a->flags != b->flags)
		return false;
	if (a->backing == BACKING_ANONYMOUS)
		return true;
	if (a->backing == BACKING_DEVICE || a->object != b->object ||
	    a->offset + (a->end - a->start) != b->offset)
		return false;
	return a->backing == BACKING_SHARED || a->file_end == b->file_end;
}

/* Close the gap after taking out n regions from index i on. */
static void
array_remove(struct region_map *map, uint32_t i, uint32_t n)
{
	map->count -= n;
	for (; i < map->count; i++)
		map->at[i] = map->at[i + n];
}

/* Make room for a region at index i. */
static void
array_open(struct region_map *map, uint32_t i)
{
	ASSERT(map->count < map->capacity);
	/* Few as a rule, and a library's memmove goes by bytes. */
	for (uint32_t k = map->count; k > i; k--)
		map->at[k] = map->at[k - 1];
	map->count++;
}

/* If regions i - 1 and i are alike, make them one. */
static bool
join_at(struct region_map *map, uint32_t i)
{
	struct region *a;

	if (i == 0 || i >= map->count)
		return false;
	a = &map->at[i - 1];
	if (!alike(a, &map->at[i]))
		return false;
	a->end = map->at[i].end;
	if (a->backing == BACKING_SHARED)
		object_unref(a->object);
	array_remove(map, i, 1);
	return true;
}

void
region_insert(struct region_map *map, const struct region *region)
{
	uint32_t i = region_above(map, region->start);
	uint64_t above = start_above(map, i);

	ASSERT(region->start < region->end && region->end <= above);
	sums_add(map, region,
	    tables_alone(end_below(map, i), region->start, region->end, above));
	array_open(map, i);
	map->at[i] = *region;
	(void)join_at(map, i + 1);
	(void)join_at(map, i);
}

void
region_append(struct region_map *map, const struct region *region)
{
	uint32_t i = map->count;

	sums_add(map, region,
	    tables_alone(end_below(map, i), region->start, region->end, ~0ul));
	ASSERT(i < map->capacity);
	map->at[i] = *region;
	map->count = i + 1;
}

void
region_split(struct region_map *map, uint64_t va)
{
	uint32_t i = region_above(map, va);
	struct region *low;
	struct region *high;

	if (i == map->count || map->at[i].start >= va)
		return;
	array_open(map, i);
	low = &map->at[i];
	high = &map->at[i + 1];
	*low = *high;
	low->end = va;
	high->start = va;
	high->offset += va - low->start;
	if (low->backing == BACKING_SHARED)
		object_ref(low->object);
}

void
region_cut(struct region_map *map, uint64_t start, uint64_t end)
{
	uint32_t first;
	uint32_t i;

	region_split(map, start);
	region_split(map, end);
	first = region_above(map, start);
	for (i = first; i < map->count && map->at[i].start < end; i++) {
		const struct region *region = &map->at[i];

		/* Those before i are gone already, those behind are not. */
		map->tables -= tables_alone(end_below(map, first),
		    region->start, region->end, start_above(map, i + 1));
		map->pages -= region_pages(region);
		if (region->flags & REGION_CHARGED)
			map->charged -= region_pages(region);
		if (region->backing == BACKING_SHARED)
			object_unref(region->object);
	}
	if (i > first)
		array_remove(map, first, i - first);
}

void
region_join(struct region_map *map, uint64_t start, uint64_t end)
{
	uint32_t i = region_above(map, start);

	if (i == 0)
		i = 1;
	while (i < map->count && map->at[i].start <= end) {
		if (!join_at(map, i))
			i++;
	}
}

void
region_set_charged(struct region_map *map, struct region *region, bool charged)
{
	if (charged == ((region->flags & REGION_CHARGED) != 0))
		return;
	if (charged)
		map->charged += region_pages(region);
	else
		map->charged -= region_pages(region);
	region->flags ^= REGION_CHARGED;
}

void
region_extend_down(
    struct region_map *map, struct region *region, uint64_t start)
{
	uint32_t i = (uint32_t)(region - map->at);
	uint64_t pages = (region->start - start) >> PAGE_SHIFT;

	map->tables += tables_alone(
	    end_below(map, i), start, region->start, region->start);
	map->pages += pages;
	if (region->flags & REGION_CHARGED)
		map->charged += pages;
	region->start = start;
}

void
region_check(const struct region_map *map)
{
	uint64_t below = 0;
	uint64_t pages = 0, charged = 0, tables = 0;

	ASSERT(map->count <= map->capacity);
	for (uint32_t i = 0; i < map->count; i++) {
		const struct region *region = &map->at[i];

		ASSERT(region->start >= below && region->end > region->start);
		ASSERT(((region->start | region->end) & PAGE_MASK) == 0);
		tables += tables_alone(below, region->start, region->end, ~0ul);
		pages += region_pages(region);
		if (region->flags & REGION_CHARGED)
			charged += region_pages(region);
		below = region->end;
	}
	ASSERT(pages == map->pages && charged == map->charged);
	ASSERT(tables == map->tables);
}
