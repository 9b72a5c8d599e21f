/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_clone_except.c - ranges that a clone leaves out.
 */
#include "clone.h"
#include "fake_arch.h"
#include "space_impl.h"

static void
what_is_excepted_is_left_out(void **state)
{
	const struct clone_exception list[] = {
	    {clone_at[P_READ], 1},
	    {clone_at[P_SHARED], 2},
	    {USER_TOP - MEGAPAGE, SV39_ENTRIES},
	};

	(void)state;
	fake_arch.interrupts = true;
	(void)clone_all(clone_except(list, 3));
	assert_int_equal(clone_in(dst, P_READ), 0);
	assert_int_equal(clone_in(dst, P_SHARED), 0);
	assert_int_equal(clone_in(dst, P_NONE), 0);
	assert_int_equal(clone_in(dst, P_TOP), 0);
	/* They are as they were in the source. */
	assert_int_equal(clone_references(clone_in(src, P_READ)), 1);
	assert_true(pte_permits(clone_in(src, P_TOP), ACCESS_WRITE));
	/* And the rest is copied on write. */
	assert_int_equal(clone_in(dst, P_PRIVATE), clone_in(src, P_PRIVATE));
	assert_int_equal(clone_in(dst, P_PRIVATE) & PTE_COW, PTE_COW);
	assert_int_equal(clone_in(dst, P_EXEC), clone_in(src, P_EXEC));
	assert_int_equal(clone_in(dst, P_COW), clone_in(src, P_COW));
}

static void
a_range_covers_exactly_its_pages(void **state)
{
	const vaddr_t first = clone_at[P_PRIVATE] - PAGE_SIZE;
	struct clone_exception list[] = {
	    {first, 2},
	    {clone_at[P_EXEC], 1},
	    {clone_at[P_COW], 1 + 3 * SV39_ENTRIES},
	};

	(void)state;
	(void)clone_all(clone_except(list, 3));
	assert_int_equal(clone_in(dst, P_PRIVATE), 0);
	assert_int_equal(clone_in(dst, P_READ), clone_in(src, P_READ));
	assert_int_equal(clone_in(dst, P_EXEC), 0);
	assert_int_equal(clone_in(dst, P_NONE), clone_in(src, P_NONE));
	assert_int_equal(clone_in(dst, P_COW), 0);
	assert_int_equal(clone_in(dst, P_HELD), clone_in(src, P_HELD));
}

static void
bad_exceptions_change_nothing(void **state)
{
	static const struct clone_exception bad[][2] = {
	    {{0x1001, 1}},
	    {{0x1000, 0}},
	    {{USER_TOP, 1}},
	    {{USER_TOP - PAGE_SIZE, 2}},
	    {{0xffffffc000000000ul, 1}},
	    {{0, ~0ul}},
	    {{0, 1ul << 52}},
	    {{0x2000, 2}, {0x3000, 1}},
	    {{0x2000, 1}, {0x1000, 1}},
	};
	uint64_t before = clone_in(src, P_PRIVATE);

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		uint64_t n = clone_except(bad[i], bad[i][1].pages != 0 ? 2 : 1);

		assert_int_equal(clone_step(0, n), TINE_EINVAL);
		assert_int_equal(dst->tables.value, 0);
		assert_int_equal(clone_in(src, P_PRIVATE), before);
	}
	assert_int_equal(clone_step(0, CLONE_EXCEPTIONS_MAX + 1), TINE_EINVAL);
	assert_int_equal(clone_step(0, ~0ul), TINE_EINVAL);
	assert_int_equal(clone_step(0, 1ul << 61), TINE_EINVAL);
	assert_int_equal(CALL(space_clone, W_MEMORY, dst_name, src_name, 0,
			     W_CONST + PAGE_SIZE - 8, 1),
	    TINE_EFAULT);
	assert_int_equal(
	    CALL(space_clone, W_MEMORY, dst_name, src_name, 0, ~0ul - 7, 1),
	    TINE_EFAULT);
}

static void
as_many_exceptions_as_there_may_be_are_taken(void **state)
{
	struct clone_exception list[CLONE_EXCEPTIONS_MAX];

	(void)state;
	for (uint64_t i = 0; i < CLONE_EXCEPTIONS_MAX; i++)
		list[i] =
		    (struct clone_exception){0x11000 + i * 2 * PAGE_SIZE, 1};
	(void)clone_all(clone_except(list, CLONE_EXCEPTIONS_MAX));
	assert_int_equal(clone_in(dst, P_READ), 0);
	assert_int_equal(clone_in(dst, P_EXEC), clone_in(src, P_EXEC));
}

#undef TEST
#define TEST(claim) \
	cmocka_unit_test_setup_teardown(claim, clone_start, world_end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(what_is_excepted_is_left_out),
	    TEST(a_range_covers_exactly_its_pages),
	    TEST(bad_exceptions_change_nothing),
	    TEST(as_many_exceptions_as_there_may_be_are_taken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
