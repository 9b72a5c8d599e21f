/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_memmap.c - which physical memory is whose.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <abi/errors.h>

#include "memmap.h"

#define MB 0x100000ul
#define RAM 0x80000000ul

static struct memmap map;

static void
assert_spans(const struct spans *spans, uint32_t n, const struct span *expect)
{
	assert_int_equal(spans->n, n);
	for (uint32_t i = 0; i < n; i++) {
		assert_int_equal(spans->span[i].start, expect[i].start);
		assert_int_equal(spans->span[i].end, expect[i].end);
	}
}
#define ASSERT_SPANS(spans, ...)                                               \
	assert_spans((spans),                                                  \
	    sizeof((struct span[]){__VA_ARGS__}) / sizeof(struct span),        \
	    (struct span[]){__VA_ARGS__})

/* 128 MiB, firmware at its start, the image behind that. */
static struct machine
board(void)
{
	return (struct machine){
	    .memory = {{RAM, 128 * MB}},
	    .memories = 1,
	    .reserved = {{RAM, MB / 2}, {RAM + 120 * MB, 7000}},
	    .reserves = 2,
	    .initrd_start = RAM + 64 * MB,
	    .initrd_end = RAM + 64 * MB + 5000,
	};
}

static void
firmware_kernel_tree_and_archive_are_left_out(void **state)
{
	struct machine machine = board();

	(void)state;
	assert_int_equal(
	    memmap_describe(&machine, RAM + 2 * MB, RAM + 3 * MB, &map), 0);
	ASSERT_SPANS(&map.ram, {RAM, RAM + 128 * MB});
	ASSERT_SPANS(&map.mappable, {RAM + MB / 2, RAM + 2 * MB},
	    {RAM + 3 * MB, RAM + 120 * MB},
	    {RAM + 120 * MB + 0x2000, RAM + 128 * MB});
	ASSERT_SPANS(&map.free, {RAM + MB / 2, RAM + 2 * MB},
	    {RAM + 3 * MB, RAM + 64 * MB},
	    {RAM + 64 * MB + 0x2000, RAM + 120 * MB},
	    {RAM + 120 * MB + 0x2000, RAM + 128 * MB});
}

static void
without_an_archive_nothing_is_taken_for_it(void **state)
{
	struct machine machine = board();

	(void)state;
	machine.initrd_start = 0;
	machine.initrd_end = 0;
	assert_int_equal(memmap_describe(&machine, RAM, RAM + MB, &map), 0);
	assert_int_equal(map.free.n, map.mappable.n);
	assert_memory_equal(
	    map.free.span, map.mappable.span, map.free.n * sizeof(struct span));
}

static void
a_machine_without_memory_is_refused(void **state)
{
	struct machine machine = {.memories = 0};

	(void)state;
	assert_int_equal(
	    memmap_describe(&machine, RAM, RAM + MB, &map), TINE_EINVAL);
	/* Neither is less than a page memory. */
	machine.memory[0] = (struct machine_range){RAM + 1, PAGE_SIZE};
	machine.memories = 1;
	assert_int_equal(
	    memmap_describe(&machine, RAM, RAM + MB, &map), TINE_EINVAL);
}

static void
ranges_are_sorted_merged_and_rounded_to_whole_pages(void **state)
{
	struct machine machine = {
	    .memory = {{RAM + 9 * MB + 1, MB}, {RAM, MB},
		{RAM + 4 * MB, 2 * MB}, {RAM + 5 * MB, 2 * MB}, {RAM + MB, MB},
		{RAM + 4 * MB, MB}},
	    .memories = 6,
	};

	(void)state;
	assert_int_equal(memmap_describe(&machine, 0, PAGE_SIZE, &map), 0);
	ASSERT_SPANS(&map.ram, {RAM, RAM + 2 * MB},
	    {RAM + 4 * MB, RAM + 7 * MB},
	    {RAM + 9 * MB + PAGE_SIZE, RAM + 10 * MB});
}

static void
what_is_reserved_is_rounded_outwards(void **state)
{
	struct spans spans = {1, {{0x10000, 0x20000}}};

	(void)state;
	assert_int_equal(spans_subtract(&spans, 0x12fff, 0x13001), 0);
	ASSERT_SPANS(&spans, {0x10000, 0x12000}, {0x14000, 0x20000});
}

/* All ways that a range can lie to a span. */
static void
subtracting_leaves_what_is_outside(void **state)
{
	static const struct {
		struct span taken;
		uint32_t n;
		struct span left[2];
	} cases[] = {
	    {{0x1000, 0x2000}, 1, {{0x4000, 0x8000}}},
	    {{0x1000, 0x4000}, 1, {{0x4000, 0x8000}}},
	    {{0x1000, 0x5000}, 1, {{0x5000, 0x8000}}},
	    {{0x4000, 0x5000}, 1, {{0x5000, 0x8000}}},
	    {{0x5000, 0x6000}, 2, {{0x4000, 0x5000}, {0x6000, 0x8000}}},
	    {{0x6000, 0x8000}, 1, {{0x4000, 0x6000}}},
	    {{0x6000, 0x9000}, 1, {{0x4000, 0x6000}}},
	    {{0x4000, 0x8000}, 0, {{0, 0}}},
	    {{0x1000, 0x9000}, 0, {{0, 0}}},
	    {{0x8000, 0x9000}, 1, {{0x4000, 0x8000}}},
	    {{0x6000, 0x6000}, 1, {{0x4000, 0x8000}}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct spans spans = {1, {{0x4000, 0x8000}}};

		assert_int_equal(spans_subtract(&spans, cases[i].taken.start,
				     cases[i].taken.end),
		    0);
		assert_spans(&spans, cases[i].n, cases[i].left);
	}
}

static void
one_range_can_take_from_several_spans(void **state)
{
	struct spans spans = {
	    3, {{0x1000, 0x3000}, {0x4000, 0x5000}, {0x6000, 0x9000}}};

	(void)state;
	assert_int_equal(spans_subtract(&spans, 0x2000, 0x7000), 0);
	ASSERT_SPANS(&spans, {0x1000, 0x2000}, {0x7000, 0x9000});
}

static void
too_many_pieces_are_refused(void **state)
{
	struct spans spans = {1, {{0, 4 * SPANS_MAX * PAGE_SIZE}}};
	uint64_t page = 1;

	(void)state;
	for (; spans.n < SPANS_MAX; page += 2)
		assert_int_equal(spans_subtract(&spans, page * PAGE_SIZE,
				     (page + 1) * PAGE_SIZE),
		    0);
	assert_int_equal(
	    spans_subtract(&spans, page * PAGE_SIZE, (page + 1) * PAGE_SIZE),
	    TINE_E2BIG);
}

static void
pages_are_taken_from_the_lowest_run_that_is_long_enough(void **state)
{
	(void)state;
	map.free = (struct spans){
	    3, {{0x1000, 0x2000}, {0x4000, 0x8000}, {0xa000, 0x20000}}};
	assert_int_equal(memmap_take(&map, 2), 0x4000);
	ASSERT_SPANS(
	    &map.free, {0x1000, 0x2000}, {0x6000, 0x8000}, {0xa000, 0x20000});
	assert_int_equal(memmap_take(&map, 1), 0x1000);
	ASSERT_SPANS(&map.free, {0x6000, 0x8000}, {0xa000, 0x20000});
	assert_int_equal(memmap_take(&map, 2), 0x6000);
	assert_int_equal(memmap_take(&map, 0x17), 0);
	ASSERT_SPANS(&map.free, {0xa000, 0x20000});
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(firmware_kernel_tree_and_archive_are_left_out),
	    cmocka_unit_test(without_an_archive_nothing_is_taken_for_it),
	    cmocka_unit_test(a_machine_without_memory_is_refused),
	    cmocka_unit_test(
		ranges_are_sorted_merged_and_rounded_to_whole_pages),
	    cmocka_unit_test(what_is_reserved_is_rounded_outwards),
	    cmocka_unit_test(subtracting_leaves_what_is_outside),
	    cmocka_unit_test(one_range_can_take_from_several_spans),
	    cmocka_unit_test(too_many_pieces_are_refused),
	    cmocka_unit_test(
		pages_are_taken_from_the_lowest_run_that_is_long_enough),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
