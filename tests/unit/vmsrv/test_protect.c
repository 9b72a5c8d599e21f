/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_protect.c - protection changed and changed back.
 */
#include "vm_test.h"

#define PAGES 8ul

static uint64_t
map_written(const struct process *p, uint32_t kind)
{
	uint64_t at;

	assert_int_equal(
	    process_map(p->space, 0, PAGES * PAGE_SIZE, RW, kind, &at), 0);
	for (uint64_t i = 0; i < PAGES; i++)
		assert_int_equal(process_write(p->space, at + i * PAGE_SIZE,
				     (uint8_t)(i + 1)),
		    0);
	return at;
}

static void
a_part_can_be_protected_and_the_rest_stays(void **state)
{
	struct process p = process_new();
	uint64_t at = map_written(&p, VM_MAP_PRIVATE);
	uint8_t byte;

	(void)state;
	assert_int_equal(process_protect(p.space, at + 2 * PAGE_SIZE,
			     2 * PAGE_SIZE, VM_PROT_READ),
	    0);
	for (uint64_t i = 0; i < PAGES; i++) {
		uint64_t va = at + i * PAGE_SIZE;

		assert_int_equal(process_read(p.space, va, &byte), 0);
		assert_int_equal(byte, i + 1);
		assert_int_equal(process_write(p.space, va, (uint8_t)(i + 1)),
		    i == 2 || i == 3 ? SIGSEGV_ : 0);
		if (i == 2)
			assert_int_equal(fake_code, ACCERR);
	}
}

static void
pages_without_access_keep_what_they_hold(void **state)
{
	const uint32_t kinds[] = {VM_MAP_PRIVATE, VM_MAP_SHARED};
	struct process p = process_new();
	uint8_t byte;

	(void)state;
	for (int k = 0; k < 2; k++) {
		uint64_t at = map_written(&p, kinds[k]);

		assert_int_equal(
		    process_protect(p.space, at, PAGES * PAGE_SIZE, 0), 0);
		assert_int_equal(process_read(p.space, at, &byte), SIGSEGV_);
		assert_int_equal(fake_code, ACCERR);
		assert_int_equal(process_write(p.space, at, 1), SIGSEGV_);
		assert_int_equal(
		    process_protect(p.space, at, PAGES * PAGE_SIZE, RW), 0);
		for (uint64_t i = 0; i < PAGES; i++) {
			uint64_t va = at + i * PAGE_SIZE;

			assert_int_equal(process_byte(p.space, va), i + 1);
			assert_int_equal(process_write(p.space, va, 99), 0);
		}
	}
}

static void
protecting_back_joins_what_was_split(void **state)
{
	struct process p = process_new();
	uint64_t at = map_written(&p, VM_MAP_PRIVATE);
	uint32_t count = space_lookup(p.space)->map.count;

	(void)state;
	for (uint64_t i = 0; i < PAGES; i += 2)
		assert_int_equal(process_protect(p.space, at + i * PAGE_SIZE,
				     PAGE_SIZE, VM_PROT_READ),
		    0);
	assert_int_equal(space_lookup(p.space)->map.count, count + PAGES - 1);
	assert_int_equal(
	    process_protect(p.space, at, PAGES * PAGE_SIZE, RW), 0);
	assert_int_equal(space_lookup(p.space)->map.count, count);
}

static void
a_page_shared_with_a_child_is_still_copied_when_written(void **state)
{
	struct process p = process_new();
	uint64_t at = map_written(&p, VM_MAP_PRIVATE);
	struct process c;

	(void)state;
	assert_int_equal(process_fork(&p, 0, &c), 0);
	assert_int_equal(
	    process_protect(p.space, at, PAGE_SIZE, VM_PROT_READ), 0);
	assert_int_equal(process_protect(p.space, at, PAGE_SIZE, RW), 0);
	assert_int_equal(process_write(p.space, at, 50), 0);
	assert_int_equal(process_byte(c.space, at), 1);
}

static void
text_made_writable_is_charged_and_private(void **state)
{
	struct process p = process_new();
	struct process q = process_new();
	struct books before;
	uint64_t left;

	(void)state;
	assert_int_equal(process_byte(p.space, PROG_TEXT), prog_byte(0));
	before = books_now();
	left = ledger_available();
	assert_int_equal(process_protect(p.space, PROG_TEXT, PAGE_SIZE, RW), 0);
	assert_int_equal(ledger_available(), left - 1);
	assert_int_equal(process_write(p.space, PROG_TEXT, 0xcc), 0);
	assert_int_equal(process_byte(p.space, PROG_TEXT), 0xcc);
	assert_int_equal(process_byte(q.space, PROG_TEXT), prog_byte(0));
	/* The charge stays: the page is its own now. */
	assert_int_equal(process_protect(p.space, PROG_TEXT, PAGE_SIZE,
			     VM_PROT_READ | VM_PROT_EXEC),
	    0);
	assert_int_equal(process_fetch(p.space, PROG_TEXT), 0);
	assert_int_equal(ledger_available(), left - 1);
	assert_int_equal(process_exit(&q), 0);
	assert_int_equal(process_exit(&p), 0);
	(void)before;
	assert_nothing_promised();
}

static void
a_hole_is_refused_and_nothing_changes(void **state)
{
	struct process p = process_new();
	uint64_t at = map_written(&p, VM_MAP_PRIVATE);
	struct books before;

	(void)state;
	assert_int_equal(
	    process_unmap(p.space, at + 3 * PAGE_SIZE, PAGE_SIZE), 0);
	before = books_now();
	assert_int_equal(
	    process_protect(p.space, at, PAGES * PAGE_SIZE, VM_PROT_READ),
	    TINE_ENOMEM);
	assert_int_equal(process_protect(p.space, at + 4 * PAGE_SIZE,
			     PAGES * PAGE_SIZE, VM_PROT_READ),
	    TINE_ENOMEM);
	assert_int_equal(process_write(p.space, at, 1), 0);
	assert_books_equal(&before);
}

static void
writable_code_is_refused(void **state)
{
	struct process p = process_new();

	(void)state;
	assert_int_equal(
	    process_protect(p.space, PROG_TEXT, PAGE_SIZE, RW | VM_PROT_EXEC),
	    TINE_EACCES);
	assert_int_equal(
	    process_protect(p.space, PROG_TEXT, PAGE_SIZE, 8), TINE_EINVAL);
}

static void
a_long_protect_goes_in_turns(void **state)
{
	struct process p = process_new();
	uint64_t at;

	(void)state;
	assert_int_equal(
	    process_map(p.space, 0, 64 * PAGE_SIZE, RW, VM_MAP_PRIVATE, &at),
	    0);
	for (uint64_t i = 0; i < 64; i++)
		assert_int_equal(
		    process_write(p.space, at + i * PAGE_SIZE, 1), 0);
	fake_kernel.batch = 1;
	assert_int_equal(
	    process_protect(p.space, at, 64 * PAGE_SIZE, VM_PROT_READ), 0);
	assert_true(fake_turns > 1);
	for (uint64_t i = 0; i < 64; i++)
		assert_int_equal(
		    process_write(p.space, at + i * PAGE_SIZE, 1), SIGSEGV_);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_part_can_be_protected_and_the_rest_stays),
	    TEST(pages_without_access_keep_what_they_hold),
	    TEST(protecting_back_joins_what_was_split),
	    TEST(a_page_shared_with_a_child_is_still_copied_when_written),
	    TEST(text_made_writable_is_charged_and_private),
	    TEST(a_hole_is_refused_and_nothing_changes),
	    TEST(writable_code_is_refused),
	    TEST(a_long_protect_goes_in_turns),
	};

	return cmocka_run_group_tests_name("vmsrv_protect", tests, NULL, NULL);
}
