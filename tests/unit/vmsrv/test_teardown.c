/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_teardown.c - ends that take several turns, and memory wanted meanwhile.
 */
#include "park.h"
#include "vm_test.h"

#define MAP 0x20000000ul

/* A process with so many leaf tables that its end takes that many turns. */
static struct process
big_process(uint64_t tables)
{
	struct process p = process_new();
	uint64_t at;

	for (uint64_t i = 0; i < tables; i++) {
		uint64_t va = MAP + i * 0x200000;

		assert_int_equal(process_map(p.space, va, 0x20000, RW,
				     VM_MAP_PRIVATE | VM_MAP_FIXED, &at),
		    0);
		assert_int_equal(process_write(p.space, va, 1), 0);
	}
	return p;
}

static void
the_end_of_a_big_space_goes_in_turns(void **state)
{
	struct process p = big_process(20);

	(void)state;
	fake_kernel.batch = 1;
	assert_int_equal(process_exit(&p), 0);
	/* Answered, stale at once, and not yet gone. */
	assert_true(park_dying());
	assert_int_equal(process_exit(&p), TINE_ESRCH);
	fake_settle();
	assert_int_equal(fake_live().spaces, 1 /* vmsrv's own */);
	assert_nothing_promised();
}

static void
memory_being_torn_down_counts_as_available(void **state)
{
	struct process other = process_new();
	struct process p = big_process(40);
	uint64_t wanted = ledger_available() + 300;
	uint64_t at;

	(void)state;
	assert_int_equal(process_map(other.space, 0, wanted * PAGE_SIZE, RW,
			     VM_MAP_PRIVATE, &at),
	    TINE_ENOMEM);
	fake_kernel.batch = 1;
	assert_int_equal(process_exit(&p), 0);
	assert_true(park_dying());
	assert_int_equal(process_map(other.space, 0, wanted * PAGE_SIZE, RW,
			     VM_MAP_PRIVATE, &at),
	    0);
	assert_true(fake_turns > 10);
	/* And what can't be had even then is refused. */
	assert_int_equal(process_map(other.space, 0, FREE_FRAMES * PAGE_SIZE,
			     RW, VM_MAP_PRIVATE, &at),
	    TINE_ENOMEM);
}

static void
info_tells_what_is_free_when_all_is_torn_down(void **state)
{
	struct process other = process_new();
	struct process p = big_process(20);
	struct vm_info_rep before;
	struct vm_info_rep rep;
	struct vm_info_req req = {};

	(void)state;
	assert_int_equal(PROC_REQUEST(info, &req, &before), 0);
	fake_kernel.batch = 1;
	assert_int_equal(process_exit(&p), 0);
	assert_int_equal(PROC_REQUEST(info, &req, &rep), 0);
	assert_false(park_dying());
	assert_int_equal(rep.pages, FREE_FRAMES);
	assert_int_equal(rep.free, FREE_FRAMES - fake_live().used);
	assert_true(rep.available > before.available + 20 * 32);
	assert_int_equal(rep.harts, 4);
	assert_int_equal(process_exit(&other), 0);
}

static void
messages_of_a_killed_thread_are_forgotten(void **state)
{
	struct process p = big_process(4);
	struct ipc_msg msg = {.sender = p.space};
	bool memory;

	(void)state;
	msg.token = 5ul << NAME_FRAME_BITS | (p.thread & NAME_FRAME_MASK);
	assert_int_equal(park_again(&msg), SERVE_LATER);
	assert_true(park_pending());
	assert_int_equal(process_exit(&p), 0);
	fake_settle();
	assert_false(park_step(&msg, &memory));
	assert_nothing_promised();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(the_end_of_a_big_space_goes_in_turns),
	    TEST(memory_being_torn_down_counts_as_available),
	    TEST(info_tells_what_is_free_when_all_is_torn_down),
	    TEST(messages_of_a_killed_thread_are_forgotten),
	};

	return cmocka_run_group_tests_name("vmsrv_teardown", tests, NULL, NULL);
}
