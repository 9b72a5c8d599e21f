/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * clone.c - a space with a page of each sort; see clone.h.
 */
#include "clone.h"
#include "fake_arch.h"
#include "space_impl.h"

objname_t src_name, dst_name;
struct space *src, *dst;

const vaddr_t clone_at[P_COUNT] = {
    [P_PRIVATE] = 0x10000,
    [P_READ] = 0x11000,
    [P_EXEC] = 0x12000,
    [P_SHARED] = MEGAPAGE,
    [P_NONE] = MEGAPAGE + PAGE_SIZE,
    [P_COW] = 2 * MEGAPAGE - PAGE_SIZE,
    [P_HELD] = 5 * MEGAPAGE,
    [P_DEVICE] = 5 * MEGAPAGE + 3 * PAGE_SIZE,
    [P_FAR] = 7 * GIGAPAGE + MEGAPAGE,
    [P_TOP] = USER_TOP - PAGE_SIZE,
};

static void
map(enum place place, uint64_t source, uint64_t flags)
{
	ASSERT_CALL(
	    space_map, W_MEMORY, src_name, clone_at[place], source, flags, 0);
}

int
clone_start(void **state)
{
	(void)world_start(state);
	src_name = world_space(CLONE_POOL);
	src = world_space_at(src_name);
	dst_name = world_space(CLONE_POOL);
	dst = world_space_at(dst_name);
	map(P_PRIVATE, 0, CLONE_RW | MAP_PAGE_ZERO);
	map(P_READ, 0, MAP_PAGE_READ | MAP_PAGE_ZERO);
	map(P_EXEC, 0, MAP_PAGE_READ | MAP_PAGE_EXEC | MAP_PAGE_ZERO);
	map(P_SHARED, world_frame(1), CLONE_RW | MAP_PAGE_SHARED);
	map(P_NONE, 0, MAP_PAGE_ZERO);
	map(P_COW, 0, CLONE_RW | MAP_PAGE_COW | MAP_PAGE_ZERO);
	map(P_HELD, world_frame(2), CLONE_RW | MAP_PAGE_COW);
	map(P_DEVICE, W_DEVICE_PAGE,
	    CLONE_RW | MAP_PAGE_DEVICE | MAP_PAGE_DEVICE_SLOT(W_DEVICES));
	map(P_FAR, 0, CLONE_RW | MAP_PAGE_ZERO);
	map(P_TOP, 0, CLONE_RW | MAP_PAGE_ZERO);
	return 0;
}

uint64_t
clone_in(const struct space *space, enum place place)
{
	return world_entry(space, clone_at[place]);
}

uint64_t
clone_references(uint64_t entry)
{
	return frames.table[pte_frame(entry)].count;
}

int
clone_step(vaddr_t va)
{
	int error = CALL(space_clone, W_MEMORY, dst_name, src_name, va);

	world_check();
	assert_int_equal(src->pool.value + src->tables.value, CLONE_POOL);
	assert_int_equal(dst->pool.value + dst->tables.value, CLONE_POOL);
	return error;
}

/* All of it, in how many steps. */
uint64_t
clone_all(void)
{
	uint64_t steps = 0;
	vaddr_t va = 0;

	while (va < USER_TOP) {
		vaddr_t before = va;

		assert_int_equal(clone_step(va), 0);
		va = RESULT(1);
		assert_true(va > before && va <= USER_TOP);
		steps++;
	}
	return steps;
}

/* What each page is in both. */
void
clone_assert_whole(void)
{
	static const uint64_t flags[P_COUNT] = {
	    [P_PRIVATE] = PTE_V | PTE_R | PTE_COW,
	    [P_READ] = PTE_V | PTE_R,
	    [P_EXEC] = PTE_V | PTE_R | PTE_X,
	    [P_SHARED] = PTE_V | PTE_R | PTE_W | PTE_SHARED,
	    [P_NONE] = 0,
	    [P_COW] = PTE_V | PTE_R | PTE_COW,
	    [P_HELD] = PTE_V | PTE_R | PTE_COW,
	    [P_DEVICE] = PTE_V | PTE_R | PTE_W | PTE_SHARED,
	    [P_FAR] = PTE_V | PTE_R | PTE_COW,
	    [P_TOP] = PTE_V | PTE_R | PTE_COW,
	};

	for (enum place i = 0; i < P_COUNT; i++) {
		uint64_t entry = clone_in(src, i);

		assert_int_equal(clone_in(dst, i), entry);
		assert_int_equal(
		    entry & PTE_FLAGS, flags[i] | PTE_U | PTE_A | PTE_D);
		if (i != P_DEVICE)
			assert_int_equal(clone_references(entry),
			    i == P_SHARED || i == P_HELD ? 3 : 2);
	}
}
