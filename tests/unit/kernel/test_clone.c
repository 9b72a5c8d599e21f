/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_clone.c - copying a space on write, whole or in any number of steps.
 */
#include "world.h"
#include "fake_arch.h"
#include "space_impl.h"

#define RW (MAP_PAGE_READ | MAP_PAGE_WRITE)
#define POOL 20ul
#define TABLES 6ul /* of the source: 3 of gigapages, 3 below the first */
#define EXCEPTIONS_AT W_DATA

static objname_t src_name, dst_name;
static struct space *src, *dst;

/* Pages of the source, in order; several tables and gigapages. */
enum place {
	P_PRIVATE,
	P_READ,
	P_EXEC,
	P_SHARED,
	P_NONE, /* no permissions */
	P_COW,
	P_HELD, /* a page of a file, copied on write */
	P_DEVICE,
	P_FAR,
	P_TOP,
	P_COUNT
};

static const vaddr_t at[P_COUNT] = {
    [P_PRIVATE] = 0x10000,
    [P_READ] = 0x11000,
    [P_EXEC] = 0x12000,
    [P_SHARED] = MEGAPAGE,
    [P_NONE] = MEGAPAGE + PAGE_SIZE,
    [P_COW] = 2 * MEGAPAGE - PAGE_SIZE,
    [P_HELD] = 5 * MEGAPAGE,
    [P_DEVICE] = 5 * MEGAPAGE + 3 * PAGE_SIZE,
    [P_FAR] = 7 * GIGAPAGE + MEGAPAGE,
    [P_TOP] = USER_TOP - PAGE_SIZE,
};

static void
map(enum place place, uint64_t source, uint64_t flags)
{
	ASSERT_CALL(space_map, W_MEMORY, src_name, at[place], source, flags, 0);
}

static int
start(void **state)
{
	(void)world_start(state);
	src_name = world_space(POOL);
	src = world_space_at(src_name);
	dst_name = world_space(POOL);
	dst = world_space_at(dst_name);
	map(P_PRIVATE, 0, RW | MAP_PAGE_ZERO);
	map(P_READ, 0, MAP_PAGE_READ | MAP_PAGE_ZERO);
	map(P_EXEC, 0, MAP_PAGE_READ | MAP_PAGE_EXEC | MAP_PAGE_ZERO);
	map(P_SHARED, world_frame(1), RW | MAP_PAGE_SHARED);
	map(P_NONE, 0, MAP_PAGE_ZERO);
	map(P_COW, 0, RW | MAP_PAGE_COW | MAP_PAGE_ZERO);
	map(P_HELD, world_frame(2), RW | MAP_PAGE_COW);
	map(P_DEVICE, W_DEVICE_PAGE,
	    RW | MAP_PAGE_DEVICE | MAP_PAGE_DEVICE_SLOT(W_DEVICES));
	map(P_FAR, 0, RW | MAP_PAGE_ZERO);
	map(P_TOP, 0, RW | MAP_PAGE_ZERO);
	return 0;
}

static uint64_t
in(const struct space *space, enum place place)
{
	return world_entry(space, at[place]);
}

static uint64_t
references(uint64_t entry)
{
	return frames.table[pte_frame(entry)].count;
}

/* Put exceptions in root's memory: how many. */
static uint64_t
except(const struct clone_exception *list, uint64_t n)
{
	uint64_t frame = pte_frame(world_entry(world.space, EXCEPTIONS_AT));

	memcpy(world_page(frame), list, n * sizeof(*list));
	return n;
}

static int
clone_step(vaddr_t va, uint64_t n)
{
	int error = CALL(
	    space_clone, W_MEMORY, dst_name, src_name, va, EXCEPTIONS_AT, n);

	world_check();
	assert_int_equal(src->pool.value + src->tables.value, POOL);
	assert_int_equal(dst->pool.value + dst->tables.value, POOL);
	return error;
}

/* All of it, in how many steps. */
static uint64_t
clone_all(uint64_t n)
{
	uint64_t steps = 0;
	vaddr_t va = 0;

	while (va < USER_TOP) {
		vaddr_t before = va;

		assert_int_equal(clone_step(va, n), 0);
		va = RESULT(1);
		assert_true(va > before && va <= USER_TOP);
		steps++;
	}
	return steps;
}

/* What each page is in both, without exceptions. */
static void
assert_cloned(void)
{
	static const uint64_t flags[P_COUNT] = {
	    [P_PRIVATE] = PTE_V | PTE_R | PTE_COW,
	    [P_READ] = PTE_V | PTE_R,
	    [P_EXEC] = PTE_V | PTE_R | PTE_X,
	    [P_SHARED] = PTE_V | PTE_R | PTE_W | PTE_SHARED,
	    [P_NONE] = 0,
	    [P_COW] = PTE_V | PTE_R | PTE_COW,
	    [P_HELD] = PTE_V | PTE_R | PTE_COW,
	    [P_DEVICE] = PTE_V | PTE_R | PTE_W | PTE_SHARED,
	    [P_FAR] = PTE_V | PTE_R | PTE_COW,
	    [P_TOP] = PTE_V | PTE_R | PTE_COW,
	};

	for (enum place i = 0; i < P_COUNT; i++) {
		uint64_t entry = in(src, i);

		assert_int_equal(in(dst, i), entry);
		assert_int_equal(
		    entry & PTE_FLAGS, flags[i] | PTE_U | PTE_A | PTE_D);
		if (i != P_DEVICE)
			assert_int_equal(references(entry),
			    i == P_SHARED || i == P_HELD ? 3 : 2);
	}
}

static void
a_clone_has_the_same_pages_and_neither_may_write_private_ones(void **state)
{
	uint64_t free = world_free();

	(void)state;
	assert_int_equal(clone_all(0), 1);
	assert_cloned();
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
		steps = clone_all(0);
		fake_arch.interrupts = false;
		fake_arch.interrupt_at = 0;
		assert_cloned();
		tables = 5;
		if (n < 8)
			assert_int_equal(steps, n < tables ? 2 : 1);
		else
			assert_true(steps >= tables);
		ASSERT_CALL(destroy, W_MEMORY, dst_name);
		dst_name = world_space(POOL);
		dst = world_space_at(dst_name);
	}
}

static void
a_clone_of_a_clone_shares_with_both(void **state)
{
	struct space *first;

	(void)state;
	(void)clone_all(0);
	first = dst;
	dst_name = world_space(POOL);
	dst = world_space_at(dst_name);
	(void)clone_all(0);
	assert_int_equal(in(dst, P_PRIVATE), in(first, P_PRIVATE));
	assert_int_equal(references(in(dst, P_PRIVATE)), 3);
	assert_int_equal(references(in(dst, P_SHARED)), 4);
}

static void
the_last_space_to_go_frees_the_pages(void **state)
{
	uint64_t available = frame_available();

	(void)state;
	(void)clone_all(0);
	ASSERT_CALL(destroy, W_MEMORY, src_name);
	world_check();
	assert_int_equal(references(in(dst, P_PRIVATE)), 1);
	assert_int_equal(references(in(dst, P_SHARED)), 2);
	assert_int_equal(frame_available(), available + POOL + 1);
	ASSERT_CALL(destroy, W_MEMORY, dst_name);
	world_check();
	/* 7 pages were nobody else's. */
	assert_int_equal(frame_available(), available + 2 * (POOL + 1) + 7);
}

static void
an_empty_space_is_cloned_with_no_tables(void **state)
{
	(void)state;
	ASSERT_CALL(space_unmap, W_MEMORY, src_name, 0, USER_TOP >> PAGE_SHIFT);
	(void)clone_all(0);
	assert_int_equal(dst->tables.value, 0);
}

/* The source's TLB entries that permit writing are gone. */
static void
the_source_does_not_write_through_an_old_translation(void **state)
{
	void *page;

	(void)state;
	arch_set_satp(space_satp(src));
	assert_true(fake_translate(at[P_PRIVATE], ACCESS_WRITE, &page));
	assert_true(fake_translate(at[P_FAR], ACCESS_WRITE, &page));
	fake_interrupt_at(1);
	assert_int_equal(CALL(space_clone, W_MEMORY, dst_name, src_name, 0,
			     EXCEPTIONS_AT, 0),
	    0);
	assert_false(fake_translate(at[P_PRIVATE], ACCESS_WRITE, &page));
	assert_int_equal(CALL(space_clone, W_MEMORY, dst_name, src_name,
			     RESULT(1), EXCEPTIONS_AT, 0),
	    0);
	assert_false(fake_translate(at[P_FAR], ACCESS_WRITE, &page));
	arch_set_satp(world.root->satp);
}

/* Exceptions. */

static void
what_is_excepted_is_left_out_or_shared(void **state)
{
	const struct clone_exception list[] = {
	    {at[P_READ], 1, CLONE_RULE_NONE},
	    {at[P_SHARED], 2, CLONE_RULE_NONE},
	    {at[P_FAR], 1, CLONE_RULE_SHARE},
	    {USER_TOP - MEGAPAGE, SV39_ENTRIES, CLONE_RULE_NONE},
	};

	(void)state;
	fake_arch.interrupts = true;
	(void)clone_all(except(list, 4));
	assert_int_equal(in(dst, P_READ), 0);
	assert_int_equal(in(dst, P_SHARED), 0);
	assert_int_equal(in(dst, P_NONE), 0);
	assert_int_equal(in(dst, P_TOP), 0);
	/* They are as they were in the source. */
	assert_int_equal(references(in(src, P_READ)), 1);
	assert_true(pte_permits(in(src, P_TOP), ACCESS_WRITE));
	assert_int_equal(in(dst, P_FAR), in(src, P_FAR));
	assert_int_equal(
	    in(src, P_FAR) & (PTE_W | PTE_SHARED), PTE_W | PTE_SHARED);
	assert_int_equal(references(in(src, P_FAR)), 2);
	/* And the rest is copied on write. */
	assert_int_equal(in(dst, P_PRIVATE), in(src, P_PRIVATE));
	assert_int_equal(in(dst, P_PRIVATE) & PTE_COW, PTE_COW);
	assert_int_equal(in(dst, P_EXEC), in(src, P_EXEC));
	assert_int_equal(in(dst, P_COW), in(src, P_COW));
}

static void
a_range_covers_exactly_its_pages(void **state)
{
	const vaddr_t first = at[P_PRIVATE] - PAGE_SIZE;
	struct clone_exception list[] = {
	    {first, 2, CLONE_RULE_NONE},
	    {at[P_EXEC], 1, CLONE_RULE_NONE},
	    {at[P_COW], 1 + 3 * SV39_ENTRIES, CLONE_RULE_NONE},
	};

	(void)state;
	(void)clone_all(except(list, 3));
	assert_int_equal(in(dst, P_PRIVATE), 0);
	assert_int_equal(in(dst, P_READ), in(src, P_READ));
	assert_int_equal(in(dst, P_EXEC), 0);
	assert_int_equal(in(dst, P_NONE), in(src, P_NONE));
	assert_int_equal(in(dst, P_COW), 0);
	assert_int_equal(in(dst, P_HELD), in(src, P_HELD));
}

static void
shared_private_pages_become_shared_in_both(void **state)
{
	struct clone_exception all = {at[P_PRIVATE], 3, CLONE_RULE_SHARE};

	(void)state;
	(void)clone_all(except(&all, 1));
	for (enum place i = P_PRIVATE; i <= P_EXEC; i++) {
		assert_int_equal(in(dst, i), in(src, i));
		assert_int_equal(in(src, i) & PTE_SHARED, PTE_SHARED);
		assert_int_equal(in(src, i) & PTE_COW, 0);
		assert_int_equal(references(in(src, i)), 2);
	}
	assert_true(pte_permits(in(dst, P_PRIVATE), ACCESS_WRITE));
}

/* A page that is COW but nobody else's can be shared as it is. */
static void
a_cow_page_of_one_space_can_be_shared(void **state)
{
	struct clone_exception all = {at[P_COW], 1, CLONE_RULE_SHARE};

	(void)state;
	(void)clone_all(except(&all, 1));
	assert_int_equal(in(dst, P_COW), in(src, P_COW));
	assert_int_equal(in(dst, P_COW) & (PTE_W | PTE_COW | PTE_SHARED),
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
	dst_name = world_space(POOL);
	dst = world_space_at(dst_name);
	for (size_t i = 0; i < 3; i++) {
		struct clone_exception one = {
		    at[places[i]], 1, CLONE_RULE_SHARE};
		uint64_t before = in(src, places[i]);

		assert_int_equal(clone_step(0, except(&one, 1)), TINE_EBUSY);
		assert_true(RESULT(1) <= at[places[i]]);
		assert_int_equal(in(src, places[i]), before);
		ASSERT_CALL(destroy, W_MEMORY, dst_name);
		dst_name = world_space(POOL);
		dst = world_space_at(dst_name);
	}
	assert_int_equal(in(others, P_PRIVATE), in(src, P_PRIVATE));
	/* Once it is resolved, it can be. */
	ASSERT_CALL(space_map, W_MEMORY, src_name, at[P_PRIVATE], ~0ul,
	    RW | MAP_PAGE_COPY | MAP_PAGE_BYTES(PAGE_SIZE), in(src, P_PRIVATE));
	(void)clone_all(except(
	    &(struct clone_exception){at[P_PRIVATE], 1, CLONE_RULE_SHARE}, 1));
	assert_int_equal(in(dst, P_PRIVATE), in(src, P_PRIVATE));
	assert_int_not_equal(
	    pte_frame(in(dst, P_PRIVATE)), pte_frame(in(others, P_PRIVATE)));
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
	uint64_t before = in(src, P_PRIVATE);

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		uint64_t n = except(bad[i], bad[i][1].pages != 0 ? 2 : 1);

		assert_int_equal(clone_step(0, n), TINE_EINVAL);
		assert_int_equal(dst->tables.value, 0);
		assert_int_equal(in(src, P_PRIVATE), before);
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
	(void)clone_all(except(list, CLONE_EXCEPTIONS_MAX));
	assert_int_equal(in(dst, P_READ), 0);
	assert_int_equal(in(dst, P_EXEC), in(src, P_EXEC));
}

/* Failure. */

static void
whichever_table_fails_destroying_leaves_nothing_behind(void **state)
{
	uint64_t pool, available = frame_available();

	(void)state;
	for (pool = 0; pool < src->tables.value; pool++) {
		vaddr_t va = 0;

		ASSERT_CALL(destroy, W_MEMORY, dst_name);
		assert_int_equal(frame_available(), available + POOL + 1);
		dst_name = world_space(pool);
		dst = world_space_at(dst_name);
		assert_int_equal(CALL(space_clone, W_MEMORY, dst_name, src_name,
				     va, EXCEPTIONS_AT, 0),
		    TINE_ENOTABLE);
		world_check();
		assert_int_equal(dst->pool.value + dst->tables.value, pool);
	}
	ASSERT_CALL(destroy, W_MEMORY, dst_name);
	world_check();
	/* The source has all its pages, for itself alone. */
	for (enum place i = 0; i < P_COUNT; i++) {
		if (i != P_DEVICE)
			assert_int_equal(references(in(src, i)),
			    i == P_SHARED || i == P_HELD ? 2 : 1);
	}
	dst_name = world_space(POOL);
	dst = world_space_at(dst_name);
	(void)clone_all(0);
	assert_cloned();
}

static void
a_clone_goes_on_when_it_was_fed(void **state)
{
	vaddr_t va = 0;
	uint64_t tries = 0;
	int error;

	(void)state;
	ASSERT_CALL(space_feed, W_MEMORY, dst_name, -POOL);
	do {
		error = CALL(space_clone, W_MEMORY, dst_name, src_name, va,
		    EXCEPTIONS_AT, 0);
		va = RESULT(1);
		world_check();
		if (error)
			ASSERT_CALL(space_feed, W_MEMORY, dst_name, 1);
		assert_true(++tries < 20);
	} while (error == TINE_ENOTABLE);
	assert_int_equal(error, 0);
	assert_int_equal(va, USER_TOP);
	assert_int_equal(tries, src->tables.value + 1);
	assert_cloned();
}

static void
a_space_that_has_something_there_is_not_cloned_into(void **state)
{
	(void)state;
	ASSERT_CALL(
	    space_map, W_MEMORY, dst_name, MEGAPAGE, 0, RW | MAP_PAGE_ZERO, 0);
	assert_int_equal(clone_step(0, 0), TINE_EEXIST);
	assert_int_equal(RESULT(1), MEGAPAGE);
	/* Where there is nothing it goes on. */
	assert_int_equal(clone_step(2 * MEGAPAGE, 0), 0);
	assert_int_equal(RESULT(1), USER_TOP);
	assert_int_equal(in(dst, P_HELD), in(src, P_HELD));
}

static void
bad_arguments_change_nothing(void **state)
{
	static const vaddr_t bad[] = {
	    1, PAGE_SIZE - 1, USER_TOP + PAGE_SIZE, ~PAGE_MASK, ~0ul};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(clone_step(bad[i], 0), TINE_EINVAL);
	assert_int_equal(CALL(space_clone, W_MEMORY, dst_name, dst_name, 0,
			     EXCEPTIONS_AT, 0),
	    TINE_EINVAL);
	assert_int_equal(clone_step(USER_TOP, 0), 0);
	assert_int_equal(dst->tables.value, 0);
}

#undef TEST
#define TEST(claim) cmocka_unit_test_setup_teardown(claim, start, world_end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_clone_has_the_same_pages_and_neither_may_write_private_ones),
	    TEST(an_interrupt_at_any_step_only_delays_a_clone),
	    TEST(a_clone_of_a_clone_shares_with_both),
	    TEST(the_last_space_to_go_frees_the_pages),
	    TEST(an_empty_space_is_cloned_with_no_tables),
	    TEST(the_source_does_not_write_through_an_old_translation),
	    TEST(what_is_excepted_is_left_out_or_shared),
	    TEST(a_range_covers_exactly_its_pages),
	    TEST(shared_private_pages_become_shared_in_both),
	    TEST(a_cow_page_of_one_space_can_be_shared),
	    TEST(a_page_of_others_does_not_become_shared),
	    TEST(bad_exceptions_change_nothing),
	    TEST(as_many_exceptions_as_there_may_be_are_taken),
	    TEST(whichever_table_fails_destroying_leaves_nothing_behind),
	    TEST(a_clone_goes_on_when_it_was_fed),
	    TEST(a_space_that_has_something_there_is_not_cloned_into),
	    TEST(bad_arguments_change_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
