/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * space_walk.c - what goes through whole address spaces: clone, unmap, end.
 *
 * These are the loops that fork and exit are made of, so they touch each
 * table once and each frame-table entry once, and a table is written whole
 * rather than cleared first.  They look for a waiting interrupt after each
 * leaf table, and then stop there.
 */
#include "hart.h"
#include "kassert.h"
#include "space_impl.h"

#include <abi/errors.h>

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
	for (unsigned int i = 0; i < SV39_ENTRIES; i++) {
		uint64_t leaf = src[i];

		if (leaf != 0)
			leaf = leaf_share(&src[i], leaf);
		dst[i] = leaf;
	}
}

/* The rule for a page; 0: none.  *next is where to go on looking. */
static uint64_t
exception_rule(const struct clone_exception *exceptions, uint64_t n,
    uint64_t *next, vaddr_t va)
{
	while (*next < n && va >= exceptions[*next].start +
				      exceptions[*next].pages * PAGE_SIZE)
		++*next;
	if (*next == n || va < exceptions[*next].start)
		return 0;
	return exceptions[*next].rule;
}

/* A leaf table that exceptions may touch. */
static void
table_clone_some(uint64_t *dst, uint64_t *src, vaddr_t va,
    const struct clone_exception *exceptions, uint64_t n) LOCKED
{
	uint64_t next = 0;

	for (unsigned int i = 0; i < SV39_ENTRIES; i++, va += PAGE_SIZE) {
		uint64_t rule = exception_rule(exceptions, n, &next, va);
		uint64_t leaf = src[i];

		dst[i] = 0;
		if (leaf == 0 || rule == CLONE_RULE_NONE)
			continue;
		if (rule == CLONE_RULE_SHARE) {
			leaf |= PTE_SHARED;
			if (leaf & PTE_COW)
				leaf = (leaf & ~PTE_COW) | PTE_W;
			src[i] = leaf;
		}
		dst[i] = leaf_share(&src[i], leaf);
	}
}

/* Clone the leaf tables below one gigapage from *va on. */
static int
giga_clone(struct space *dst, struct space *src, vaddr_t *va,
    const struct clone_exception *exceptions, uint64_t n) LOCKED
{
	uint64_t *from = pte_table(src->user[*va >> 30]);
	uint64_t *to = table_below(dst, &dst->user[*va >> 30]);

	if (to == NULL)
		return TINE_ENOTABLE;
	for (uint64_t i = *va >> 21 & (SV39_ENTRIES - 1); i < SV39_ENTRIES;
	     i++, *va += MEGAPAGE) {
		uint64_t *table;

		if (from[i] == 0)
			continue;
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
	return 0;
}

int
space_clone(struct space *dst, struct space *src, vaddr_t *va,
    const struct clone_exception *exceptions, uint64_t nexceptions)
{
	int error = 0;

	while (error == 0 && *va < USER_TOP) {
		if (src->user[*va >> 30] == 0)
			*va = (*va & ~(GIGAPAGE - 1)) + GIGAPAGE;
		else
			error =
			    giga_clone(dst, src, va, exceptions, nexceptions);
	}
	space_flush(src);
	KCHECK(space_check(dst));
	count(STAT_CLONES);
	return error == TINE_EAGAIN ? 0 : error;
}

/* Drop the leaves [first, last) of a table. */
static void
table_empty(uint64_t *table, uint64_t first, uint64_t last) LOCKED
{
	for (uint64_t i = first; i < last; i++) {
		if (table[i] == 0)
			continue;
		pte_release(table[i]);
		table[i] = 0;
	}
}

/* Unmap within one leaf table; the table goes if all of it does. */
static void
mega_unmap(struct space *space, uint64_t *entry, vaddr_t va, vaddr_t end) LOCKED
{
	uint64_t first = va >> 12 & (SV39_ENTRIES - 1);
	uint64_t last = first + ((end - va) >> PAGE_SHIFT);

	table_empty(pte_table(*entry), first, last);
	if (last - first == SV39_ENTRIES) {
		table_free(space, *entry);
		*entry = 0;
	}
}

static bool
table_is_empty(const uint64_t *table)
{
	for (unsigned int i = 0; i < SV39_ENTRIES; i++) {
		if (table[i] != 0)
			return false;
	}
	return true;
}

/* Unmap below one gigapage; false: an interrupt waits. */
static bool
giga_unmap(struct space *space, vaddr_t *va, vaddr_t end) LOCKED
{
	uint64_t *giga = &space->user[*va >> 30];
	uint64_t *mega = pte_table(*giga);

	while (*va < end) {
		uint64_t *entry = &mega[*va >> 21 & (SV39_ENTRIES - 1)];
		vaddr_t next = (*va & ~(MEGAPAGE - 1)) + MEGAPAGE;

		if (next > end)
			next = end;
		if (*entry != 0) {
			mega_unmap(space, entry, *va, next);
			if (next < end && arch_interrupt_pending()) {
				*va = next;
				return false;
			}
		}
		*va = next;
	}
	if (table_is_empty(mega)) {
		table_free(space, *giga);
		*giga = 0;
	}
	return true;
}

/* The loop of space_unmap and space_destroy, without the flush. */
static bool
unmap_range(struct space *space, vaddr_t *va, vaddr_t end) LOCKED
{
	while (*va < end) {
		vaddr_t next = (*va & ~(GIGAPAGE - 1)) + GIGAPAGE;

		if (next > end)
			next = end;
		if (space->user[*va >> 30] != 0 && !giga_unmap(space, va, next))
			return false;
		*va = next;
	}
	return true;
}

void
space_unmap(struct space *space, vaddr_t *va, vaddr_t end)
{
	vaddr_t start = *va;

	(void)unmap_range(space, va, end);
	if (*va - start <= PAGE_SIZE)
		space_flush_page(space, start);
	else
		space_flush(space);
}

bool
space_destroy(struct space *space)
{
	vaddr_t va = 0;

	KASSERT(space_threads(space) == 0);
	if (!unmap_range(space, &va, USER_TOP))
		return false;
	space_end(space);
	return true;
}
