/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vm_pages.c - a kernel for vmsrv's tests: page tables.
 */
#include "vm_kernel_impl.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define TAG_HINTS 64u

static struct table *
table_find(struct table *list, uint64_t number)
{
	while (list != NULL && list->number != number)
		list = list->next;
	return list;
}

/* A table out of the pool; NULL: it is empty. */
static struct table *
table_make(struct object *space, struct table **list, uint64_t number)
{
	struct table *table = table_find(*list, number);

	if (table != NULL)
		return table;
	if (space->pool == 0)
		return NULL;
	space->pool--;
	vmk.reserved--;
	table = calloc(1, sizeof(*table));
	table->number = number;
	table->frame = vmk_take(FRAME_TABLE);
	table->next = *list;
	*list = table;
	return table;
}

void
vmk_table_end(struct object *space, struct table **list, uint64_t number)
{
	struct table **link = list;
	struct table *table;

	while (*link != NULL && (*link)->number != number)
		link = &(*link)->next;
	table = *link;
	if (table == NULL)
		return;
	*link = table->next;
	vmk_give(table->frame);
	free(table);
	space->pool++;
	vmk.reserved++;
}

uint64_t *
vmk_entry(struct object *space, uint64_t va)
{
	struct table *table = table_find(space->leaves, va >> SPAN_SHIFT);

	return table == NULL
		   ? NULL
		   : &table->entries[va >> PAGE_SHIFT & (SPAN_PAGES - 1)];
}

uint64_t *
vmk_entry_make(struct object *space, uint64_t va)
{
	struct table *table;

	if (table_make(space, &space->gigas, va >> GIGA_SHIFT) == NULL)
		return NULL;
	table = table_make(space, &space->leaves, va >> SPAN_SHIFT);
	return table == NULL
		   ? NULL
		   : &table->entries[va >> PAGE_SHIFT & (SPAN_PAGES - 1)];
}

bool
vmk_is_own(const struct object *space)
{
	return vmk_name((uint64_t)(space - vmk.frames)) == vmk.info.space;
}

/* Show the test what vmsrv's own space has at an address. */
static void
own_show(uint64_t va, uint64_t entry)
{
	void *at = (void *)va;
	int prot = PROT_READ | (entry & PTE_W ? PROT_WRITE : 0);
	void *got;

	if (entry & PTE_V)
		got = mmap(at, PAGE_SIZE, prot, MAP_SHARED | MAP_FIXED,
		    vmk.ram_file, (off_t)(vmk_frame(entry) * PAGE_SIZE));
	else
		got = mmap(at, PAGE_SIZE, PROT_NONE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	if (got != at)
		abort();
}

void
vmk_entry_set(struct object *space, uint64_t va, uint64_t *at, uint64_t entry)
{
	uint64_t old = *at;
	uint64_t frame = vmk_frame(old);

	*at = entry;
	if (vmk_is_own(space))
		own_show(va, entry);
	if (old != 0 && frame < FAKE_FRAMES)
		vmk_unref(frame);
}

uint64_t
vmk_entry_of(uint64_t page, uint64_t flags)
{
	uint64_t entry = page << PTE_PPN_SHIFT | PTE_U | PTE_A | PTE_D;

	if (flags & MAP_PAGE_PROT)
		entry |= PTE_V;
	if (flags & MAP_PAGE_READ)
		entry |= PTE_R;
	if (flags & MAP_PAGE_EXEC)
		entry |= PTE_X;
	if (flags & (MAP_PAGE_SHARED | MAP_PAGE_DEVICE))
		entry |= PTE_SHARED;
	if (flags & MAP_PAGE_WRITE)
		entry |= flags & MAP_PAGE_COW ? PTE_COW : PTE_W;
	return entry;
}

bool
vmk_flags_valid(uint64_t flags)
{
	uint64_t both = MAP_PAGE_COW | MAP_PAGE_SHARED;

	if ((flags & MAP_PAGE_WRITE) && (flags & MAP_PAGE_EXEC))
		return false;
	if ((flags & MAP_PAGE_PROT) == MAP_PAGE_WRITE)
		return false;
	return (flags & both) != both;
}

/* The frame to map; 0 and an error if there is none. */
static uint64_t
map_source(uint64_t source, uint64_t flags, uint64_t old, uint64_t *error)
{
	uint64_t bytes = flags >> MAP_PAGE_BYTES_SHIFT;
	uint64_t frame;

	*error = 0;
	if (source == ~0ul && old != 0)
		source = vmk_frame(old);
	if ((flags & MAP_PAGE_ZERO) == 0 &&
	    (source >= FAKE_FRAMES || vmk.frames[source].kind != FRAME_USER)) {
		*error = TINE_EINVAL;
		return 0;
	}
	if ((flags & (MAP_PAGE_ZERO | MAP_PAGE_COPY)) == 0) {
		vmk.frames[source].count++;
		return source;
	}
	frame = vmk_memory_fails() || vmk.free_count <= vmk.reserved
		    ? 0
		    : vmk_take(FRAME_USER);
	if (frame == 0)
		*error = TINE_ENOMEM;
	else if (flags & MAP_PAGE_COPY)
		memcpy(vmk.ram + frame * PAGE_SIZE,
		    vmk.ram + source * PAGE_SIZE, bytes);
	return frame;
}

static uint64_t
space_map(struct object *space, uint64_t va, uint64_t source, uint64_t flags,
    uint64_t expect)
{
	uint64_t *entry;
	uint64_t page;
	uint64_t error;

	if ((va & PAGE_MASK) != 0 || (!vmk_is_own(space) && va >= USER_TOP) ||
	    !vmk_flags_valid(flags))
		return TINE_EINVAL;
	entry = vmk_entry_make(space, va);
	if (entry == NULL)
		return TINE_ENOTABLE;
	if (*entry != expect)
		return TINE_ECHANGED;
	page = source;
	if ((flags & MAP_PAGE_DEVICE) == 0) {
		page = map_source(source, flags, *entry, &error);
		if (page == 0)
			return error;
		page += FAKE_RAM_BASE >> PAGE_SHIFT;
	}
	vmk_entry_set(space, va, entry, vmk_entry_of(page, flags));
	return 0;
}

struct sysret
sys_space_map(uint64_t auth, objname_t name, vaddr_t va, uint64_t source,
    uint64_t flags, uint64_t expect)
{
	struct object *space = vmk_named(name, KIND_SPACE);

	if (auth != ROOT_MEMORY || space == NULL)
		return vmk_result(TINE_EBADF, 0);
	if ((flags & MAP_PAGE_DEVICE) &&
	    flags >> MAP_PAGE_BYTES_SHIFT != ROOT_DEVICES)
		return vmk_result(TINE_EBADF, 0);
	return vmk_result(space_map(space, va, source, flags, expect), 0);
}

struct sysret
sys_space_feed(uint64_t auth, objname_t name, int64_t delta)
{
	struct object *space = vmk_named(name, KIND_SPACE);
	uint64_t n = (uint64_t)(delta < 0 ? -delta : delta);

	if (auth != ROOT_MEMORY || space == NULL)
		return vmk_result(TINE_EBADF, 0);
	if (delta < 0) {
		/* Refused when not so many are there: nothing wrong. */
		fake_kernel.calls++;
		if (n > space->pool)
			return (struct sysret){.error = TINE_EINVAL};
		space->pool -= n;
		vmk.reserved -= n;
		return (struct sysret){.error = 0};
	}
	if (vmk_memory_fails() || vmk.free_count - vmk.reserved < n)
		return vmk_result(TINE_ENOMEM, 0);
	space->pool += n;
	vmk.reserved += n;
	return vmk_result(0, 0);
}

static uint64_t
page_rest(uint64_t va)
{
	return PAGE_SIZE - (va & PAGE_MASK);
}

struct sysret
sys_space_copy(uint64_t auth, objname_t name, vaddr_t va, void *own,
    uint64_t length, uint64_t write)
{
	struct object *space = vmk_named(name, KIND_SPACE);
	const uint64_t *entry;
	uint8_t *page;

	if (auth != ROOT_MEMORY || space == NULL)
		return vmk_result(TINE_EINVAL, 0);
	/* At most to the end of a page, on either side. */
	if (length > page_rest(va))
		length = page_rest(va);
	if (length > page_rest((uintptr_t)own))
		length = page_rest((uintptr_t)own);
	entry = vmk_entry(space, va);
	if (entry == NULL || (*entry & (write ? PTE_W : PTE_R)) == 0)
		return vmk_result(TINE_EFAULT, 0);
	page = fake_page(*entry) + (va & PAGE_MASK);
	if (write)
		memcpy(page, own, length);
	else
		memcpy(own, page, length);
	return vmk_result(0, length);
}

struct sysret
sys_space_query(uint64_t auth, objname_t name, vaddr_t va)
{
	struct object *space = vmk_named(name, KIND_SPACE);
	const uint64_t *entry;

	if (auth != ROOT_MEMORY || space == NULL || va >= USER_TOP)
		return vmk_result(TINE_EINVAL, 0);
	entry = vmk_entry(space, va);
	return vmk_result(0, entry == NULL ? 0 : *entry);
}

struct sysret
sys_frame_alloc(uint64_t auth)
{
	uint64_t frame;

	if (auth != ROOT_MEMORY)
		return vmk_result(TINE_EBADF, 0);
	if (vmk_memory_fails() || vmk.free_count <= vmk.reserved)
		return vmk_result(TINE_ENOMEM, 0);
	frame = vmk_take(FRAME_USER);
	vmk.frames[frame].hold = true;
	return vmk_result(0, frame);
}

struct sysret
sys_frame_free(uint64_t auth, uint64_t frame)
{
	if (auth != ROOT_MEMORY || frame >= FAKE_FRAMES ||
	    vmk.frames[frame].kind != FRAME_USER || !vmk.frames[frame].hold)
		return vmk_result(TINE_EINVAL, 0);
	vmk.frames[frame].hold = false;
	vmk_unref(frame);
	return vmk_result(0, 0);
}

/* What the tests see. */

/* Whether a frame is the space with a tag. */
static bool
is_space(uint64_t frame, uint64_t tag)
{
	return vmk.frames[frame].kind == KIND_SPACE &&
	       vmk.frames[frame].tag == tag;
}

objname_t
fake_space(uint64_t tag)
{
	/* Where the space with such a tag was found: most are asked for again. */
	static uint64_t found[TAG_HINTS];
	uint64_t *hint = &found[tag % TAG_HINTS];

	for (uint64_t i = 0; !is_space(*hint, tag); i++) {
		if (i == FAKE_FRAMES)
			return 0;
		*hint = i;
	}
	return vmk_name(*hint);
}

uint64_t
fake_entry(uint64_t tag, uint64_t va)
{
	struct object *space = vmk_named(fake_space(tag), KIND_SPACE);
	const uint64_t *entry = space ? vmk_entry(space, va) : NULL;

	return entry == NULL ? 0 : *entry;
}

uint64_t
fake_tables(uint64_t tag)
{
	struct object *space = vmk_named(fake_space(tag), KIND_SPACE);
	uint64_t n = 0;

	for (const struct table *t = space->leaves; t != NULL; t = t->next)
		n++;
	for (const struct table *t = space->gigas; t != NULL; t = t->next)
		n++;
	return n;
}

uint64_t
fake_mapped(uint64_t tag)
{
	struct object *space = vmk_named(fake_space(tag), KIND_SPACE);
	uint64_t n = 0;

	for (const struct table *t = space->leaves; t != NULL; t = t->next) {
		for (uint64_t i = 0; i < SPAN_PAGES; i++)
			n += t->entries[i] != 0;
	}
	return n;
}

uint64_t
fake_references(uint64_t entry)
{
	return vmk.frames[vmk_frame(entry)].count;
}

uint8_t *
fake_page(uint64_t entry)
{
	return vmk.ram + vmk_frame(entry) * PAGE_SIZE;
}

bool
fake_upgrade(uint64_t tag, uint64_t va)
{
	struct object *space = vmk_named(fake_space(tag), KIND_SPACE);
	uint64_t *entry = space ? vmk_entry(space, va) : NULL;

	if (entry == NULL || (*entry & (PTE_V | PTE_COW)) != (PTE_V | PTE_COW))
		return false;
	if (fake_references(*entry) != 1 || vmk.frames[vmk_frame(*entry)].hold)
		return false;
	*entry = (*entry & ~PTE_COW) | PTE_W;
	return true;
}

uint64_t
fake_map(objname_t space, uint64_t va, uint64_t source, uint64_t flags,
    uint64_t expect)
{
	return space_map(
	    vmk_named(space, KIND_SPACE), va, source, flags, expect);
}
