/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_clone.c - copying a space on write, in any number of steps.
 */
#include "clone.h"
#include "fake_arch.h"
#include "space_impl.h"

static void
a_clone_has_the_same_pages_and_neither_may_write_private_ones(void **state)
{
	uint64_t free = world_free();

	(void)state;
	assert_int_equal(clone_all(), 1);
	clone_assert_whole();
	/* It costs tables alone. */
	assert_int_equal(dst->tables.value, src->tables.value);
	assert_int_equal(world_free(), free - src->tables.value);
}

static void
an_interrupt_at_any_step_only_delays_a_clone(void **state)
{
	uint64_t n, tables = 0;

	(void)state;
	for (n = 1; n <= 8; n++) {
		uint64_t steps;

		fake_interrupt_at(n);
		fake_arch.interrupts = n == 8;
		steps = clone_all();
		fake_arch.interrupts = false;
		fake_arch.interrupt_at = 0;
		clone_assert_whole();
		tables = 5;
		if (n < 8)
			assert_int_equal(steps, n < tables ? 2 : 1);
		else
			assert_true(steps >= tables);
		ASSERT_CALL(destroy, W_MEMORY, dst_name);
		dst_name = world_space(CLONE_POOL);
		dst = world_space_at(dst_name);
	}
}

static void
a_clone_of_a_clone_shares_with_both(void **state)
{
	struct space *first;

	(void)state;
	(void)clone_all();
	first = dst;
	dst_name = world_space(CLONE_POOL);
	dst = world_space_at(dst_name);
	(void)clone_all();
	assert_int_equal(clone_in(dst, P_PRIVATE), clone_in(first, P_PRIVATE));
	assert_int_equal(clone_references(clone_in(dst, P_PRIVATE)), 3);
	assert_int_equal(clone_references(clone_in(dst, P_SHARED)), 4);
}

static void
the_last_space_to_go_frees_the_pages(void **state)
{
	uint64_t available = frame_available();

	(void)state;
	(void)clone_all();
	ASSERT_CALL(destroy, W_MEMORY, src_name);
	world_check();
	assert_int_equal(clone_references(clone_in(dst, P_PRIVATE)), 1);
	assert_int_equal(clone_references(clone_in(dst, P_SHARED)), 2);
	assert_int_equal(frame_available(), available + CLONE_POOL + 1);
	ASSERT_CALL(destroy, W_MEMORY, dst_name);
	world_check();
	/* 7 pages were nobody else's. */
	assert_int_equal(
	    frame_available(), available + 2 * (CLONE_POOL + 1) + 7);
}

/* What a fork does with memory that the child is not to have. */
static void
what_is_unmapped_in_a_clone_is_the_sources_alone_again(void **state)
{
	static const struct {
		enum place place;
		uint64_t pages;
	} out[] = {{P_PRIVATE, 1}, {P_SHARED, 2}, {P_DEVICE, 1}};
	uint64_t tables = src->tables.value;
	uint64_t entry;

	(void)state;
	(void)clone_all();
	for (size_t i = 0; i < sizeof(out) / sizeof(out[0]); i++)
		ASSERT_CALL(space_unmap, W_MEMORY, dst_name,
		    clone_at[out[i].place], out[i].pages);
	/* A whole table. */
	ASSERT_CALL(
	    space_unmap, W_MEMORY, dst_name, USER_TOP - MEGAPAGE, SV39_ENTRIES);
	world_check();
	assert_int_equal(clone_in(dst, P_PRIVATE), 0);
	assert_int_equal(clone_in(dst, P_SHARED), 0);
	assert_int_equal(clone_in(dst, P_NONE), 0);
	assert_int_equal(clone_in(dst, P_DEVICE), 0);
	assert_int_equal(clone_in(dst, P_TOP), 0);
	assert_int_equal(dst->tables.value, tables - 2);
	assert_int_equal(src->tables.value, tables);
	assert_int_equal(clone_references(clone_in(src, P_PRIVATE)), 1);
	assert_int_equal(clone_references(clone_in(src, P_SHARED)), 2);
	assert_true(pte_permits(clone_in(src, P_DEVICE), ACCESS_WRITE));
	/* The source's next write makes its page writable. */
	assert_true(
	    space_access(src, clone_at[P_PRIVATE], ACCESS_WRITE, &entry));
	assert_true(pte_permits(clone_in(src, P_PRIVATE), ACCESS_WRITE));
	/* The rest is copied on write. */
	assert_int_equal(clone_in(dst, P_READ), clone_in(src, P_READ));
	assert_int_equal(clone_references(clone_in(src, P_FAR)), 2);
}

static void
an_empty_space_is_cloned_with_no_tables(void **state)
{
	(void)state;
	ASSERT_CALL(space_unmap, W_MEMORY, src_name, 0, USER_TOP >> PAGE_SHIFT);
	(void)clone_all();
	assert_int_equal(dst->tables.value, 0);
}

/* The source's TLB entries that permit writing are gone. */
static void
the_source_does_not_write_through_an_old_translation(void **state)
{
	void *page;

	(void)state;
	arch_set_satp(space_satp(src));
	assert_true(fake_translate(clone_at[P_PRIVATE], ACCESS_WRITE, &page));
	assert_true(fake_translate(clone_at[P_FAR], ACCESS_WRITE, &page));
	fake_interrupt_at(1);
	assert_int_equal(CALL(space_clone, W_MEMORY, dst_name, src_name, 0), 0);
	assert_false(fake_translate(clone_at[P_PRIVATE], ACCESS_WRITE, &page));
	assert_int_equal(
	    CALL(space_clone, W_MEMORY, dst_name, src_name, RESULT(1)), 0);
	assert_false(fake_translate(clone_at[P_FAR], ACCESS_WRITE, &page));
	arch_set_satp(world.root->satp);
}

static void
whichever_table_fails_destroying_leaves_nothing_behind(void **state)
{
	uint64_t pool, available = frame_available();

	(void)state;
	for (pool = 0; pool < src->tables.value; pool++) {
		vaddr_t va = 0;

		ASSERT_CALL(destroy, W_MEMORY, dst_name);
		assert_int_equal(frame_available(), available + CLONE_POOL + 1);
		dst_name = world_space(pool);
		dst = world_space_at(dst_name);
		assert_int_equal(
		    CALL(space_clone, W_MEMORY, dst_name, src_name, va),
		    TINE_ENOTABLE);
		world_check();
		assert_int_equal(dst->pool.value + dst->tables.value, pool);
	}
	ASSERT_CALL(destroy, W_MEMORY, dst_name);
	world_check();
	/* The source has all its pages, for itself alone. */
	for (enum place i = 0; i < P_COUNT; i++) {
		if (i != P_DEVICE)
			assert_int_equal(clone_references(clone_in(src, i)),
			    i == P_SHARED || i == P_HELD ? 2 : 1);
	}
	dst_name = world_space(CLONE_POOL);
	dst = world_space_at(dst_name);
	(void)clone_all();
	clone_assert_whole();
}

static void
a_clone_goes_on_when_it_was_fed(void **state)
{
	vaddr_t va = 0;
	uint64_t tries = 0;
	int error;

	(void)state;
	ASSERT_CALL(space_feed, W_MEMORY, dst_name, -CLONE_POOL);
	do {
		error = CALL(space_clone, W_MEMORY, dst_name, src_name, va);
		va = RESULT(1);
		world_check();
		if (error)
			ASSERT_CALL(space_feed, W_MEMORY, dst_name, 1);
		assert_true(++tries < 20);
	} while (error == TINE_ENOTABLE);
	assert_int_equal(error, 0);
	assert_int_equal(va, USER_TOP);
	assert_int_equal(tries, src->tables.value + 1);
	clone_assert_whole();
}

static void
a_space_that_has_something_there_is_not_cloned_into(void **state)
{
	(void)state;
	ASSERT_CALL(space_map, W_MEMORY, dst_name, MEGAPAGE, 0,
	    CLONE_RW | MAP_PAGE_ZERO, 0);
	assert_int_equal(clone_step(0), TINE_EEXIST);
	assert_int_equal(RESULT(1), MEGAPAGE);
	/* Where there is nothing it goes on. */
	assert_int_equal(clone_step(2 * MEGAPAGE), 0);
	assert_int_equal(RESULT(1), USER_TOP);
	assert_int_equal(clone_in(dst, P_HELD), clone_in(src, P_HELD));
}

static void
bad_arguments_change_nothing(void **state)
{
	static const vaddr_t bad[] = {
	    1, PAGE_SIZE - 1, USER_TOP + PAGE_SIZE, ~PAGE_MASK, ~0ul};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(clone_step(bad[i]), TINE_EINVAL);
	assert_int_equal(
	    CALL(space_clone, W_MEMORY, dst_name, dst_name, 0), TINE_EINVAL);
	assert_int_equal(clone_step(USER_TOP), 0);
	assert_int_equal(dst->tables.value, 0);
}

#undef TEST
#define TEST(claim) \
	cmocka_unit_test_setup_teardown(claim, clone_start, world_end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_clone_has_the_same_pages_and_neither_may_write_private_ones),
	    TEST(an_interrupt_at_any_step_only_delays_a_clone),
	    TEST(a_clone_of_a_clone_shares_with_both),
	    TEST(the_last_space_to_go_frees_the_pages),
	    TEST(what_is_unmapped_in_a_clone_is_the_sources_alone_again),
	    TEST(an_empty_space_is_cloned_with_no_tables),
	    TEST(the_source_does_not_write_through_an_old_translation),
	    TEST(whichever_table_fails_destroying_leaves_nothing_behind),
	    TEST(a_clone_goes_on_when_it_was_fed),
	    TEST(a_space_that_has_something_there_is_not_cloned_into),
	    TEST(bad_arguments_change_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
