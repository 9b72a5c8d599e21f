/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * spaces.c - mapping, protection, pools of tables, and their end.
 */
#include "kt.h"

#define RW (MAP_PAGE_READ | MAP_PAGE_WRITE)
#define TABLE_SPAN (512 * PAGE_SIZE)
#define PAGES 1000
#define MANY 40

static objname_t space;

static uint64_t
query(vaddr_t va)
{
	return sys_space_query(ROOT_MEMORY, space, va).value;
}

static uint64_t
map(vaddr_t va, uint64_t source, uint64_t flags, uint64_t expect)
{
	return sys_space_map(ROOT_MEMORY, space, va, source, flags, expect)
	    .error;
}

static void
unmap(vaddr_t va, uint64_t pages)
{
	vaddr_t end = va + pages * PAGE_SIZE;

	while (va < end) {
		struct sysret ret = sys_space_unmap(
		    ROOT_MEMORY, space, va, (end - va) >> PAGE_SHIFT);

		kt_must(ret, "space_unmap");
		va = ret.value;
	}
}

static bool
entry_has(vaddr_t va, uint64_t flags)
{
	return (query(va) & PTE_FLAGS) == (flags | PTE_U | PTE_A | PTE_D);
}

static void
test_entries(uint64_t frame)
{
	kt_equal(map(KT_AREA, frame, RW, 0), 0, "a frame can be mapped");
	kt_ok(entry_has(KT_AREA, PTE_V | PTE_R | PTE_W),
	    "A and D are preset in its entry");
	kt_equal(
	    map(KT_AREA, frame, MAP_PAGE_READ | MAP_PAGE_EXEC, query(KT_AREA)),
	    0, "an entry can be replaced by one who knows it");
	kt_ok(entry_has(KT_AREA, PTE_V | PTE_R | PTE_X), "by code");
	kt_equal(map(KT_AREA, frame, RW | MAP_PAGE_COW, query(KT_AREA)), 0,
	    "by a copy-on-write page");
	kt_ok(entry_has(KT_AREA, PTE_V | PTE_R | PTE_COW), "without W");
	kt_equal(map(KT_AREA, frame, RW | MAP_PAGE_SHARED, query(KT_AREA)), 0,
	    "by a shared page");
	kt_ok(entry_has(KT_AREA, PTE_V | PTE_R | PTE_W | PTE_SHARED),
	    "which is marked");
	kt_equal(map(KT_AREA, frame, 0, query(KT_AREA)), 0,
	    "by one without any access");
	kt_ok((query(KT_AREA) & PTE_V) == 0 && query(KT_AREA) != 0,
	    "which keeps its frame");
	unmap(KT_AREA, 1);
	kt_equal(query(KT_AREA), 0, "after unmap there is no entry");
}

static void
test_sources(uint64_t frame)
{
	kt_equal(map(KT_AREA, frame, RW, 0), 0, "one frame, first time");
	kt_equal(map(KT_AREA + PAGE_SIZE, frame, RW, 0), 0, "second time");
	kt_poke(space, KT_AREA, 0xaa);
	kt_poke(space, KT_AREA + 8, 0xbb);
	kt_equal(kt_peek(space, KT_AREA + PAGE_SIZE), 0xaa, "it is one page");
	kt_equal(map(KT_AREA + 2 * PAGE_SIZE, frame,
		     RW | MAP_PAGE_COPY | MAP_PAGE_BYTES(8), 0),
	    0, "part of it copied");
	kt_ok(kt_peek(space, KT_AREA + 2 * PAGE_SIZE) == 0xaa &&
		  kt_peek(space, KT_AREA + 2 * PAGE_SIZE + 8) == 0,
	    "has those bytes, then zeros");
	kt_equal(map(KT_AREA + 3 * PAGE_SIZE, 0, RW | MAP_PAGE_ZERO, 0), 0,
	    "a page without a source");
	kt_equal(kt_peek(space, KT_AREA + 3 * PAGE_SIZE), 0, "is zeros");
	kt_equal(
	    map(KT_AREA, SOURCE_ENTRY,
		RW | MAP_PAGE_COPY | MAP_PAGE_BYTES(PAGE_SIZE), query(KT_AREA)),
	    0, "a page replaced by its copy");
	kt_poke(space, KT_AREA, 0xcc);
	kt_ok(kt_peek(space, KT_AREA + 8) == 0xbb &&
		  kt_peek(space, KT_AREA + PAGE_SIZE) == 0xaa,
	    "has its contents, and is another page");
	unmap(KT_AREA, 4);
}

/* What frames are counted for: they return when nothing refers to them. */
static void
test_counts(void)
{
	uint64_t before, frame;

	unmap(0, USER_TOP >> PAGE_SHIFT);
	before = kt_stat(STAT_FREE_FRAMES);
	frame = sys_frame_alloc(ROOT_MEMORY).value;
	kt_equal(map(KT_AREA, frame, RW, 0), 0, "a held frame is mapped");
	kt_must(sys_frame_free(ROOT_MEMORY, frame), "frame_free");
	kt_poke(space, KT_AREA, 1);
	kt_equal(
	    kt_peek(space, KT_AREA), 1, "it stays when it isn't held any more");
	unmap(KT_AREA, 1);
	kt_equal(sys_frame_free(ROOT_MEMORY, frame).error, TINE_EINVAL,
	    "unmapped, it is gone");
	kt_equal(map(KT_AREA, frame, RW, 0), TINE_EINVAL,
	    "and can't be mapped any more");
	/* The tables of the area stay until all of it goes. */
	unmap(0, USER_TOP >> PAGE_SHIFT);
	kt_equal(kt_stat(STAT_FREE_FRAMES), before, "nothing is lost");
}

static void
protect(vaddr_t va, uint64_t pages, uint64_t flags)
{
	kt_must(sys_space_protect(ROOT_MEMORY, space, va, pages, flags),
	    "space_protect");
}

static void
test_protect(void)
{
	kt_map(space, KT_AREA, RW);
	kt_map(space, KT_AREA + PAGE_SIZE, RW | MAP_PAGE_SHARED);
	kt_poke(space, KT_AREA, 5);
	protect(KT_AREA, 2, MAP_PAGE_READ);
	kt_ok(entry_has(KT_AREA, PTE_V | PTE_R), "W can be taken");
	protect(KT_AREA, 2, RW);
	kt_ok(entry_has(KT_AREA, PTE_V | PTE_R | PTE_COW),
	    "a private page gets COW back, never W");
	kt_ok(
	    entry_has(KT_AREA + PAGE_SIZE, PTE_V | PTE_R | PTE_W | PTE_SHARED),
	    "a shared one gets W");
	protect(KT_AREA, 2, 0);
	kt_ok((query(KT_AREA) & PTE_V) == 0, "all access can be taken");
	protect(KT_AREA, 2, RW);
	kt_equal(
	    kt_peek(space, KT_AREA), 5, "the page has its contents then still");
	protect(KT_AREA - PAGE_SIZE, 1, RW);
	kt_equal(query(KT_AREA - PAGE_SIZE), 0, "nothing stays nothing");
	unmap(KT_AREA, 2);
}

/* Pool plus tables in use is what was fed, whatever is mapped. */
static void
test_pool(void)
{
	objname_t small = kt_create(KIND_SPACE, 1, 2);
	uint64_t flags = MAP_PAGE_READ | MAP_PAGE_ZERO;

	kt_map(small, KT_AREA, MAP_PAGE_READ);
	kt_map(small, KT_AREA + PAGE_SIZE, MAP_PAGE_READ);
	kt_equal(
	    sys_space_map(ROOT_MEMORY, small, KT_AREA + TABLE_SPAN, 0, flags, 0)
		.error,
	    TINE_ENOTABLE, "two tables are enough for one area only");
	kt_equal(sys_space_feed(ROOT_MEMORY, small, -1).error, TINE_EINVAL,
	    "tables in use can't be taken");
	kt_must(sys_space_feed(ROOT_MEMORY, small, 1), "space_feed");
	kt_must(sys_space_map(
		    ROOT_MEMORY, small, KT_AREA + TABLE_SPAN, 0, flags, 0),
	    "space_map");
	kt_ok(true, "one more frame, one more table");
	kt_must(sys_space_unmap(ROOT_MEMORY, small, 0, USER_TOP >> PAGE_SHIFT),
	    "space_unmap");
	kt_equal(sys_space_feed(ROOT_MEMORY, small, -3).error, 0,
	    "unmapping all gives all tables back to the pool");
	kt_destroy(small);
}

/* Many pages: the calls stop for interrupts and are made again. */
static void
test_many(void)
{
	static objname_t copies[MANY];

	for (uint64_t i = 0; i < PAGES; i++)
		kt_map(space, KT_AREA + i * PAGE_SIZE, RW);
	for (uint64_t i = 0; i < PAGES; i++)
		kt_poke(space, KT_AREA + i * PAGE_SIZE, i);
	for (unsigned int i = 0; i < MANY; i++) {
		copies[i] = kt_create(KIND_SPACE, 1, 8);
		kt_clone(copies[i], space);
	}
	unmap(KT_AREA, PAGES);
	kt_equal(query(KT_AREA + (PAGES - 1) * PAGE_SIZE), 0,
	    "a long unmap comes to its end");
	for (unsigned int i = 0; i < MANY; i++)
		kt_destroy(copies[i]);
}

void
test_spaces(void)
{
	uint64_t frame = sys_frame_alloc(ROOT_MEMORY).value;

	space = kt_create(KIND_SPACE, 1, 8);
	test_entries(frame);
	test_sources(frame);
	test_counts();
	test_protect();
	test_pool();
	test_many();
	kt_destroy(space);
	kt_must(sys_frame_free(ROOT_MEMORY, frame), "frame_free");
}
