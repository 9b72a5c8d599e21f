/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_object.c - shared anonymous memory.
 */
#include "object.h"
#include "vm_test.h"

static void
writes_are_seen_by_all_who_share(void **state)
{
	struct process p = process_new();
	struct process c;
	struct process g;
	uint64_t at;

	(void)state;
	assert_int_equal(
	    process_map(p.space, 0, 0x4000, RW, VM_MAP_SHARED, &at), 0);
	assert_int_equal(process_write(p.space, at, 1), 0);
	assert_int_equal(process_fork(&p, 0, &c), 0);
	assert_int_equal(process_fork(&c, 0, &g), 0);
	assert_int_equal(process_write(g.space, at, 2), 0);
	assert_int_equal(process_byte(p.space, at), 2);
	/* Also in pages that nobody had touched at the fork. */
	assert_int_equal(process_write(p.space, at + 0x3000, 3), 0);
	assert_int_equal(process_byte(g.space, at + 0x3000), 3);
	assert_int_equal(process_byte(c.space, at + 0x3000), 3);
}

static int
shared_key(uint64_t space, uint64_t address, struct vm_shared_key_rep *rep)
{
	struct vm_shared_key_req req = {space, address};

	return PROC_REQUEST(shared_key, &req, rep);
}

static void
a_word_has_one_key_for_all_who_share_it(void **state)
{
	struct process p = process_new();
	struct process c;
	struct vm_shared_key_rep ps, cs;
	uint64_t at, private;

	(void)state;
	assert_int_equal(
	    process_map(p.space, 0, 0x4000, RW, VM_MAP_SHARED, &at), 0);
	assert_int_equal(
	    process_map(p.space, 0, 0x1000, RW, VM_MAP_PRIVATE, &private), 0);
	assert_int_equal(process_fork(&p, 0, &c), 0);
	/* The one has a hole in it: its offsets begin later. */
	assert_int_equal(process_unmap(p.space, at, 0x2000), 0);
	assert_int_equal(shared_key(p.space, at + 0x2008, &ps), 0);
	assert_int_equal(shared_key(c.space, at + 0x2008, &cs), 0);
	assert_int_equal(ps.offset, 0x2008);
	assert_int_equal(cs.offset, 0x2008);
	assert_int_equal(ps.serial, cs.serial);
	assert_int_equal(shared_key(c.space, at + 0x3ffc, &cs), 0);
	assert_int_equal(cs.offset, 0x3ffc);
	assert_int_equal(ps.serial, cs.serial);
	assert_int_equal(shared_key(p.space, at + 0x1ffc, &ps), TINE_EFAULT);
	assert_int_equal(shared_key(p.space, private, &ps), TINE_EFAULT);
	assert_int_equal(shared_key(p.space, PROG_DATA, &ps), TINE_EFAULT);
	assert_int_equal(shared_key(p.space, 0, &ps), TINE_EFAULT);
	assert_int_equal(shared_key(p.space, ~0ul, &ps), TINE_EFAULT);
	assert_int_equal(shared_key(0, at, &ps), TINE_ESRCH);
	assert_int_equal(process_exit(&c), 0);
	assert_int_equal(shared_key(c.space, at, &cs), TINE_ESRCH);
	/* Private memory that is made shared has one, too. */
	assert_int_equal(
	    process_inherit(p.space, private, 0x1000, VM_INHERIT_SHARE), 0);
	assert_int_equal(shared_key(p.space, private, &cs), 0);
	assert_int_equal(shared_key(p.space, at + 0x2000, &ps), 0);
	assert_true(ps.serial != cs.serial);
}

static void
no_memory_has_the_key_of_what_was_before(void **state)
{
	struct process p = process_new();
	struct vm_shared_key_rep before, after;
	uint64_t at;

	(void)state;
	assert_int_equal(
	    process_map(p.space, 0, 0x1000, RW, VM_MAP_SHARED, &at), 0);
	assert_int_equal(shared_key(p.space, at, &before), 0);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(process_unmap(p.space, at, 0x1000), 0);
		fake_settle();
		assert_int_equal(process_map(p.space, at, 0x1000, RW,
				     VM_MAP_SHARED | VM_MAP_FIXED, &at),
		    0);
		assert_int_equal(shared_key(p.space, at, &after), 0);
		assert_true(after.serial > before.serial);
		before = after;
	}
}

static void
it_lives_as_long_as_anybody_maps_any_of_it(void **state)
{
	struct process p = process_new();
	struct process c;
	struct books before;
	uint64_t at;

	(void)state;
	assert_int_equal(
	    process_map(p.space, 0, 0x4000, RW, VM_MAP_SHARED, &at), 0);
	assert_int_equal(process_unmap(p.space, at, 0x4000), 0);
	before = books_now();
	assert_int_equal(
	    process_map(p.space, 0, 0x4000, RW, VM_MAP_SHARED, &at), 0);
	for (uint64_t i = 0; i < 4; i++)
		assert_int_equal(process_write(p.space, at + i * PAGE_SIZE,
				     (uint8_t)(i + 1)),
		    0);
	assert_int_equal(process_fork(&p, 0, &c), 0);
	/* A hole in the middle of the one's, all of the other's. */
	assert_int_equal(process_unmap(p.space, at + 0x1000, 0x2000), 0);
	assert_int_equal(process_byte(p.space, at + 0x3000), 4);
	assert_int_equal(process_byte(c.space, at + 0x1000), 2);
	assert_int_equal(process_unmap(p.space, at, 0x4000), 0);
	assert_int_equal(process_byte(c.space, at + 0x2000), 3);
	assert_int_equal(process_exit(&c), 0);
	assert_books_equal(&before);
}

static void
it_is_charged_once_however_many_share_it(void **state)
{
	struct process p = process_new();
	struct process c;
	uint64_t before;
	uint64_t one;
	uint64_t at;

	(void)state;
	before = ledger_available();
	assert_int_equal(process_fork(&p, 0, &c), 0);
	one = before - ledger_available();
	assert_int_equal(process_exit(&c), 0);
	assert_int_equal(
	    process_map(p.space, 0, 0x100000, RW, VM_MAP_SHARED, &at), 0);
	before = ledger_available();
	assert_int_equal(process_fork(&p, 0, &c), 0);
	/* A table frame more, for its address. */
	assert_int_equal(before - ledger_available(), one + 1);
}

static void
large_objects_have_lists_of_lists(void **state)
{
	struct process p = process_new();
	struct process c;
	struct books before;
	uint64_t at;
	uint64_t size = 3000 * PAGE_SIZE;

	(void)state;
	assert_int_equal(
	    process_map(p.space, 0, size, RW, VM_MAP_SHARED, &at), 0);
	assert_int_equal(process_unmap(p.space, at, size), 0);
	before = books_now();
	assert_int_equal(
	    process_map(p.space, 0, size, RW, VM_MAP_SHARED, &at), 0);
	for (uint64_t va = at; va < at + size; va += 101 * PAGE_SIZE)
		assert_int_equal(process_write(p.space, va, 6), 0);
	assert_int_equal(process_fork(&p, 0, &c), 0);
	for (uint64_t va = at; va < at + size; va += 101 * PAGE_SIZE)
		assert_int_equal(process_byte(c.space, va), 6);
	assert_int_equal(process_exit(&c), 0);
	assert_int_equal(process_unmap(p.space, at, size), 0);
	assert_books_equal(&before);
}

static void
dead_objects_are_freed_a_part_at_a_time(void **state)
{
	uint64_t before = ledger_available();
	uint32_t object;
	uint64_t frame;
	int steps = 0;

	(void)state;
	assert_int_equal(object_create(1000, &object), 0);
	for (uint64_t i = 0; i < 1000; i++)
		assert_int_equal(object_frame(object, i, &frame), 0);
	object_defer();
	object_unref(object);
	object_step();
	assert_true(object_dying());
	assert_int_equal(fake_live().held, 1000 + 16 /* the archive */);
	object_undefer();
	while (object_dying()) {
		object_step();
		steps++;
	}
	assert_true(steps > 10);
	/* What remains is a page of objects and table frames. */
	assert_true(before - ledger_available() <= 3);
	assert_int_equal(ledger_available(), fake_unreserved());
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(writes_are_seen_by_all_who_share),
	    TEST(a_word_has_one_key_for_all_who_share_it),
	    TEST(no_memory_has_the_key_of_what_was_before),
	    TEST(it_lives_as_long_as_anybody_maps_any_of_it),
	    TEST(it_is_charged_once_however_many_share_it),
	    TEST(large_objects_have_lists_of_lists),
	    TEST(dead_objects_are_freed_a_part_at_a_time),
	};

	return cmocka_run_group_tests_name("vmsrv_object", tests, NULL, NULL);
}
