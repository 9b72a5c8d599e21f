/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_fault.c - the pager: what is there, the stack, and what is refused.
 */
#include "vm_test.h"

#define STACK_LIMIT 0x800000ul

static void
an_address_with_nothing_is_a_maperr(void **state)
{
	struct process p = process_new();
	const uint64_t bad[] = {0, 0x1000, 0xf000, PROG_HEAP, 0x30000000,
	    USER_TOP - 1, USER_TOP, ~0ul, 0xffffffff80200000ul,
	    PROG_TEXT - STACK_LIMIT - 1};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(process_write(p.space, bad[i], 1), SIGSEGV_);
		assert_int_equal(fake_code, MAPERR);
		assert_int_equal(process_fetch(p.space, bad[i]), SIGSEGV_);
	}
}

static void
an_exception_of_a_process_is_not_vmsrvs(void **state)
{
	struct process p = process_new();

	(void)state;
	assert_int_equal(fake_exception(p.space, 2), TINE_ENOSYS);
	assert_int_equal(process_exit(&p), 0);
	assert_int_equal(fake_exception(p.space, 2), TINE_ENOSYS);
}

static void
the_wrong_access_is_an_accerr(void **state)
{
	struct process p = process_new();

	(void)state;
	assert_int_equal(process_write(p.space, PROG_TEXT, 1), SIGSEGV_);
	assert_int_equal(fake_code, ACCERR);
	assert_int_equal(process_fetch(p.space, PROG_DATA), SIGSEGV_);
	assert_int_equal(fake_code, ACCERR);
	assert_int_equal(process_fetch(p.space, PROG_TEXT - 1), SIGSEGV_);
	assert_int_equal(fake_code, ACCERR);
}

static void
the_stack_grows_to_its_limit_and_is_charged_as_it_grows(void **state)
{
	struct process p = process_new();
	uint64_t before = ledger_available();
	uint64_t low = PROG_TEXT - STACK_LIMIT;

	(void)state;
	assert_int_equal(process_write(p.space, PROG_TEXT - 0x8000, 1), 0);
	/* 8 pages, of which one was there. */
	assert_int_equal(ledger_available(), before - 7);
	assert_int_equal(process_byte(p.space, PROG_TEXT - 0x4000), 0);
	assert_int_equal(process_write(p.space, low, 1), 0);
	assert_int_equal(process_write(p.space, low - 1, 1), SIGSEGV_);
	assert_int_equal(fake_code, MAPERR);
	assert_int_equal(process_exit(&p), 0);
	assert_nothing_promised();
}

static void
the_stack_keeps_away_from_what_is_below(void **state)
{
	struct process p = process_new();
	uint64_t at;

	(void)state;
	assert_int_equal(process_map(p.space, PROG_TEXT - 0x100000, 0x1000, RW,
			     VM_MAP_PRIVATE | VM_MAP_FIXED, &at),
	    0);
	assert_int_equal(process_write(p.space, PROG_TEXT - 0xef000, 1), 0);
	assert_int_equal(
	    process_write(p.space, PROG_TEXT - 0xf0000, 1), SIGSEGV_);
	assert_int_equal(process_write(p.space, at, 1), 0);
}

static void
a_stack_that_cannot_be_charged_is_a_bus_error(void **state)
{
	struct process p = process_new();
	uint64_t at;

	(void)state;
	assert_int_equal(
	    process_map(p.space, 0, (ledger_available() - 40) * PAGE_SIZE, RW,
		VM_MAP_PRIVATE, &at),
	    0);
	assert_int_equal(
	    process_write(p.space, PROG_TEXT - 0x100000, 1), SIGBUS_);
	assert_int_equal(process_write(p.space, PROG_TEXT - 0x2000, 1), 0);
}

static void
a_promised_page_that_cannot_be_had_kills(void **state)
{
	struct process p = process_new();

	(void)state;
	/* It takes a broken kernel. */
	fake_kernel.needing = 0;
	fake_kernel.fail_at = 1;
	assert_int_equal(
	    process_write(p.space, PROG_DATA + 0x2000, 1), SIGKILL_);
}

static int
bring(uint64_t space, uint64_t address, uint64_t access)
{
	struct vm_bring_req req = {
	    .space = space, .address = address, .access = access};
	struct vm_bring_rep rep;

	return PROC_REQUEST(bring, &req, &rep);
}

static void
servers_can_have_a_clients_page_brought_in(void **state)
{
	struct process p = process_new();
	struct process c;
	uint64_t entry;

	(void)state;
	assert_int_equal(bring(p.space, PROG_DATA + 5, ACCESS_READ), 0);
	entry = fake_entry(p.space, PROG_DATA);
	assert_true(entry & PTE_COW);
	assert_int_equal(bring(p.space, PROG_DATA + 5, ACCESS_WRITE), 0);
	assert_true(fake_entry(p.space, PROG_DATA) & PTE_W);
	/* Again: it is there already. */
	entry = fake_entry(p.space, PROG_DATA);
	assert_int_equal(bring(p.space, PROG_DATA + 5, ACCESS_WRITE), 0);
	assert_int_equal(fake_entry(p.space, PROG_DATA), entry);
	assert_int_equal(process_fork(&p, 0, &c), 0);
	assert_int_equal(bring(c.space, PROG_DATA, ACCESS_WRITE), 0);
	assert_int_equal(
	    process_byte(c.space, PROG_DATA), prog_byte(PROG_DATA_OFFSET));
	assert_true(fake_entry(p.space, PROG_DATA) & PTE_COW);
}

static void
bringing_what_is_not_there_is_an_error(void **state)
{
	struct process p = process_new();

	(void)state;
	assert_int_equal(bring(p.space, 0, ACCESS_READ), TINE_EFAULT);
	assert_int_equal(bring(p.space, ~0ul, ACCESS_READ), TINE_EFAULT);
	assert_int_equal(bring(p.space, USER_TOP, ACCESS_READ), TINE_EFAULT);
	assert_int_equal(bring(p.space, PROG_TEXT, ACCESS_WRITE), TINE_EFAULT);
	assert_int_equal(bring(p.space, PROG_TEXT, 0), TINE_EINVAL);
	assert_int_equal(bring(p.space, PROG_TEXT, 3), TINE_EINVAL);
	assert_int_equal(bring(p.space, PROG_TEXT, ~0ul), TINE_EINVAL);
	assert_int_equal(bring(77, PROG_TEXT, ACCESS_READ), TINE_ESRCH);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(an_address_with_nothing_is_a_maperr),
	    TEST(an_exception_of_a_process_is_not_vmsrvs),
	    TEST(the_wrong_access_is_an_accerr),
	    TEST(the_stack_grows_to_its_limit_and_is_charged_as_it_grows),
	    TEST(the_stack_keeps_away_from_what_is_below),
	    TEST(a_stack_that_cannot_be_charged_is_a_bus_error),
	    TEST(a_promised_page_that_cannot_be_had_kills),
	    TEST(servers_can_have_a_clients_page_brought_in),
	    TEST(bringing_what_is_not_there_is_an_error),
	};

	return cmocka_run_group_tests_name("vmsrv_fault", tests, NULL, NULL);
}
