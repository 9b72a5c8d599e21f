/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_park.c - several threads of a space fault and ask at once.
 */
#include "park.h"
#include "serve.h"
#include "vm_test.h"

#define MAP 0x20000000ul
#define TABLES 40 /* more than a turn clones */

/* What two threads found that fault on one page at the same time. */
static void
a_page_that_came_meanwhile_is_left_alone(void **state)
{
	const uint64_t accesses[] = {ACCESS_READ, ACCESS_WRITE};
	struct process p = process_new();
	uint64_t vas[] = {PROG_DATA, PROG_DATA + 0x2000, 0, 0};
	uint64_t found[4];

	(void)state;
	assert_int_equal(
	    process_map(p.space, 0, 0x1000, RW, VM_MAP_PRIVATE, &vas[2]), 0);
	assert_int_equal(
	    process_map(p.space, 0, 0x1000, RW, VM_MAP_SHARED, &vas[3]), 0);
	for (int i = 0; i < 4; i++)
		found[i] = fake_entry(p.space, vas[i]);
	for (int i = 0; i < 4; i++) {
		struct books before;
		uint64_t entry;

		assert_int_equal(process_write(p.space, vas[i], 42), 0);
		entry = fake_entry(p.space, vas[i]);
		before = books_now();
		for (int k = 0; k < 2; k++)
			assert_int_equal(
			    fake_fault(p.space, vas[i], accesses[k], found[i]),
			    0);
		assert_int_equal(fake_entry(p.space, vas[i]), entry);
		assert_books_equal(&before);
	}
}

static void
a_copy_that_was_made_meanwhile_is_left_alone(void **state)
{
	struct process p = process_new();
	struct process c;
	struct books before;
	uint64_t found;
	uint64_t entry;

	(void)state;
	assert_int_equal(process_write(p.space, PROG_DATA, 1), 0);
	assert_int_equal(process_fork(&p, 0, &c), 0);
	found = fake_entry(c.space, PROG_DATA);
	assert_true(found & PTE_COW);
	assert_int_equal(process_write(c.space, PROG_DATA, 2), 0);
	entry = fake_entry(c.space, PROG_DATA);
	before = books_now();
	assert_int_equal(
	    fake_fault(c.space, PROG_DATA, ACCESS_WRITE, found), 0);
	assert_int_equal(fake_entry(c.space, PROG_DATA), entry);
	assert_books_equal(&before);
	assert_int_equal(process_byte(c.space, PROG_DATA), 2);
	assert_int_equal(process_byte(p.space, PROG_DATA), 1);
}

static void
a_fault_from_before_a_change_sees_the_change(void **state)
{
	struct process p = process_new();
	uint64_t found;
	uint64_t at;

	(void)state;
	assert_int_equal(process_map(p.space, MAP, 0x1000, RW,
			     VM_MAP_PRIVATE | VM_MAP_FIXED, &at),
	    0);
	assert_int_equal(process_write(p.space, MAP, 5), 0);
	assert_int_equal(
	    process_protect(p.space, MAP, 0x1000, VM_PROT_READ), 0);
	found = fake_entry(p.space, MAP);
	/* Allowed again before the fault is looked at. */
	assert_int_equal(process_protect(p.space, MAP, 0x1000, RW), 0);
	assert_int_equal(fake_fault(p.space, MAP, ACCESS_WRITE, found), 0);
	assert_int_equal(process_byte(p.space, MAP), 5);
	assert_int_equal(process_write(p.space, MAP, 6), 0);
	/* Something else is there by then. */
	found = fake_entry(p.space, MAP);
	assert_int_equal(process_map(p.space, MAP, 0x1000, RW,
			     VM_MAP_PRIVATE | VM_MAP_FIXED, &at),
	    0);
	assert_int_equal(fake_fault(p.space, MAP, ACCESS_WRITE, found), 0);
	assert_int_equal(process_byte(p.space, MAP), 0);
	/* And nothing at all. */
	assert_int_equal(process_unmap(p.space, MAP, 0x1000), 0);
	assert_int_equal(
	    fake_fault(p.space, MAP, ACCESS_WRITE, found), SIGSEGV_);
}

/* A process of which a fork takes several turns; one has passed. */
static struct process
forking_process(struct vm_fork_rep *rep)
{
	struct process p = process_new();
	struct vm_fork_req req = {.space = p.space, .identity = 2};
	struct request request = {
	    .kind = SENDER_BADGE,
	    .sender = BADGE_PROC,
	    .label = vm_fork_call,
	    .req = &req,
	    .req_bytes = sizeof(req),
	    .rep = rep,
	    .rep_bytes = sizeof(*rep),
	    .once = true,
	};
	uint64_t at;

	for (uint64_t i = 0; i < TABLES; i++) {
		uint64_t va = MAP + i * 0x200000;

		assert_int_equal(process_map(p.space, va, 0x1000, RW,
				     VM_MAP_PRIVATE | VM_MAP_FIXED, &at),
		    0);
		assert_int_equal(process_write(p.space, va, 5), 0);
	}
	fake_kernel.batch = 1;
	assert_int_equal(fake_request(&request), -1);
	return p;
}

/* Procsrv is not kept waiting by what has to do with regions only. */
static void
a_key_is_told_while_a_fork_is_at_work(void **state)
{
	struct vm_fork_rep fork;
	struct process p = forking_process(&fork);
	struct vm_shared_key_req req = {p.space, MAP};
	struct vm_shared_key_rep rep;

	(void)state;
	assert_true(space_busy(space_lookup(p.space)));
	assert_int_equal(PROC_REQUEST(shared_key, &req, &rep), TINE_EFAULT);
	assert_true(space_busy(space_lookup(p.space)));
	fake_kernel.batch = 4096;
	fake_settle();
}

/*
 * What another thread does while a fork of the space is at work.  The fork's
 * answer goes to nobody here.
 */
static void
all_that_concerns_a_space_waits_for_its_fork(void **state)
{
	struct vm_fork_rep rep;
	struct process p;
	struct process child;
	objname_t thread = 0;
	uint64_t at;

	(void)state;
	for (int what = 0; what < 9; what++) {
		p = forking_process(&rep);
		switch (what) {
		case 0: /* A fault. */
			assert_int_equal(process_write(p.space, MAP, 6), 0);
			assert_int_equal(process_byte(p.space, MAP), 6);
			break;
		case 1:
			assert_int_equal(
			    process_thread_new(p.space, &thread), 0);
			break;
		case 2:
			assert_int_equal(
			    process_thread_free(p.space, p.thread), TINE_EBUSY);
			break;
		case 3:
			assert_int_equal(
			    process_map(p.space, MAP, 0x1000, RW,
				VM_MAP_PRIVATE | VM_MAP_FIXED, &at),
			    0);
			break;
		case 4:
			assert_int_equal(
			    process_unmap(p.space, MAP, 0x1000), 0);
			break;
		case 5:
			assert_int_equal(
			    process_protect(p.space, MAP, 0x1000, VM_PROT_READ),
			    0);
			break;
		case 6:
			assert_int_equal(process_inherit(p.space, MAP, 0x1000,
					     VM_INHERIT_SHARE),
			    0);
			break;
		case 7:
			assert_int_equal(process_fork(&p, 0, &child), 0);
			assert_int_equal(process_byte(child.space, MAP), 5);
			break;
		default:
			assert_int_equal(process_exit(&p), 0);
			break;
		}
		assert_true(fake_turns > 2);
		/* For what comes next, or a late turn. */
		fake_kernel.batch = 4096;
		fake_settle();
		fake_check();
		start(NULL);
	}
}

static void
memory_that_becomes_shared_loses_no_write(void **state)
{
	struct process p = process_new();
	struct process c;
	uint64_t found;

	(void)state;
	assert_int_equal(process_write(p.space, PROG_DATA, 1), 0);
	found = fake_entry(p.space, PROG_DATA);
	assert_true(found & PTE_W);
	fake_kernel.protects = 0;
	assert_int_equal(
	    process_inherit(p.space, PROG_DATA, 0x1000, VM_INHERIT_SHARE), 0);
	/* Nobody could write any more when it was copied. */
	assert_int_equal(fake_kernel.protects, 1);
	assert_int_equal(fake_entry(p.space, PROG_DATA), 0);
	/* Who tried then comes to the new page. */
	assert_int_equal(
	    fake_fault(p.space, PROG_DATA, ACCESS_WRITE, found & ~PTE_W), 0);
	assert_int_equal(process_write(p.space, PROG_DATA, 2), 0);
	assert_int_equal(process_fork(&p, 0, &c), 0);
	assert_int_equal(process_byte(c.space, PROG_DATA), 2);
	assert_int_equal(process_write(p.space, PROG_DATA, 3), 0);
	assert_int_equal(process_byte(c.space, PROG_DATA), 3);
}

/* A thread of the space makes a request that takes several turns. */
static void
protect_long(uint64_t space, uint32_t protection)
{
	struct vm_protect_req req = {
	    .address = MAP, .length = 0x14000, .protection = protection};
	struct request request = {
	    .kind = SENDER_SPACE,
	    .sender = space,
	    .label = vm_protect_call,
	    .req = &req,
	    .req_bytes = sizeof(req),
	    .once = true,
	};

	assert_int_equal(fake_request(&request), -1);
}

/*
 * Procsrv, which waits for nothing else meanwhile, comes to a space although
 * its threads keep it in transition: each asks anew when it is answered.
 */
static void
a_server_that_waits_for_a_space_goes_before_who_comes_later(void **state)
{
	struct process p = process_new();
	const struct space *space = space_lookup(p.space);
	struct vm_thread_new_req req = {.space = p.space, .identity = 77};
	struct request request = {
	    .kind = SENDER_BADGE,
	    .sender = BADGE_PROC,
	    .label = vm_thread_new_call,
	    .req = &req,
	    .req_bytes = sizeof(req),
	    .once = true,
	};
	uint64_t at;

	(void)state;
	assert_int_equal(process_map(p.space, MAP, 0x14000, RW,
			     VM_MAP_PRIVATE | VM_MAP_FIXED, &at),
	    0);
	for (uint64_t i = 0; i < 0x14; i++)
		assert_int_equal(
		    process_write(p.space, MAP + i * PAGE_SIZE, 5), 0);
	fake_kernel.batch = 1;
	for (uint32_t before = 0; before < 4; before++) {
		uint32_t threads = space->nthreads;

		protect_long(p.space, VM_PROT_READ);
		for (uint32_t i = 0; i < before; i++)
			protect_long(p.space, RW);
		assert_int_equal(fake_request(&request), -1);
		for (int turns = 0; space->nthreads == threads; turns++) {
			assert_true(turns < 20);
			serve_pending(&(struct ipc_msg){0});
			if (!space_busy(space))
				protect_long(p.space, VM_PROT_READ);
		}
		fake_settle();
		assert_int_equal(space->waiting, 0);
		/* The last ones had their way. */
		assert_int_equal(fake_entry(p.space, MAP) &
				     (PTE_V | PTE_R | PTE_W | PTE_COW),
		    PTE_V | PTE_R);
	}
}

/* A thread that ends while it waits leaves nobody waiting behind it. */
static void
who_waited_and_is_gone_is_waited_for_by_nobody(void **state)
{
	struct process p = process_new();
	struct space *space = space_lookup(p.space);
	struct ipc_msg msg = {.token = 5ul << NAME_FRAME_BITS | 123};
	struct process child;

	(void)state;
	assert_int_equal(park_thread_add(), 0);
	assert_int_equal(park_for(space, &msg), SERVE_LATER);
	assert_int_equal(park_for(space, &msg), SERVE_LATER);
	assert_int_equal(space->waiting, 2);
	park_thread_remove(77ul << NAME_FRAME_BITS | 123);
	assert_int_equal(space->waiting, 0);
	assert_false(park_pending());
	assert_int_equal(process_fork(&p, 0, &child), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_page_that_came_meanwhile_is_left_alone),
	    TEST(a_copy_that_was_made_meanwhile_is_left_alone),
	    TEST(a_fault_from_before_a_change_sees_the_change),
	    TEST(a_key_is_told_while_a_fork_is_at_work),
	    TEST(all_that_concerns_a_space_waits_for_its_fork),
	    TEST(memory_that_becomes_shared_loses_no_write),
	    TEST(a_server_that_waits_for_a_space_goes_before_who_comes_later),
	    TEST(who_waited_and_is_gone_is_waited_for_by_nobody),
	};

	return cmocka_run_group_tests_name("vmsrv_park", tests, NULL, NULL);
}
