/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_ucopy.c - user memory, reached by its tables.
 */
#include "world.h"
#include "fake_arch.h"
#include "ucopy.h"

static struct ucopy_miss out_miss; /* where a copy out stopped */

/* Copy into a space, or say where that would stop. */
static int
copy_out(struct space *to, vaddr_t va, const void *from, uint64_t length)
{
	struct ucopy_span span;
	int error;

	error = ucopy_span(to, va, length, ACCESS_WRITE, &span, &out_miss);
	if (error == 0)
		ucopy_put(&span, from, length / 8);
	return error;
}

static int
copy_in(struct space *from, vaddr_t va, void *to, uint64_t length)
{
	struct ucopy_miss miss;
	struct ucopy_span span;
	int error;

	error = ucopy_span(from, va, length, ACCESS_READ, &span, &miss);
	if (error == 0)
		ucopy_get(&span, to, length / 8);
	return error;
}

#define RW (MAP_PAGE_READ | MAP_PAGE_WRITE)
#define VA 0x40000ul
#define SERVER 20
#define CLIENT 10

static objname_t name;
static struct space *space;
/* Both have two pages RW, a hole, one page R, one RW at VA. */
static struct thread *server;
static struct thread *client;

static void
map_pages(objname_t to)
{
	static const uint64_t flags[] = {RW, RW, 0, MAP_PAGE_READ, RW};

	for (uint64_t i = 0; i < 5; i++) {
		if (flags[i] != 0)
			ASSERT_CALL(space_map, W_MEMORY, to, VA + i * PAGE_SIZE,
			    0, flags[i] | MAP_PAGE_ZERO, 0);
	}
}

static objname_t
space_name(const struct space *of)
{
	return frame_name(frame_of(dmap_address(of)));
}

static int
start(void **state)
{
	(void)world_start(state);
	server = world_thread(1, SERVER);
	client = world_thread(2, CLIENT);
	space = client->space;
	name = space_name(space);
	map_pages(name);
	map_pages(space_name(server->space));
	return 0;
}

static uint8_t *
page(const struct space *of, vaddr_t va)
{
	return world_page(pte_frame(world_entry(of, va)));
}

static void
fill(uint8_t *bytes)
{
	for (unsigned int i = 0; i < PAGE_SIZE; i++)
		bytes[i] = (uint8_t)(i * 7 + (i >> 8));
}

static void
what_ends_with_a_page_needs_no_other(void **state)
{
	static const uint64_t out[2] = {1, 2};
	uint64_t in[2];

	(void)state;
	assert_int_equal(copy_out(space, VA + 2 * PAGE_SIZE - 16, out, 16), 0);
	assert_int_equal(copy_in(space, VA + 2 * PAGE_SIZE - 16, in, 16), 0);
	assert_memory_equal(in, out, sizeof(in));
}

static void
the_second_page_has_to_permit_the_access_too(void **state)
{
	static const uint64_t out[2] = {1, 2};
	vaddr_t second = VA + 5 * PAGE_SIZE;
	uint64_t in[2] = {1};

	(void)state;
	ASSERT_CALL(space_map, W_MEMORY, name, second, 0,
	    MAP_PAGE_READ | MAP_PAGE_ZERO, 0);
	assert_int_equal(copy_in(space, second - 8, in, 16), 0);
	assert_int_equal(copy_out(space, second - 8, out, 16), TINE_EFAULT);
	assert_int_equal(out_miss.page, second);
	assert_int_equal(out_miss.access, ACCESS_WRITE);
	assert_int_equal(copy_in(space, second - 8, in, 16), 0);
	assert_int_equal(in[0], 0);
}

static void
words_go_in_and_out_over_page_boundaries(void **state)
{
	static const uint64_t offsets[] = {0, 8, 64, 4000, 4088, 4096};
	static _Alignas(8) uint8_t out[PAGE_SIZE], in[PAGE_SIZE];

	(void)state;
	fill(out);
	for (size_t i = 0; i < sizeof(offsets) / sizeof(offsets[0]); i++) {
		vaddr_t va = VA + offsets[i];
		uint64_t length = PAGE_SIZE - offsets[i] % 96;

		assert_int_equal(copy_out(space, va, out, length), 0);
		memset(in, 0, sizeof(in));
		assert_int_equal(copy_in(space, va, in, length), 0);
		assert_memory_equal(in, out, length);
		assert_int_equal(page(space, va)[va & PAGE_MASK], out[0]);
	}
}

static void
nothing_is_copied_that_is_not_permitted(void **state)
{
	static const struct {
		vaddr_t va;
		uint64_t length;
		bool in, out;
	} cases[] = {
	    {VA + 3 * PAGE_SIZE, 8, true, false},
	    {VA + 2 * PAGE_SIZE, 8, false, false},
	    {VA + 2 * PAGE_SIZE - 8, 16, false, false},
	    {VA - 8, 16, false, false},
	    {VA + 4 * PAGE_SIZE - 8, 16, true, false},
	    {VA + 5 * PAGE_SIZE - 8, 16, false, false},
	    {USER_TOP - 8, 16, false, false},
	    {USER_TOP, 8, false, false},
	    {USER_TOP - 8, 8, false, false},
	    {0xffffffc000000000ul, 8, false, false},
	    {~0ul - 7, 8, false, false},
	    {~0ul - 7, 16, false, false},
	    {1ul << 39 | VA, 8, false, false},
	};
	uint64_t bytes[2] = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(
		    copy_in(space, cases[i].va, bytes, cases[i].length),
		    cases[i].in ? 0 : TINE_EFAULT);
		assert_int_equal(
		    copy_out(space, cases[i].va, bytes, cases[i].length),
		    cases[i].out ? 0 : TINE_EFAULT);
	}
}

static void
what_is_no_range_of_words_is_refused(void **state)
{
	uint64_t words[2] = {0};

	(void)state;
	for (uint64_t i = 1; i < 8; i++) {
		assert_int_equal(copy_in(space, VA + i, words, 8), TINE_EINVAL);
		assert_int_equal(
		    copy_out(space, VA + i, words, 8), TINE_EINVAL);
		assert_int_equal(copy_in(space, VA, words, 8 + i), TINE_EINVAL);
		assert_int_equal(
		    copy_out(space, VA, words, 8 + i), TINE_EINVAL);
	}
}

static void
absurd_lengths_are_refused(void **state)
{
	static const uint64_t lengths[] = {USER_TOP, USER_TOP - VA + 8,
	    USER_TOP + 8, 1ul << 63, ~7ul, ~7ul - VA, -VA};
	struct ucopy_miss miss;
	uint64_t done;

	(void)state;
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		uint64_t word = 0;

		assert_int_equal(
		    copy_in(space, VA, &word, lengths[i]), TINE_EFAULT);
		assert_int_equal(
		    copy_out(space, VA, &word, lengths[i]), TINE_EFAULT);
		assert_int_equal(
		    ucopy(space, VA, space, VA, lengths[i], &done, &miss),
		    TINE_EFAULT);
		assert_int_equal(done, 0);
		assert_int_equal(miss.page, USER_TOP);
	}
}

static void
a_page_to_be_copied_on_write_is_not_written(void **state)
{
	objname_t child = world_space(8);
	uint64_t word = 9;

	(void)state;
	ASSERT_CALL(space_clone, W_MEMORY, child, name, 0);
	assert_int_equal(copy_out(space, VA, &word, 8), TINE_EFAULT);
	assert_int_equal(page(space, VA)[0], 0);
	assert_int_equal(copy_in(space, VA, &word, 8), 0);
	assert_int_equal(word, 0);
	/* Alone again, it is made writable as a fault would do it. */
	ASSERT_CALL(destroy, W_MEMORY, child);
	word = 9;
	assert_int_equal(copy_out(space, VA, &word, 8), 0);
	assert_int_equal(page(space, VA)[0], 9);
	assert_true(pte_permits(world_entry(space, VA), ACCESS_WRITE));
	world_check();
}

static void
a_held_page_is_not_written(void **state)
{
	uint64_t frame = world_frame(5);
	uint64_t word = 9;

	(void)state;
	ASSERT_CALL(space_map, W_MEMORY, name, VA + 2 * PAGE_SIZE, frame,
	    RW | MAP_PAGE_COW, 0);
	assert_int_equal(
	    copy_out(space, VA + 2 * PAGE_SIZE, &word, 8), TINE_EFAULT);
	assert_int_equal(world_page(frame)[0], 5);
}

static void
devices_are_not_reached_by_copies(void **state)
{
	uint64_t word = 9;

	(void)state;
	ASSERT_CALL(space_map, W_MEMORY, name, VA + 2 * PAGE_SIZE,
	    W_DEVICE_PAGE,
	    RW | MAP_PAGE_DEVICE | MAP_PAGE_DEVICE_SLOT(W_DEVICES), 0);
	assert_int_equal(
	    copy_out(space, VA + 2 * PAGE_SIZE, &word, 8), TINE_EFAULT);
	assert_int_equal(
	    copy_in(space, VA + 2 * PAGE_SIZE, &word, 8), TINE_EFAULT);
}

static void
a_copy_goes_to_the_end_of_a_page_in_either_space(void **state)
{
	static const struct {
		uint64_t from, to, length, done;
	} cases[] = {
	    {0, 0, 100, 100},
	    {0, 0, 2 * PAGE_SIZE, PAGE_SIZE},
	    {4000, 0, 200, 96},
	    {0, 4000, 200, 96},
	    {4090, 4000, 200, 6},
	    {4000, 4090, 200, 6},
	    {4096, 4095, 4096, 1},
	    {7, 7, 0, 0},
	};
	struct space *other = server->space;
	struct ucopy_miss miss;

	(void)state;
	fill(page(other, VA));
	fill(page(other, VA + PAGE_SIZE));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		vaddr_t from = VA + cases[i].from, to = VA + cases[i].to;
		uint64_t done = 99;

		memset(page(space, to), 0, PAGE_SIZE);
		assert_int_equal(ucopy(space, to, other, from, cases[i].length,
				     &done, &miss),
		    0);
		assert_int_equal(done, cases[i].done);
		assert_memory_equal(page(space, to) + (to & PAGE_MASK),
		    page(other, from) + (from & PAGE_MASK), done);
	}
}

static void
a_copy_that_stops_tells_where_and_why(void **state)
{
	static const struct {
		uint64_t to, from;
		bool of_source;
		uint64_t page, access;
	} cases[] = {
	    {0, 2, true, 2, ACCESS_READ},
	    {2, 0, false, 2, ACCESS_WRITE},
	    {3, 0, false, 3, ACCESS_WRITE},
	    {2, 2, true, 2, ACCESS_READ},
	};
	struct space *other = server->space;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct space *missed = cases[i].of_source ? other : space;
		vaddr_t va = VA + cases[i].page * PAGE_SIZE;
		struct ucopy_miss miss;
		uint64_t done = 99;

		assert_int_equal(
		    ucopy(space, VA + cases[i].to * PAGE_SIZE + 10, other,
			VA + cases[i].from * PAGE_SIZE + 5, 64, &done, &miss),
		    TINE_EFAULT);
		assert_int_equal(done, 0);
		assert_int_equal(miss.tag, missed->tag.value);
		assert_int_equal(miss.page, va);
		assert_int_equal(miss.access, cases[i].access);
		assert_int_equal(miss.entry, world_entry(missed, va));
	}
}

static void
overlapping_ranges_are_moved(void **state)
{
	uint8_t wanted[PAGE_SIZE];

	(void)state;
	for (unsigned int way = 0; way < 2; way++) {
		vaddr_t from = VA + (way ? 0 : 24), to = VA + (way ? 24 : 0);
		struct ucopy_miss miss;
		uint64_t done;

		fill(page(space, VA));
		memcpy(wanted, page(space, VA), PAGE_SIZE);
		memmove(wanted + (to - VA), wanted + (from - VA), 500);
		assert_int_equal(
		    ucopy(space, to, space, from, 500, &done, &miss), 0);
		assert_memory_equal(wanted, page(space, VA), PAGE_SIZE);
	}
}

static void
an_owner_copies_to_and_from_a_space(void **state)
{
	uint8_t *own = page(world.space, W_DATA);

	(void)state;
	memset(own, 3, 64);
	ASSERT_CALL(space_copy, W_MEMORY, name, VA + 4090, W_DATA, 64, 1);
	assert_int_equal(RESULT(1), 6);
	assert_int_equal(page(space, VA)[4095], 3);
	page(space, VA)[100] = 77;
	ASSERT_CALL(space_copy, W_MEMORY, name, VA + 100, W_DATA + 1, 1, 0);
	assert_int_equal(own[1], 77);
	assert_int_equal(
	    CALL(space_copy, W_MEMORY, name, VA + 3 * PAGE_SIZE, W_DATA, 8, 1),
	    TINE_EFAULT);
	assert_int_equal(RESULT(1), 0);
	assert_int_equal(RESULT(2), world_entry(space, VA + 3 * PAGE_SIZE));
	assert_int_equal(
	    CALL(space_copy, W_MEMORY, name, VA, W_DATA, 8, 2), TINE_EINVAL);
}

#undef TEST
#define TEST(claim) cmocka_unit_test_setup_teardown(claim, start, world_end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(words_go_in_and_out_over_page_boundaries),
	    TEST(what_ends_with_a_page_needs_no_other),
	    TEST(the_second_page_has_to_permit_the_access_too),
	    TEST(nothing_is_copied_that_is_not_permitted),
	    TEST(what_is_no_range_of_words_is_refused),
	    TEST(absurd_lengths_are_refused),
	    TEST(a_page_to_be_copied_on_write_is_not_written),
	    TEST(a_held_page_is_not_written),
	    TEST(devices_are_not_reached_by_copies),
	    TEST(a_copy_goes_to_the_end_of_a_page_in_either_space),
	    TEST(a_copy_that_stops_tells_where_and_why),
	    TEST(overlapping_ranges_are_moved),
	    TEST(an_owner_copies_to_and_from_a_space),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
