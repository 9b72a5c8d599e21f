/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_cow.c - writes to copy-on-write pages: upgraded, or for the pager.
 */
#include "world.h"
#include "fake_arch.h"

#define RW (MAP_PAGE_READ | MAP_PAGE_WRITE)
#define COPY_WHOLE (RW | MAP_PAGE_COPY | MAP_PAGE_BYTES(PAGE_SIZE))
#define VA 0x40000ul

static objname_t name;
static struct space *space;

static int
start(void **state)
{
	(void)world_start(state);
	name = world_space(8);
	space = world_space_at(name);
	return 0;
}

/* What a look found. */
enum found {
	PERMITTED, /* by now */
	UPGRADED, /* made writable in place */
	MISSING, /* the pager must see to it */
};

/* Look as a fault does; afterwards all invariants hold. */
static enum found
look(vaddr_t va, uint64_t access)
{
	const uint64_t *upgrades = &hart_self()->counters[STAT_UPGRADES];
	uint64_t before = *upgrades, entry = 0;
	bool good = space_access(space, va, access, &entry);

	assert_int_equal(entry, va < USER_TOP ? world_entry(space, va) : 0);
	world_check();
	if (!good)
		return MISSING;
	return *upgrades == before ? PERMITTED : UPGRADED;
}

static void
map(uint64_t source, uint64_t flags)
{
	ASSERT_CALL(space_map, W_MEMORY, name, VA, source, flags,
	    world_entry(space, VA));
}

static void
a_page_of_one_space_is_made_writable_in_place(void **state)
{
	uint64_t frame;

	(void)state;
	map(0, RW | MAP_PAGE_COW | MAP_PAGE_ZERO);
	frame = pte_frame(world_entry(space, VA));
	assert_int_equal(look(VA + 77, ACCESS_WRITE), UPGRADED);
	assert_int_equal(world_entry(space, VA) & (PTE_W | PTE_COW), PTE_W);
	assert_int_equal(pte_frame(world_entry(space, VA)), frame);
	assert_int_equal(hart_self()->counters[STAT_UPGRADES], 1);
	/* The next one finds it permitted. */
	assert_int_equal(look(VA + 77, ACCESS_WRITE), PERMITTED);
	assert_int_equal(hart_self()->counters[STAT_UPGRADES], 1);
}

static void
a_page_of_two_spaces_is_for_the_pager(void **state)
{
	objname_t child = world_space(8);

	(void)state;
	map(0, RW | MAP_PAGE_ZERO);
	ASSERT_CALL(space_clone, W_MEMORY, child, name, 0);
	assert_int_equal(look(VA, ACCESS_WRITE), MISSING);
	assert_int_equal(look(VA, ACCESS_READ), PERMITTED);
	/* When the other is gone, it is one space's. */
	ASSERT_CALL(destroy, W_MEMORY, child);
	assert_int_equal(look(VA, ACCESS_WRITE), UPGRADED);
}

static void
the_second_writer_of_two_needs_no_copy(void **state)
{
	objname_t child = world_space(8);
	uint64_t frame;

	(void)state;
	map(0, RW | MAP_PAGE_ZERO);
	frame = pte_frame(world_entry(space, VA));
	ASSERT_CALL(space_clone, W_MEMORY, child, name, 0);
	ASSERT_CALL(space_map, W_MEMORY, child, VA, ~0ul, COPY_WHOLE,
	    world_entry(world_space_at(child), VA));
	assert_int_equal(look(VA, ACCESS_WRITE), UPGRADED);
	assert_int_equal(pte_frame(world_entry(space, VA)), frame);
	assert_int_not_equal(
	    pte_frame(world_entry(world_space_at(child), VA)), frame);
}

/* A hold counts: the owner's page is not the space's to write. */
static void
a_held_page_is_never_made_writable(void **state)
{
	uint64_t frame = world_frame(7);

	(void)state;
	map(frame, RW | MAP_PAGE_COW);
	assert_int_equal(look(VA, ACCESS_WRITE), MISSING);
	assert_int_equal(world_page(frame)[0], 7);
	ASSERT_CALL(frame_free, W_MEMORY, frame);
	assert_int_equal(look(VA, ACCESS_WRITE), UPGRADED);
}

static void
only_writes_to_pages_marked_so_are_upgraded(void **state)
{
	static const struct {
		uint64_t flags, access;
	} cases[] = {
	    {MAP_PAGE_READ | MAP_PAGE_ZERO, ACCESS_WRITE},
	    {MAP_PAGE_READ | MAP_PAGE_COW | MAP_PAGE_ZERO, ACCESS_WRITE},
	    {MAP_PAGE_READ | MAP_PAGE_EXEC | MAP_PAGE_ZERO, ACCESS_WRITE},
	    {MAP_PAGE_READ | MAP_PAGE_SHARED | MAP_PAGE_ZERO, ACCESS_WRITE},
	    {RW | MAP_PAGE_COW | MAP_PAGE_ZERO, ACCESS_EXEC},
	    {MAP_PAGE_EXEC | MAP_PAGE_ZERO, ACCESS_READ},
	    {MAP_PAGE_ZERO, ACCESS_READ},
	    {MAP_PAGE_ZERO | MAP_PAGE_COW, ACCESS_WRITE},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint64_t entry;

		map(0, cases[i].flags);
		entry = world_entry(space, VA);
		assert_int_equal(look(VA, cases[i].access), MISSING);
		assert_int_equal(world_entry(space, VA), entry);
	}
}

/* Protection taken away and given back must not lose what is shared. */
static void
protection_does_not_bypass_copy_on_write(void **state)
{
	objname_t child = world_space(8);

	(void)state;
	map(0, RW | MAP_PAGE_ZERO);
	ASSERT_CALL(space_clone, W_MEMORY, child, name, 0);
	ASSERT_CALL(space_protect, W_MEMORY, name, VA, 1, 0);
	assert_int_equal(look(VA, ACCESS_WRITE), MISSING);
	ASSERT_CALL(space_protect, W_MEMORY, name, VA, 1, RW);
	assert_int_equal(look(VA, ACCESS_WRITE), MISSING);
	assert_int_equal(look(VA, ACCESS_READ), PERMITTED);
}

static void
addresses_without_a_page_are_for_the_pager(void **state)
{
	static const vaddr_t bad[] = {0, VA, USER_TOP - 1, USER_TOP, 1ul << 39,
	    0xffffffc000000000ul, 0xffffffff80200000ul, ~0ul};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(look(bad[i], ACCESS_READ), MISSING);
		assert_int_equal(look(bad[i], ACCESS_WRITE), MISSING);
		assert_int_equal(look(bad[i], ACCESS_EXEC), MISSING);
	}
	/* Also in the same table as a page that is there. */
	map(0, RW | MAP_PAGE_ZERO);
	assert_int_equal(look(VA + PAGE_SIZE, ACCESS_READ), MISSING);
	assert_int_equal(look(VA - 1, ACCESS_READ), MISSING);
}

static void
an_upgrade_or_a_retry_flushes_its_page(void **state)
{
	uint64_t flushes;

	(void)state;
	map(0, RW | MAP_PAGE_COW | MAP_PAGE_ZERO);
	flushes = fake_arch.page_flushes;
	assert_int_equal(look(VA, ACCESS_WRITE), UPGRADED);
	assert_int_equal(fake_arch.page_flushes, flushes + 1);
	assert_int_equal(look(VA, ACCESS_WRITE), PERMITTED);
	assert_int_equal(fake_arch.page_flushes, flushes + 2);
	assert_int_equal(look(VA, ACCESS_EXEC), MISSING);
	assert_int_equal(fake_arch.page_flushes, flushes + 2);
}

/* Every page of a chain of clones is written by each; nobody sees another. */
static void
each_of_many_clones_writes_its_own_page(void **state)
{
	objname_t names[5] = {name};
	struct space *spaces[5] = {space};

	(void)state;
	map(0, RW | MAP_PAGE_ZERO);
	for (size_t i = 1; i < 5; i++) {
		names[i] = world_space(8);
		spaces[i] = world_space_at(names[i]);
		ASSERT_CALL(space_clone, W_MEMORY, names[i], names[i / 2], 0);
	}
	for (size_t i = 0; i < 5; i++) {
		space = spaces[i];
		if (look(VA, ACCESS_WRITE) == MISSING)
			ASSERT_CALL(space_map, W_MEMORY, names[i], VA, ~0ul,
			    COPY_WHOLE, world_entry(space, VA));
		assert_true(pte_permits(world_entry(space, VA), ACCESS_WRITE));
		*world_page(pte_frame(world_entry(space, VA))) =
		    (uint8_t)(i + 1);
	}
	for (size_t i = 0; i < 5; i++)
		assert_int_equal(
		    *world_page(pte_frame(world_entry(spaces[i], VA))), i + 1);
	/* The last one wrote in place. */
	assert_int_equal(hart_self()->counters[STAT_COPIES], 4);
}

#undef TEST
#define TEST(claim) cmocka_unit_test_setup_teardown(claim, start, world_end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_page_of_one_space_is_made_writable_in_place),
	    TEST(a_page_of_two_spaces_is_for_the_pager),
	    TEST(the_second_writer_of_two_needs_no_copy),
	    TEST(a_held_page_is_never_made_writable),
	    TEST(only_writes_to_pages_marked_so_are_upgraded),
	    TEST(protection_does_not_bypass_copy_on_write),
	    TEST(addresses_without_a_page_are_for_the_pager),
	    TEST(an_upgrade_or_a_retry_flushes_its_page),
	    TEST(each_of_many_clones_writes_its_own_page),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
