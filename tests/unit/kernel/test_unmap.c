/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_unmap.c - unmapping pages, and changing their protection.
 */
#include "subject.h"
#include "fake_arch.h"
#include "space_impl.h"

static void
pages_are_unmapped_and_only_those(void **state)
{
	uint64_t free = world_free();

	(void)state;
	for (uint64_t i = 0; i < 8; i++)
		assert_int_equal(subject_map(SUBJECT_VA + i * PAGE_SIZE, 0,
				     MAP_RW | MAP_PAGE_ZERO, 0),
		    0);
	subject_unmap(SUBJECT_VA + 2 * PAGE_SIZE, 3);
	for (uint64_t i = 0; i < 8; i++)
		assert_int_equal(subject_entry(SUBJECT_VA + i * PAGE_SIZE) == 0,
		    i >= 2 && i < 5);
	subject_unmap(SUBJECT_VA, 8);
	assert_int_equal(world_free(), free - 2);
	assert_int_equal(subject->tables.value, 2);
}

static void
unmapping_a_whole_table_gives_it_back(void **state)
{
	uint64_t free = world_free();

	(void)state;
	assert_int_equal(subject_map(SUBJECT_VA + 5 * PAGE_SIZE, 0,
			     MAP_RW | MAP_PAGE_ZERO, 0),
	    0);
	assert_int_equal(
	    subject_map(SUBJECT_VA + MEGAPAGE, 0, MAP_RW | MAP_PAGE_ZERO, 0),
	    0);
	assert_int_equal(subject->tables.value, 3);
	subject_unmap(SUBJECT_VA, SV39_ENTRIES);
	assert_int_equal(subject->tables.value, 2);
	/* With its last table, that of the gigapage goes. */
	subject_unmap(SUBJECT_VA + MEGAPAGE, SV39_ENTRIES);
	assert_int_equal(subject->tables.value, 0);
	assert_int_equal(world_free(), free);
}

static void
unmapping_everything_leaves_nothing(void **state)
{
	static const vaddr_t at[] = {0, MEGAPAGE, SUBJECT_VA,
	    SUBJECT_VA + GIGAPAGE - PAGE_SIZE, USER_TOP - PAGE_SIZE};
	uint64_t free = world_free();

	(void)state;
	for (size_t i = 0; i < 5; i++)
		assert_int_equal(
		    subject_map(at[i], 0, MAP_RW | MAP_PAGE_ZERO, 0), 0);
	subject_unmap(0, USER_TOP >> PAGE_SHIFT);
	assert_int_equal(subject->tables.value, 0);
	assert_int_equal(world_free(), free);
	subject_unmap(0, USER_TOP >> PAGE_SHIFT);
}

static void
an_interrupt_at_any_step_only_delays_an_unmap(void **state)
{
	uint64_t n = 1, steps;

	(void)state;
	do {
		uint64_t free = world_free();

		for (uint64_t i = 0; i < 4; i++) {
			assert_int_equal(subject_map(SUBJECT_VA + i * MEGAPAGE,
					     0, MAP_RW | MAP_PAGE_ZERO, 0),
			    0);
			assert_int_equal(
			    subject_map(SUBJECT_VA + i * GIGAPAGE, 0,
				MAP_RW | MAP_PAGE_ZERO,
				subject_entry(SUBJECT_VA + i * GIGAPAGE)),
			    0);
		}
		fake_interrupt_at(n);
		steps = fake_arch.polls;
		subject_unmap(0, USER_TOP >> PAGE_SHIFT);
		steps = fake_arch.polls - steps;
		assert_int_equal(world_free(), free);
		assert_int_equal(subject->tables.value, 0);
	} while (n++ < steps);
	assert_true(n > 4);
}

static void
an_unmap_stops_when_an_interrupt_waits(void **state)
{
	(void)state;
	for (uint64_t i = 0; i < 4; i++)
		assert_int_equal(subject_map(SUBJECT_VA + i * MEGAPAGE, 0,
				     MAP_RW | MAP_PAGE_ZERO, 0),
		    0);
	fake_arch.interrupts = true;
	ASSERT_CALL(
	    space_unmap, W_MEMORY, subject_name, SUBJECT_VA, 4 * SV39_ENTRIES);
	assert_int_equal(RESULT(1), SUBJECT_VA + MEGAPAGE);
	assert_int_not_equal(subject_entry(SUBJECT_VA + MEGAPAGE), 0);
}

/* A hart may keep what led to a table longer than a flush of one page. */
static void
a_table_that_goes_is_flushed_however_little_was_unmapped(void **state)
{
	uint64_t flushes;

	(void)state;
	assert_int_equal(
	    subject_map(SUBJECT_VA, 0, MAP_RW | MAP_PAGE_ZERO, 0), 0);
	fake_arch.interrupts = true;
	ASSERT_CALL(
	    space_unmap, W_MEMORY, subject_name, SUBJECT_VA, SV39_ENTRIES + 1);
	assert_int_equal(RESULT(1), SUBJECT_VA + MEGAPAGE);
	assert_int_equal(subject->tables.value, 1);
	flushes = fake_arch.space_flushes;
	subject_unmap(SUBJECT_VA + MEGAPAGE, 1);
	assert_int_equal(subject->tables.value, 0);
	assert_int_equal(fake_arch.space_flushes, flushes + 1);
}

/* Frames that it freed may be used before the owner goes on. */
static void
a_destroy_that_stops_half_way_has_flushed(void **state)
{
	uint64_t flushes;

	(void)state;
	for (unsigned int i = 0; i < 2; i++)
		assert_int_equal(subject_map(SUBJECT_VA + i * MEGAPAGE, 0,
				     MAP_RW | MAP_PAGE_ZERO, 0),
		    0);
	fake_arch.interrupts = true;
	flushes = fake_arch.space_flushes;
	assert_int_equal(CALL(destroy, W_MEMORY, subject_name), TINE_EAGAIN);
	assert_int_equal(fake_arch.space_flushes, flushes + 1);
}

static void
a_search_through_nothing_stops_when_an_interrupt_waits(void **state)
{
	const uint64_t pages = USER_TOP >> PAGE_SHIFT;
	vaddr_t va = 0;
	unsigned int calls = 0;

	(void)state;
	fake_arch.interrupts = true;
	for (; va < USER_TOP; calls++) {
		ASSERT_CALL(space_protect, W_MEMORY, subject_name, va,
		    pages - (va >> PAGE_SHIFT), MAP_PAGE_READ);
		assert_true(RESULT(1) > va);
		va = RESULT(1);
	}
	assert_int_equal(va, USER_TOP);
	assert_true(calls > 1);
}

/* A hart may remember that there was no table. */
static void
tables_that_are_made_are_flushed(void **state)
{
	uint64_t flushes = fake_arch.space_flushes;

	(void)state;
	assert_int_equal(
	    subject_map(SUBJECT_VA, 0, MAP_RW | MAP_PAGE_ZERO, 0), 0);
	assert_int_equal(fake_arch.space_flushes, flushes + 1);
	assert_int_equal(
	    subject_map(SUBJECT_VA + PAGE_SIZE, 0, MAP_RW | MAP_PAGE_ZERO, 0),
	    0);
	assert_int_equal(fake_arch.space_flushes, flushes + 1);
}

static void
absurd_ranges_are_refused(void **state)
{
	static const struct {
		vaddr_t va;
		uint64_t pages;
	} bad[] = {
	    {0, (USER_TOP >> PAGE_SHIFT) + 1},
	    {SUBJECT_VA, USER_TOP >> PAGE_SHIFT},
	    {USER_TOP, 1},
	    {SUBJECT_VA, ~0ul},
	    {SUBJECT_VA, 1ul << 52},
	    {SUBJECT_VA, (1ul << 52) - (SUBJECT_VA >> PAGE_SHIFT)},
	    {USER_TOP - PAGE_SIZE, 2},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(CALL(space_unmap, W_MEMORY, subject_name,
				     bad[i].va, bad[i].pages),
		    TINE_EINVAL);
		assert_int_equal(CALL(space_protect, W_MEMORY, subject_name,
				     bad[i].va, bad[i].pages, MAP_RW),
		    TINE_EINVAL);
	}
	ASSERT_CALL(space_unmap, W_MEMORY, subject_name, USER_TOP, 0);
}

static void
protection_changes_what_is_there_and_nothing_else(void **state)
{
	uint64_t frame;

	(void)state;
	assert_int_equal(
	    subject_map(SUBJECT_VA, 0, MAP_RW | MAP_PAGE_ZERO, 0), 0);
	frame = pte_frame(subject_entry(SUBJECT_VA));
	subject_protect(SUBJECT_VA - PAGE_SIZE, 3, MAP_PAGE_READ);
	assert_int_equal(subject_entry(SUBJECT_VA - PAGE_SIZE), 0);
	assert_int_equal(subject_entry(SUBJECT_VA + PAGE_SIZE), 0);
	assert_true(pte_permits(subject_entry(SUBJECT_VA), ACCESS_READ));
	assert_false(pte_permits(subject_entry(SUBJECT_VA), ACCESS_WRITE));
	subject_protect(SUBJECT_VA, 1, MAP_PAGE_READ | MAP_PAGE_EXEC);
	assert_true(pte_permits(subject_entry(SUBJECT_VA), ACCESS_EXEC));
	assert_int_equal(pte_frame(subject_entry(SUBJECT_VA)), frame);
}

static void
a_private_page_gets_no_write_permission_but_cow(void **state)
{
	(void)state;
	assert_int_equal(
	    subject_map(SUBJECT_VA, 0, MAP_PAGE_READ | MAP_PAGE_ZERO, 0), 0);
	subject_protect(SUBJECT_VA, 1, MAP_RW);
	assert_false(pte_permits(subject_entry(SUBJECT_VA), ACCESS_WRITE));
	assert_int_equal(subject_entry(SUBJECT_VA) & PTE_COW, PTE_COW);
}

static void
a_shared_page_gets_the_write_permission_itself(void **state)
{
	(void)state;
	assert_int_equal(subject_map(SUBJECT_VA, world_frame(7),
			     MAP_PAGE_READ | MAP_PAGE_SHARED, 0),
	    0);
	subject_protect(SUBJECT_VA, 1, MAP_RW);
	assert_true(pte_permits(subject_entry(SUBJECT_VA), ACCESS_WRITE));
	assert_int_equal(
	    subject_entry(SUBJECT_VA) & (PTE_SHARED | PTE_COW), PTE_SHARED);
	subject_protect(SUBJECT_VA, 1, MAP_RW | MAP_PAGE_COW);
	assert_int_equal(
	    subject_entry(SUBJECT_VA) & (PTE_SHARED | PTE_COW), PTE_SHARED);
}

static void
a_page_without_permissions_keeps_its_frame(void **state)
{
	uint64_t frame = world_frame(7);

	(void)state;
	assert_int_equal(subject_map(SUBJECT_VA, frame, MAP_RW, 0), 0);
	subject_protect(SUBJECT_VA, 1, 0);
	assert_int_equal(subject_entry(SUBJECT_VA) & PTE_V, 0);
	assert_int_not_equal(subject_entry(SUBJECT_VA), 0);
	assert_int_equal(pte_frame(subject_entry(SUBJECT_VA)), frame);
	assert_int_equal(frames.table[frame].count, 2);
	subject_protect(SUBJECT_VA, 1, MAP_PAGE_READ);
	assert_true(pte_permits(subject_entry(SUBJECT_VA), ACCESS_READ));
	subject_protect(SUBJECT_VA, 1, 0);
	subject_unmap(SUBJECT_VA, 1);
	assert_int_equal(frames.table[frame].count, 1);
}

static void
flags_of_a_mapping_are_none_of_a_protection(void **state)
{
	static const uint64_t bad[] = {MAP_PAGE_WRITE, MAP_RW | MAP_PAGE_EXEC,
	    MAP_RW | MAP_PAGE_SHARED, MAP_RW | MAP_PAGE_ZERO,
	    MAP_RW | MAP_PAGE_COPY, MAP_RW | MAP_PAGE_DEVICE, MAP_RW | 0x100,
	    MAP_RW | 1ul << 63};

	(void)state;
	assert_int_equal(
	    subject_map(SUBJECT_VA, 0, MAP_RW | MAP_PAGE_ZERO, 0), 0);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(CALL(space_protect, W_MEMORY, subject_name,
				     SUBJECT_VA, 1, bad[i]),
		    TINE_EINVAL);
	assert_true(pte_permits(subject_entry(SUBJECT_VA), ACCESS_WRITE));
}

static void
an_interrupt_only_delays_a_protection(void **state)
{
	static const vaddr_t at[] = {SUBJECT_VA, SUBJECT_VA + PAGE_SIZE,
	    SUBJECT_VA + MEGAPAGE, SUBJECT_VA + 2 * MEGAPAGE - PAGE_SIZE,
	    SUBJECT_VA + 2 * GIGAPAGE};

	(void)state;
	for (size_t i = 0; i < 5; i++)
		assert_int_equal(
		    subject_map(at[i], 0, MAP_RW | MAP_PAGE_ZERO, 0), 0);
	fake_arch.interrupts = true;
	subject_protect(0, USER_TOP >> PAGE_SHIFT, MAP_PAGE_READ);
	for (size_t i = 0; i < 5; i++)
		assert_int_equal(subject_entry(at[i]) & (PTE_R | PTE_W), PTE_R);
	fake_arch.interrupts = false;
	subject_protect(SUBJECT_VA + PAGE_SIZE, 2 * SV39_ENTRIES - 2, 0);
	assert_int_equal(subject_entry(SUBJECT_VA) & PTE_V, PTE_V);
	assert_int_equal(subject_entry(SUBJECT_VA + PAGE_SIZE) & PTE_V, 0);
	assert_int_equal(subject_entry(SUBJECT_VA + MEGAPAGE) & PTE_V, 0);
	assert_int_equal(
	    subject_entry(SUBJECT_VA + 2 * MEGAPAGE - PAGE_SIZE) & PTE_V,
	    PTE_V);
}

#undef TEST
#define TEST(claim) \
	cmocka_unit_test_setup_teardown(claim, subject_start, world_end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(pages_are_unmapped_and_only_those),
	    TEST(unmapping_a_whole_table_gives_it_back),
	    TEST(unmapping_everything_leaves_nothing),
	    TEST(an_interrupt_at_any_step_only_delays_an_unmap),
	    TEST(an_unmap_stops_when_an_interrupt_waits),
	    TEST(a_table_that_goes_is_flushed_however_little_was_unmapped),
	    TEST(a_destroy_that_stops_half_way_has_flushed),
	    TEST(a_search_through_nothing_stops_when_an_interrupt_waits),
	    TEST(tables_that_are_made_are_flushed),
	    TEST(absurd_ranges_are_refused),
	    TEST(protection_changes_what_is_there_and_nothing_else),
	    TEST(a_private_page_gets_no_write_permission_but_cow),
	    TEST(a_shared_page_gets_the_write_permission_itself),
	    TEST(a_page_without_permissions_keeps_its_frame),
	    TEST(flags_of_a_mapping_are_none_of_a_protection),
	    TEST(an_interrupt_only_delays_a_protection),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
