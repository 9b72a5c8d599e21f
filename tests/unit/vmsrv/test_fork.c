/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_fork.c - spaces duplicated and released.
 */
#include "vm_test.h"

#define MAP 0x20000000ul

static void
parent_and_child_do_not_see_each_others_writes(void **state)
{
	struct process p = process_new();
	struct process c;

	(void)state;
	assert_int_equal(process_write(p.space, PROG_DATA, 1), 0);
	assert_int_equal(process_write(p.space, PROG_TEXT - 64, 2), 0);
	assert_int_equal(process_fork(&p, 0, &c), 0);
	assert_int_not_equal(c.space, p.space);
	assert_int_equal(fake_thread_space(c.thread), fake_space(c.space));
	assert_int_equal(process_byte(c.space, PROG_DATA), 1);
	assert_int_equal(process_write(c.space, PROG_DATA, 10), 0);
	assert_int_equal(process_write(p.space, PROG_TEXT - 64, 20), 0);
	assert_int_equal(process_byte(p.space, PROG_DATA), 1);
	assert_int_equal(process_byte(c.space, PROG_TEXT - 64), 2);
	/* Also where neither had been. */
	assert_int_equal(process_write(p.space, PROG_DATA + 0x2000, 3), 0);
	assert_int_equal(process_byte(c.space, PROG_DATA + 0x2000), 0);
}

static void
the_last_one_with_a_page_keeps_it_without_a_copy(void **state)
{
	struct process p = process_new();
	struct process c;
	uint64_t entry;
	uint64_t faults;

	(void)state;
	assert_int_equal(process_write(p.space, PROG_DATA, 1), 0);
	entry = fake_entry(p.space, PROG_DATA);
	assert_int_equal(process_fork(&p, 0, &c), 0);
	assert_int_equal(fake_references(entry), 2);
	assert_int_equal(process_exit(&c), 0);
	faults = fake_faults;
	assert_int_equal(process_write(p.space, PROG_DATA, 2), 0);
	assert_int_equal(faults, fake_faults);
	assert_ptr_equal(
	    fake_page(fake_entry(p.space, PROG_DATA)), fake_page(entry));
}

static void
fork_and_exit_give_back_everything(void **state)
{
	struct process p = process_new();
	struct process c;
	struct books before;

	(void)state;
	assert_int_equal(process_fork(&p, 0, &c), 0);
	assert_int_equal(process_exit(&c), 0);
	before = books_now();
	for (int i = 0; i < 100; i++) {
		assert_int_equal(process_fork(&p, 0, &c), 0);
		assert_int_equal(
		    process_write(c.space, PROG_DATA + 0x1000, 1), 0);
		assert_int_equal(process_exit(&c), 0);
	}
	assert_books_equal(&before);
	assert_int_equal(process_exit(&p), 0);
	assert_nothing_promised();
}

/* A parent with everything in it: all kinds of regions, all inheritances. */
static struct process
rich_process(void)
{
	struct process p = process_new();
	uint64_t at;

	assert_int_equal(process_map(p.space, MAP, 0x4000, RW,
			     VM_MAP_SHARED | VM_MAP_FIXED, &at),
	    0);
	assert_int_equal(process_map(p.space, MAP + 0x100000, 0x400000, RW,
			     VM_MAP_PRIVATE | VM_MAP_FIXED, &at),
	    0);
	assert_int_equal(process_map(p.space, MAP + 0x40000000, 0x4000, RW,
			     VM_MAP_SHARED | VM_MAP_FIXED, &at),
	    0);
	assert_int_equal(
	    process_inherit(p.space, MAP + 0x40000000, 0x4000, VM_INHERIT_COPY),
	    0);
	assert_int_equal(
	    process_inherit(p.space, MAP + 0x100000, 0x1000, VM_INHERIT_ZERO),
	    0);
	assert_int_equal(
	    process_inherit(p.space, MAP + 0x200000, 0x1000, VM_INHERIT_NONE),
	    0);
	for (uint64_t va = MAP + 0x100000; va < MAP + 0x500000; va += 0x10000)
		assert_int_equal(process_write(p.space, va, 7), 0);
	for (uint64_t va = MAP; va < MAP + 0x4000; va += 0x1000) {
		assert_int_equal(process_write(p.space, va, 8), 0);
		assert_int_equal(process_write(p.space, va + 0x40000000, 9), 0);
	}
	return p;
}

static void
each_region_is_inherited_as_it_says(void **state)
{
	struct process p = rich_process();
	struct process c;
	uint8_t byte;

	(void)state;
	assert_int_equal(process_fork(&p, 0, &c), 0);
	/* Shared. */
	assert_int_equal(process_write(c.space, MAP + 0x1000, 80), 0);
	assert_int_equal(process_byte(p.space, MAP + 0x1000), 80);
	/* Shared memory, but inherited by copy. */
	assert_int_equal(process_byte(c.space, MAP + 0x40001000), 9);
	assert_int_equal(process_write(c.space, MAP + 0x40001000, 90), 0);
	assert_int_equal(process_byte(p.space, MAP + 0x40001000), 9);
	/* Zero, none, copy. */
	assert_int_equal(process_byte(c.space, MAP + 0x100000), 0);
	assert_int_equal(process_byte(p.space, MAP + 0x100000), 7);
	assert_int_equal(
	    process_read(c.space, MAP + 0x200000, &byte), SIGSEGV_);
	assert_int_equal(fake_code, MAPERR);
	assert_int_equal(process_byte(c.space, MAP + 0x210000), 7);
	/* And the child passes on what it was given. */
	assert_int_equal(process_exit(&p), 0);
	assert_int_equal(process_fork(&c, 0, &p), 0);
	assert_int_equal(process_byte(p.space, MAP + 0x40001000), 90);
	assert_int_equal(process_byte(p.space, MAP + 0x1000), 80);
}

static void
whichever_step_fails_nothing_is_left_behind(void **state)
{
	struct process p = rich_process();
	struct process c;
	struct books before;
	uint64_t n = 1;
	int error;

	(void)state;
	assert_int_equal(process_fork(&p, 0, &c), 0);
	assert_int_equal(process_exit(&c), 0);
	before = books_now();
	do {
		fake_kernel.needing = 0;
		fake_kernel.fail_at = n++;
		error = process_fork(&p, 0, &c);
		fake_kernel.fail_at = 0;
		if (error) {
			assert_int_equal(error, TINE_ENOMEM);
			assert_books_equal(&before);
		}
	} while (error);
	/* A space, tables, the snapshot's pages, a thread. */
	assert_true(n > 8);
	assert_int_equal(process_exit(&c), 0);
	assert_books_equal(&before);
	do {
		fake_kernel.needing = 0;
		fake_kernel.fail_at = 1;
		error = process_fork(&p, VM_FORK_SHARE, &c);
		fake_kernel.fail_at = 0;
	} while (error == 0);
	assert_books_equal(&before);
}

static void
a_fork_that_the_ledger_cannot_honour_is_refused(void **state)
{
	struct process p = process_new();
	struct process c[64];
	struct books before;
	uint64_t at;
	int n = 0;

	(void)state;
	/* Touched or not, it is promised. */
	assert_int_equal(
	    process_map(p.space, 0, 0x200000, RW, VM_MAP_PRIVATE, &at), 0);
	before = books_now();
	while (process_fork(&p, 0, &c[n]) == 0)
		assert_true(++n < 64);
	assert_true(n > 2);
	fake_check();
	/* Nobody is killed for what was promised. */
	for (int i = 0; i < n; i++) {
		for (uint64_t va = at; va < at + 0x200000; va += PAGE_SIZE)
			assert_int_equal(process_write(c[i].space, va, 1), 0);
	}
	for (int i = 0; i < n; i++)
		assert_int_equal(process_exit(&c[i]), 0);
	for (uint64_t va = at; va < at + 0x200000; va += PAGE_SIZE)
		assert_int_equal(process_write(p.space, va, 1), 0);
	fake_settle();
	/* The table of spaces may have grown, and stays so. */
	assert_true(before.available - ledger_available() < 16);
	assert_int_equal(process_exit(&p), 0);
	assert_nothing_promised();
}

static void
a_big_fork_goes_in_turns_and_others_wait(void **state)
{
	struct process p = rich_process();
	struct vm_fork_req req = {.space = p.space, .identity = 2};
	struct vm_fork_rep rep;
	struct request request = {
	    .kind = SENDER_BADGE,
	    .sender = BADGE_PROC,
	    .label = vm_fork_call,
	    .req = &req,
	    .req_bytes = sizeof(req),
	    .rep = &rep,
	    .rep_bytes = sizeof(rep),
	};
	uint64_t at;

	(void)state;
	/* So many leaf tables that one turn does not do. */
	for (uint64_t i = 0; i < 40; i++)
		assert_int_equal(
		    process_map(p.space, MAP + 0x10000000 + i * 0x200000,
			0x1000, RW, VM_MAP_PRIVATE | VM_MAP_FIXED, &at),
		    0);
	for (uint64_t i = 0; i < 40; i++)
		assert_int_equal(
		    process_write(p.space, MAP + 0x10000000 + i * 0x200000, 5),
		    0);
	fake_kernel.batch = 1;
	assert_int_equal(fake_request(&request), 0);
	assert_true(fake_turns > 2);
	for (uint64_t i = 0; i < 40; i++)
		assert_int_equal(
		    process_byte(rep.space, MAP + 0x10000000 + i * 0x200000),
		    5);
	/* One begun and not finished: the parent's own request waits for it. */
	request.once = true;
	assert_int_equal(fake_request(&request), -1);
	assert_int_equal(
	    process_map(p.space, 0, 0x1000, RW, VM_MAP_PRIVATE, &at), 0);
	assert_true(fake_turns > 2);
}

/* So many regions that the child is not to have; between them, some it is. */
#define EXCEPTED 100
#define excepted_at(i) (MAP + (i)*0x2000ul)

static struct process
selfish_process(void)
{
	struct process p = process_new();
	uint64_t at;

	assert_int_equal(process_map(p.space, MAP, EXCEPTED * 0x2000, RW,
			     VM_MAP_PRIVATE | VM_MAP_FIXED, &at),
	    0);
	for (uint64_t i = 0; i < EXCEPTED; i++) {
		uint64_t va = excepted_at(i);

		assert_int_equal(process_write(p.space, va, 1), 0);
		assert_int_equal(process_write(p.space, va + 0x1000, 2), 0);
		assert_int_equal(process_inherit(p.space, va, 0x1000,
				     i % 2 ? VM_INHERIT_NONE : VM_INHERIT_ZERO),
		    0);
	}
	return p;
}

static void
excepted_regions_are_honoured_however_many(void **state)
{
	struct process p = selfish_process();
	struct process c;
	uint64_t faults;
	uint8_t byte;

	(void)state;
	assert_int_equal(process_fork(&p, 0, &c), 0);
	for (uint64_t i = 0; i < EXCEPTED; i++) {
		uint64_t va = excepted_at(i);

		assert_int_equal(fake_entry(c.space, va), 0);
		assert_int_equal(process_byte(c.space, va + 0x1000), 2);
		assert_int_equal(process_byte(p.space, va), 1);
		if (i % 2)
			assert_int_equal(
			    process_read(c.space, va, &byte), SIGSEGV_);
		else
			assert_int_equal(process_byte(c.space, va), 0);
		/* The parent has its page to itself: nothing to be copied. */
		faults = fake_faults;
		assert_int_equal(process_write(p.space, va, 3), 0);
		assert_int_equal(fake_faults, faults);
	}
}

static void
a_child_without_regions_gives_back_their_tables(void **state)
{
	struct process p = process_new();
	struct process c;
	uint64_t bare;
	uint64_t at;

	(void)state;
	assert_int_equal(process_fork(&p, 0, &c), 0);
	bare = space_lookup(c.space)->fed;
	assert_int_equal(fake_tables(c.space), bare);
	assert_int_equal(process_exit(&c), 0);
	/* Two regions, which do not fill their tables. */
	for (uint64_t va = MAP; va <= MAP + 0x400000; va += 0x400000) {
		assert_int_equal(process_map(p.space, va + 0x1000, 0x300000, RW,
				     VM_MAP_PRIVATE | VM_MAP_FIXED, &at),
		    0);
		for (at = va + 0x1000; at < va + 0x301000; at += 0x1000)
			assert_int_equal(process_write(p.space, at, 1), 0);
		assert_int_equal(process_inherit(p.space, va + 0x1000, 0x300000,
				     VM_INHERIT_NONE),
		    0);
	}
	for (fake_kernel.batch = 1; fake_kernel.batch < 3000;
	     fake_kernel.batch *= 2) {
		assert_int_equal(process_fork(&p, 0, &c), 0);
		assert_int_equal(fake_tables(c.space), bare);
		assert_int_equal(space_lookup(c.space)->fed, bare);
		assert_int_equal(process_exit(&c), 0);
	}
}

static void
a_fork_is_parked_in_the_middle_of_its_exceptions(void **state)
{
	struct process p = selfish_process();
	struct vm_fork_req req = {.space = p.space, .identity = 2};
	struct vm_fork_rep rep = {0};
	struct request request = {
	    .kind = SENDER_BADGE,
	    .sender = BADGE_PROC,
	    .label = vm_fork_call,
	    .req = &req,
	    .req_bytes = sizeof(req),
	    .rep = &rep,
	    .rep_bytes = sizeof(rep),
	    .once = true,
	};
	struct process other = process_new();
	struct transition *busy = &space_lookup(p.space)->busy;
	uint64_t unmaps;
	uint64_t at;

	(void)state;
	unmaps = fake_kernel.unmaps;
	assert_int_equal(fake_request(&request), -1);
	assert_int_equal(busy->kind, TRANSITION_EXCEPT);
	assert_true(busy->va > MAP && busy->va < excepted_at(EXCEPTED));
	assert_true(fake_kernel.unmaps - unmaps < EXCEPTED / 4);
	/* Others have their turn; the parent's own waits for the end. */
	assert_int_equal(process_write(other.space, PROG_DATA, 1), 0);
	assert_int_equal(
	    process_map(p.space, 0, 0x1000, RW, VM_MAP_PRIVATE, &at), 0);
	assert_true(fake_turns > 3);
	assert_false(space_busy(space_lookup(p.space)));
	assert_int_equal(fake_kernel.unmaps - unmaps, EXCEPTED);
}

static void
whichever_exception_fails_nothing_is_left_behind(void **state)
{
	struct process p = selfish_process();
	struct process c;
	struct books before;

	(void)state;
	assert_int_equal(process_fork(&p, 0, &c), 0);
	assert_int_equal(process_exit(&c), 0);
	before = books_now();
	for (uint64_t n = 1; n <= EXCEPTED; n += 9) {
		fake_kernel.unmap_fails = fake_kernel.unmaps + n;
		assert_int_equal(process_fork(&p, 0, &c), TINE_ENOMEM);
		assert_books_equal(&before);
		assert_int_equal(
		    process_write(p.space, excepted_at(n - 1), 1), 0);
	}
	fake_kernel.unmap_fails = 0;
	assert_int_equal(process_fork(&p, 0, &c), 0);
	assert_int_equal(process_exit(&c), 0);
	assert_books_equal(&before);
}

static void
a_fork_without_exceptions_unmaps_nothing(void **state)
{
	struct process p = process_new();
	struct process c;
	uint64_t unmaps = fake_kernel.unmaps;

	(void)state;
	assert_int_equal(process_fork(&p, 0, &c), 0);
	assert_int_equal(fake_kernel.unmaps, unmaps);
}

static void
a_shared_space_lives_until_its_last_user(void **state)
{
	struct process p = process_new();
	struct process v;
	struct process other = {0};

	(void)state;
	assert_int_equal(process_fork(&p, VM_FORK_SHARE, &v), 0);
	assert_int_equal(v.space, p.space);
	assert_int_not_equal(v.thread, p.thread);
	assert_int_equal(process_exit(&p), 0);
	assert_int_equal(process_write(v.space, PROG_DATA, 1), 0);
	assert_int_equal(process_exit(&v), 0);
	assert_int_equal(process_write(v.space, PROG_DATA, 1), SIGKILL_);
	assert_int_equal(process_fork(&v, 0, &other), TINE_ESRCH);
	assert_nothing_promised();
}

static void
unknown_flags_are_refused(void **state)
{
	struct process p = process_new();
	struct process c;

	(void)state;
	assert_int_equal(process_fork(&p, 2, &c), TINE_EINVAL);
	assert_int_equal(process_fork(&p, ~0u, &c), TINE_EINVAL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(parent_and_child_do_not_see_each_others_writes),
	    TEST(the_last_one_with_a_page_keeps_it_without_a_copy),
	    TEST(fork_and_exit_give_back_everything),
	    TEST(each_region_is_inherited_as_it_says),
	    TEST(whichever_step_fails_nothing_is_left_behind),
	    TEST(a_fork_that_the_ledger_cannot_honour_is_refused),
	    TEST(a_big_fork_goes_in_turns_and_others_wait),
	    TEST(excepted_regions_are_honoured_however_many),
	    TEST(a_child_without_regions_gives_back_their_tables),
	    TEST(a_fork_is_parked_in_the_middle_of_its_exceptions),
	    TEST(whichever_exception_fails_nothing_is_left_behind),
	    TEST(a_fork_without_exceptions_unmaps_nothing),
	    TEST(a_shared_space_lives_until_its_last_user),
	    TEST(unknown_flags_are_refused),
	};

	return cmocka_run_group_tests_name("vmsrv_fork", tests, NULL, NULL);
}
