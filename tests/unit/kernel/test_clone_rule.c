/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_clone_rule.c - ranges that a clone leaves out or shares.
 */
#include "clone.h"
#include "fake_arch.h"
#include "space_impl.h"

static void
what_is_excepted_is_left_out_or_shared(void **state)
{
	const struct clone_exception list[] = {
	    {clone_at[P_READ], 1, CLONE_RULE_NONE},
	    {clone_at[P_SHARED], 2, CLONE_RULE_NONE},
	    {clone_at[P_FAR], 1, CLONE_RULE_SHARE},
	    {USER_TOP - MEGAPAGE, SV39_ENTRIES, CLONE_RULE_NONE},
	};

	(void)state;
	fake_arch.interrupts = true;
	(void)clone_all(clone_except(list, 4));
	assert_int_equal(clone_in(dst, P_READ), 0);
	assert_int_equal(clone_in(dst, P_SHARED), 0);
	assert_int_equal(clone_in(dst, P_NONE), 0);
	assert_int_equal(clone_in(dst, P_TOP), 0);
	/* They are as they were in the source. */
	assert_int_equal(clone_references(clone_in(src, P_READ)), 1);
	assert_true(pte_permits(clone_in(src, P_TOP), ACCESS_WRITE));
	assert_int_equal(clone_in(dst, P_FAR), clone_in(src, P_FAR));
	assert_int_equal(
	    clone_in(src, P_FAR) & (PTE_W | PTE_SHARED), PTE_W | PTE_SHARED);
	assert_int_equal(clone_references(clone_in(src, P_FAR)), 2);
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
	    {first, 2, CLONE_RULE_NONE},
	    {clone_at[P_EXEC], 1, CLONE_RULE_NONE},
	    {clone_at[P_COW], 1 + 3 * SV39_ENTRIES, CLONE_RULE_NONE},
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
shared_private_pages_become_shared_in_both(void **state)
{
	struct clone_exception all = {clone_at[P_PRIVATE], 3, CLONE_RULE_SHARE};

	(void)state;
	(void)clone_all(clone_except(&all, 1));
	for (enum place i = P_PRIVATE; i <= P_EXEC; i++) {
		assert_int_equal(clone_in(dst, i), clone_in(src, i));
		assert_int_equal(clone_in(src, i) & PTE_SHARED, PTE_SHARED);
		assert_int_equal(clone_in(src, i) & PTE_COW, 0);
		assert_int_equal(clone_references(clone_in(src, i)), 2);
	}
	assert_true(pte_permits(clone_in(dst, P_PRIVATE), ACCESS_WRITE));
}

/* A page that is COW but nobody else's can be shared as it is. */
static void
a_cow_page_of_one_space_can_be_shared(void **state)
{
	struct clone_exception all = {clone_at[P_COW], 1, CLONE_RULE_SHARE};

	(void)state;
	(void)clone_all(clone_except(&all, 1));
	assert_int_equal(clone_in(dst, P_COW), clone_in(src, P_COW));
	assert_int_equal(clone_in(dst, P_COW) & (PTE_W | PTE_COW | PTE_SHARED),
	    PTE_W | PTE_SHARED);
}

/*
 * A page that others have too, by an earlier clone or by a hold, must not
 * become writable for these two.
 */
static void
a_page_of_others_does_not_become_shared(void **state)
{
	static const enum place places[] = {P_PRIVATE, P_READ, P_HELD};
	struct space *others;

	(void)state;
	(void)clone_all(0);
	others = dst;
	dst_name = world_space(CLONE_POOL);
	dst = world_space_at(dst_name);
	for (size_t i = 0; i < 3; i++) {
		struct clone_exception one = {
		    clone_at[places[i]], 1, CLONE_RULE_SHARE};
		uint64_t before = clone_in(src, places[i]);

		assert_int_equal(
		    clone_step(0, clone_except(&one, 1)), TINE_EBUSY);
		assert_true(RESULT(1) <= clone_at[places[i]]);
		assert_int_equal(clone_in(src, places[i]), before);
		ASSERT_CALL(destroy, W_MEMORY, dst_name);
		dst_name = world_space(CLONE_POOL);
		dst = world_space_at(dst_name);
	}
	assert_int_equal(clone_in(others, P_PRIVATE), clone_in(src, P_PRIVATE));
	/* Once it is resolved, it can be. */
	ASSERT_CALL(space_map, W_MEMORY, src_name, clone_at[P_PRIVATE], ~0ul,
	    CLONE_RW | MAP_PAGE_COPY | MAP_PAGE_BYTES(PAGE_SIZE),
	    clone_in(src, P_PRIVATE));
	(void)clone_all(clone_except(
	    &(struct clone_exception){clone_at[P_PRIVATE], 1, CLONE_RULE_SHARE},
	    1));
	assert_int_equal(clone_in(dst, P_PRIVATE), clone_in(src, P_PRIVATE));
	assert_int_not_equal(pte_frame(clone_in(dst, P_PRIVATE)),
	    pte_frame(clone_in(others, P_PRIVATE)));
}

static void
bad_exceptions_change_nothing(void **state)
{
	static const struct clone_exception bad[][2] = {
	    {{0x1001, 1, CLONE_RULE_NONE}},
	    {{0x1000, 0, CLONE_RULE_NONE}},
	    {{0x1000, 1, 0}},
	    {{0x1000, 1, 3}},
	    {{0x1000, 1, 1ul << 32 | CLONE_RULE_NONE}},
	    {{USER_TOP, 1, CLONE_RULE_NONE}},
	    {{USER_TOP - PAGE_SIZE, 2, CLONE_RULE_NONE}},
	    {{0xffffffc000000000ul, 1, CLONE_RULE_NONE}},
	    {{0, ~0ul, CLONE_RULE_NONE}},
	    {{0, 1ul << 52, CLONE_RULE_NONE}},
	    {{0x2000, 2, CLONE_RULE_NONE}, {0x3000, 1, CLONE_RULE_NONE}},
	    {{0x2000, 1, CLONE_RULE_NONE}, {0x1000, 1, CLONE_RULE_NONE}},
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
		list[i] = (struct clone_exception){
		    0x11000 + i * 2 * PAGE_SIZE, 1, CLONE_RULE_NONE};
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
	    TEST(what_is_excepted_is_left_out_or_shared),
	    TEST(a_range_covers_exactly_its_pages),
	    TEST(shared_private_pages_become_shared_in_both),
	    TEST(a_cow_page_of_one_space_can_be_shared),
	    TEST(a_page_of_others_does_not_become_shared),
	    TEST(bad_exceptions_change_nothing),
	    TEST(as_many_exceptions_as_there_may_be_are_taken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
