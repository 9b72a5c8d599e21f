/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_frame_model.c - random operations on the frame table, against a model.
 */
#include "world.h"
#include "fake_arch.h"

#define COUNT 64ul
#define OPERATIONS 40000

static struct frame table[FAKE_FRAMES];

/* What is known of each frame without the table. */
struct model {
	enum frame_kind kind[COUNT];
	uint64_t references[COUNT];
	uint64_t last_name[COUNT]; /* the highest name or token so far */
	uint64_t free;
	uint64_t reserved;
};

static struct model model;

static void
table_start(uint64_t count)
{
	fake_arch_reset();
	memset(table, 0, sizeof(table));
	frame_init(table, FAKE_BASE, count);
}

static void
give_all(void)
{
	frame_mark(0, COUNT, FRAME_FREE);
	frame_link();
	for (uint64_t i = 0; i < COUNT; i++)
		model.kind[i] = FRAME_FREE;
	model.free = COUNT;
}

static void
model_took(uint64_t frame, enum frame_kind kind)
{
	assert_true(frame < COUNT);
	assert_int_equal(model.kind[frame], FRAME_FREE);
	model.kind[frame] = kind;
	model.references[frame] = kind == FRAME_USER;
	model.free--;
	if (kind < KIND_THREAD)
		return;
	assert_true(frame_name(frame) > model.last_name[frame]);
	model.last_name[frame] = frame_name(frame);
}

static void
random_take(uint64_t number)
{
	static const enum frame_kind kinds[] = {FRAME_USER, FRAME_TABLE,
	    KIND_THREAD, KIND_SPACE, KIND_CSPACE, KIND_ENDPOINT};
	enum frame_kind kind = kinds[number % 6];
	bool reserved = number / 6 % 3 == 0 && model.reserved > 0;
	uint64_t frame;

	if (reserved) {
		frame = frame_take_reserved(kind);
		model.reserved--;
	} else {
		frame = frame_take(kind);
		if (model.free == model.reserved) {
			assert_int_equal(frame, FRAME_NONE);
			return;
		}
	}
	model_took(frame, kind);
}

static void
random_free(uint64_t frame, uint64_t number)
{
	token_t last = 0;

	if (model.kind[frame] == FRAME_FREE)
		return;
	if (model.kind[frame] == KIND_THREAD) {
		last = frame_name(frame) + number % 5 * NAME_GENERATION_ONE;
		model.last_name[frame] = last;
	}
	if (model.kind[frame] == FRAME_USER) {
		if (number % 3 == 0) {
			frame_ref(frame);
			model.references[frame]++;
			return;
		}
		frame_unref(frame);
		if (--model.references[frame] > 0)
			return;
	} else {
		frame_free(frame, last);
	}
	model.kind[frame] = FRAME_FREE;
	model.free++;
}

static void
random_reserve(uint64_t number)
{
	uint64_t n = number % 9;

	if (number / 9 % 2 == 0) {
		assert_int_equal(frame_reserve(n),
		    n > model.free - model.reserved ? TINE_ENOMEM : 0);
		if (n <= model.free - model.reserved)
			model.reserved += n;
	} else if (n <= model.reserved) {
		frame_unreserve(n);
		model.reserved -= n;
	}
}

static void
model_compare(void)
{
	frame_check();
	assert_int_equal(frames.free_count, model.free);
	assert_int_equal(frame_available(), model.free - model.reserved);
	for (uint64_t i = 0; i < COUNT; i++) {
		assert_int_equal(frame_kind(i), model.kind[i]);
		assert_int_equal(table[i].count, model.references[i]);
	}
}

static void
whatever_is_done_the_table_is_as_the_model(void **state)
{
	uint64_t seed = 1;

	(void)state;
	table_start(COUNT);
	give_all();
	for (unsigned int n = 0; n < OPERATIONS; n++) {
		uint64_t number = world_random(&seed);

		switch (number % 8) {
		case 0:
		case 1:
		case 2:
			random_take(number >> 3);
			break;
		case 3:
			random_reserve(number >> 3);
			break;
		default:
			random_free((number >> 3) % COUNT, number >> 12);
			break;
		}
		model_compare();
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(whatever_is_done_the_table_is_as_the_model),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
