/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_inherit.c - minherit.
 */
#include "vm_test.h"

#define PAGES 600ul /* more than one part */

static uint64_t
map_some(const struct process *p)
{
	uint64_t at;

	assert_int_equal(process_map(p->space, 0, PAGES * PAGE_SIZE, RW,
			     VM_MAP_PRIVATE, &at),
	    0);
	/* Every third page is touched. */
	for (uint64_t i = 0; i < PAGES; i += 3)
		assert_int_equal(process_write(p->space, at + i * PAGE_SIZE,
				     (uint8_t)(i % 200 + 1)),
		    0);
	return at;
}

static void
private_memory_is_shared_with_children_from_the_next_fork_on(void **state)
{
	struct process p = process_new();
	uint64_t at = map_some(&p);
	struct process early;
	struct process late;

	(void)state;
	assert_int_equal(process_fork(&p, 0, &early), 0);
	assert_int_equal(
	    process_inherit(p.space, at, PAGES * PAGE_SIZE, VM_INHERIT_SHARE),
	    0);
	assert_true(fake_turns > 1);
	for (uint64_t i = 0; i < PAGES; i++)
		assert_int_equal(process_byte(p.space, at + i * PAGE_SIZE),
		    i % 3 ? 0 : i % 200 + 1);
	assert_int_equal(process_fork(&p, 0, &late), 0);
	/* Touched before or not, by the one or by the other. */
	for (uint64_t i = 0; i < PAGES; i++) {
		uint64_t va = at + i * PAGE_SIZE;
		uint64_t by = i % 2 ? p.space : late.space;
		uint64_t other = i % 2 ? late.space : p.space;

		assert_int_equal(process_write(by, va, 222), 0);
		assert_int_equal(process_byte(other, va), 222);
	}
	/* The child that was there before sees none of it. */
	for (uint64_t i = 0; i < PAGES; i++)
		assert_int_equal(process_byte(early.space, at + i * PAGE_SIZE),
		    i % 3 ? 0 : i % 200 + 1);
	assert_int_equal(process_exit(&p), 0);
	assert_int_equal(process_byte(late.space, at), 222);
	assert_int_equal(process_exit(&late), 0);
	assert_int_equal(process_exit(&early), 0);
	assert_nothing_promised();
}

static void
data_of_a_file_can_be_shared_too(void **state)
{
	struct process p = process_new();
	struct process c;

	(void)state;
	assert_int_equal(process_write(p.space, PROG_DATA + 3, 7), 0);
	assert_int_equal(process_inherit(p.space, PROG_DATA, PROG_DATA_MEMORY,
			     VM_INHERIT_SHARE),
	    0);
	assert_int_equal(process_fork(&p, 0, &c), 0);
	assert_int_equal(process_byte(c.space, PROG_DATA + 3), 7);
	assert_int_equal(process_byte(c.space, PROG_DATA), prog_byte(0x3000));
	/* A page that was never touched: the file's, with a clean tail. */
	assert_int_equal(
	    process_byte(c.space, PROG_DATA + 0x1000), prog_byte(0x4000));
	assert_int_equal(process_byte(c.space, PROG_DATA + 0x1234), 0);
	assert_int_equal(process_write(c.space, PROG_DATA + 0x1000, 8), 0);
	assert_int_equal(process_byte(p.space, PROG_DATA + 0x1000), 8);
	assert_int_equal(process_exit(&p), 0);
	assert_int_equal(process_exit(&c), 0);
	assert_nothing_promised();
}

static void
copy_after_share_is_a_copy_again(void **state)
{
	struct process p = process_new();
	uint64_t at = map_some(&p);
	struct process c;

	(void)state;
	assert_int_equal(
	    process_inherit(p.space, at, 0x4000, VM_INHERIT_SHARE), 0);
	assert_int_equal(
	    process_inherit(p.space, at, 0x4000, VM_INHERIT_COPY), 0);
	assert_int_equal(process_fork(&p, 0, &c), 0);
	assert_int_equal(process_byte(c.space, at), 1);
	assert_int_equal(process_write(c.space, at, 100), 0);
	assert_int_equal(process_byte(p.space, at), 1);
	assert_int_equal(process_write(p.space, at + 0x1000, 100), 0);
	assert_int_equal(process_byte(c.space, at + 0x1000), 0);
}

static void
inheritance_of_nothing_is_no_error_and_nonsense_is(void **state)
{
	struct process p = process_new();

	(void)state;
	assert_int_equal(
	    process_inherit(p.space, 0x30000000, 0x1000, VM_INHERIT_NONE), 0);
	assert_int_equal(
	    process_inherit(p.space, 0x30000000, 0x1000, VM_INHERIT_SHARE), 0);
	assert_int_equal(
	    process_inherit(p.space, 0x30000000, 0x1000, 3), TINE_EINVAL);
	assert_int_equal(
	    process_inherit(p.space, 0x30000000, 0x1000, 5), TINE_EINVAL);
	assert_int_equal(
	    process_inherit(p.space, 0x30000000, 0x1000, ~0u), TINE_EINVAL);
}

static void
whichever_step_of_sharing_fails_nothing_shows(void **state)
{
	struct process p = process_new();
	uint64_t at = map_some(&p);
	uint64_t n = 1;
	int error;

	(void)state;
	do {
		struct process c;

		fake_kernel.needing = 0;
		fake_kernel.fail_at = n;
		n += 37;
		error = process_inherit(
		    p.space, at, PAGES * PAGE_SIZE, VM_INHERIT_SHARE);
		fake_kernel.fail_at = 0;
		fake_settle();
		fake_check();
		if (error == 0)
			break;
		assert_int_equal(error, TINE_ENOMEM);
		assert_int_equal(process_fork(&p, 0, &c), 0);
		assert_int_equal(process_write(c.space, at, 200), 0);
		assert_int_equal(process_byte(p.space, at), 1);
		assert_int_equal(process_exit(&c), 0);
	} while (true);
	assert_true(n > 100);
	assert_int_equal(process_exit(&p), 0);
	assert_nothing_promised();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(private_memory_is_shared_with_children_from_the_next_fork_on),
	    TEST(data_of_a_file_can_be_shared_too),
	    TEST(copy_after_share_is_a_copy_again),
	    TEST(inheritance_of_nothing_is_no_error_and_nonsense_is),
	    TEST(whichever_step_of_sharing_fails_nothing_shows),
	};

	return cmocka_run_group_tests_name("vmsrv_inherit", tests, NULL, NULL);
}
