/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * space_walk.c - what goes through whole address spaces: clone, unmap, end.
 *
 * These are the loops that fork and exit are made of, so they touch each
 * table once and each frame-table entry once, and a leaf table is written
 * whole rather than cleared first.  They look for a waiting interrupt after
 * each leaf table, and then stop there.
 */
#include "cap.h"
#include "hart.h"
#include "kassert.h"
#include "space_impl.h"

#include <abi/errors.h>

/* The first entry from i on that is not 0, or SV39_ENTRIES. */
static inline uint64_t
table_next(const uint64_t *table, uint64_t i)
{
	while (
	    i % 8 == 0 && i < SV39_ENTRIES &&
	    (table[i] | table[i + 1] | table[i + 2] | table[i + 3] |
		table[i + 4] | table[i + 5] | table[i + 6] | table[i + 7]) == 0)
		i += 8;
	while (i < SV39_ENTRIES && table[i] == 0)
		i++;
	return i;
}

/* The first gigapage from va on that has tables, or USER_TOP. */
static vaddr_t
giga_next(const struct space *space, vaddr_t va) LOCKED
{
	while (va < USER_TOP && space->user[va >> 30] == 0)
		va = (va & ~(GIGAPAGE - 1)) + GIGAPAGE;
	return va;
}

/* One leaf into two: write-protect a private one; count its frame. */
static inline uint64_t
leaf_share(uint64_t *src, uint64_t leaf) LOCKED
{
	uint64_t frame = pte_frame(leaf);

	if ((leaf & (PTE_W | PTE_SHARED)) == PTE_W) {
		leaf = (leaf & ~PTE_W) | PTE_COW;
		*src = leaf;
	}
	if (frame < frames.count)
		frames.table[frame].count++;
	return leaf;
}

/* A leaf table without exceptions. */
static void
table_clone(uint64_t *dst, uint64_t *src) LOCKED
{
#pragma GCC unroll 8
	for (unsigned int i = 0; i < SV39_ENTRIES; i++) {
		uint64_t leaf = src[i];

		if (__builtin_expect(leaf != 0, 0))
			leaf = leaf_share(&src[i], leaf);
		dst[i] = leaf;
	}
}

/* Whether a page is left out.  *next is where to go on looking. */
static bool
page_excepted(const struct clone_exception *exceptions, uint64_t n,
    uint64_t *next, vaddr_t va)
{
	while (*next < n && va >= exceptions[*next].start +
				      exceptions[*next].pages * PAGE_SIZE)
		++*next;
	return *next < n && va >= exceptions[*next].start;
}

/* A leaf table that exceptions may touch. */
static void
table_clone_some(uint64_t *dst, uint64_t *src, vaddr_t va,
    const struct clone_exception *exceptions, uint64_t n) LOCKED
{
	uint64_t next = 0;

	for (unsigned int i = 0; i < SV39_ENTRIES; i++, va += PAGE_SIZE) {
		dst[i] = 0;
		if (src[i] != 0 && !page_excepted(exceptions, n, &next, va))
			dst[i] = leaf_share(&src[i], src[i]);
	}
}

/*
 * Clone the leaf tables below the gigapage of *va.  EAGAIN: an interrupt
 * waits; *va is where to go on.
 */
static int
giga_clone(struct space *dst, struct space *src, vaddr_t *va,
    const struct clone_exception *exceptions, uint64_t n) LOCKED
{
	vaddr_t giga = *va & ~(GIGAPAGE - 1);
	uint64_t *from = pte_table(src->user[giga >> 30]);
	uint64_t *to = table_below(dst, &dst->user[giga >> 30]);
	uint64_t i = *va >> 21 & (SV39_ENTRIES - 1);

	if (to == NULL)
		return TINE_ENOTABLE;
	for (i = table_next(from, i); i < SV39_ENTRIES;
	     i = table_next(from, i + 1)) {
		uint64_t *table;

		*va = giga + i * MEGAPAGE;
		if (to[i] != 0)
			return TINE_EEXIST;
		table = table_new(dst, false);
		if (table == NULL)
			return TINE_ENOTABLE;
		to[i] = pte_to_table(table);
		if (n == 0)
			table_clone(table, pte_table(from[i]));
		else
			table_clone_some(
			    table, pte_table(from[i]), *va, exceptions, n);
		if (arch_interrupt_pending()) {
			*va += MEGAPAGE;
			return TINE_EAGAIN;
		}
	}
	*va = giga + GIGAPAGE;
	return 0;
}

int
space_clone(struct space *dst, struct space *src, vaddr_t *va,
    const struct clone_exception *exceptions, uint64_t nexceptions)
{
	int error = 0;

	while (error == 0 && (*va = giga_next(src, *va)) < USER_TOP)
		error = giga_clone(dst, src, va, exceptions, nexceptions);
	space_flush(src);
	KCHECK(space_check(dst));
	count(STAT_CLONES);
	return error == TINE_EAGAIN ? 0 : error;
}

/* Unmap [va, end) in one leaf table; the table goes if that is all of it. */
static void
mega_unmap(struct space *space, uint64_t *entry, vaddr_t va, vaddr_t end) LOCKED
{
	uint64_t *table = pte_table(*entry);
	uint64_t first = va >> 12 & (SV39_ENTRIES - 1);
	uint64_t last = first + ((end - va) >> PAGE_SHIFT);

	for (uint64_t i = first; i < last; i++) {
		if (table[i] == 0)
			i = table_next(table, i);
		if (i >= last)
			break;
		pte_release(table[i]);
		table[i] = 0;
	}
	if (last - first == SV39_ENTRIES) {
		table_free(space, *entry);
		*entry = 0;
	}
}

/*
 * Unmap up to end in the gigapage of *va.  False: an interrupt waits; *va is
 * where to go on.
 */
static bool
giga_unmap(struct space *space, vaddr_t *va, vaddr_t end) LOCKED
{
	vaddr_t giga = *va & ~(GIGAPAGE - 1);
	uint64_t *root = &space->user[giga >> 30];
	uint64_t *mega = pte_table(*root);
	uint64_t i = *va >> 21 & (SV39_ENTRIES - 1);

	for (i = table_next(mega, i); giga + i * MEGAPAGE < end;
	     i = table_next(mega, i + 1)) {
		vaddr_t first = giga + i * MEGAPAGE;
		vaddr_t last = first + MEGAPAGE;

		if (first < *va)
			first = *va;
		if (last > end)
			last = end;
		mega_unmap(space, &mega[i], first, last);
		*va = last;
		if (last < end && arch_interrupt_pending())
			return false;
	}
	*va = end;
	if (table_next(mega, 0) == SV39_ENTRIES) {
		table_free(space, *root);
		*root = 0;
	}
	return true;
}

/* The loop of space_unmap and space_destroy, without the flush. */
static bool
unmap_range(struct space *space, vaddr_t *va, vaddr_t end) LOCKED
{
	while ((*va = giga_next(space, *va)) < end) {
		vaddr_t next = (*va & ~(GIGAPAGE - 1)) + GIGAPAGE;

		if (!giga_unmap(space, va, next < end ? next : end))
			return false;
	}
	*va = end;
	return true;
}

void
space_unmap(struct space *space, vaddr_t *va, vaddr_t end)
{
	vaddr_t start = *va;
	uint64_t tables = space->tables.value;

	(void)unmap_range(space, va, end);
	/* What led to a table that is gone must not outlive it. */
	if (*va - start > PAGE_SIZE || space->tables.value != tables) {
		space_flush(space);
		return;
	}
	space_flush_page(space, start);
	space_flush_others(space);
}

bool
space_destroy(struct space *space)
{
	vaddr_t va = 0;

	KASSERT(object_frame(space)->count == 0);
	if (!unmap_range(space, &va, USER_TOP)) {
		/* What was freed is used again before this goes on. */
		space_flush(space);
		return false;
	}
	space_end(space);
	return true;
}
