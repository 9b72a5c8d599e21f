/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * space_impl.h - what space.c and space_walk.c share and nobody else needs.
 */
#pragma once

#include "space.h"

#define MEGAPAGE (PAGE_SIZE << SV39_BITS)
#define GIGAPAGE (MEGAPAGE << SV39_BITS)

/* The table that a non-leaf entry points to. */
static inline uint64_t *
pte_table(uint64_t entry)
{
	return dmap(entry >> PTE_PPN_SHIFT << PAGE_SHIFT);
}

static inline uint64_t
pte_to_table(const uint64_t *table)
{
	return dmap_address(table) >> PAGE_SHIFT << PTE_PPN_SHIFT | PTE_V;
}

/*
 * Which entries of a table are worth a look: bit g is set if one of those from
 * 16 g on may not be 0.  It is set with the entry and stays until the table is
 * gone.  Most tables of a small process have few entries, and these loops are
 * what fork and exit are made of.
 */
#define GROUP_ENTRIES 16

/* Of the table that an entry is in. */
static inline uint32_t *
table_groups(const uint64_t *entry)
{
	return &frames.table[frame_of(dmap_address(entry))].link;
}

static inline void
table_set(uint64_t *entry, uint64_t value) LOCKED
{
	*table_groups(entry) |=
	    1u << (uintptr_t)entry % PAGE_SIZE / (8 * GROUP_ENTRIES);
	*entry = value;
}

/* A table from the pool, zeroed or not; NULL: the pool is empty. */
uint64_t *table_new(struct space *space, bool clear) LOCKED;

/* Give the table behind a non-leaf entry back to the pool. */
void table_free(struct space *space, uint64_t entry) LOCKED;

/* The table that *entry points to, made if there is none yet. */
uint64_t *table_below(struct space *space, uint64_t *entry) LOCKED;

/* Drop the reference that a leaf has. */
static inline void
pte_release(uint64_t entry) LOCKED
{
	uint64_t frame = pte_frame(entry);

	if (frame < frames.count && frame_kind(frame) == FRAME_USER)
		frame_unref(frame);
}

/*
 * Have all harts forget translations of a space; or, as is enough when an
 * entry only came to permit more, this hart that of one page.
 */
void space_flush(struct space *space) LOCKED;
void space_flush_page(struct space *space, vaddr_t va) LOCKED;

/* Have other harts forget them too, if there are any that may hold some. */
static inline void
space_flush_others(const struct space *space) LOCKED
{
	uint64_t others = space->harts.value & ~(1ul << hart_self()->index);

	if (__builtin_expect(others != 0, 0))
		harts_flush(space, others);
}

/* For space_destroy(). */
void space_end(struct space *space) LOCKED;
