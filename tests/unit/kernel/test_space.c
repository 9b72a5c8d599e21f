/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_space.c - spaces as a whole: pools, ends, flushes, ASIDs.
 */
#include "subject.h"
#include "fake_arch.h"
#include "space_impl.h"

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

static void
a_pool_grows_and_shrinks_by_what_is_fed(void **state)
{
	uint64_t available = frame_available();

	(void)state;
	ASSERT_CALL(space_feed, W_MEMORY, subject_name, 5);
	assert_int_equal(subject->pool.value, SUBJECT_POOL + 5);
	assert_int_equal(frame_available(), available - 5);
	ASSERT_CALL(space_feed, W_MEMORY, subject_name, -(SUBJECT_POOL + 5));
	assert_int_equal(subject->pool.value, 0);
	assert_int_equal(frame_available(), available + SUBJECT_POOL);
	world_check();
}

static void
a_pool_gives_no_more_than_it_has(void **state)
{
	static const uint64_t bad[] = {
	    -(SUBJECT_POOL + 1), 1ul << 63, -(1ul << 62)};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(
		    CALL(space_feed, W_MEMORY, subject_name, bad[i]),
		    TINE_EINVAL);
	assert_int_equal(
	    CALL(space_feed, W_MEMORY, subject_name, FAKE_FRAMES), TINE_ENOMEM);
	assert_int_equal(
	    CALL(space_feed, W_MEMORY, subject_name, (1ul << 63) - 1),
	    TINE_ENOMEM);
	assert_int_equal(subject->pool.value, SUBJECT_POOL);
	/* Tables in use are not in it. */
	assert_int_equal(
	    subject_map(SUBJECT_VA, 0, MAP_RW | MAP_PAGE_ZERO, 0), 0);
	assert_int_equal(
	    CALL(space_feed, W_MEMORY, subject_name, -(SUBJECT_POOL - 1)),
	    TINE_EINVAL);
}

static void
a_destroyed_space_gives_all_back(void **state)
{
	uint64_t frame = world_frame(7);
	uint64_t available = frame_available();

	(void)state;
	for (uint64_t i = 0; i < 3; i++) {
		assert_int_equal(subject_map(SUBJECT_VA + i * MEGAPAGE, 0,
				     MAP_RW | MAP_PAGE_ZERO, 0),
		    0);
		assert_int_equal(subject_map(i * GIGAPAGE, frame, MAP_PAGE_READ,
				     subject_entry(i * GIGAPAGE)),
		    0);
	}
	ASSERT_CALL(destroy, W_MEMORY, subject_name);
	world_check();
	assert_int_equal(frame_available(), available + SUBJECT_POOL + 1);
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

		subject_name = world_space(SUBJECT_POOL);
		subject = world_space_at(subject_name);
		available = frame_available();
		for (uint64_t i = 0; i < 4; i++)
			assert_int_equal(subject_map(i * (GIGAPAGE + MEGAPAGE),
					     0, MAP_RW | MAP_PAGE_ZERO, 0),
			    0);
		fake_interrupt_at(n);
		/* From the eighth on, an interrupt always waits. */
		fake_arch.interrupts = n > 8;
		do {
			error = CALL(destroy, W_MEMORY, subject_name);
			world_check();
			assert_true(++tries < 12);
		} while (error == TINE_EAGAIN);
		assert_int_equal(error, 0);
		fake_arch.interrupts = false;
		assert_int_equal(
		    frame_available(), available + SUBJECT_POOL + 1);
	}
}

static void
no_translation_outlives_the_call_that_ends_it(void **state)
{
	uint64_t frame = world_frame(7), old = 0;
	void *found;

	(void)state;
	arch_set_satp(space_satp(subject));
	for (unsigned int i = 0; i < 3; i++) {
		assert_int_equal(CALL(space_map, W_MEMORY, subject_name,
				     SUBJECT_VA, frame, MAP_RW, old),
		    0);
		assert_true(fake_translate(SUBJECT_VA, ACCESS_WRITE, &found));
		assert_ptr_equal(found, world_page(frame));
		if (i == 0)
			ASSERT_CALL(space_protect, W_MEMORY, subject_name,
			    SUBJECT_VA, 1, MAP_PAGE_READ);
		else if (i == 1)
			ASSERT_CALL(space_protect, W_MEMORY, subject_name,
			    SUBJECT_VA, 1, 0);
		else
			ASSERT_CALL(
			    space_unmap, W_MEMORY, subject_name, SUBJECT_VA, 1);
		assert_false(fake_translate(SUBJECT_VA, ACCESS_WRITE, &found));
		old = world_entry(subject, SUBJECT_VA);
		assert_int_equal(
		    fake_translate(SUBJECT_VA, ACCESS_READ, &found), i == 0);
	}
	arch_set_satp(world.root->satp);
}

static void
a_page_mapped_over_another_is_seen_at_once(void **state)
{
	uint64_t first = world_frame(1), second = world_frame(2);
	void *found;

	(void)state;
	assert_int_equal(subject_map(SUBJECT_VA, first, MAP_RW, 0), 0);
	arch_set_satp(space_satp(subject));
	assert_true(fake_translate(SUBJECT_VA, ACCESS_READ, &found));
	ASSERT_CALL(space_map, W_MEMORY, subject_name, SUBJECT_VA, second,
	    MAP_RW, world_entry(subject, SUBJECT_VA));
	assert_true(fake_translate(SUBJECT_VA, ACCESS_READ, &found));
	assert_ptr_equal(found, world_page(second));
	arch_set_satp(world.root->satp);
}

static void
code_that_becomes_executable_is_fetched_anew(void **state)
{
	uint64_t syncs = fake_arch.icache_syncs;

	(void)state;
	assert_int_equal(
	    subject_map(SUBJECT_VA, 0, MAP_PAGE_READ | MAP_PAGE_ZERO, 0), 0);
	assert_int_equal(fake_arch.icache_syncs, syncs);
	subject_protect(SUBJECT_VA, 1, MAP_PAGE_READ | MAP_PAGE_EXEC);
	assert_true(fake_arch.icache_syncs > syncs);
	syncs = fake_arch.icache_syncs;
	assert_int_equal(subject_map(SUBJECT_VA + PAGE_SIZE, world_frame(1),
			     MAP_PAGE_READ | MAP_PAGE_EXEC, 0),
	    0);
	assert_true(fake_arch.icache_syncs > syncs);
}

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
		assert_false(fake_translate(SUBJECT_VA, ACCESS_READ, &found));
		ASSERT_CALL(space_map, W_MEMORY, *slot, SUBJECT_VA, 0,
		    MAP_RW | MAP_PAGE_ZERO, 0);
		for (size_t j = 0; j < 3 && names[j] != 0; j++) {
			at = world_space_at(names[j]);
			arch_set_satp(space_satp(at));
			if (at->asid.value == 0)
				arch_flush_all();
			assert_true(
			    fake_translate(SUBJECT_VA, ACCESS_READ, &found));
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

/* SiFive's CIP-1200: no other flush is sure to work on a core without. */
static void
without_asids_every_flush_is_of_everything(void **state)
{
	uint64_t full, some;
	objname_t name;

	(void)state;
	space_set_asid_bits(0);
	name = world_space(4);
	full = fake_arch.full_flushes;
	some = fake_arch.page_flushes + fake_arch.space_flushes;
	ASSERT_CALL(space_map, W_MEMORY, name, 0x40000, 0,
	    MAP_PAGE_READ | MAP_PAGE_ZERO, 0);
	ASSERT_CALL(space_unmap, W_MEMORY, name, 0x40000, 1);
	assert_true(fake_arch.full_flushes > full);
	assert_int_equal(
	    fake_arch.page_flushes + fake_arch.space_flushes, some);
	ASSERT_CALL(destroy, W_MEMORY, name);
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
	assert_int_equal(
	    subject_map(SUBJECT_VA, 0, MAP_RW | MAP_PAGE_ZERO, 0), 0);
	leaf = space_entry(subject, SUBJECT_VA);
	good = *leaf;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		*leaf = (good & ~bad[i].clear) | bad[i].set;
		EXPECT_PANIC(space_check(subject));
	}
	*leaf = good;
	subject->tables.value++;
	EXPECT_PANIC(space_check(subject));
	subject->tables.value--;
	world_check();
}

#undef TEST
#define TEST(claim) \
	cmocka_unit_test_setup_teardown(claim, subject_start, world_end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_new_space_costs_its_pool_and_one_frame),
	    TEST(a_pool_grows_and_shrinks_by_what_is_fed),
	    TEST(a_pool_gives_no_more_than_it_has),
	    TEST(a_destroyed_space_gives_all_back),
	    TEST(an_interrupt_at_any_step_only_delays_the_end_of_a_space),
	    TEST(no_translation_outlives_the_call_that_ends_it),
	    TEST(a_page_mapped_over_another_is_seen_at_once),
	    TEST(code_that_becomes_executable_is_fetched_anew),
	    TEST(spaces_that_live_have_asids_of_their_own),
	    TEST(an_asid_is_not_used_again_before_it_was_flushed),
	    TEST(without_asid_bits_no_space_has_one),
	    TEST(without_asids_every_flush_is_of_everything),
	    TEST(the_check_notices_a_bad_entry),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
