/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_map.c - mmap, munmap and brk.
 */
#include "vm_test.h"

#define BASE 0x20000000ul

static void
memory_is_zero_and_ones_own_until_it_is_unmapped(void **state)
{
	struct process p = process_new();
	struct books before = books_now();
	uint64_t at;
	uint8_t byte;

	(void)state;
	assert_int_equal(
	    process_map(p.space, 0, 0x10000, RW, VM_MAP_PRIVATE, &at), 0);
	assert_int_equal(at, BASE);
	for (uint64_t va = at; va < at + 0x10000; va += PAGE_SIZE) {
		assert_int_equal(process_byte(p.space, va), 0);
		assert_int_equal(process_write(p.space, va, 1), 0);
	}
	assert_int_equal(process_unmap(p.space, at, 0x10000), 0);
	assert_int_equal(process_read(p.space, at, &byte), SIGSEGV_);
	assert_int_equal(fake_code, MAPERR);
	assert_books_equal(&before);
}

static void
room_is_found_first_fit(void **state)
{
	struct process p = process_new();
	uint64_t at;

	(void)state;
	for (uint64_t i = 0; i < 4; i++) {
		assert_int_equal(
		    process_map(p.space, 0, 0x2000 - i,
			i % 2 ? RW : VM_PROT_READ, VM_MAP_PRIVATE, &at),
		    0);
		assert_int_equal(at, BASE + i * 0x2000);
	}
	assert_int_equal(process_unmap(p.space, BASE + 0x2000, 0x2000), 0);
	assert_int_equal(
	    process_map(p.space, 0, 0x3000, RW, VM_MAP_PRIVATE, &at), 0);
	assert_int_equal(at, BASE + 0x8000);
	assert_int_equal(
	    process_map(p.space, 0, 0x1000, RW, VM_MAP_PRIVATE, &at), 0);
	assert_int_equal(at, BASE + 0x2000);
	/* A wish is granted if it can be, and else is no error. */
	assert_int_equal(
	    process_map(p.space, 0x30000123, 0x1000, RW, VM_MAP_PRIVATE, &at),
	    0);
	assert_int_equal(at, 0x30000000);
	assert_int_equal(
	    process_map(p.space, 0x30000000, 0x1000, RW, VM_MAP_PRIVATE, &at),
	    0);
	assert_int_equal(at, BASE + 0x3000);
	/* The stack's room is not to be had by wishing. */
	assert_int_equal(process_map(p.space, PROG_TEXT - 0x100000, 0x1000, RW,
			     VM_MAP_PRIVATE, &at),
	    0);
	assert_int_equal(at, BASE + 0xb000);
}

static void
fixed_replaces_what_is_there_in_one_step(void **state)
{
	struct process p = process_new();
	struct books before;
	uint64_t at;

	(void)state;
	assert_int_equal(process_map(p.space, BASE, 0x5000, RW,
			     VM_MAP_PRIVATE | VM_MAP_FIXED, &at),
	    0);
	for (uint64_t i = 0; i < 5; i++)
		assert_int_equal(
		    process_write(p.space, BASE + i * PAGE_SIZE, 9), 0);
	before = books_now();
	assert_int_equal(process_map(p.space, BASE + 0x1000, 0x3000, RW,
			     VM_MAP_PRIVATE | VM_MAP_FIXED, &at),
	    0);
	assert_int_equal(at, BASE + 0x1000);
	assert_int_equal(process_byte(p.space, BASE), 9);
	assert_int_equal(process_byte(p.space, BASE + 0x1000), 0);
	assert_int_equal(process_byte(p.space, BASE + 0x3000), 0);
	assert_int_equal(process_byte(p.space, BASE + 0x4000), 9);
	assert_int_equal(process_byte(p.space, BASE + 0x2000), 0);
	assert_books_equal(&before);
}

static void
what_cannot_be_honoured_is_refused_and_changes_nothing(void **state)
{
	struct process p = process_new();
	struct books before = books_now();
	uint64_t at = 77;

	(void)state;
	assert_int_equal(process_map(p.space, 0, FREE_FRAMES * PAGE_SIZE, RW,
			     VM_MAP_PRIVATE, &at),
	    TINE_ENOMEM);
	assert_books_equal(&before);
	assert_int_equal(process_map(p.space, 0, FREE_FRAMES * PAGE_SIZE, RW,
			     VM_MAP_SHARED, &at),
	    TINE_ENOMEM);
	assert_books_equal(&before);
	assert_int_equal(process_map(p.space, 0, ~0ul, RW, VM_MAP_PRIVATE, &at),
	    TINE_ENOMEM);
	assert_int_equal(
	    process_map(p.space, 0, USER_TOP, RW, VM_MAP_PRIVATE, &at),
	    TINE_ENOMEM);
	/* Over text: the text is still there afterwards. */
	assert_int_equal(
	    process_map(p.space, PROG_TEXT, FREE_FRAMES * PAGE_SIZE, RW,
		VM_MAP_PRIVATE | VM_MAP_FIXED, &at),
	    TINE_ENOMEM);
	assert_int_equal(process_byte(p.space, PROG_TEXT), prog_byte(0));
	assert_int_equal(at, 77);
	assert_books_equal(&before);
}

static void
requests_that_make_no_sense_are_refused(void **state)
{
	struct process p = process_new();
	struct books before = books_now();
	const struct {
		uint64_t address, length;
	} bad[] = {
	    {BASE + 1, 0x1000},
	    {BASE, 0},
	    {0, 0x1000},
	    {0x1000, 0x1000},
	    {USER_TOP, 0x1000},
	    {USER_TOP - 0x1000, 0x2000},
	    {BASE, ~0ul},
	    {BASE, USER_TOP},
	    {~0ul & ~PAGE_MASK, 0x1000},
	    {0xffffffff80200000ul, 0x1000},
	};
	const uint32_t flags[] = {0, VM_MAP_SHARED | VM_MAP_PRIVATE,
	    VM_MAP_PRIVATE | 0x8000, VM_MAP_PRIVATE | 0x80000000};
	uint64_t at;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(
		    process_map(p.space, bad[i].address, bad[i].length, RW,
			VM_MAP_PRIVATE | VM_MAP_FIXED, &at),
		    TINE_EINVAL);
		assert_int_equal(
		    process_unmap(p.space, bad[i].address, bad[i].length),
		    TINE_EINVAL);
		assert_int_equal(process_protect(p.space, bad[i].address,
				     bad[i].length, VM_PROT_READ),
		    TINE_EINVAL);
		assert_int_equal(process_inherit(p.space, bad[i].address,
				     bad[i].length, VM_INHERIT_NONE),
		    TINE_EINVAL);
	}
	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		assert_int_equal(
		    process_map(p.space, 0, 0x1000, RW, flags[i], &at),
		    TINE_EINVAL);
	assert_int_equal(
	    process_map(p.space, 0, 0x1000, 8, VM_MAP_PRIVATE, &at),
	    TINE_EINVAL);
	assert_int_equal(process_map(p.space, 0, 0x1000, RW | VM_PROT_EXEC,
			     VM_MAP_PRIVATE, &at),
	    TINE_EACCES);
	assert_books_equal(&before);
}

static void
unmapping_splits_and_gives_back_tables(void **state)
{
	struct process p = process_new();
	struct books before = books_now();
	uint64_t tables = fake_tables(p.space);
	uint64_t at;
	uint8_t byte;

	(void)state;
	/* Four leaf tables and one above them. */
	assert_int_equal(process_map(p.space, BASE + 0x40000000, 0x800000, RW,
			     VM_MAP_PRIVATE | VM_MAP_FIXED, &at),
	    0);
	for (uint64_t i = 0; i < 4; i++)
		assert_int_equal(
		    process_write(p.space, at + i * 0x200000 + 0x1000, 1), 0);
	assert_int_equal(fake_tables(p.space), tables + 5);
	/* The middle: two tables, and the halves stay. */
	assert_int_equal(process_unmap(p.space, at + 0x100000, 0x600000), 0);
	assert_int_equal(process_byte(p.space, at + 0x1000), 1);
	assert_int_equal(process_read(p.space, at + 0x201000, &byte), SIGSEGV_);
	assert_int_equal(process_byte(p.space, at + 0x700000), 0);
	assert_int_equal(fake_tables(p.space), tables + 3);
	/* Unmapping what is not there is no error; nor is the rest. */
	assert_int_equal(process_unmap(p.space, at + 0x200000, 0x1000), 0);
	assert_int_equal(process_unmap(p.space, at, 0x800000), 0);
	assert_int_equal(fake_tables(p.space), tables);
	assert_books_equal(&before);
}

static void
a_long_unmap_goes_in_turns_and_ends_the_same(void **state)
{
	struct process p = process_new();
	struct books before = books_now();
	uint64_t at;
	uint8_t byte;

	(void)state;
	fake_kernel.batch = 1;
	assert_int_equal(
	    process_map(p.space, 0, 0x1400000, RW, VM_MAP_PRIVATE, &at), 0);
	for (uint64_t va = at; va < at + 0x1400000; va += 0x100000)
		assert_int_equal(process_write(p.space, va, 1), 0);
	assert_int_equal(process_unmap(p.space, at, 0x1400000), 0);
	assert_true(fake_turns > 0);
	assert_int_equal(process_read(p.space, at, &byte), SIGSEGV_);
	assert_books_equal(&before);
}

static void
an_access_during_a_long_unmap_waits_for_its_end(void **state)
{
	struct process p = process_new();
	struct vm_unmap_req req;
	struct request request = {
	    .kind = SENDER_SPACE,
	    .sender = p.space,
	    .label = vm_unmap_call,
	    .req = &req,
	    .req_bytes = sizeof(req),
	    .once = true,
	};
	uint64_t at;
	uint8_t byte;

	(void)state;
	fake_kernel.batch = 1;
	assert_int_equal(
	    process_map(p.space, 0, 0x1400000, RW, VM_MAP_PRIVATE, &at), 0);
	for (uint64_t va = at; va < at + 0x1400000; va += 0x100000)
		assert_int_equal(process_write(p.space, va, 1), 0);
	req = (struct vm_unmap_req){.address = at, .length = 0x1400000};
	assert_int_equal(fake_request(&request), -1);
	/* Another thread of the space. */
	assert_int_equal(
	    process_read(p.space, at + 0x1350001, &byte), SIGSEGV_);
	assert_true(fake_turns > 1);
	fake_settle();
	assert_int_equal(process_exit(&p), 0);
	assert_nothing_promised();
}

static void
the_heap_grows_and_shrinks(void **state)
{
	struct process p = process_new();
	struct books before = books_now();
	uint64_t at;
	uint8_t byte;

	(void)state;
	assert_int_equal(process_brk(p.space, 0, &at), 0);
	assert_int_equal(at, PROG_HEAP);
	assert_int_equal(process_read(p.space, PROG_HEAP, &byte), SIGSEGV_);
	assert_int_equal(process_brk(p.space, PROG_HEAP + 10, &at), 0);
	assert_int_equal(at, PROG_HEAP + 10);
	assert_int_equal(process_write(p.space, PROG_HEAP + 9, 1), 0);
	/* Within the page, and beyond it. */
	assert_int_equal(process_brk(p.space, PROG_HEAP + 0x1000, &at), 0);
	assert_int_equal(
	    process_read(p.space, PROG_HEAP + 0x1000, &byte), SIGSEGV_);
	assert_int_equal(process_brk(p.space, PROG_HEAP + 0x3001, &at), 0);
	assert_int_equal(process_write(p.space, PROG_HEAP + 0x3000, 2), 0);
	assert_int_equal(process_byte(p.space, PROG_HEAP + 9), 1);
	assert_int_equal(process_brk(p.space, PROG_HEAP + 0x1001, &at), 0);
	assert_int_equal(
	    process_read(p.space, PROG_HEAP + 0x3000, &byte), SIGSEGV_);
	assert_int_equal(process_brk(p.space, PROG_HEAP + 0x4000, &at), 0);
	assert_int_equal(process_byte(p.space, PROG_HEAP + 0x3000), 0);
	assert_int_equal(process_brk(p.space, PROG_HEAP, &at), 0);
	assert_books_equal(&before);
	/* Below its start, into what is mapped, beyond all memory. */
	assert_int_equal(process_brk(p.space, PROG_HEAP - 1, &at), TINE_ENOMEM);
	assert_int_equal(process_brk(p.space, ~0ul, &at), TINE_ENOMEM);
	assert_int_equal(
	    process_map(p.space, 0, 0x1000, RW, VM_MAP_PRIVATE, &at), 0);
	assert_int_equal(process_brk(p.space, BASE + 1, &at), TINE_ENOMEM);
}

static void
limits_hold(void **state)
{
	struct process p = process_new();
	struct vm_limit_req req = {
	    .space = p.space, .bytes = 0x10000, .limit = VM_LIMIT_DATA};
	struct vm_limit_rep rep;
	uint64_t at;

	(void)state;
	assert_int_equal(PROC_REQUEST(limit, &req, &rep), 0);
	assert_int_equal(process_brk(p.space, PROG_HEAP + 0x10000, &at), 0);
	assert_int_equal(
	    process_brk(p.space, PROG_HEAP + 0x10001, &at), TINE_ENOMEM);
	/* 3 + 3 of the program, 1 of stack, 16 of heap, so 9 are left. */
	req.limit = VM_LIMIT_AS;
	req.bytes = 32 * PAGE_SIZE;
	assert_int_equal(PROC_REQUEST(limit, &req, &rep), 0);
	assert_int_equal(
	    process_map(p.space, 0, 0xa000, RW, VM_MAP_PRIVATE, &at),
	    TINE_ENOMEM);
	assert_int_equal(
	    process_map(p.space, 0, 0x9000, RW, VM_MAP_PRIVATE, &at), 0);
	/* Replacing takes nothing more. */
	assert_int_equal(process_map(p.space, at, 0x9000, RW,
			     VM_MAP_PRIVATE | VM_MAP_FIXED, &at),
	    0);
	req.limit = 0;
	assert_int_equal(PROC_REQUEST(limit, &req, &rep), TINE_EINVAL);
	req.limit = 4;
	assert_int_equal(PROC_REQUEST(limit, &req, &rep), TINE_EINVAL);
}

static void
whichever_step_of_mapping_fails_nothing_changes(void **state)
{
	struct process p = process_new();
	struct books before;
	const uint32_t kinds[] = {VM_MAP_PRIVATE, VM_MAP_SHARED};
	uint64_t at;

	(void)state;
	for (int k = 0; k < 2; k++) {
		uint64_t n = 1;
		int error;

		assert_int_equal(
		    process_map(p.space, 0, 0x1000, RW, kinds[k], &at), 0);
		assert_int_equal(process_unmap(p.space, at, 0x1000), 0);
		before = books_now();
		do {
			fake_kernel.needing = 0;
			fake_kernel.fail_at = n++;
			error = process_map(
			    p.space, 0, 0x600000, RW, kinds[k], &at);
			fake_kernel.fail_at = 0;
			if (error)
				assert_books_equal(&before);
		} while (error);
		assert_true(n > 2);
		assert_int_equal(process_unmap(p.space, at, 0x600000), 0);
		assert_books_equal(&before);
	}
}

static void
too_many_regions_are_refused(void **state)
{
	struct process p = process_new();
	uint64_t at;
	int error = 0;

	(void)state;
	for (uint64_t i = 0; error == 0; i++) {
		assert_true(i < 1000);
		error = process_map(p.space, BASE + i * 0x2000, 0x1000, RW,
		    VM_MAP_PRIVATE | VM_MAP_FIXED, &at);
	}
	assert_int_equal(error, TINE_ENOMEM);
	assert_int_equal(process_exit(&p), 0);
	assert_nothing_promised();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(memory_is_zero_and_ones_own_until_it_is_unmapped),
	    TEST(room_is_found_first_fit),
	    TEST(fixed_replaces_what_is_there_in_one_step),
	    TEST(what_cannot_be_honoured_is_refused_and_changes_nothing),
	    TEST(requests_that_make_no_sense_are_refused),
	    TEST(unmapping_splits_and_gives_back_tables),
	    TEST(a_long_unmap_goes_in_turns_and_ends_the_same),
	    TEST(an_access_during_a_long_unmap_waits_for_its_end),
	    TEST(the_heap_grows_and_shrinks),
	    TEST(limits_hold),
	    TEST(whichever_step_of_mapping_fails_nothing_changes),
	    TEST(too_many_regions_are_refused),
	};

	return cmocka_run_group_tests_name("vmsrv_map", tests, NULL, NULL);
}
