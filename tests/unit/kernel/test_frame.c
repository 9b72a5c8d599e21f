/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_frame.c - the frame table: marks, references, generations.
 */
#include "world.h"
#include "fake_arch.h"

#define COUNT 64ul

static struct frame table[FAKE_FRAMES];

static void
table_start(uint64_t count)
{
	fake_arch_reset();
	memset(table, 0, sizeof(table));
	frame_init(table, FAKE_BASE, count);
}

static int
start(void **state)
{
	(void)state;
	table_start(COUNT);
	return 0;
}

static void
give_all(void)
{
	frame_mark(0, COUNT, FRAME_FREE);
	frame_link();
}

static void
what_was_not_marked_is_reserved(void **state)
{
	(void)state;
	frame_link();
	for (uint64_t i = 0; i < COUNT; i++)
		assert_int_equal(frame_kind(i), FRAME_RESERVED);
	assert_int_equal(frame_available(), 0);
	assert_int_equal(frame_take(FRAME_USER), FRAME_NONE);
	assert_int_equal(frame_reserve(1), TINE_ENOMEM);
	assert_int_equal(frame_reserve(0), 0);
	frame_check();
}

static void
each_frame_marked_free_is_handed_out_once_the_lowest_first(void **state)
{
	uint64_t last = 0, n;

	(void)state;
	frame_mark(3, 10, FRAME_FREE);
	frame_mark(20, 20, FRAME_FREE);
	frame_mark(30, 25, FRAME_FREE);
	frame_mark(40, 41, FRAME_FREE);
	frame_mark(50, COUNT + 9, FRAME_FREE);
	frame_mark(52, 54, FRAME_RESERVED);
	frame_mark(54, 55, FRAME_TABLE);
	frame_link();
	frame_check();
	assert_int_equal(frames.free_count, 7 + 1 + COUNT - 50 - 3);
	for (n = frames.free_count; n > 0; n--) {
		uint64_t frame = frame_take(FRAME_TABLE);

		assert_true((frame >= 3 && frame < 10) || frame == 40 ||
			    (frame >= 50 && frame < COUNT));
		assert_true(frame < 52 || frame > 54);
		assert_true(frame > last);
		last = frame;
		frame_check();
	}
	assert_int_equal(frame_take(FRAME_TABLE), FRAME_NONE);
}

static void
the_archives_frames_are_held(void **state)
{
	(void)state;
	frame_mark(0, COUNT, FRAME_FREE);
	frame_mark(8, 12, FRAME_USER | FRAME_HOLD);
	frame_link();
	frame_check();
	assert_int_equal(frames.free_count, COUNT - 4);
	for (uint64_t i = 8; i < 12; i++) {
		assert_int_equal(table[i].tag, FRAME_USER | FRAME_HOLD);
		assert_int_equal(table[i].count, 1);
	}
}

static void
marking_stays_inside_the_table(void **state)
{
	(void)state;
	frame_mark(COUNT, COUNT + 5, FRAME_FREE);
	frame_mark(COUNT - 1, ~0ul, FRAME_FREE);
	frame_mark(~0ul - 1, ~0ul, FRAME_FREE);
	frame_link();
	assert_int_equal(frames.free_count, 1);
	assert_int_equal(table[COUNT].tag, 0);
}

static void
numbers_addresses_and_objects_agree(void **state)
{
	(void)state;
	for (uint64_t i = 0; i < COUNT; i++) {
		assert_int_equal(frame_address(i), FAKE_BASE + i * PAGE_SIZE);
		assert_int_equal(frame_of(frame_address(i)), i);
		assert_ptr_equal(object_in(i), object_of(&table[i]));
		assert_ptr_equal(
		    object_in(i), (uint8_t *)fake_ram() + i * PAGE_SIZE);
	}
}

static void
an_address_that_is_not_ram_has_no_frame(void **state)
{
	(void)state;
	assert_true(frame_of(0) >= frames.count);
	assert_true(frame_of(FAKE_BASE - 1) >= frames.count);
	assert_true(frame_of(FAKE_BASE + COUNT * PAGE_SIZE) >= frames.count);
	assert_true(frame_of(~0ul) >= frames.count);
}

static void
a_user_frame_is_freed_with_its_last_reference(void **state)
{
	uint64_t frame;

	(void)state;
	give_all();
	frame = frame_take(FRAME_USER);
	assert_int_equal(table[frame].count, 1);
	frame_ref(frame);
	frame_ref(frame);
	for (unsigned int n = 0; n < 2; n++) {
		frame_unref(frame);
		assert_int_equal(frame_kind(frame), FRAME_USER);
	}
	frame_unref(frame);
	assert_int_equal(frame_kind(frame), FRAME_FREE);
	assert_int_equal(frame_available(), COUNT);
}

static void
only_user_frames_are_referenced(void **state)
{
	uint64_t frame;

	(void)state;
	give_all();
	frame = frame_take(FRAME_TABLE);
	EXPECT_PANIC(frame_ref(frame));
	EXPECT_PANIC(frame_unref(frame));
	frame = frame_take(KIND_ENDPOINT);
	EXPECT_PANIC(frame_ref(frame));
	EXPECT_PANIC(frame_unref(0));
}

static void
reserved_frames_are_there_for_their_owner_only(void **state)
{
	(void)state;
	give_all();
	assert_int_equal(frame_reserve(COUNT - 1), 0);
	assert_int_equal(frame_available(), 1);
	assert_int_equal(frame_reserve(2), TINE_ENOMEM);
	assert_int_equal(frame_available(), 1);
	assert_int_not_equal(frame_take(FRAME_USER), FRAME_NONE);
	assert_int_equal(frame_take(FRAME_USER), FRAME_NONE);
	for (uint64_t n = 0; n < COUNT - 1; n++)
		assert_true(frame_take_reserved(FRAME_TABLE) < COUNT);
	frame_check();
	EXPECT_PANIC((void)frame_take_reserved(FRAME_TABLE));
}

static void
a_reservation_given_back_is_available(void **state)
{
	(void)state;
	give_all();
	assert_int_equal(frame_reserve(5), 0);
	frame_unreserve(3);
	assert_int_equal(frame_available(), COUNT - 2);
	EXPECT_PANIC(frame_unreserve(3));
}

static void
an_absurd_reservation_is_refused(void **state)
{
	(void)state;
	give_all();
	assert_int_equal(frame_reserve(~0ul), TINE_ENOMEM);
	assert_int_equal(frame_reserve(1ul << 63), TINE_ENOMEM);
	assert_int_equal(frame_reserve(COUNT + 1), TINE_ENOMEM);
	assert_int_equal(frame_available(), COUNT);
}

static uint64_t
generation(uint64_t frame)
{
	return table[frame].tag >> NAME_FRAME_BITS;
}

/* Take frames until it is this one; the others go back. */
static void
take_that(uint64_t frame, enum frame_kind kind)
{
	uint64_t taken[COUNT];
	uint64_t n = 0;

	while ((taken[n] = frame_take(kind)) != frame)
		n++;
	while (n-- > 0)
		frame_free(taken[n], 0);
}

static void
an_object_has_a_name_that_its_frame_never_had(void **state)
{
	uint64_t last = 0;

	(void)state;
	frame_mark(7, 8, FRAME_FREE);
	frame_link();
	for (unsigned int n = 0; n < 1000; n++) {
		uint64_t frame = frame_take(KIND_ENDPOINT);

		assert_true(frame_name(frame) > last);
		assert_int_equal(frame_name(frame) & NAME_FRAME_MASK, 7);
		last = frame_name(frame);
		frame_free(frame, 0);
		/* Neither is it a name while the frame is something else. */
		assert_int_equal(
		    frame_take(n % 2 ? FRAME_TABLE : FRAME_USER), frame);
		assert_int_not_equal(table[frame].tag,
		    (last & ~NAME_FRAME_MASK) | KIND_ENDPOINT);
		frame_free(frame, 0);
	}
}

static void
the_next_name_is_above_the_last_token(void **state)
{
	uint64_t frame;
	token_t token;

	(void)state;
	frame_mark(7, 8, FRAME_FREE);
	frame_link();
	frame = frame_take(KIND_THREAD);
	token = frame_name(frame) + 1000 * NAME_GENERATION_ONE;
	frame_free(frame, token);
	assert_int_equal(frame_take(KIND_THREAD), frame);
	assert_true(frame_name(frame) > token);
	/* A last one below the name changes nothing. */
	token = frame_name(frame);
	frame_free(frame, token - 5 * NAME_GENERATION_ONE);
	assert_int_equal(frame_take(KIND_THREAD), frame);
	assert_int_equal(frame_name(frame), token + NAME_GENERATION_ONE);
}

static void
a_frame_is_retired_when_its_generations_are_used_up(void **state)
{
	uint64_t frame, last = 0, lives = 0;

	(void)state;
	frame_mark(7, 9, FRAME_FREE);
	frame_link();
	frame = frame_take(KIND_SPACE);
	frame_free(frame, (FRAME_GENERATION_MAX - 10) << NAME_FRAME_BITS);
	for (;; lives++) {
		take_that(frame, KIND_SPACE);
		assert_true(frame_name(frame) > last);
		last = frame_name(frame);
		assert_true(generation(frame) < FRAME_GENERATION_MAX);
		frame_free(frame, 0);
		if (frame_kind(frame) == FRAME_RESERVED)
			break;
		assert_true(lives < 10);
	}
	assert_true(lives > 5);
	assert_int_equal(frame_available(), 1);
	frame_check();
	assert_int_not_equal(frame_take(FRAME_USER), frame);
	assert_int_equal(frame_take(FRAME_USER), FRAME_NONE);
}

static void
the_last_token_there_can_be_retires_the_frame(void **state)
{
	uint64_t frame;

	(void)state;
	frame_mark(7, 8, FRAME_FREE);
	frame_link();
	frame = frame_take(KIND_THREAD);
	frame_free(frame, ~0ul);
	assert_int_equal(frame_kind(frame), FRAME_RESERVED);
	assert_int_equal(generation(frame), FRAME_GENERATION_MAX);
	assert_int_equal(frame_take(KIND_THREAD), FRAME_NONE);
	frame_check();
}

static void
the_check_notices_a_wrong_table(void **state)
{
	uint64_t frame;

	(void)state;
	give_all();
	frame = frame_take(FRAME_USER);
	frame_unref(frame);
	frames.free_count++;
	EXPECT_PANIC(frame_check());
	frames.free_count--;
	table[frame].tag = FRAME_USER;
	EXPECT_PANIC(frame_check());
	table[frame].tag = FRAME_FREE;
	frames.reserved_count = COUNT + 1;
	EXPECT_PANIC(frame_check());
	frames.reserved_count = 0;
	frame_check();
}

#undef TEST
#define TEST(claim) cmocka_unit_test_setup(claim, start)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(what_was_not_marked_is_reserved),
	    TEST(each_frame_marked_free_is_handed_out_once_the_lowest_first),
	    TEST(the_archives_frames_are_held),
	    TEST(marking_stays_inside_the_table),
	    TEST(numbers_addresses_and_objects_agree),
	    TEST(an_address_that_is_not_ram_has_no_frame),
	    TEST(a_user_frame_is_freed_with_its_last_reference),
	    TEST(only_user_frames_are_referenced),
	    TEST(reserved_frames_are_there_for_their_owner_only),
	    TEST(a_reservation_given_back_is_available),
	    TEST(an_absurd_reservation_is_refused),
	    TEST(an_object_has_a_name_that_its_frame_never_had),
	    TEST(the_next_name_is_above_the_last_token),
	    TEST(a_frame_is_retired_when_its_generations_are_used_up),
	    TEST(the_last_token_there_can_be_retires_the_frame),
	    TEST(the_check_notices_a_wrong_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
