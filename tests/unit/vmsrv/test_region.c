/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_region.c - the region map against a list of pages.
 */
#include <stdlib.h>

#include "region.h"
#include "vm_test.h"

#define BASE 0x3fe00000ul /* a range that crosses a GiB */
#define PAGES 2048ul
#define STEPS 4000

/* Protection of each page + 1; 0: nothing is there. */
static uint8_t model[PAGES];

static uint64_t
page_va(uint64_t page)
{
	return BASE + page * PAGE_SIZE;
}

static void
model_agrees(struct region_map *map)
{
	region_check(map);
	for (uint64_t i = 0; i < PAGES; i++) {
		const struct region *region = region_find(map, page_va(i));

		assert_int_equal(
		    region == NULL ? 0 : region->protection + 1, model[i]);
	}
}

static bool
model_free(uint64_t from, uint64_t to)
{
	for (uint64_t i = from; i < to; i++) {
		if (model[i] != 0)
			return false;
	}
	return true;
}

/* Table frames by definition: spans with something in them. */
static uint64_t
model_tables(void)
{
	uint64_t last[2] = {~0ul, ~0ul};
	uint64_t tables = 0;

	for (uint64_t i = 0; i < PAGES; i++) {
		for (int k = 0; model[i] != 0 && k < 2; k++) {
			uint64_t span = page_va(i) >> (k == 0 ? 21 : 30);

			tables += span != last[k];
			last[k] = span;
		}
	}
	return tables;
}

static void
random_step(struct region_map *map)
{
	uint64_t from = (uint64_t)rand() % PAGES;
	uint64_t to = from + 1 + (uint64_t)rand() % (PAGES - from);
	struct region region = {
	    .start = page_va(from),
	    .end = page_va(to),
	    .protection = (uint8_t)(rand() % 2),
	    .flags = REGION_CHARGED,
	};

	if (to - from > 300)
		to = from + 300;
	region.end = page_va(to);
	assert_int_equal(region_reserve(map, 3), 0);
	assert_int_equal(
	    region_free(map, region.start, region.end), model_free(from, to));
	if (rand() % 2 == 0 || !model_free(from, to)) {
		region_cut(map, region.start, region.end);
		memset(model + from, 0, to - from);
	} else {
		uint64_t before = map->tables;
		uint64_t more = region_tables(map, region.start, region.end);

		region_insert(map, &region);
		memset(model + from, region.protection + 1, to - from);
		assert_int_equal(map->tables, before + more);
	}
}

static void
the_map_is_that_of_its_pages_whatever_is_done(void **state)
{
	struct region_map map;

	(void)state;
	srand(1);
	memset(model, 0, sizeof(model));
	region_map_init(&map);
	for (int i = 0; i < STEPS; i++) {
		random_step(&map);
		if (i % 16 == 0)
			model_agrees(&map);
		assert_int_equal(map.tables, model_tables());
	}
	model_agrees(&map);
	region_map_destroy(&map);
}

static void
tables_of_a_range_over_regions_are_those_of_its_gaps(void **state)
{
	struct region_map map;
	struct region region = {.flags = REGION_CHARGED};

	(void)state;
	region_map_init(&map);
	/* Nothing there: four spans of 2 MiB, two of 1 GiB. */
	assert_int_equal(region_tables(&map, BASE, BASE + 0x800000), 4 + 2);
	region.start = BASE + 0x1000;
	region.end = BASE + 0x2000;
	region_insert(&map, &region);
	assert_int_equal(region_tables(&map, BASE, BASE + 0x800000), 3 + 1);
	assert_int_equal(region_tables(&map, BASE, BASE + 0x200000), 0);
	region.start = BASE + 0x5ff000;
	region.end = BASE + 0x600000;
	region_insert(&map, &region);
	assert_int_equal(region_tables(&map, BASE, BASE + 0x800000), 2);
	region_map_destroy(&map);
}

static void
alike_neighbours_are_one_region(void **state)
{
	struct region_map map;
	struct region a = {.start = BASE, .end = BASE + 0x1000};
	struct region b = {.start = BASE + 0x2000, .end = BASE + 0x3000};
	struct region gap = {.start = BASE + 0x1000, .end = BASE + 0x2000};

	(void)state;
	region_map_init(&map);
	region_insert(&map, &a);
	region_insert(&map, &b);
	assert_int_equal(map.count, 2);
	region_insert(&map, &gap);
	assert_int_equal(map.count, 1);
	assert_int_equal(map.at[0].end - map.at[0].start, 0x3000);
	region_map_destroy(&map);
}

static void
parts_of_a_file_join_only_where_they_continue(void **state)
{
	struct region_map map;
	struct region a = {.start = BASE,
	    .end = BASE + 0x1000,
	    .backing = BACKING_FILE,
	    .file_end = BASE + 0x3000};
	struct region b = a;

	(void)state;
	region_map_init(&map);
	b.start = a.end;
	b.end = a.end + 0x1000;
	b.offset = 0x2000;
	region_insert(&map, &a);
	region_insert(&map, &b);
	assert_int_equal(map.count, 2);
	region_cut(&map, b.start, b.end);
	b.offset = 0x1000;
	region_insert(&map, &b);
	assert_int_equal(map.count, 1);
	/* And a split knows the offset of its upper part. */
	region_split(&map, b.start);
	assert_int_equal(map.at[1].offset, 0x1000);
	region_map_destroy(&map);
}

static void
a_map_grows_until_its_limit_and_then_refuses(void **state)
{
	struct region_map map;

	(void)state;
	region_map_init(&map);
	for (uint64_t i = 0; i < REGIONS_MAX; i++) {
		struct region region = {
		    .start = page_va(2 * i), .end = page_va(2 * i + 1)};

		assert_int_equal(region_reserve(&map, 1), 0);
		region_insert(&map, &region);
	}
	region_check(&map);
	assert_int_equal(region_reserve(&map, 1), TINE_ENOMEM);
	region_map_destroy(&map);
	assert_int_equal(map.count, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(the_map_is_that_of_its_pages_whatever_is_done),
	    TEST(tables_of_a_range_over_regions_are_those_of_its_gaps),
	    TEST(alike_neighbours_are_one_region),
	    TEST(parts_of_a_file_join_only_where_they_continue),
	    TEST(a_map_grows_until_its_limit_and_then_refuses),
	};

	return cmocka_run_group_tests_name("vmsrv_region", tests, NULL, NULL);
}
