/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_map.c - mapping pages of RAM and of devices.
 */
#include "subject.h"

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
	    {MAP_RW, PTE_V | PTE_R | PTE_W},
	    {MAP_RW | MAP_PAGE_COW, PTE_V | PTE_R | PTE_COW},
	    {MAP_RW | MAP_PAGE_SHARED, PTE_V | PTE_R | PTE_W | PTE_SHARED},
	    {MAP_PAGE_READ | MAP_PAGE_COW, PTE_V | PTE_R},
	    {MAP_PAGE_READ | MAP_PAGE_SHARED, PTE_V | PTE_R | PTE_SHARED},
	    {0, 0},
	    {MAP_PAGE_SHARED, PTE_SHARED},
	    {MAP_PAGE_COW, 0},
	};
	uint64_t frame = world_frame(7), old = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(
		    subject_map(SUBJECT_VA, frame, cases[i].flags, old), 0);
		old = subject_entry(SUBJECT_VA);
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
	    MAP_RW | MAP_PAGE_EXEC,
	    MAP_RW | MAP_PAGE_COW | MAP_PAGE_SHARED,
	    MAP_RW | MAP_PAGE_COPY | MAP_PAGE_BYTES(PAGE_SIZE + 1),
	    MAP_RW | MAP_PAGE_COPY | MAP_PAGE_BYTES(1ul << 47),
	    MAP_RW | 0x100,
	    MAP_RW | 0x8000,
	    MAP_RW | MAP_PAGE_ZERO | MAP_PAGE_COPY,
	};
	uint64_t frame = world_frame(7), free = world_free();

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(
		    subject_map(SUBJECT_VA, frame, bad[i], 0), TINE_EINVAL);
	assert_int_equal(world_free(), free);
	assert_int_equal(frames.table[frame].count, 1);
}

static void
addresses_out_of_user_space_are_refused(void **state)
{
	static const vaddr_t bad[] = {SUBJECT_VA + 1,
	    SUBJECT_VA + PAGE_SIZE - 1, USER_TOP, USER_TOP + SUBJECT_VA,
	    1ul << 39, 1ul << 62, ~PAGE_MASK, 0xffffffc000000000ul, ~0ul};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(
		    subject_map(bad[i], 0, MAP_RW | MAP_PAGE_ZERO, 0),
		    TINE_EINVAL);
		assert_int_equal(
		    CALL(space_unmap, W_MEMORY, subject_name, bad[i], 1),
		    TINE_EINVAL);
		assert_int_equal(CALL(space_protect, W_MEMORY, subject_name,
				     bad[i], 1, MAP_RW),
		    TINE_EINVAL);
	}
	assert_int_equal(
	    subject_map(USER_TOP - PAGE_SIZE, 0, MAP_RW | MAP_PAGE_ZERO, 0), 0);
	assert_int_equal(subject_map(0, 0, MAP_RW | MAP_PAGE_ZERO, 0), 0);
	assert_int_equal(
	    CALL(space_query, W_MEMORY, subject_name, USER_TOP), TINE_EINVAL);
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
		assert_int_equal(
		    subject_map(SUBJECT_VA, bad[i], MAP_RW, 0), TINE_EINVAL);
		assert_int_equal(
		    subject_map(SUBJECT_VA, bad[i],
			MAP_RW | MAP_PAGE_COPY | MAP_PAGE_BYTES(PAGE_SIZE), 0),
		    TINE_EINVAL);
	}
	assert_int_equal(subject_entry(SUBJECT_VA), 0);
}

static void
a_zero_page_is_zero_and_private(void **state)
{
	(void)state;
	assert_int_equal(
	    subject_map(SUBJECT_VA, 99, MAP_RW | MAP_PAGE_ZERO, 0), 0);
	for (unsigned int i = 0; i < PAGE_SIZE; i++)
		assert_int_equal(subject_page(SUBJECT_VA)[i], 0);
	assert_int_equal(
	    frames.table[pte_frame(subject_entry(SUBJECT_VA))].count, 1);
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
		    subject_map(SUBJECT_VA, frame,
			MAP_RW | MAP_PAGE_COPY | MAP_PAGE_BYTES(lengths[i]),
			old),
		    0);
		old = subject_entry(SUBJECT_VA);
		bytes = subject_page(SUBJECT_VA);
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
	assert_int_equal(subject_map(SUBJECT_VA, frame, MAP_RW, 0), 0);
	assert_int_equal(
	    subject_map(SUBJECT_VA + PAGE_SIZE, frame, MAP_RW, 0), 0);
	ASSERT_CALL(frame_free, W_MEMORY, frame);
	assert_int_equal(frames.table[frame].count, 2);
	subject_unmap(SUBJECT_VA, 1);
	assert_int_equal(frame_kind(frame), FRAME_USER);
	subject_unmap(SUBJECT_VA + PAGE_SIZE, 1);
	assert_int_equal(frame_kind(frame), FRAME_FREE);
	subject_unmap(SUBJECT_VA, SV39_ENTRIES);
	assert_int_equal(world_free(), free + 1);
}

static void
a_map_that_expects_another_entry_changes_nothing(void **state)
{
	uint64_t frame = world_frame(7), found;

	(void)state;
	assert_int_equal(
	    subject_map(SUBJECT_VA, frame, MAP_RW, 1), TINE_ECHANGED);
	assert_int_equal(subject_entry(SUBJECT_VA), 0);
	assert_int_equal(subject_map(SUBJECT_VA, frame, MAP_RW, 0), 0);
	found = subject_entry(SUBJECT_VA);
	assert_int_equal(subject_map(SUBJECT_VA, 0, MAP_RW | MAP_PAGE_ZERO, 0),
	    TINE_ECHANGED);
	assert_int_equal(
	    subject_map(SUBJECT_VA, 0, MAP_RW | MAP_PAGE_ZERO, found ^ PTE_W),
	    TINE_ECHANGED);
	assert_int_equal(subject_entry(SUBJECT_VA), found);
	assert_int_equal(frames.table[frame].count, 2);
	assert_int_equal(
	    subject_map(SUBJECT_VA, 0, MAP_RW | MAP_PAGE_ZERO, found), 0);
	assert_int_equal(frames.table[frame].count, 1);
}

static void
a_resolve_copies_the_page_that_is_there(void **state)
{
	uint64_t frame = world_frame(7), found;

	(void)state;
	assert_int_equal(
	    subject_map(SUBJECT_VA, frame, MAP_RW | MAP_PAGE_COW, 0), 0);
	found = subject_entry(SUBJECT_VA);
	assert_int_equal(
	    subject_map(SUBJECT_VA, ~0ul,
		MAP_RW | MAP_PAGE_COPY | MAP_PAGE_BYTES(PAGE_SIZE), found),
	    0);
	assert_int_not_equal(pte_frame(subject_entry(SUBJECT_VA)), frame);
	assert_true(pte_permits(subject_entry(SUBJECT_VA), ACCESS_WRITE));
	assert_int_equal(subject_page(SUBJECT_VA)[PAGE_SIZE - 1], 7);
	assert_int_equal(frames.table[frame].count, 1);
	/* Where nothing is, there is nothing to copy. */
	assert_int_equal(
	    subject_map(SUBJECT_VA + PAGE_SIZE, ~0ul,
		MAP_RW | MAP_PAGE_COPY | MAP_PAGE_BYTES(PAGE_SIZE), 0),
	    TINE_EINVAL);
}

static void
a_map_without_tables_says_so_and_takes_none(void **state)
{
	uint64_t frame = world_frame(7);

	(void)state;
	for (uint64_t pool = 0; pool < 3; pool++) {
		ASSERT_CALL(space_feed, W_MEMORY, subject_name,
		    pool - subject->pool.value);
		assert_int_equal(CALL(space_map, W_MEMORY, subject_name,
				     SUBJECT_VA, frame, MAP_RW, 0),
		    pool < 2 ? TINE_ENOTABLE : 0);
		world_check();
		assert_int_equal(subject->tables.value, pool < 2 ? 0 : 2);
		assert_int_equal(subject->pool.value, pool < 2 ? pool : 0);
	}
	assert_int_equal(frames.table[frame].count, 2);
}

static void
a_map_that_fails_makes_no_tables(void **state)
{
	(void)state;
	assert_int_equal(
	    subject_map(SUBJECT_VA, FAKE_FRAMES, MAP_RW, 0), TINE_EINVAL);
	assert_int_equal(subject->tables.value, 0);
	assert_int_equal(subject_map(SUBJECT_VA, 0, MAP_RW | MAP_PAGE_ZERO, 5),
	    TINE_ECHANGED);
	assert_int_equal(subject->tables.value, 0);
}

static void
a_map_without_frames_changes_nothing(void **state)
{
	uint64_t frame = world_frame(7);

	(void)state;
	assert_int_equal(frame_reserve(frame_available()), 0);
	assert_int_equal(CALL(space_map, W_MEMORY, subject_name, SUBJECT_VA, 0,
			     MAP_RW | MAP_PAGE_ZERO, 0),
	    TINE_ENOMEM);
	assert_int_equal(CALL(space_map, W_MEMORY, subject_name, SUBJECT_VA,
			     frame, MAP_RW | MAP_PAGE_COPY, 0),
	    TINE_ENOMEM);
	assert_int_equal(subject_entry(SUBJECT_VA), 0);
	assert_int_equal(subject->tables.value, 0);
	/* What is reserved for tables is there nevertheless. */
	assert_int_equal(CALL(space_map, W_MEMORY, subject_name, SUBJECT_VA,
			     frame, MAP_RW, 0),
	    0);
	assert_int_equal(subject->tables.value, 2);
	frames.reserved_count = subject->pool.value + world.space->pool.value;
	world_check();
}

static void
device_pages_are_mapped_shared_and_not_counted(void **state)
{
	uint64_t free = world_free();
	uint64_t flags =
	    MAP_RW | MAP_PAGE_DEVICE | MAP_PAGE_DEVICE_SLOT(W_DEVICES);

	(void)state;
	assert_int_equal(subject_map(SUBJECT_VA, W_DEVICE_PAGE, flags, 0), 0);
	assert_int_equal(
	    subject_entry(SUBJECT_VA) >> PTE_PPN_SHIFT, W_DEVICE_PAGE);
	assert_int_equal(subject_entry(SUBJECT_VA) & (PTE_SHARED | PTE_W),
	    PTE_SHARED | PTE_W);
	subject_protect(SUBJECT_VA, 1, MAP_PAGE_READ);
	subject_protect(SUBJECT_VA, 1, 0);
	subject_protect(SUBJECT_VA, 1, MAP_RW);
	assert_int_equal(
	    subject_entry(SUBJECT_VA) >> PTE_PPN_SHIFT, W_DEVICE_PAGE);
	assert_true(pte_permits(subject_entry(SUBJECT_VA), ACCESS_WRITE));
	subject_unmap(SUBJECT_VA, SV39_ENTRIES);
	assert_int_equal(world_free(), free);
}

static void
device_pages_need_a_capability_that_covers_them(void **state)
{
	uint64_t flags =
	    MAP_RW | MAP_PAGE_DEVICE | MAP_PAGE_DEVICE_SLOT(W_DEVICES);
	static const uint64_t slots[] = {
	    0, W_FREE, W_ENDPOINT, W_MEMORY, W_STEWARD, CSPACE_SLOTS};

	(void)state;
	/* Least of all RAM, which begins where devices end. */
	assert_int_equal(
	    subject_map(SUBJECT_VA, FAKE_BASE >> PAGE_SHIFT, flags, 0),
	    TINE_EINVAL);
	assert_int_equal(
	    subject_map(SUBJECT_VA, W_DEVICE_PAGE - 1, flags, 0), TINE_EINVAL);
	assert_int_equal(subject_map(SUBJECT_VA, ~0ul, flags, 0), TINE_EINVAL);
	for (size_t i = 0; i < sizeof(slots) / sizeof(slots[0]); i++)
		assert_int_equal(subject_map(SUBJECT_VA, W_DEVICE_PAGE,
				     MAP_RW | MAP_PAGE_DEVICE |
					 MAP_PAGE_DEVICE_SLOT(slots[i]),
				     0),
		    TINE_EBADF);
	assert_int_equal(subject_entry(SUBJECT_VA), 0);
}

/* What is in the page, and in its entry, as harts are to fetch code anew. */
static uint64_t synced_entry, synced_frame;

static void
code_look(void)
{
	const uint8_t *page = fake_dmap(frame_address(synced_frame));

	synced_entry = subject->user[SUBJECT_VA >> 30] == 0
			   ? 0
			   : *space_entry(subject, SUBJECT_VA);
	assert_int_equal(page[0], 0x13);
}

/* Or a hart that gets there first runs what was in the frame before. */
static void
code_can_be_reached_only_when_all_harts_fetch_it_anew(void **state)
{
	uint64_t flags = MAP_PAGE_READ | MAP_PAGE_EXEC;

	(void)state;
	synced_frame = world_frame(0x13);
	synced_entry = 1;
	fake_arch.icache_sync = code_look;
	assert_int_equal(subject_map(SUBJECT_VA, synced_frame, flags, 0), 0);
	fake_arch.icache_sync = NULL;
	assert_int_equal(synced_entry, 0);
	assert_int_not_equal(subject_entry(SUBJECT_VA), 0);
}

static void
and_so_it_is_with_a_page_that_becomes_code(void **state)
{
	(void)state;
	synced_frame = world_frame(0x13);
	synced_entry = 0;
	assert_int_equal(
	    subject_map(SUBJECT_VA, synced_frame, MAP_PAGE_READ, 0), 0);
	fake_arch.icache_sync = code_look;
	subject_protect(SUBJECT_VA, 1, MAP_PAGE_READ | MAP_PAGE_EXEC);
	fake_arch.icache_sync = NULL;
	assert_true((synced_entry & (PTE_V | PTE_X)) == PTE_V);
	assert_true((subject_entry(SUBJECT_VA) & PTE_X) != 0);
}

#undef TEST
#define TEST(claim) \
	cmocka_unit_test_setup_teardown(claim, subject_start, world_end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
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
	    TEST(device_pages_are_mapped_shared_and_not_counted),
	    TEST(device_pages_need_a_capability_that_covers_them),
	    TEST(code_can_be_reached_only_when_all_harts_fetch_it_anew),
	    TEST(and_so_it_is_with_a_page_that_becomes_code),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
