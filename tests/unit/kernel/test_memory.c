/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_memory.c - from the device tree's ranges to the frame table.
 */
#include "world.h"
#include "fake_arch.h"
#include "memory.h"

#define RAM FAKE_BASE
#define AT(page) (RAM + (page)*PAGE_SIZE)
#define PAGES 256ul
/* The image of the kernel. */
#define IMAGE AT(16)
#define IMAGE_END AT(25)

static struct machine machine;

/* 256 pages of RAM with firmware, tree and archive in it. */
static int
start(void **state)
{
	(void)state;
	fake_arch_reset();
	machine = (struct machine){
	    .memory = {{RAM, PAGES * PAGE_SIZE}},
	    .memories = 1,
	    .reserved = {{RAM, 8 * PAGE_SIZE}, {AT(200) + 8, 5000}},
	    .reserves = 2,
	    .initrd_start = AT(100),
	    .initrd_end = AT(110) + 1,
	};
	return 0;
}

static void
init(void)
{
	assert_null(memory_init(&machine, IMAGE, IMAGE_END));
	frame_check();
}

static void
assert_kind(uint64_t first, uint64_t end, enum frame_kind kind)
{
	for (uint64_t i = first; i < end; i++)
		assert_int_equal(frame_kind(i), kind);
}

static void
every_page_is_what_it_is(void **state)
{
	(void)state;
	init();
	assert_int_equal(frames.base, RAM);
	assert_int_equal(frames.count, PAGES);
	assert_kind(0, 8, FRAME_RESERVED);
	assert_kind(8, 16, FRAME_FREE);
	assert_kind(16, 25, FRAME_RESERVED);
	/* The frame table: 256 entries of 16 bytes. */
	assert_int_equal(frame_of(dmap_address(frames.table)), 25);
	assert_kind(25, 26, FRAME_TABLE);
	assert_kind(26, 100, FRAME_FREE);
	assert_kind(100, 111, FRAME_USER);
	assert_kind(111, 200, FRAME_FREE);
	assert_kind(200, 202, FRAME_RESERVED);
	assert_kind(202, PAGES, FRAME_FREE);
	assert_int_equal(frames.free_count, 8 + 74 + 89 + 54);
}

static void
the_archive_is_held(void **state)
{
	(void)state;
	init();
	for (uint64_t i = 100; i < 111; i++) {
		assert_int_equal(frames.table[i].tag, FRAME_USER | FRAME_HOLD);
		assert_int_equal(frames.table[i].count, 1);
	}
}

static void
without_an_archive_nothing_is_held(void **state)
{
	(void)state;
	machine.initrd_start = 0;
	machine.initrd_end = 0;
	init();
	for (uint64_t i = 0; i < PAGES; i++)
		assert_int_not_equal(frame_kind(i), FRAME_USER);
}

static void
the_table_keeps_clear_of_what_is_in_its_way(void **state)
{
	uint64_t at;

	(void)state;
	/* One after the other, from the highest to the lowest. */
	machine.reserved[2] = (struct machine_range){AT(27), PAGE_SIZE + 1};
	machine.reserved[3] = (struct machine_range){AT(26) - 1, 2};
	machine.reserves = 4;
	machine.initrd_start = AT(29);
	machine.initrd_end = AT(31);
	init();
	at = frame_of(dmap_address(frames.table));
	assert_int_equal(at, 31);
	assert_kind(25, 29, FRAME_RESERVED);
	assert_kind(29, 31, FRAME_USER);
	assert_kind(31, 32, FRAME_TABLE);
}

static void
frames_between_ranges_of_ram_are_reserved(void **state)
{
	(void)state;
	machine.memory[0].size = 128 * PAGE_SIZE + 17;
	machine.memory[1] = (struct machine_range){AT(140) + 1, 60 * PAGE_SIZE};
	machine.memories = 2;
	init();
	assert_int_equal(frames.count, 200);
	assert_kind(111, 128, FRAME_FREE);
	assert_kind(128, 141, FRAME_RESERVED);
	assert_kind(141, 200, FRAME_FREE);
}

static void
ranges_may_come_in_any_order_and_overlap(void **state)
{
	uint64_t table;

	(void)state;
	machine.memory[0] = (struct machine_range){AT(90), 110 * PAGE_SIZE};
	machine.memory[1] = (struct machine_range){RAM, 100 * PAGE_SIZE};
	machine.memories = 2;
	init();
	assert_int_equal(frames.base, RAM);
	assert_int_equal(frames.count, 200);
	table = frame_of(dmap_address(frames.table));
	assert_true(table >= 25 && table < 100);
	assert_kind(25, table, FRAME_FREE);
	assert_kind(table, table + 1, FRAME_TABLE);
	assert_kind(table + 1, 100, FRAME_FREE);
	assert_kind(111, 200, FRAME_FREE);
}

static void
the_table_is_not_put_where_there_is_no_ram(void **state)
{
	uint64_t table;

	(void)state;
	/* RAM ends right behind the image, and goes on later. */
	machine.memory[0].size = 25 * PAGE_SIZE;
	machine.memory[1] = (struct machine_range){AT(60), 100 * PAGE_SIZE};
	machine.memories = 2;
	init();
	table = frame_of(dmap_address(frames.table));
	assert_true(table >= 60 && table < 160);
}

static void
reserved_memory_outside_ram_is_no_matter(void **state)
{
	(void)state;
	machine.reserved[0] = (struct machine_range){AT(2), PAGE_SIZE};
	machine.reserved[2] = (struct machine_range){0x1000, 0x2000};
	machine.reserved[3] = (struct machine_range){RAM - 5, 6};
	machine.reserved[4] =
	    (struct machine_range){AT(PAGES) - 1, 10 * PAGE_SIZE};
	machine.reserved[5] = (struct machine_range){0x100000000ul, PAGE_SIZE};
	machine.reserves = 6;
	init();
	/* Of each that reaches in, what is inside counts. */
	assert_kind(0, 1, FRAME_RESERVED);
	assert_kind(1, 2, FRAME_FREE);
	assert_kind(2, 3, FRAME_RESERVED);
	assert_kind(PAGES - 2, PAGES - 1, FRAME_FREE);
	assert_kind(PAGES - 1, PAGES, FRAME_RESERVED);
}

/* A part of a page below all that is usable. */
static void
a_range_without_a_whole_page_is_no_ram(void **state)
{
	(void)state;
	machine.memory[0] = (struct machine_range){RAM - 100, 50};
	machine.memory[1] = (struct machine_range){RAM, 50 * PAGE_SIZE};
	machine.memory[2] = (struct machine_range){AT(60), 100 * PAGE_SIZE};
	machine.memories = 3;
	init();
	assert_int_equal(frames.base, RAM);
	assert_kind(50, 60, FRAME_RESERVED);
}

static void
ram_that_the_direct_map_does_not_reach_is_refused(void **state)
{
	(void)state;
	machine.memory[1] =
	    (struct machine_range){64ul << 30, PAGES * PAGE_SIZE};
	machine.memories = 2;
	/* Not because of the table, which has no room either. */
	assert_string_equal(memory_init(&machine, IMAGE, IMAGE_END),
	    "RAM beyond what frame numbers or the direct map reach");
}

static void
a_machine_without_ram_or_with_too_much_is_refused(void **state)
{
	(void)state;
	machine.memories = 0;
	assert_non_null(memory_init(&machine, IMAGE, IMAGE_END));
	machine.memories = 1;
	machine.memory[0] = (struct machine_range){RAM + 1, 100};
	assert_non_null(memory_init(&machine, IMAGE, IMAGE_END));
	machine.memory[0] =
	    (struct machine_range){RAM, (NAME_FRAME_MASK + 1) << PAGE_SHIFT};
	assert_non_null(memory_init(&machine, IMAGE, IMAGE_END));
}

static void
a_table_that_does_not_fit_is_refused(void **state)
{
	(void)state;
	machine.memory[0].size = 25 * PAGE_SIZE;
	assert_non_null(memory_init(&machine, IMAGE, IMAGE_END));
}

#undef TEST
#define TEST(claim) cmocka_unit_test_setup(claim, start)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(every_page_is_what_it_is),
	    TEST(the_archive_is_held),
	    TEST(without_an_archive_nothing_is_held),
	    TEST(the_table_keeps_clear_of_what_is_in_its_way),
	    TEST(frames_between_ranges_of_ram_are_reserved),
	    TEST(ranges_may_come_in_any_order_and_overlap),
	    TEST(the_table_is_not_put_where_there_is_no_ram),
	    TEST(reserved_memory_outside_ram_is_no_matter),
	    TEST(a_range_without_a_whole_page_is_no_ram),
	    TEST(ram_that_the_direct_map_does_not_reach_is_refused),
	    TEST(a_machine_without_ram_or_with_too_much_is_refused),
	    TEST(a_table_that_does_not_fit_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
