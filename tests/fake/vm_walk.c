/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vm_walk.c - a kernel for vmsrv's tests: calls on whole ranges.
 *
 * Each does fake_kernel.batch pages at a time.
 */
#include "vm_kernel_impl.h"

static bool
range_valid(uint64_t va, uint64_t pages)
{
	return (va & PAGE_MASK) == 0 && va <= USER_TOP &&
	       pages <= (USER_TOP - va) >> PAGE_SHIFT;
}

static bool
giga_used(const struct object *space, uint64_t number)
{
	const struct table *table = space->leaves;

	for (; table != NULL; table = table->next) {
		if (table->number >> (GIGA_SHIFT - SPAN_SHIFT) == number)
			return true;
	}
	return false;
}

/* Unmap part of one span; its tables go when the whole of it does. */
static void
span_unmap(struct object *space, uint64_t va, uint64_t end)
{
	bool whole = end - va == SPAN_PAGES * PAGE_SIZE;
	uint64_t start = va;

	for (; va < end; va += PAGE_SIZE) {
		uint64_t *entry = vmk_entry(space, va);

		if (entry != NULL && *entry != 0)
			vmk_entry_set(space, va, entry, 0);
	}
	if (whole)
		vmk_table_end(space, &space->leaves, start >> SPAN_SHIFT);
	if (!giga_used(space, start >> GIGA_SHIFT))
		vmk_table_end(space, &space->gigas, start >> GIGA_SHIFT);
}

struct sysret
sys_space_unmap(uint64_t auth, objname_t name, vaddr_t va, uint64_t pages)
{
	struct object *space = vmk_named(name, KIND_SPACE);
	uint64_t end = va + pages * PAGE_SIZE;
	uint64_t done = 0;

	if (auth != ROOT_MEMORY || space == NULL)
		return vmk_result(TINE_EBADF, 0);
	if (!vmk_is_own(space) && !range_valid(va, pages))
		return vmk_result(TINE_EINVAL, 0);
	if (++fake_kernel.unmaps == fake_kernel.unmap_fails)
		return vmk_result(TINE_ESTALE, va);
	/* As the kernel, it stops behind a table only. */
	while (va < end && done < fake_kernel.batch) {
		uint64_t next = ((va >> SPAN_SHIFT) + 1) << SPAN_SHIFT;

		next = next < end ? next : end;
		if (vmk_entry(space, va) != NULL)
			done += (next - va) >> PAGE_SHIFT;
		span_unmap(space, va, next);
		va = next;
	}
	return vmk_result(0, va);
}

struct sysret
sys_space_protect(
    uint64_t auth, objname_t name, vaddr_t va, uint64_t pages, uint64_t flags)
{
	struct object *space = vmk_named(name, KIND_SPACE);
	uint64_t end = va + pages * PAGE_SIZE;
	uint64_t done = 0;

	if (auth != ROOT_MEMORY || space == NULL)
		return vmk_result(TINE_EBADF, 0);
	if (!range_valid(va, pages) || !vmk_flags_valid(flags) ||
	    (flags & ~(uint64_t)(MAP_PAGE_PROT | MAP_PAGE_COW)) != 0)
		return vmk_result(TINE_EINVAL, 0);
	fake_kernel.protects++;
	for (; va < end && done < fake_kernel.batch; va += PAGE_SIZE) {
		uint64_t *entry = vmk_entry(space, va);
		uint64_t extra = MAP_PAGE_COW;

		done += entry != NULL;
		if (entry == NULL || *entry == 0)
			continue;
		if (*entry & PTE_SHARED)
			extra = MAP_PAGE_SHARED;
		*entry = vmk_entry_of(
		    *entry >> PTE_PPN_SHIFT, (flags & MAP_PAGE_PROT) | extra);
	}
	return vmk_result(0, va);
}

/* The leaf table of a space with the lowest span from a number on. */
static struct table *
table_next(const struct object *space, uint64_t number)
{
	struct table *found = NULL;

	for (struct table *t = space->leaves; t != NULL; t = t->next) {
		if (t->number >= number &&
		    (found == NULL || t->number < found->number))
			found = t;
	}
	return found;
}

static uint64_t
table_clone(struct object *dst, struct table *table)
{
	uint64_t va = table->number << SPAN_SHIFT;

	if (vmk_memory_fails() || vmk_entry_make(dst, va) == NULL)
		return TINE_ENOTABLE;
	for (uint64_t i = 0; i < SPAN_PAGES; i++, va += PAGE_SIZE) {
		uint64_t *from = &table->entries[i];
		uint64_t *to = vmk_entry(dst, va);

		if (*from == 0)
			continue;
		if ((*from & (PTE_W | PTE_SHARED)) == PTE_W)
			*from = (*from & ~PTE_W) | PTE_COW;
		if (vmk_frame(*from) < FAKE_FRAMES)
			vmk.frames[vmk_frame(*from)].count++;
		*to = *from;
	}
	return 0;
}

struct sysret
sys_space_clone(
    uint64_t auth, objname_t dst_name, objname_t src_name, vaddr_t va)
{
	struct object *dst = vmk_named(dst_name, KIND_SPACE);
	struct object *src = vmk_named(src_name, KIND_SPACE);
	struct table *table;
	uint64_t error;

	if (auth != ROOT_MEMORY || dst == NULL || src == NULL || dst == src)
		return vmk_result(TINE_EBADF, 0);
	for (uint64_t done = 0; done < fake_kernel.batch; done += SPAN_PAGES) {
		table = table_next(src, va >> SPAN_SHIFT);
		if (table == NULL)
			return vmk_result(0, USER_TOP);
		error = table_clone(dst, table);
		if (error)
			return vmk_result(error, va);
		va = (table->number + 1) << SPAN_SHIFT;
	}
	return vmk_result(0, va);
}

uint64_t
vmk_space_end(struct object *space)
{
	uint64_t done = 0;

	if (space->count > 0)
		return TINE_EBUSY;
	while (space->leaves != NULL) {
		uint64_t va = space->leaves->number << SPAN_SHIFT;

		if (done >= fake_kernel.batch)
			return TINE_EAGAIN;
		done += SPAN_PAGES;
		span_unmap(space, va, va + SPAN_PAGES * PAGE_SIZE);
	}
	while (space->gigas != NULL)
		vmk_table_end(space, &space->gigas, space->gigas->number);
	vmk.reserved -= space->pool;
	return 0;
}
