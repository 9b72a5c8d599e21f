/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * own.h - vmsrv's own memory.
 *
 * vmsrv never faults: a page is charged, mapped and zeroed before it is used.
 * One GiB of its space is cut into ranges, one for each table, which grow by
 * a page at a time; growing is the only step that can fail, so it comes first
 * in whatever needs it.
 */
#ifndef TINE_VMSRV_OWN_H
#define TINE_VMSRV_OWN_H

#include <abi/types.h>

#define OWN_BASE 0x40000000ul
#define OWN_SIZE 0x40000000ul

/* The ranges. */
enum own_range {
	OWN_SCRATCH,
	OWN_PAGES,
	OWN_FILES,
	OWN_SPACES,
	OWN_OBJECTS,
	OWN_PARKED,
	OWN_THREADS,
	OWN_REGIONS, /* three classes */
	OWN_RANGES = OWN_REGIONS + 3
};
#define OWN_RANGE_SIZE 0x5800000ul

/*
 * Use [base, base + OWN_SIZE) of a space.  base is OWN_BASE but in tests.
 * ENOMEM.
 */
int own_init(uintptr_t base, objname_t space);

/* The first address of a range. */
uintptr_t own_address(enum own_range range);

/* Map a zeroed page, charged, at an address within a range.  ENOMEM. */
int own_map(uintptr_t va) __attribute__((warn_unused_result));

/* Unmap it and give back its charge. */
void own_unmap(uintptr_t va);

/* A single page of OWN_PAGES, zeroed.  NULL: ENOMEM. */
void *own_page_alloc(void);
void own_page_free(void *page);

/*
 * Copy bytes of one frame to the start of another, through two scratch
 * mappings.  ENOMEM.
 */
int own_frame_copy(uint64_t to, uint64_t from, size_t bytes);

/* Items of one size in a range; items stay where they are. */
struct pool {
	uintptr_t base;
	uint32_t item_size; /* a multiple of 8; at least that of a pointer */
	uint32_t made; /* items that have memory */
	uint32_t used; /* items handed out */
	uint32_t unused;
	uintptr_t end; /* of what is mapped */
	void *free; /* linked through their last word */
};

void pool_init(struct pool *pool, enum own_range range, size_t item_size);

/* See that there are so many items, used and free together.  ENOMEM. */
int pool_reserve(struct pool *pool, uint32_t items)
    __attribute__((warn_unused_result));

/* A free item; NULL: ENOMEM.  Its contents are what they were, or zeros. */
void *pool_alloc(struct pool *pool);
void pool_free(struct pool *pool, void *item);

/* The item with a number below pool->made. */
static inline void *
pool_item(const struct pool *pool, uint32_t number)
{
	return (void *)(pool->base + (uint64_t)number * pool->item_size);
}

#endif
