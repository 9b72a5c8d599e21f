/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vm_kernel.c - a kernel for vmsrv's tests.
 */
#define _GNU_SOURCE /* memfd_create */
#include "vm_kernel.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <ipc/sys.h>

#define SPAN_PAGES 512ul
#define SPAN_SHIFT 21
#define GIGA_SHIFT 30
#define OWN_BYTES 0x40000000ul
#define ROOT_POOL 3 /* frames that the kernel leaves in vmsrv's pool */
#define SLOTS 128

struct fake_kernel fake_kernel;

struct table {
	struct table *next;
	uint64_t number; /* of its span */
	uint64_t frame;
	uint64_t entries[SPAN_PAGES]; /* of a leaf table */
};

struct object {
	enum frame_kind kind;
	uint64_t generation;
	uint64_t count; /* user: references; space: threads */
	bool hold;
	/* Of a space. */
	uint64_t tag;
	uint64_t pool;
	struct table *leaves;
	struct table *gigas;
	/* Of a thread. */
	objname_t space;
	bool started;
	bool written;
	uint64_t fields[THREAD_NOTIFICATION + 1];
	struct regs regs;
};

struct slot {
	objname_t object;
	uint64_t rights;
	uint64_t badge;
};

static struct object frames[FAKE_FRAMES];
static uint64_t free_list[FAKE_FRAMES];
static uint64_t free_count;
static uint64_t given;
static uint64_t reserved;
static struct slot slots[SLOTS][SLOTS]; /* [0]: vmsrv's own */
static uint64_t cspaces[SLOTS]; /* frame of the cspace in a slot of [0] */

static int ram_file = -1;
static uint8_t *ram;
static uintptr_t own_base;
static struct boot_info info;

static struct sysret
result(uint64_t error, uint64_t value)
{
	fake_kernel.calls++;
	if (error == TINE_EINVAL || error == TINE_EBADF)
		fake_kernel.refused++;
	return (struct sysret){.error = error, .value = value};
}

/* Whether this call, which needs memory, is one to fail. */
static bool
memory_fails(void)
{
	fake_kernel.needing++;
	return fake_kernel.fail_at != 0 &&
	       fake_kernel.needing >= fake_kernel.fail_at;
}

/* Frames. */

static uint64_t
frame_take(enum frame_kind kind)
{
	uint64_t frame;

	if (free_count == 0)
		return 0;
	frame = free_list[--free_count];
	frames[frame].kind = kind;
	frames[frame].count = kind == FRAME_USER;
	memset(ram + frame * PAGE_SIZE, 0, PAGE_SIZE);
	return frame;
}

static void
frame_give(uint64_t frame)
{
	uint64_t generation = frames[frame].generation + 1;

	memset(&frames[frame], 0, sizeof(frames[frame]));
	frames[frame].kind = FRAME_FREE;
	frames[frame].generation = generation;
	free_list[free_count++] = frame;
}

static void
frame_unref(uint64_t frame)
{
	if (--frames[frame].count == 0)
		frame_give(frame);
}

static objname_t
name_of(uint64_t frame)
{
	return frames[frame].generation << NAME_FRAME_BITS | frame;
}

/* The object with a name, if it is of the kind (0: any); else NULL. */
static struct object *
named(objname_t name, enum frame_kind kind)
{
	uint64_t frame = name & NAME_FRAME_MASK;
	struct object *object;

	if (frame >= FAKE_FRAMES || name_of(frame) != name)
		return NULL;
	object = &frames[frame];
	if (object->kind < KIND_THREAD ||
	    (kind != FRAME_RESERVED && object->kind != kind))
		return NULL;
	return object;
}

static uint64_t
entry_frame_of(uint64_t entry)
{
	return (entry >> PTE_PPN_SHIFT) - (FAKE_RAM_BASE >> PAGE_SHIFT);
}

/* Tables. */

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
	reserved--;
	table = calloc(1, sizeof(*table));
	table->number = number;
	table->frame = frame_take(FRAME_TABLE);
	table->next = *list;
	*list = table;
	return table;
}

static void
table_end(struct object *space, struct table **list, uint64_t number)
{
	struct table **link = list;
	struct table *table;

	while (*link != NULL && (*link)->number != number)
		link = &(*link)->next;
	table = *link;
	if (table == NULL)
		return;
	*link = table->next;
	frame_give(table->frame);
	free(table);
	space->pool++;
	reserved++;
}

static uint64_t *
entry_find(struct object *space, uint64_t va)
{
	struct table *table = table_find(space->leaves, va >> SPAN_SHIFT);

	return table == NULL
		   ? NULL
		   : &table->entries[va >> PAGE_SHIFT & (SPAN_PAGES - 1)];
}

static uint64_t *
entry_make(struct object *space, uint64_t va)
{
	struct table *table;

	if (table_make(space, &space->gigas, va >> GIGA_SHIFT) == NULL)
		return NULL;
	table = table_make(space, &space->leaves, va >> SPAN_SHIFT);
	return table == NULL
		   ? NULL
		   : &table->entries[va >> PAGE_SHIFT & (SPAN_PAGES - 1)];
}

static bool
is_own(const struct object *space)
{
	return name_of((uint64_t)(space - frames)) == info.space;
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
		    ram_file, (off_t)(entry_frame_of(entry) * PAGE_SIZE));
	else
		got = mmap(at, PAGE_SIZE, PROT_NONE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	if (got != at)
		abort();
}

static void
entry_set(struct object *space, uint64_t va, uint64_t *at, uint64_t entry)
{
	uint64_t old = *at;
	uint64_t frame = entry_frame_of(old);

	*at = entry;
	if (is_own(space))
		own_show(va, entry);
	if (old != 0 && frame < FAKE_FRAMES)
		frame_unref(frame);
}

static uint64_t
entry_of(uint64_t page, uint64_t flags)
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

static bool
flags_valid(uint64_t flags)
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
		source = entry_frame_of(old);
	if ((flags & MAP_PAGE_ZERO) == 0 &&
	    (source >= FAKE_FRAMES || frames[source].kind != FRAME_USER)) {
		*error = TINE_EINVAL;
		return 0;
	}
	if ((flags & (MAP_PAGE_ZERO | MAP_PAGE_COPY)) == 0) {
		frames[source].count++;
		return source;
	}
	frame = memory_fails() || free_count <= reserved
		    ? 0
		    : frame_take(FRAME_USER);
	if (frame == 0)
		*error = TINE_ENOMEM;
	else if (flags & MAP_PAGE_COPY)
		memcpy(
		    ram + frame * PAGE_SIZE, ram + source * PAGE_SIZE, bytes);
	return frame;
}

static uint64_t
space_map(struct object *space, uint64_t va, uint64_t source, uint64_t flags,
    uint64_t expect)
{
	uint64_t *entry;
	uint64_t page;
	uint64_t error;

	if ((va & PAGE_MASK) != 0 || (!is_own(space) && va >= USER_TOP) ||
	    !flags_valid(flags))
		return TINE_EINVAL;
	entry = entry_make(space, va);
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
	entry_set(space, va, entry, entry_of(page, flags));
	return 0;
}

struct sysret
sys_space_map(uint64_t auth, objname_t name, vaddr_t va, uint64_t source,
    uint64_t flags, uint64_t expect)
{
	struct object *space = named(name, KIND_SPACE);

	if (auth != ROOT_MEMORY || space == NULL)
		return result(TINE_EBADF, 0);
	if ((flags & MAP_PAGE_DEVICE) &&
	    flags >> MAP_PAGE_BYTES_SHIFT != ROOT_DEVICES)
		return result(TINE_EBADF, 0);
	return result(space_map(space, va, source, flags, expect), 0);
}

struct sysret
sys_space_feed(uint64_t auth, objname_t name, int64_t delta)
{
	struct object *space = named(name, KIND_SPACE);
	uint64_t n = (uint64_t)(delta < 0 ? -delta : delta);

	if (auth != ROOT_MEMORY || space == NULL)
		return result(TINE_EBADF, 0);
	if (delta < 0) {
		/* Refused when not so many are there: nothing wrong. */
		fake_kernel.calls++;
		if (n > space->pool)
			return (struct sysret){.error = TINE_EINVAL};
		space->pool -= n;
		reserved -= n;
		return (struct sysret){.error = 0};
	}
	if (memory_fails() || free_count - reserved < n)
		return result(TINE_ENOMEM, 0);
	space->pool += n;
	reserved += n;
	return result(0, 0);
}

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
		uint64_t *entry = entry_find(space, va);

		if (entry != NULL && *entry != 0)
			entry_set(space, va, entry, 0);
	}
	if (whole)
		table_end(space, &space->leaves, start >> SPAN_SHIFT);
	if (!giga_used(space, start >> GIGA_SHIFT))
		table_end(space, &space->gigas, start >> GIGA_SHIFT);
}

struct sysret
sys_space_unmap(uint64_t auth, objname_t name, vaddr_t va, uint64_t pages)
{
	struct object *space = named(name, KIND_SPACE);
	uint64_t end = va + pages * PAGE_SIZE;
	uint64_t done = 0;

	if (auth != ROOT_MEMORY || space == NULL)
		return result(TINE_EBADF, 0);
	if (!is_own(space) && !range_valid(va, pages))
		return result(TINE_EINVAL, 0);
	/* As the kernel, it stops behind a table only. */
	while (va < end && done < fake_kernel.batch) {
		uint64_t next = ((va >> SPAN_SHIFT) + 1) << SPAN_SHIFT;

		next = next < end ? next : end;
		if (entry_find(space, va) != NULL)
			done += (next - va) >> PAGE_SHIFT;
		span_unmap(space, va, next);
		va = next;
	}
	return result(0, va);
}

struct sysret
sys_space_protect(
    uint64_t auth, objname_t name, vaddr_t va, uint64_t pages, uint64_t flags)
{
	struct object *space = named(name, KIND_SPACE);
	uint64_t end = va + pages * PAGE_SIZE;
	uint64_t done = 0;

	if (auth != ROOT_MEMORY || space == NULL)
		return result(TINE_EBADF, 0);
	if (!range_valid(va, pages) || !flags_valid(flags) ||
	    (flags & ~(uint64_t)(MAP_PAGE_PROT | MAP_PAGE_COW)) != 0)
		return result(TINE_EINVAL, 0);
	for (; va < end && done < fake_kernel.batch; va += PAGE_SIZE) {
		uint64_t *entry = entry_find(space, va);
		uint64_t extra = MAP_PAGE_COW;

		done += entry != NULL;
		if (entry == NULL || *entry == 0)
			continue;
		if (*entry & PTE_SHARED)
			extra = MAP_PAGE_SHARED;
		*entry = entry_of(
		    *entry >> PTE_PPN_SHIFT, (flags & MAP_PAGE_PROT) | extra);
	}
	return result(0, va);
}

/* The rule for a page; 0: none. */
static uint64_t
rule_of(const struct clone_exception *list, uint64_t count, uint64_t va)
{
	for (uint64_t i = 0; i < count; i++) {
		if (va >= list[i].start &&
		    va < list[i].start + list[i].pages * PAGE_SIZE)
			return list[i].rule;
	}
	return 0;
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
table_clone(struct object *dst, struct table *table,
    const struct clone_exception *list, uint64_t count)
{
	uint64_t va = table->number << SPAN_SHIFT;

	if (memory_fails() || entry_make(dst, va) == NULL)
		return TINE_ENOTABLE;
	for (uint64_t i = 0; i < SPAN_PAGES; i++, va += PAGE_SIZE) {
		uint64_t *from = &table->entries[i];
		uint64_t *to = entry_find(dst, va);

		if (*from == 0 || rule_of(list, count, va) == CLONE_RULE_NONE)
			continue;
		if ((*from & (PTE_W | PTE_SHARED)) == PTE_W)
			*from = (*from & ~PTE_W) | PTE_COW;
		if (entry_frame_of(*from) < FAKE_FRAMES)
			frames[entry_frame_of(*from)].count++;
		*to = *from;
	}
	return 0;
}

static bool
exceptions_valid(const struct clone_exception *list, uint64_t count)
{
	uint64_t at = 0;

	if (count > CLONE_EXCEPTIONS_MAX)
		return false;
	for (uint64_t i = 0; i < count; i++) {
		if (list[i].start < at || list[i].pages == 0 ||
		    !range_valid(list[i].start, list[i].pages))
			return false;
		at = list[i].start + list[i].pages * PAGE_SIZE;
	}
	return true;
}

struct sysret
sys_space_clone(uint64_t auth, objname_t dst_name, objname_t src_name,
    vaddr_t va, const struct clone_exception *list, uint64_t count)
{
	struct object *dst = named(dst_name, KIND_SPACE);
	struct object *src = named(src_name, KIND_SPACE);
	struct table *table;
	uint64_t error;

	if (auth != ROOT_MEMORY || dst == NULL || src == NULL || dst == src)
		return result(TINE_EBADF, 0);
	if (!exceptions_valid(list, count))
		return result(TINE_EINVAL, 0);
	for (uint64_t done = 0; done < fake_kernel.batch; done += SPAN_PAGES) {
		table = table_next(src, va >> SPAN_SHIFT);
		if (table == NULL)
			return result(0, USER_TOP);
		error = table_clone(dst, table, list, count);
		if (error)
			return result(error, va);
		va = (table->number + 1) << SPAN_SHIFT;
	}
	return result(0, va);
}

struct sysret
sys_space_copy(uint64_t auth, objname_t name, vaddr_t va, void *own,
    uint64_t length, uint64_t write)
{
	struct object *space = named(name, KIND_SPACE);
	const uint64_t *entry;
	uint8_t *page;

	if (auth != ROOT_MEMORY || space == NULL ||
	    (va & PAGE_MASK) + length > PAGE_SIZE)
		return result(TINE_EINVAL, 0);
	entry = entry_find(space, va);
	if (entry == NULL || (*entry & (write ? PTE_W : PTE_R)) == 0)
		return result(TINE_EFAULT, 0);
	page = fake_page(*entry) + (va & PAGE_MASK);
	if (write)
		memcpy(page, own, length);
	else
		memcpy(own, page, length);
	return result(0, length);
}

struct sysret
sys_space_query(uint64_t auth, objname_t name, vaddr_t va)
{
	struct object *space = named(name, KIND_SPACE);
	const uint64_t *entry;

	if (auth != ROOT_MEMORY || space == NULL || va >= USER_TOP)
		return result(TINE_EINVAL, 0);
	entry = entry_find(space, va);
	return result(0, entry == NULL ? 0 : *entry);
}

struct sysret
sys_frame_alloc(uint64_t auth)
{
	uint64_t frame;

	if (auth != ROOT_MEMORY)
		return result(TINE_EBADF, 0);
	if (memory_fails() || free_count <= reserved)
		return result(TINE_ENOMEM, 0);
	frame = frame_take(FRAME_USER);
	frames[frame].hold = true;
	return result(0, frame);
}

struct sysret
sys_frame_free(uint64_t auth, uint64_t frame)
{
	if (auth != ROOT_MEMORY || frame >= FAKE_FRAMES ||
	    frames[frame].kind != FRAME_USER || !frames[frame].hold)
		return result(TINE_EINVAL, 0);
	frames[frame].hold = false;
	frame_unref(frame);
	return result(0, 0);
}

/* Objects. */

struct sysret
sys_create(uint64_t auth, uint64_t kind, uint64_t a, uint64_t b)
{
	struct object *space = named(a, KIND_SPACE);
	uint64_t more = kind == KIND_SPACE ? b : 0;
	struct object *object;
	uint64_t frame;

	if (auth != ROOT_MEMORY || (kind == KIND_THREAD && space == NULL))
		return result(TINE_EBADF, 0);
	if (memory_fails() || free_count - reserved < 1 + more)
		return result(TINE_ENOMEM, 0);
	frame = frame_take((enum frame_kind)kind);
	object = &frames[frame];
	if (kind == KIND_SPACE) {
		object->tag = a;
		object->pool = b;
		reserved += b;
	} else if (kind == KIND_THREAD) {
		object->space = a;
		object->fields[THREAD_IDENTITY] = b;
		space->count++;
	}
	return result(0, name_of(frame));
}

static uint64_t
space_end(struct object *space)
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
		table_end(space, &space->gigas, space->gigas->number);
	reserved -= space->pool;
	return 0;
}

struct sysret
sys_destroy(uint64_t auth, objname_t name)
{
	struct object *object = named(name, FRAME_RESERVED);
	uint64_t error = 0;

	if (auth != ROOT_MEMORY || object == NULL)
		return result(TINE_ESTALE, 0);
	if (object->kind == KIND_SPACE)
		error = space_end(object);
	else if (object->kind == KIND_THREAD)
		named(object->space, KIND_SPACE)->count--;
	if (error == 0)
		frame_give(name & NAME_FRAME_MASK);
	return result(error, 0);
}

struct sysret
sys_cap_name(uint64_t auth, uint64_t cspace, uint64_t slot, objname_t name,
    uint64_t rights, uint64_t badge)
{
	struct object *object = named(name, FRAME_RESERVED);
	uint64_t to = cspace == ROOT_CSPACE ? 0 : cspace;

	if (auth != ROOT_MEMORY || object == NULL || cspace >= SLOTS ||
	    slot >= SLOTS || (to != 0 && cspaces[cspace] == 0))
		return result(TINE_EINVAL, 0);
	slots[to][slot] = (struct slot){name, rights, badge};
	if (to == 0 && object->kind == KIND_CSPACE)
		cspaces[slot] = name & NAME_FRAME_MASK;
	return result(0, 0);
}

struct sysret
sys_cap_copy(uint64_t cspace, uint64_t slot, uint64_t source, uint64_t rights,
    uint64_t badge)
{
	if (cspace >= SLOTS || slot >= SLOTS || cspaces[cspace] == 0 ||
	    (source != ROOT_MEMORY && source != ROOT_SYSTEM))
		return result(TINE_EINVAL, 0);
	slots[cspace][slot] = (struct slot){source, rights, badge};
	return result(0, 0);
}

/* Threads. */

struct sysret
sys_thread_configure(
    uint64_t auth, objname_t name, uint64_t field, uint64_t value)
{
	struct object *thread = named(name, KIND_THREAD);

	if (auth != ROOT_MEMORY || thread == NULL)
		return result(TINE_ESTALE, 0);
	if (field < THREAD_PRIORITY || field > THREAD_NOTIFICATION)
		return result(TINE_EINVAL, 0);
	if (field == THREAD_SPACE) {
		if (named(value, KIND_SPACE) == NULL)
			return result(TINE_ESTALE, 0);
		named(thread->space, KIND_SPACE)->count--;
		named(value, KIND_SPACE)->count++;
		thread->space = value;
	}
	thread->fields[field] = value;
	return result(0, 0);
}

struct sysret
sys_thread_write(uint64_t auth, objname_t name, const struct regs *regs)
{
	struct object *thread = named(name, KIND_THREAD);

	if (auth != ROOT_MEMORY || thread == NULL)
		return result(TINE_ESTALE, 0);
	thread->regs = *regs;
	thread->written = true;
	return result(0, 0);
}

struct sysret
sys_thread_start(uint64_t auth, objname_t name)
{
	struct object *thread = named(name, KIND_THREAD);

	if (auth != ROOT_MEMORY || thread == NULL)
		return result(TINE_ESTALE, 0);
	thread->started = true;
	return result(0, 0);
}

struct sysret
sys_thread_stop(uint64_t auth, objname_t name)
{
	struct object *thread = named(name, KIND_THREAD);

	if (auth != ROOT_MEMORY || thread == NULL)
		return result(TINE_ESTALE, 0);
	thread->started = false;
	return result(0, 0);
}

/* The system. */

struct sysret
sys_system_stat(uint64_t system, uint64_t index)
{
	if (system != ROOT_SYSTEM)
		return result(TINE_EBADF, 0);
	if (index == STAT_FREE_FRAMES)
		return result(0, free_count);
	return result(0, index == STAT_FRAMES ? given : 0);
}

struct sysret
sys_system_putc(uint64_t system, uint64_t character)
{
	size_t at = fake_kernel.console_bytes;

	(void)system;
	if (at + 1 < sizeof(fake_kernel.console)) {
		fake_kernel.console[at] = (char)character;
		fake_kernel.console_bytes++;
	}
	return result(0, 0);
}

/* What the tests see. */

objname_t
fake_space(uint64_t tag)
{
	for (uint64_t i = 0; i < FAKE_FRAMES; i++) {
		if (frames[i].kind == KIND_SPACE && frames[i].tag == tag)
			return name_of(i);
	}
	return 0;
}

uint64_t
fake_entry(uint64_t tag, uint64_t va)
{
	struct object *space = named(fake_space(tag), KIND_SPACE);
	const uint64_t *entry = space ? entry_find(space, va) : NULL;

	return entry == NULL ? 0 : *entry;
}

uint64_t
fake_tables(uint64_t tag)
{
	struct object *space = named(fake_space(tag), KIND_SPACE);
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
	struct object *space = named(fake_space(tag), KIND_SPACE);
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
	return frames[entry_frame_of(entry)].count;
}

uint8_t *
fake_page(uint64_t entry)
{
	return ram + entry_frame_of(entry) * PAGE_SIZE;
}

bool
fake_upgrade(uint64_t tag, uint64_t va)
{
	struct object *space = named(fake_space(tag), KIND_SPACE);
	uint64_t *entry = space ? entry_find(space, va) : NULL;

	if (entry == NULL || (*entry & (PTE_V | PTE_COW)) != (PTE_V | PTE_COW))
		return false;
	if (fake_references(*entry) != 1 || frames[entry_frame_of(*entry)].hold)
		return false;
	*entry = (*entry & ~PTE_COW) | PTE_W;
	return true;
}

uint64_t
fake_map(objname_t space, uint64_t va, uint64_t source, uint64_t flags,
    uint64_t expect)
{
	return space_map(named(space, KIND_SPACE), va, source, flags, expect);
}

struct fake_live
fake_live(void)
{
	struct fake_live live = {
	    .used = given - free_count, .reserved = reserved};

	for (uint64_t i = 0; i < FAKE_FRAMES; i++) {
		live.spaces += frames[i].kind == KIND_SPACE;
		live.threads += frames[i].kind == KIND_THREAD;
		live.held += frames[i].hold;
	}
	return live;
}

uint64_t
fake_unreserved(void)
{
	return free_count - reserved;
}

objname_t
fake_thread_space(objname_t name)
{
	const struct object *thread = named(name, KIND_THREAD);

	return thread == NULL ? 0 : thread->space;
}

const struct regs *
fake_thread_regs(objname_t name)
{
	return &named(name, KIND_THREAD)->regs;
}

bool
fake_thread_started(objname_t name)
{
	return named(name, KIND_THREAD)->started;
}

uint64_t
fake_thread_field(objname_t name, uint64_t field)
{
	return named(name, KIND_THREAD)->fields[field];
}

uint64_t
fake_rights(uint64_t cspace, uint64_t slot)
{
	return slots[cspace][slot].rights;
}

uint64_t
fake_badge(uint64_t cspace, uint64_t slot)
{
	return slots[cspace][slot].badge;
}

const struct boot_info *
fake_info(void)
{
	return &info;
}

uintptr_t
fake_own(void)
{
	return own_base;
}

const uint8_t *
fake_archive(void)
{
	return ram + FAKE_ARCHIVE_FRAME * PAGE_SIZE;
}

/* Start. */

static void
tables_forget(void)
{
	for (uint64_t i = 0; i < FAKE_FRAMES; i++) {
		struct table *lists[] = {frames[i].leaves, frames[i].gigas};

		for (size_t k = 0; k < 2; k++) {
			while (lists[k] != NULL) {
				struct table *next = lists[k]->next;

				free(lists[k]);
				lists[k] = next;
			}
		}
	}
}

static void
ram_make(void)
{
	uint64_t bytes = FAKE_FRAMES * PAGE_SIZE;

	if (ram != NULL)
		return;
	ram_file = memfd_create("ram", 0);
	if (ram_file < 0 || ftruncate(ram_file, (off_t)bytes) != 0)
		abort();
	ram =
	    mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, ram_file, 0);
	/* Aligned to what a table spans, as vmsrv's own range is. */
	own_base = (uintptr_t)mmap(NULL, 2 * OWN_BYTES, PROT_NONE,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	own_base = (own_base + OWN_BYTES - 1) & ~(OWN_BYTES - 1);
}

void
fake_kernel_start(const void *archive, uint64_t size, uint64_t free)
{
	uint64_t first = FAKE_ARCHIVE_FRAME + (size + PAGE_MASK) / PAGE_SIZE;
	struct object *space;

	tables_forget();
	ram_make();
	memset(frames, 0, sizeof(frames));
	memset(slots, 0, sizeof(slots));
	memset(cspaces, 0, sizeof(cspaces));
	memset(&fake_kernel, 0, sizeof(fake_kernel));
	fake_kernel.batch = SPAN_PAGES * 8;
	memcpy(ram + FAKE_ARCHIVE_FRAME * PAGE_SIZE, archive, size);
	for (uint64_t i = FAKE_ARCHIVE_FRAME; i < first; i++) {
		frames[i].kind = FRAME_USER;
		frames[i].hold = true;
		frames[i].count = 1;
	}
	free_count = 0;
	reserved = 0;
	for (uint64_t i = first; i < first + free; i++) {
		frames[i].kind = FRAME_FREE;
		frames[i].generation = 1;
		free_list[free_count++] = i;
	}
	given = free_count;
	memset(&info, 0, sizeof(info));
	space = &frames[frame_take(KIND_SPACE)];
	space->pool = ROOT_POOL;
	reserved = ROOT_POOL;
	info.space = name_of((uint64_t)(space - frames));
	info.frames = FAKE_FRAMES;
	info.ram_base = FAKE_RAM_BASE;
	info.archive_frame = FAKE_ARCHIVE_FRAME;
	info.archive_size = size;
	info.timebase = 10000000;
	info.harts = 1;
	strcpy(info.args, "quiet -- /bin/true a");
	if (mmap((void *)own_base, OWN_BYTES, PROT_NONE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1,
		0) == MAP_FAILED)
		abort();
}
