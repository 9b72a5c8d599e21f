/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_space.c - page tables: map, unmap, protect, query, pools, ASIDs.
 */
#include "world.h"
#include "fake_arch.h"
#include "space_impl.h"

#define RW (MAP_PAGE_READ | MAP_PAGE_WRITE)
#define POOL 12ul
#define VA 0x40000000ul /* a gigapage of its own */

static objname_t name;
static struct space *space;

static int
start(void **state)
{
	(void)world_start(state);
	name = world_space(POOL);
	space = world_space_at(name);
	return 0;
}

static int
map(vaddr_t va, uint64_t source, uint64_t flags, uint64_t expect)
{
	int error = CALL(space_map, W_MEMORY, name, va, source, flags, expect);

	world_check();
	/* Whatever happens, nothing is lost. */
	assert_int_equal(space->pool.value + space->tables.value, POOL);
	return error;
}

static uint64_t
entry(vaddr_t va)
{
	uint64_t found = world_entry(space, va);

	ASSERT_CALL(space_query, W_MEMORY, name, va);
	assert_int_equal(RESULT(1), found);
	return found;
}

static uint8_t *
page(vaddr_t va)
{
	return world_page(pte_frame(entry(va)));
}

/* Unmap, whatever interrupts. */
static void
unmap(vaddr_t va, uint64_t pages)
{
	vaddr_t end = va + pages * PAGE_SIZE;

	while (va < end) {
		vaddr_t before = va;

		ASSERT_CALL(
		    space_unmap, W_MEMORY, name, va, (end - va) >> PAGE_SHIFT);
		va = RESULT(1);
		assert_true(va > before && va <= end);
		world_check();
		assert_int_equal(space->pool.value + space->tables.value, POOL);
	}
}

/* Mapping. */

static void
a_new_space_costs_its_pool_and_one_frame(void **state)
{
	uint64_t free = world_free();
	uint64_t available = frame_available();
	objname_t other = world_space(5);

	(void)state;
	assert_int_equal(world_free(), free - 1);
	assert_int_equal(frame_available(), available - 6);
	ASSERT_CALL(destroy, W_MEMORY, other);
	assert_int_equal(world_free(), free);
	assert_int_equal(frame_available(), available);
}

/* The entry that each combination of flags makes of a page. */
static void
entries_are_as_the_flags_say(void **state)
{
	static const uint64_t always = PTE_U | PTE_A | PTE_D;
	static const struct {
		uint64_t flags, bits;
	} cases[] = {
	    {MAP_PAGE_READ, PTE_V | PTE_R},
	    {MAP_PAGE_EXEC, PTE_V | PTE_X},
	    {MAP_PAGE_READ | MAP_PAGE_EXEC, PTE_V | PTE_R | PTE_X},
	    {RW, PTE_V | PTE_R | PTE_W},
	    {RW | MAP_PAGE_COW, PTE_V | PTE_R | PTE_COW},
	    {RW | MAP_PAGE_SHARED, PTE_V | PTE_R | PTE_W | PTE_SHARED},
	    {MAP_PAGE_READ | MAP_PAGE_COW, PTE_V | PTE_R},
	    {MAP_PAGE_READ | MAP_PAGE_SHARED, PTE_V | PTE_R | PTE_SHARED},
	    {0, 0},
	    {MAP_PAGE_SHARED, PTE_SHARED},
	    {MAP_PAGE_COW, 0},
	};
	uint64_t frame = world_frame(7), old = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(map(VA, frame, cases[i].flags, old), 0);
		old = entry(VA);
		assert_int_equal(old & PTE_FLAGS, cases[i].bits | always);
		assert_int_equal(pte_frame(old), frame);
		assert_int_equal(frames.table[frame].count, 2);
	}
}

static void
flags_that_make_no_sense_are_refused(void **state)
{
	static const uint64_t bad[] = {
	    MAP_PAGE_WRITE,
	    MAP_PAGE_WRITE | MAP_PAGE_EXEC,
	    RW | MAP_PAGE_EXEC,
	    RW | MAP_PAGE_COW | MAP_PAGE_SHARED,
	    RW | MAP_PAGE_COPY | MAP_PAGE_BYTES(PAGE_SIZE + 1),
	    RW | MAP_PAGE_COPY | MAP_PAGE_BYTES(1ul << 47),
	    RW | 0x100,
	    RW | 0x8000,
	    RW | MAP_PAGE_ZERO | MAP_PAGE_COPY,
	};
	uint64_t frame = world_frame(7), free = world_free();

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(map(VA, frame, bad[i], 0), TINE_EINVAL);
	assert_int_equal(world_free(), free);
	assert_int_equal(frames.table[frame].count, 1);
}

static void
addresses_out_of_user_space_are_refused(void **state)
{
	static const vaddr_t bad[] = {VA + 1, VA + PAGE_SIZE - 1, USER_TOP,
	    USER_TOP + VA, 1ul << 39, 1ul << 62, ~PAGE_MASK,
	    0xffffffc000000000ul, ~0ul};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(
		    map(bad[i], 0, RW | MAP_PAGE_ZERO, 0), TINE_EINVAL);
		assert_int_equal(
		    CALL(space_unmap, W_MEMORY, name, bad[i], 1), TINE_EINVAL);
		assert_int_equal(
		    CALL(space_protect, W_MEMORY, name, bad[i], 1, RW),
		    TINE_EINVAL);
	}
	assert_int_equal(
	    map(USER_TOP - PAGE_SIZE, 0, RW | MAP_PAGE_ZERO, 0), 0);
	assert_int_equal(map(0, 0, RW | MAP_PAGE_ZERO, 0), 0);
	assert_int_equal(
	    CALL(space_query, W_MEMORY, name, USER_TOP), TINE_EINVAL);
}

static void
only_user_frames_are_mapped(void **state)
{
	const uint64_t bad[] = {0, W_RESERVED - 1,
	    world.space_name & NAME_FRAME_MASK,
	    world.root->name & NAME_FRAME_MASK, pte_frame(world.space->user[0]),
	    FAKE_FRAMES - 1, FAKE_FRAMES, FAKE_FRAMES + 5, NAME_FRAME_MASK,
	    1ul << 32, ~0ul};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(map(VA, bad[i], RW, 0), TINE_EINVAL);
		assert_int_equal(
		    map(VA, bad[i],
			RW | MAP_PAGE_COPY | MAP_PAGE_BYTES(PAGE_SIZE), 0),
		    TINE_EINVAL);
	}
	assert_int_equal(entry(VA), 0);
}

static void
a_zero_page_is_zero_and_private(void **state)
{
	(void)state;
	assert_int_equal(map(VA, 99, RW | MAP_PAGE_ZERO, 0), 0);
	for (unsigned int i = 0; i < PAGE_SIZE; i++)
		assert_int_equal(page(VA)[i], 0);
	assert_int_equal(frames.table[pte_frame(entry(VA))].count, 1);
}

static void
a_copy_has_so_many_bytes_and_then_zeros(void **state)
{
	static const uint64_t lengths[] = {0, 1, 7, 8, 9, 100, 4095, PAGE_SIZE};
	uint64_t frame = world_frame(7), old = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		const uint8_t *bytes;

		assert_int_equal(
		    map(VA, frame,
			RW | MAP_PAGE_COPY | MAP_PAGE_BYTES(lengths[i]), old),
		    0);
		old = entry(VA);
		bytes = page(VA);
		assert_int_not_equal(pte_frame(old), frame);
		for (uint64_t j = 0; j < PAGE_SIZE; j++)
			assert_int_equal(bytes[j], j < lengths[i] ? 7 : 0);
		assert_int_equal(frames.table[pte_frame(old)].count, 1);
		assert_int_equal(frames.table[frame].count, 1);
	}
}

static void
a_frame_mapped_and_no_longer_held_goes_with_its_mapping(void **state)
{
	uint64_t frame = world_frame(7), free = world_free();

	(void)state;
	assert_int_equal(map(VA, frame, RW, 0), 0);
	assert_int_equal(map(VA + PAGE_SIZE, frame, RW, 0), 0);
	ASSERT_CALL(frame_free, W_MEMORY, frame);
	assert_int_equal(frames.table[frame].count, 2);
	unmap(VA, 1);
	assert_int_equal(frame_kind(frame), FRAME_USER);
	unmap(VA + PAGE_SIZE, 1);
	assert_int_equal(frame_kind(frame), FRAME_FREE);
	unmap(VA, SV39_ENTRIES);
	assert_int_equal(world_free(), free + 1);
}

/* Compare and swap. */

static void
a_map_that_expects_another_entry_changes_nothing(void **state)
{
	uint64_t frame = world_frame(7), found;

	(void)state;
	assert_int_equal(map(VA, frame, RW, 1), TINE_ECHANGED);
	assert_int_equal(entry(VA), 0);
	assert_int_equal(map(VA, frame, RW, 0), 0);
	found = entry(VA);
	assert_int_equal(map(VA, 0, RW | MAP_PAGE_ZERO, 0), TINE_ECHANGED);
	assert_int_equal(
	    map(VA, 0, RW | MAP_PAGE_ZERO, found ^ PTE_W), TINE_ECHANGED);
	assert_int_equal(entry(VA), found);
	assert_int_equal(frames.table[frame].count, 2);
	assert_int_equal(map(VA, 0, RW | MAP_PAGE_ZERO, found), 0);
	assert_int_equal(frames.table[frame].count, 1);
}

static void
a_resolve_copies_the_page_that_is_there(void **state)
{
	uint64_t frame = world_frame(7), found;

	(void)state;
	assert_int_equal(map(VA, frame, RW | MAP_PAGE_COW, 0), 0);
	found = entry(VA);
	assert_int_equal(
	    map(VA, ~0ul, RW | MAP_PAGE_COPY | MAP_PAGE_BYTES(PAGE_SIZE),
		found),
	    0);
	assert_int_not_equal(pte_frame(entry(VA)), frame);
	assert_true(pte_permits(entry(VA), ACCESS_WRITE));
	assert_int_equal(page(VA)[PAGE_SIZE - 1], 7);
	assert_int_equal(frames.table[frame].count, 1);
	/* Where nothing is, there is nothing to copy. */
	assert_int_equal(map(VA + PAGE_SIZE, ~0ul,
			     RW | MAP_PAGE_COPY | MAP_PAGE_BYTES(PAGE_SIZE), 0),
	    TINE_EINVAL);
}

/* Failure. */

static void
a_map_without_tables_says_so_and_takes_none(void **state)
{
	uint64_t frame = world_frame(7);

	(void)state;
	for (uint64_t pool = 0; pool < 3; pool++) {
		ASSERT_CALL(
		    space_feed, W_MEMORY, name, pool - space->pool.value);
		assert_int_equal(
		    CALL(space_map, W_MEMORY, name, VA, frame, RW, 0),
		    pool < 2 ? TINE_ENOTABLE : 0);
		world_check();
		assert_int_equal(space->tables.value, pool < 2 ? 0 : 2);
		assert_int_equal(space->pool.value, pool < 2 ? pool : 0);
	}
	assert_int_equal(frames.table[frame].count, 2);
}

static void
a_map_that_fails_makes_no_tables(void **state)
{
	(void)state;
	assert_int_equal(map(VA, FAKE_FRAMES, RW, 0), TINE_EINVAL);
	assert_int_equal(space->tables.value, 0);
	assert_int_equal(map(VA, 0, RW | MAP_PAGE_ZERO, 5), TINE_ECHANGED);
	assert_int_equal(space->tables.value, 0);
}

static void
a_map_without_frames_changes_nothing(void **state)
{
	uint64_t frame = world_frame(7);

	(void)state;
	assert_int_equal(frame_reserve(frame_available()), 0);
	assert_int_equal(
	    CALL(space_map, W_MEMORY, name, VA, 0, RW | MAP_PAGE_ZERO, 0),
	    TINE_ENOMEM);
	assert_int_equal(
	    CALL(space_map, W_MEMORY, name, VA, frame, RW | MAP_PAGE_COPY, 0),
	    TINE_ENOMEM);
	assert_int_equal(entry(VA), 0);
	assert_int_equal(space->tables.value, 0);
	/* What is reserved for tables is there nevertheless. */
	assert_int_equal(CALL(space_map, W_MEMORY, name, VA, frame, RW, 0), 0);
	assert_int_equal(space->tables.value, 2);
	frames.reserved_count = space->pool.value + world.space->pool.value;
	world_check();
}

/* Unmapping. */

static void
pages_are_unmapped_and_only_those(void **state)
{
	uint64_t free = world_free();

	(void)state;
	for (uint64_t i = 0; i < 8; i++)
		assert_int_equal(
		    map(VA + i * PAGE_SIZE, 0, RW | MAP_PAGE_ZERO, 0), 0);
	unmap(VA + 2 * PAGE_SIZE, 3);
	for (uint64_t i = 0; i < 8; i++)
		assert_int_equal(
		    entry(VA + i * PAGE_SIZE) == 0, i >= 2 && i < 5);
	unmap(VA, 8);
	assert_int_equal(world_free(), free - 2);
	assert_int_equal(space->tables.value, 2);
}

static void
unmapping_a_whole_table_gives_it_back(void **state)
{
	uint64_t free = world_free();

	(void)state;
	assert_int_equal(map(VA + 5 * PAGE_SIZE, 0, RW | MAP_PAGE_ZERO, 0), 0);
	assert_int_equal(map(VA + MEGAPAGE, 0, RW | MAP_PAGE_ZERO, 0), 0);
	assert_int_equal(space->tables.value, 3);
	unmap(VA, SV39_ENTRIES);
	assert_int_equal(space->tables.value, 2);
	/* With its last table, that of the gigapage goes. */
	unmap(VA + MEGAPAGE, SV39_ENTRIES);
	assert_int_equal(space->tables.value, 0);
	assert_int_equal(world_free(), free);
}

static void
unmapping_everything_leaves_nothing(void **state)
{
	static const vaddr_t at[] = {
	    0, MEGAPAGE, VA, VA + GIGAPAGE - PAGE_SIZE, USER_TOP - PAGE_SIZE};
	uint64_t free = world_free();

	(void)state;
	for (size_t i = 0; i < 5; i++)
		assert_int_equal(map(at[i], 0, RW | MAP_PAGE_ZERO, 0), 0);
	unmap(0, USER_TOP >> PAGE_SHIFT);
	assert_int_equal(space->tables.value, 0);
	assert_int_equal(world_free(), free);
	unmap(0, USER_TOP >> PAGE_SHIFT);
}

static void
an_interrupt_at_any_step_only_delays_an_unmap(void **state)
{
	uint64_t n = 1, steps;

	(void)state;
	do {
		uint64_t free = world_free();

		for (uint64_t i = 0; i < 4; i++) {
			assert_int_equal(
			    map(VA + i * MEGAPAGE, 0, RW | MAP_PAGE_ZERO, 0),
			    0);
			assert_int_equal(
			    map(VA + i * GIGAPAGE, 0, RW | MAP_PAGE_ZERO,
				entry(VA + i * GIGAPAGE)),
			    0);
		}
		fake_interrupt_at(n);
		steps = fake_arch.polls;
		unmap(0, USER_TOP >> PAGE_SHIFT);
		steps = fake_arch.polls - steps;
		assert_int_equal(world_free(), free);
		assert_int_equal(space->tables.value, 0);
	} while (n++ < steps);
	assert_true(n > 4);
}

static void
an_unmap_stops_when_an_interrupt_waits(void **state)
{
	(void)state;
	for (uint64_t i = 0; i < 4; i++)
		assert_int_equal(
		    map(VA + i * MEGAPAGE, 0, RW | MAP_PAGE_ZERO, 0), 0);
	fake_arch.interrupts = true;
	ASSERT_CALL(space_unmap, W_MEMORY, name, VA, 4 * SV39_ENTRIES);
	assert_int_equal(RESULT(1), VA + MEGAPAGE);
	assert_int_not_equal(entry(VA + MEGAPAGE), 0);
}

static void
absurd_ranges_are_refused(void **state)
{
	static const struct {
		vaddr_t va;
		uint64_t pages;
	} bad[] = {
	    {0, (USER_TOP >> PAGE_SHIFT) + 1},
	    {VA, USER_TOP >> PAGE_SHIFT},
	    {USER_TOP, 1},
	    {VA, ~0ul},
	    {VA, 1ul << 52},
	    {VA, (1ul << 52) - (VA >> PAGE_SHIFT)},
	    {USER_TOP - PAGE_SIZE, 2},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(
		    CALL(space_unmap, W_MEMORY, name, bad[i].va, bad[i].pages),
		    TINE_EINVAL);
		assert_int_equal(CALL(space_protect, W_MEMORY, name, bad[i].va,
				     bad[i].pages, RW),
		    TINE_EINVAL);
	}
	ASSERT_CALL(space_unmap, W_MEMORY, name, USER_TOP, 0);
}

/* Protection. */

static void
protect(vaddr_t va, uint64_t pages, uint64_t flags)
{
	vaddr_t end = va + pages * PAGE_SIZE;

	while (va < end) {
		ASSERT_CALL(space_protect, W_MEMORY, name, va,
		    (end - va) >> PAGE_SHIFT, flags);
		assert_true(RESULT(1) > va && RESULT(1) <= end);
		va = RESULT(1);
		world_check();
	}
}

static void
protection_changes_what_is_there_and_nothing_else(void **state)
{
	uint64_t frame;

	(void)state;
	assert_int_equal(map(VA, 0, RW | MAP_PAGE_ZERO, 0), 0);
	frame = pte_frame(entry(VA));
	protect(VA - PAGE_SIZE, 3, MAP_PAGE_READ);
	assert_int_equal(entry(VA - PAGE_SIZE), 0);
	assert_int_equal(entry(VA + PAGE_SIZE), 0);
	assert_true(pte_permits(entry(VA), ACCESS_READ));
	assert_false(pte_permits(entry(VA), ACCESS_WRITE));
	protect(VA, 1, MAP_PAGE_READ | MAP_PAGE_EXEC);
	assert_true(pte_permits(entry(VA), ACCESS_EXEC));
	assert_int_equal(pte_frame(entry(VA)), frame);
}

static void
a_private_page_gets_no_write_permission_but_cow(void **state)
{
	(void)state;
	assert_int_equal(map(VA, 0, MAP_PAGE_READ | MAP_PAGE_ZERO, 0), 0);
	protect(VA, 1, RW);
	assert_false(pte_permits(entry(VA), ACCESS_WRITE));
	assert_int_equal(entry(VA) & PTE_COW, PTE_COW);
}

static void
a_shared_page_gets_the_write_permission_itself(void **state)
{
	(void)state;
	assert_int_equal(
	    map(VA, world_frame(7), MAP_PAGE_READ | MAP_PAGE_SHARED, 0), 0);
	protect(VA, 1, RW);
	assert_true(pte_permits(entry(VA), ACCESS_WRITE));
	assert_int_equal(entry(VA) & (PTE_SHARED | PTE_COW), PTE_SHARED);
	protect(VA, 1, RW | MAP_PAGE_COW);
	assert_int_equal(entry(VA) & (PTE_SHARED | PTE_COW), PTE_SHARED);
}

static void
a_page_without_permissions_keeps_its_frame(void **state)
{
	uint64_t frame = world_frame(7);

	(void)state;
	assert_int_equal(map(VA, frame, RW, 0), 0);
	protect(VA, 1, 0);
	assert_int_equal(entry(VA) & PTE_V, 0);
	assert_int_not_equal(entry(VA), 0);
	assert_int_equal(pte_frame(entry(VA)), frame);
	assert_int_equal(frames.table[frame].count, 2);
	protect(VA, 1, MAP_PAGE_READ);
	assert_true(pte_permits(entry(VA), ACCESS_READ));
	protect(VA, 1, 0);
	unmap(VA, 1);
	assert_int_equal(frames.table[frame].count, 1);
}

static void
flags_of_a_mapping_are_none_of_a_protection(void **state)
{
	static const uint64_t bad[] = {MAP_PAGE_WRITE, RW | MAP_PAGE_EXEC,
	    RW | MAP_PAGE_SHARED, RW | MAP_PAGE_ZERO, RW | MAP_PAGE_COPY,
	    RW | MAP_PAGE_DEVICE, RW | 0x100, RW | 1ul << 63};

	(void)state;
	assert_int_equal(map(VA, 0, RW | MAP_PAGE_ZERO, 0), 0);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(
		    CALL(space_protect, W_MEMORY, name, VA, 1, bad[i]),
		    TINE_EINVAL);
	assert_true(pte_permits(entry(VA), ACCESS_WRITE));
}

static void
an_interrupt_only_delays_a_protection(void **state)
{
	static const vaddr_t at[] = {VA, VA + PAGE_SIZE, VA + MEGAPAGE,
	    VA + 2 * MEGAPAGE - PAGE_SIZE, VA + 2 * GIGAPAGE};

	(void)state;
	for (size_t i = 0; i < 5; i++)
		assert_int_equal(map(at[i], 0, RW | MAP_PAGE_ZERO, 0), 0);
	fake_arch.interrupts = true;
	protect(0, USER_TOP >> PAGE_SHIFT, MAP_PAGE_READ);
	for (size_t i = 0; i < 5; i++)
		assert_int_equal(entry(at[i]) & (PTE_R | PTE_W), PTE_R);
	fake_arch.interrupts = false;
	protect(VA + PAGE_SIZE, 2 * SV39_ENTRIES - 2, 0);
	assert_int_equal(entry(VA) & PTE_V, PTE_V);
	assert_int_equal(entry(VA + PAGE_SIZE) & PTE_V, 0);
	assert_int_equal(entry(VA + MEGAPAGE) & PTE_V, 0);
	assert_int_equal(entry(VA + 2 * MEGAPAGE - PAGE_SIZE) & PTE_V, PTE_V);
}

/* Pools. */

static void
a_pool_grows_and_shrinks_by_what_is_fed(void **state)
{
	uint64_t available = frame_available();

	(void)state;
	ASSERT_CALL(space_feed, W_MEMORY, name, 5);
	assert_int_equal(space->pool.value, POOL + 5);
	assert_int_equal(frame_available(), available - 5);
	ASSERT_CALL(space_feed, W_MEMORY, name, -(POOL + 5));
	assert_int_equal(space->pool.value, 0);
	assert_int_equal(frame_available(), available + POOL);
	world_check();
}

static void
a_pool_gives_no_more_than_it_has(void **state)
{
	static const uint64_t bad[] = {-(POOL + 1), 1ul << 63, -(1ul << 62)};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(
		    CALL(space_feed, W_MEMORY, name, bad[i]), TINE_EINVAL);
	assert_int_equal(
	    CALL(space_feed, W_MEMORY, name, FAKE_FRAMES), TINE_ENOMEM);
	assert_int_equal(
	    CALL(space_feed, W_MEMORY, name, (1ul << 63) - 1), TINE_ENOMEM);
	assert_int_equal(space->pool.value, POOL);
	/* Tables in use are not in it. */
	assert_int_equal(map(VA, 0, RW | MAP_PAGE_ZERO, 0), 0);
	assert_int_equal(
	    CALL(space_feed, W_MEMORY, name, -(POOL - 1)), TINE_EINVAL);
}

static void
a_destroyed_space_gives_all_back(void **state)
{
	uint64_t frame = world_frame(7);
	uint64_t available = frame_available();

	(void)state;
	for (uint64_t i = 0; i < 3; i++) {
		assert_int_equal(
		    map(VA + i * MEGAPAGE, 0, RW | MAP_PAGE_ZERO, 0), 0);
		assert_int_equal(map(i * GIGAPAGE, frame, MAP_PAGE_READ,
				     entry(i * GIGAPAGE)),
		    0);
	}
	ASSERT_CALL(destroy, W_MEMORY, name);
	world_check();
	assert_int_equal(frame_available(), available + POOL + 1);
	assert_int_equal(frames.table[frame].count, 1);
}

static void
an_interrupt_at_any_step_only_delays_the_end_of_a_space(void **state)
{
	uint64_t n;

	(void)state;
	for (n = 1; n < 12; n++) {
		uint64_t available, tries = 0;
		int error;

		name = world_space(POOL);
		space = world_space_at(name);
		available = frame_available();
		for (uint64_t i = 0; i < 4; i++)
			assert_int_equal(map(i * (GIGAPAGE + MEGAPAGE), 0,
					     RW | MAP_PAGE_ZERO, 0),
			    0);
		fake_interrupt_at(n);
		/* From the eighth on, an interrupt always waits. */
		fake_arch.interrupts = n > 8;
		do {
			error = CALL(destroy, W_MEMORY, name);
			world_check();
			assert_true(++tries < 12);
		} while (error == TINE_EAGAIN);
		assert_int_equal(error, 0);
		fake_arch.interrupts = false;
		assert_int_equal(frame_available(), available + POOL + 1);
	}
}

/* Devices. */

static void
device_pages_are_mapped_shared_and_not_counted(void **state)
{
	uint64_t free = world_free();
	uint64_t flags = RW | MAP_PAGE_DEVICE | MAP_PAGE_DEVICE_SLOT(W_DEVICES);

	(void)state;
	assert_int_equal(map(VA, W_DEVICE_PAGE, flags, 0), 0);
	assert_int_equal(entry(VA) >> PTE_PPN_SHIFT, W_DEVICE_PAGE);
	assert_int_equal(entry(VA) & (PTE_SHARED | PTE_W), PTE_SHARED | PTE_W);
	protect(VA, 1, MAP_PAGE_READ);
	protect(VA, 1, 0);
	protect(VA, 1, RW);
	assert_int_equal(entry(VA) >> PTE_PPN_SHIFT, W_DEVICE_PAGE);
	assert_true(pte_permits(entry(VA), ACCESS_WRITE));
	unmap(VA, SV39_ENTRIES);
	assert_int_equal(world_free(), free);
}

static void
device_pages_need_a_capability_that_covers_them(void **state)
{
	uint64_t flags = RW | MAP_PAGE_DEVICE | MAP_PAGE_DEVICE_SLOT(W_DEVICES);
	static const uint64_t slots[] = {
	    0, W_FREE, W_ENDPOINT, W_MEMORY, W_STEWARD, CSPACE_SLOTS};

	(void)state;
	/* Least of all RAM, which begins where devices end. */
	assert_int_equal(
	    map(VA, FAKE_BASE >> PAGE_SHIFT, flags, 0), TINE_EINVAL);
	assert_int_equal(map(VA, W_DEVICE_PAGE - 1, flags, 0), TINE_EINVAL);
	assert_int_equal(map(VA, ~0ul, flags, 0), TINE_EINVAL);
	for (size_t i = 0; i < sizeof(slots) / sizeof(slots[0]); i++)
		assert_int_equal(
		    map(VA, W_DEVICE_PAGE,
			RW | MAP_PAGE_DEVICE | MAP_PAGE_DEVICE_SLOT(slots[i]),
			0),
		    TINE_EBADF);
	assert_int_equal(entry(VA), 0);
}

/* Flushes: the fake TLB keeps what was not flushed. */

static void
no_translation_outlives_the_call_that_ends_it(void **state)
{
	uint64_t frame = world_frame(7), old = 0;
	void *found;

	(void)state;
	arch_set_satp(space_satp(space));
	for (unsigned int i = 0; i < 3; i++) {
		assert_int_equal(
		    CALL(space_map, W_MEMORY, name, VA, frame, RW, old), 0);
		assert_true(fake_translate(VA, ACCESS_WRITE, &found));
		assert_ptr_equal(found, world_page(frame));
		if (i == 0)
			ASSERT_CALL(space_protect, W_MEMORY, name, VA, 1,
			    MAP_PAGE_READ);
		else if (i == 1)
			ASSERT_CALL(space_protect, W_MEMORY, name, VA, 1, 0);
		else
			ASSERT_CALL(space_unmap, W_MEMORY, name, VA, 1);
		assert_false(fake_translate(VA, ACCESS_WRITE, &found));
		old = world_entry(space, VA);
		assert_int_equal(
		    fake_translate(VA, ACCESS_READ, &found), i == 0);
	}
	arch_set_satp(world.root->satp);
}

static void
a_page_mapped_over_another_is_seen_at_once(void **state)
{
	uint64_t first = world_frame(1), second = world_frame(2);
	void *found;

	(void)state;
	assert_int_equal(map(VA, first, RW, 0), 0);
	arch_set_satp(space_satp(space));
	assert_true(fake_translate(VA, ACCESS_READ, &found));
	ASSERT_CALL(
	    space_map, W_MEMORY, name, VA, second, RW, world_entry(space, VA));
	assert_true(fake_translate(VA, ACCESS_READ, &found));
	assert_ptr_equal(found, world_page(second));
	arch_set_satp(world.root->satp);
}

static void
code_that_becomes_executable_is_fetched_anew(void **state)
{
	uint64_t syncs = fake_arch.icache_syncs;

	(void)state;
	assert_int_equal(map(VA, 0, MAP_PAGE_READ | MAP_PAGE_ZERO, 0), 0);
	assert_int_equal(fake_arch.icache_syncs, syncs);
	protect(VA, 1, MAP_PAGE_READ | MAP_PAGE_EXEC);
	assert_true(fake_arch.icache_syncs > syncs);
	syncs = fake_arch.icache_syncs;
	assert_int_equal(map(VA + PAGE_SIZE, world_frame(1),
			     MAP_PAGE_READ | MAP_PAGE_EXEC, 0),
	    0);
	assert_true(fake_arch.icache_syncs > syncs);
}

/* ASIDs. */

static void
spaces_that_live_have_asids_of_their_own(void **state)
{
	objname_t names[40];
	bool used[32] = {false};

	(void)state;
	space_set_asid_bits(5);
	for (size_t i = 0; i < 40; i++)
		names[i] = world_space(0);
	for (size_t i = 0; i < 40; i++) {
		uint64_t asid = world_space_at(names[i])->asid.value;

		assert_true(asid < 32);
		/* Those that found none flush on each entry. */
		assert_true(asid == 0 || !used[asid]);
		used[asid] = true;
	}
}

static void
an_asid_is_not_used_again_before_it_was_flushed(void **state)
{
	objname_t names[3] = {0};
	uint64_t seed = 1;
	void *found;

	(void)state;
	space_set_asid_bits(10);
	for (unsigned int i = 0; i < 40; i++) {
		objname_t *slot = &names[world_random(&seed) % 3];
		struct space *at;

		if (*slot != 0)
			ASSERT_CALL(destroy, W_MEMORY, *slot);
		*slot = world_space(2);
		at = world_space_at(*slot);
		arch_set_satp(space_satp(at));
		if (at->asid.value == 0)
			arch_flush_all();
		/* Fails if this ASID has a translation of old. */
		assert_false(fake_translate(VA, ACCESS_READ, &found));
		ASSERT_CALL(
		    space_map, W_MEMORY, *slot, VA, 0, RW | MAP_PAGE_ZERO, 0);
		for (size_t j = 0; j < 3 && names[j] != 0; j++) {
			at = world_space_at(names[j]);
			arch_set_satp(space_satp(at));
			if (at->asid.value == 0)
				arch_flush_all();
			assert_true(fake_translate(VA, ACCESS_READ, &found));
		}
	}
	arch_set_satp(world.root->satp);
}

static void
without_asid_bits_no_space_has_one(void **state)
{
	(void)state;
	space_set_asid_bits(0);
	for (unsigned int i = 0; i < 5; i++)
		assert_int_equal(world_space_at(world_space(0))->asid.value, 0);
}

/* What the check is good for: each of these would be a bug of the kernel. */
static void
the_check_notices_a_bad_entry(void **state)
{
	static const struct {
		uint64_t clear, set;
	} bad[] = {
	    {PTE_A, 0}, {PTE_D, 0}, {PTE_U, 0}, {0, PTE_X}, {0, PTE_COW}};
	uint64_t *leaf, good;

	(void)state;
	assert_int_equal(map(VA, 0, RW | MAP_PAGE_ZERO, 0), 0);
	leaf = space_entry(space, VA);
	good = *leaf;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		*leaf = (good & ~bad[i].clear) | bad[i].set;
		EXPECT_PANIC(space_check(space));
	}
	*leaf = good;
	space->tables.value++;
	EXPECT_PANIC(space_check(space));
	space->tables.value--;
	world_check();
}

#undef TEST
#define TEST(claim) cmocka_unit_test_setup_teardown(claim, start, world_end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_new_space_costs_its_pool_and_one_frame),
	    TEST(entries_are_as_the_flags_say),
	    TEST(flags_that_make_no_sense_are_refused),
	    TEST(addresses_out_of_user_space_are_refused),
	    TEST(only_user_frames_are_mapped),
	    TEST(a_zero_page_is_zero_and_private),
	    TEST(a_copy_has_so_many_bytes_and_then_zeros),
	    TEST(a_frame_mapped_and_no_longer_held_goes_with_its_mapping),
	    TEST(a_map_that_expects_another_entry_changes_nothing),
	    TEST(a_resolve_copies_the_page_that_is_there),
	    TEST(a_map_without_tables_says_so_and_takes_none),
	    TEST(a_map_that_fails_makes_no_tables),
	    TEST(a_map_without_frames_changes_nothing),
	    TEST(pages_are_unmapped_and_only_those),
	    TEST(unmapping_a_whole_table_gives_it_back),
	    TEST(unmapping_everything_leaves_nothing),
	    TEST(an_interrupt_at_any_step_only_delays_an_unmap),
	    TEST(an_unmap_stops_when_an_interrupt_waits),
	    TEST(absurd_ranges_are_refused),
	    TEST(protection_changes_what_is_there_and_nothing_else),
	    TEST(a_private_page_gets_no_write_permission_but_cow),
	    TEST(a_shared_page_gets_the_write_permission_itself),
	    TEST(a_page_without_permissions_keeps_its_frame),
	    TEST(flags_of_a_mapping_are_none_of_a_protection),
	    TEST(an_interrupt_only_delays_a_protection),
	    TEST(a_pool_grows_and_shrinks_by_what_is_fed),
	    TEST(a_pool_gives_no_more_than_it_has),
	    TEST(a_destroyed_space_gives_all_back),
	    TEST(an_interrupt_at_any_step_only_delays_the_end_of_a_space),
	    TEST(device_pages_are_mapped_shared_and_not_counted),
	    TEST(device_pages_need_a_capability_that_covers_them),
	    TEST(no_translation_outlives_the_call_that_ends_it),
	    TEST(a_page_mapped_over_another_is_seen_at_once),
	    TEST(code_that_becomes_executable_is_fetched_anew),
	    TEST(spaces_that_live_have_asids_of_their_own),
	    TEST(an_asid_is_not_used_again_before_it_was_flushed),
	    TEST(without_asid_bits_no_space_has_one),
	    TEST(the_check_notices_a_bad_entry),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
