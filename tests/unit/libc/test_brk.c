/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_brk.c - the heap, with a vmsrv that counts requests and can refuse.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <unistd.h>

#include <internal.h>
#include <ipc/vm.h>

#define STEP 0x4000ul

extern char _end[];

/* The fake vmsrv. */
static uintptr_t limit; /* where its heap ends */
static uintptr_t most; /* that it grants */
static unsigned int requests;

static uintptr_t
page_up(uintptr_t address)
{
	return (address + PAGE_MASK) & ~PAGE_MASK;
}

/* The host's errno.h has other numbers than the target's: libc/fail.c. */
int
__tine_fail(int error)
{
	errno = error;
	return -1;
}

int
ipc_call(cap_t endpoint, struct ipc_msg *msg)
{
	uint64_t wanted = msg->words[0];

	assert_int_equal(endpoint, SLOT_VM);
	assert_int_equal(MSG_LABEL(msg->info), vm_brk_call);
	requests++;
	if (wanted > most) {
		msg->info = MSG_INFO(TINE_ENOMEM, 0);
		return 0;
	}
	if (wanted != 0)
		limit = wanted;
	msg->info = MSG_INFO(0, 1);
	msg->words[0] = limit;
	return 0;
}

/* The heap is as it was at the start, and no request has been counted. */
static int
empty(void **state)
{
	(void)state;
	limit = page_up((uintptr_t)_end);
	most = limit + 64 * STEP;
	assert_ptr_not_equal(sbrk(0), (void *)-1);
	assert_int_equal(brk(_end), 0);
	requests = 0;
	return 0;
}

static void
the_heap_begins_in_the_last_page_of_data(void **state)
{
	uintptr_t start = (uintptr_t)sbrk(0);

	(void)state;
	assert_in_range(start, (uintptr_t)_end, (uintptr_t)_end + 15);
}

static void
sbrk_returns_the_old_end(void **state)
{
	char *old = sbrk(0);

	(void)state;
	assert_ptr_equal(sbrk(100), old);
	assert_ptr_equal(sbrk(0), old + 100);
	assert_ptr_equal(sbrk(-40), old + 100);
	assert_ptr_equal(sbrk(0), old + 60);
}

static void
many_small_steps_make_few_requests(void **state)
{
	(void)state;
	for (int i = 0; i < 1000; i++)
		assert_ptr_not_equal(sbrk(64), (void *)-1);
	assert_in_range(requests, 1, 64 * 1000 / STEP + 2);
	assert_true((uintptr_t)sbrk(0) <= limit);
}

static void
what_does_not_fit_with_a_reserve_is_taken_without(void **state)
{
	(void)state;
	most = page_up((uintptr_t)_end) + PAGE_SIZE;
	assert_ptr_not_equal(
	    sbrk((intptr_t)(most - (uintptr_t)sbrk(0))), (void *)-1);
	assert_int_equal((uintptr_t)sbrk(0), most);
}

static void
a_refused_step_changes_nothing(void **state)
{
	char *old = sbrk(0);

	(void)state;
	errno = 0;
	assert_ptr_equal(sbrk(65 * (intptr_t)STEP), (void *)-1);
	assert_int_equal(errno, TINE_ENOMEM);
	assert_ptr_equal(sbrk(0), old);
}

static void
absurd_steps_are_refused_without_a_request(void **state)
{
	char *old = sbrk(0);

	(void)state;
	requests = 0;
	assert_ptr_equal(sbrk(INTPTR_MAX), (void *)-1);
	assert_ptr_equal(sbrk(INTPTR_MIN), (void *)-1);
	assert_ptr_equal(sbrk(-PAGE_SIZE), (void *)-1);
	assert_int_equal(brk((void *)UINTPTR_MAX), -1);
	assert_int_equal(brk(NULL), -1);
	assert_int_equal(requests, 0);
	assert_ptr_equal(sbrk(0), old);
}

static void
much_that_is_given_back_goes_to_vmsrv(void **state)
{
	uintptr_t before;

	(void)state;
	assert_ptr_not_equal(sbrk(20 * (intptr_t)STEP), (void *)-1);
	before = limit;
	assert_ptr_not_equal(sbrk(-20 * (intptr_t)STEP), (void *)-1);
	assert_true(limit <= before - 19 * STEP);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(
		the_heap_begins_in_the_last_page_of_data, empty),
	    cmocka_unit_test_setup(sbrk_returns_the_old_end, empty),
	    cmocka_unit_test_setup(many_small_steps_make_few_requests, empty),
	    cmocka_unit_test_setup(
		what_does_not_fit_with_a_reserve_is_taken_without, empty),
	    cmocka_unit_test_setup(a_refused_step_changes_nothing, empty),
	    cmocka_unit_test_setup(
		absurd_steps_are_refused_without_a_request, empty),
	    cmocka_unit_test_setup(
		much_that_is_given_back_goes_to_vmsrv, empty),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
