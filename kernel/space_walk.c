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

/* The first entry in [i, end) that is not 0; none: end or more. */
static inline uint64_t
table_next(const uint64_t *table, uint64_t i, uint64_t end) LOCKED
{
	uint64_t groups = *table_groups(table);

	for (groups >>= i / GROUP_ENTRIES; groups != 0 && i < end;
	     groups >>= 1) {
		if (groups & 1) {
			do {
				if (table[i] != 0)
					return i;
			} while (++i % GROUP_ENTRIES != 0);
		} else {
			i = (i | (GROUP_ENTRIES - 1)) + 1;
		}
	}
	return end;
}

/* The first gigapage from va on that has tables, or USER_TOP. */
static vaddr_t
giga_next(const struct space *space, vaddr_t va) LOCKED
{
	vaddr_t next = table_next(space->user, va >> 30, ROOT_USER_ENTRIES)
		       << 30;

	return next < va ? va : next;
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

/* A leaf table; apart, so that it has all registers. */
static __attribute__((noinline)) void
table_clone(uint64_t *dst, uint64_t *src) LOCKED
{
	const uint64_t *end = src + SV39_ENTRIES;
	uint64_t groups = *table_groups(src);

	for (; src < end; groups >>= 1) {
		if ((groups & 1) == 0) {
			src += GROUP_ENTRIES;
#pragma GCC unroll 16
			for (int i = 0; i < GROUP_ENTRIES; i++)
				*dst++ = 0;
			continue;
		}
#pragma GCC unroll 8
		for (int i = 0; i < GROUP_ENTRIES; i++, src++) {
			uint64_t leaf = *src;

			if (__builtin_expect(leaf != 0, 0))
				leaf = leaf_share(src, leaf);
			*dst++ = leaf;
		}
	}
}

/*
 * Clone the leaf tables below the gigapage of *va.  EAGAIN: an interrupt
 * waits; *va is where to go on.
 */
static int
giga_clone(struct space *dst, struct space *src, vaddr_t *va) LOCKED
{
	vaddr_t giga = *va & ~(GIGAPAGE - 1);
	uint64_t *from = pte_table(src->user[giga >> 30]);
	uint64_t *to = table_below(dst, &dst->user[giga >> 30]);
	uint64_t i = *va >> 21 & (SV39_ENTRIES - 1);

	if (to == NULL)
		return TINE_ENOTABLE;
	for (i = table_next(from, i, SV39_ENTRIES); i < SV39_ENTRIES;
	     i = table_next(from, i + 1, SV39_ENTRIES)) {
		uint64_t *table;

		*va = giga + i * MEGAPAGE;
		if (to[i] != 0)
			return TINE_EEXIST;
		table = table_new(dst, false);
		if (table == NULL)
			return TINE_ENOTABLE;
		table_set(&to[i], pte_to_table(table));
		*table_groups(table) = *table_groups(pte_table(from[i]));
		table_clone(table, pte_table(from[i]));
		if (arch_interrupt_pending()) {
			*va += MEGAPAGE;
			return TINE_EAGAIN;
		}
	}
	*va = giga + GIGAPAGE;
	return 0;
}

int
space_clone(struct space *dst, struct space *src, vaddr_t *va)
{
	int error = 0;

	while (error == 0 && (*va = giga_next(src, *va)) < USER_TOP)
		error = giga_clone(dst, src, va);
	space_flush(src);
	KCHECK(space_check(dst));
	if (error == 0)
		count(STAT_CLONES);
	return error == TINE_EAGAIN ? 0 : error;
}

/* Unmap [va, end) in one leaf table; the table goes if that is all of it. */
static __attribute__((noinline)) void
mega_unmap(struct space *space, uint64_t *entry, vaddr_t va, vaddr_t end) LOCKED
{
	uint64_t *table = pte_table(*entry);
	uint64_t first = va >> 12 & (SV39_ENTRIES - 1);
	uint64_t last = first + ((end - va) >> PAGE_SHIFT);

	for (uint64_t i = first; i < last; i++) {
		if (table[i] == 0)
			i = table_next(table, i, last);
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
	uint64_t n = (end - giga + MEGAPAGE - 1) / MEGAPAGE;

	for (i = table_next(mega, i, n); i < n;
	     i = table_next(mega, i + 1, n)) {
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
	if (table_next(mega, 0, SV39_ENTRIES) == SV39_ENTRIES) {
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
