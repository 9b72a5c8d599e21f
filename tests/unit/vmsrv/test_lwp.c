/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_lwp.c - spaces with several threads, which fault and ask at once.
 */
#include "park.h"
#include "serve.h"
#include "thread.h"
#include "vm_test.h"

#define MAP 0x20000000ul
#define TABLES 40 /* more than a turn clones */

static int
thread_new(uint64_t space, objname_t *thread)
{
	struct vm_thread_new_req req = {.space = space, .identity = 77};
	struct vm_thread_new_rep rep;
	int error = PROC_REQUEST(thread_new, &req, &rep);

	*thread = error == 0 ? rep.thread : 0;
	return error;
}

static int
thread_free(uint64_t space, objname_t thread)
{
	struct vm_thread_free_req req = {.space = space, .thread = thread};
	struct vm_thread_free_rep rep;

	return PROC_REQUEST(thread_free, &req, &rep);
}

static void
threads_come_and_go_and_leave_nothing(void **state)
{
	struct process p = process_new();
	struct books before = books_now();
	objname_t threads[20];

	(void)state;
	for (int i = 0; i < 20; i++) {
		assert_int_equal(thread_new(p.space, &threads[i]), 0);
		assert_int_equal(
		    fake_thread_space(threads[i]), fake_space(p.space));
		assert_int_equal(
		    fake_thread_field(threads[i], THREAD_IDENTITY), 77);
		assert_false(fake_thread_started(threads[i]));
		/* As thread_clone wants it. */
		assert_int_equal(
		    fake_thread_field(threads[i], THREAD_CSPACE), 0);
	}
	assert_int_equal(fake_live().threads, before.live.threads + 20);
	/* In no order. */
	for (int i = 0; i < 20; i++)
		assert_int_equal(
		    thread_free(p.space, threads[(i * 7) % 20]), 0);
	assert_books_equal(&before);
	assert_int_equal(thread_free(p.space, threads[3]), TINE_ESRCH);
	assert_int_equal(process_exit(&p), 0);
	assert_nothing_promised();
}

static int
thread_priority(uint64_t space, objname_t thread, uint64_t priority)
{
	struct vm_thread_priority_req req = {space, thread, priority};
	struct vm_thread_priority_rep rep;

	return PROC_REQUEST(thread_priority, &req, &rep);
}

static void
a_thread_has_any_priority_of_programs_and_no_other(void **state)
{
	static const uint64_t wrong[] = {0, PRIORITY_USER_LEAST - 1,
	    PRIORITY_USER_MOST + 1, PRIORITY_PROC, PRIORITY_VM, 64, ~0ul};
	struct process p = process_new();
	objname_t other;

	(void)state;
	assert_int_equal(thread_new(p.space, &other), 0);
	for (uint64_t i = PRIORITY_USER_LEAST; i <= PRIORITY_USER_MOST; i++) {
		assert_int_equal(thread_priority(p.space, p.thread, i), 0);
		assert_int_equal(
		    fake_thread_field(p.thread, THREAD_PRIORITY), i);
	}
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_int_equal(
		    thread_priority(p.space, p.thread, wrong[i]), TINE_EINVAL);
	assert_int_equal(
	    fake_thread_field(p.thread, THREAD_PRIORITY), PRIORITY_USER_MOST);
	assert_int_equal(fake_thread_field(other, THREAD_PRIORITY), 0);
	assert_int_equal(process_exit(&p), TINE_EBUSY);
	assert_int_equal(thread_free(p.space, other), 0);
	assert_int_equal(process_exit(&p), 0);
	assert_nothing_promised();
}

static void
only_a_thread_of_that_process_is_given_one(void **state)
{
	struct process p = process_new(), q = process_new();
	uint64_t before = fake_thread_field(q.thread, THREAD_PRIORITY);

	(void)state;
	assert_int_equal(thread_priority(p.space, q.thread, 9), TINE_ESRCH);
	assert_int_equal(thread_priority(p.space, 0, 9), TINE_ESRCH);
	assert_int_equal(thread_priority(0, q.thread, 9), TINE_ESRCH);
	assert_int_equal(thread_priority(~0ul, q.thread, 9), TINE_ESRCH);
	assert_int_equal(fake_thread_field(q.thread, THREAD_PRIORITY), before);
	assert_int_equal(process_exit(&q), 0);
	assert_int_equal(thread_priority(q.space, q.thread, 9), TINE_ESRCH);
	assert_int_equal(process_exit(&p), 0);
	assert_nothing_promised();
}

static void
the_first_thread_may_go_before_the_others(void **state)
{
	struct process p = process_new();
	objname_t other;

	(void)state;
	assert_int_equal(thread_new(p.space, &other), 0);
	assert_int_equal(thread_free(p.space, p.thread), 0);
	assert_int_equal(process_exit(&p), TINE_ESRCH);
	p.thread = other;
	assert_int_equal(process_write(p.space, PROG_DATA, 1), 0);
	assert_int_equal(process_exit(&p), 0);
	assert_nothing_promised();
}

static void
whichever_step_of_thread_new_fails_nothing_is_left_behind(void **state)
{
	struct process p = process_new();
	struct books before;
	objname_t thread;
	uint64_t n = 1;
	int error;

	(void)state;
	/* Tables of vmsrv's own grow, and stay so. */
	assert_int_equal(thread_new(p.space, &thread), 0);
	assert_int_equal(thread_free(p.space, thread), 0);
	before = books_now();
	do {
		fake_kernel.needing = 0;
		fake_kernel.fail_at = n++;
		error = thread_new(p.space, &thread);
		fake_kernel.fail_at = 0;
		if (error) {
			assert_int_equal(error, TINE_ENOMEM);
			assert_books_equal(&before);
		}
	} while (error);
	assert_true(n > 2);
	assert_int_equal(thread_free(p.space, thread), 0);
	/* Without a frame left for it. */
	while (thread_new(p.space, &thread) == 0)
		;
	assert_true(ledger_available() < 2);
	fake_check();
}

/* Whose frame is the first of all, which no name of a thread may stand for. */
static void
a_thread_that_comes_to_nothing_takes_no_message_with_it(void **state)
{
	const struct ipc_msg parked = {.token = 5 * NAME_GENERATION_ONE};
	struct ipc_msg msg;
	bool memory;

	(void)state;
	assert_int_equal(park_thread_add(), 0);
	assert_int_equal(park_again(&parked), SERVE_LATER);
	assert_int_equal(thread_reserve(), 0);
	thread_unreserve();
	assert_true(park_step(&msg, &memory));
	assert_int_equal(msg.token, parked.token);
	park_thread_remove(parked.token);
	assert_false(park_pending());
}

static void
a_thread_of_another_space_is_not_freed(void **state)
{
	struct process p = process_new();
	struct process q = process_new();
	struct books before;
	objname_t thread;

	(void)state;
	assert_int_equal(thread_new(p.space, &thread), 0);
	assert_int_equal(thread_new(q.space, &thread), 0);
	before = books_now();
	assert_int_equal(thread_free(p.space, thread), TINE_ESRCH);
	assert_int_equal(thread_free(p.space, q.thread), TINE_ESRCH);
	assert_int_equal(thread_free(p.space, 0), TINE_ESRCH);
	assert_int_equal(thread_free(p.space, fake_space(p.space)), TINE_ESRCH);
	assert_int_equal(thread_free(q.space + 1000, thread), TINE_ESRCH);
	q.thread = p.thread;
	assert_int_equal(process_exit(&q), TINE_ESRCH);
	assert_books_equal(&before);
}

static void
the_last_thread_of_a_process_is_not_freed(void **state)
{
	struct process p = process_new();
	struct process v;
	objname_t thread;

	(void)state;
	assert_int_equal(thread_free(p.space, p.thread), TINE_EBUSY);
	assert_int_equal(process_fork(&p, VM_FORK_SHARE, &v), 0);
	/* Two processes, each with one. */
	assert_int_equal(thread_free(p.space, p.thread), TINE_EBUSY);
	assert_int_equal(thread_free(p.space, v.thread), TINE_EBUSY);
	assert_int_equal(thread_new(p.space, &thread), 0);
	assert_int_equal(thread_free(p.space, p.thread), 0);
	assert_int_equal(thread_free(p.space, v.thread), TINE_EBUSY);
	assert_int_equal(process_exit(&v), 0);
	p.thread = thread;
	assert_int_equal(process_exit(&p), 0);
	assert_nothing_promised();
}

static void
a_space_with_other_threads_is_not_released(void **state)
{
	struct process p = process_new();
	struct process v;
	struct books before;
	objname_t thread;

	(void)state;
	assert_int_equal(thread_new(p.space, &thread), 0);
	before = books_now();
	assert_int_equal(process_exit(&p), TINE_EBUSY);
	assert_books_equal(&before);
	/* But a vfork child may end while its parent has several. */
	assert_int_equal(process_fork(&p, VM_FORK_SHARE, &v), 0);
	assert_int_equal(process_exit(&v), 0);
	assert_books_equal(&before);
	assert_int_equal(thread_free(p.space, thread), 0);
	assert_int_equal(process_exit(&p), 0);
	assert_nothing_promised();
}

/* A space that exec_commit would take. */
static uint64_t
loaded_space(void)
{
	struct vm_exec_begin_rep begun;
	struct vm_exec_top_rep top;
	struct vm_exec_stack_rep stack;
	int error;

	error = PROC_REQUEST(
	    exec_begin, &(struct vm_exec_begin_req){.from = 0}, &begun);
	assert_int_equal(error, 0);
	error = PROC_REQUEST(
	    exec_top, &(struct vm_exec_top_req){.space = begun.space}, &top);
	assert_int_equal(error, 0);
	error = PROC_REQUEST(exec_stack,
	    &(struct vm_exec_stack_req){.space = begun.space}, &stack);
	assert_int_equal(error, 0);
	return begun.space;
}

static int
commit_with(uint64_t space, uint64_t old, objname_t thread, uint32_t flags)
{
	struct vm_exec_commit_req req = {
	    .space = space, .thread = thread, .old = old, .flags = flags};
	struct vm_exec_commit_rep rep;

	return PROC_REQUEST(exec_commit, &req, &rep);
}

static int
commit(uint64_t space, uint64_t old, objname_t thread)
{
	return commit_with(space, old, thread, 0);
}

static void
exec_leaves_no_thread_in_a_space_that_ends(void **state)
{
	struct process p = process_new();
	struct process v;
	uint64_t space = loaded_space();
	struct books before;
	objname_t thread;

	(void)state;
	assert_int_equal(thread_new(p.space, &thread), 0);
	before = books_now();
	assert_int_equal(commit(space, p.space, p.thread), TINE_EBUSY);
	assert_books_equal(&before);
	/* A vfork child leaves its parent's threads where they are. */
	assert_int_equal(process_fork(&p, VM_FORK_SHARE, &v), 0);
	assert_int_equal(commit(space, v.space, v.thread), 0);
	v.space = space;
	assert_int_equal(process_exit(&v), 0);
	space = loaded_space();
	assert_int_equal(thread_free(p.space, thread), 0);
	assert_int_equal(commit(space, p.space, p.thread), 0);
	p.space = space;
	assert_int_equal(process_exit(&p), 0);
	assert_nothing_promised();
}

/* Users: of the old space; a vfork parent's is another. */
static void
f74_others_of_a_process_that_executes_end_afterwards(void **state)
{
	(void)state;
	for (uint32_t users = 1; users <= 2; users++) {
		struct process p = process_new();
		struct process v = p;
		uint64_t old = p.space;
		uint64_t space = loaded_space();
		objname_t a, b;

		if (users == 2)
			assert_int_equal(
			    process_fork(&p, VM_FORK_SHARE, &v), 0);
		/* There must be others, and an old space. */
		assert_int_equal(
		    commit_with(space, old, v.thread, VM_EXEC_OTHERS),
		    TINE_EBUSY);
		assert_int_equal(thread_new(old, &a), 0);
		assert_int_equal(thread_new(old, &b), 0);
		assert_int_equal(
		    commit_with(space, old, v.thread, 2), TINE_EINVAL);
		assert_int_equal(
		    commit_with(space, 0, 0, VM_EXEC_OTHERS), TINE_EINVAL);
		assert_int_equal(
		    commit_with(space, old, v.thread, VM_EXEC_OTHERS), 0);
		assert_int_equal(thread_free(old, v.thread), TINE_ESRCH);
		assert_int_equal(thread_free(old, a), 0);
		assert_int_equal(thread_free(old, b), TINE_EBUSY);
		assert_int_equal(
		    process_exit(&(struct process){.space = old, .thread = b}),
		    0);
		if (users == 2)
			assert_int_equal(process_exit(&p), 0);
		v.space = space;
		assert_int_equal(process_exit(&v), 0);
		assert_nothing_promised();
	}
}

static void
exec_moves_only_a_thread_of_the_old_space(void **state)
{
	struct process p = process_new();
	struct process q = process_new();
	uint64_t space = loaded_space();
	struct books before = books_now();

	(void)state;
	assert_int_equal(commit(space, p.space, q.thread), TINE_ESRCH);
	assert_int_equal(commit(space, p.space, 12345), TINE_ESRCH);
	assert_int_equal(commit(space, p.space, 0), TINE_EINVAL);
	assert_int_equal(commit(space, 0, p.thread), TINE_EINVAL);
	assert_int_equal(commit(space, space, p.thread), TINE_ESRCH);
	assert_books_equal(&before);
}

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
			assert_int_equal(thread_new(p.space, &thread), 0);
			break;
		case 2:
			assert_int_equal(
			    thread_free(p.space, p.thread), TINE_EBUSY);
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
	    TEST(threads_come_and_go_and_leave_nothing),
	    TEST(the_first_thread_may_go_before_the_others),
	    TEST(whichever_step_of_thread_new_fails_nothing_is_left_behind),
	    TEST(a_thread_that_comes_to_nothing_takes_no_message_with_it),
	    TEST(a_thread_of_another_space_is_not_freed),
	    TEST(a_thread_has_any_priority_of_programs_and_no_other),
	    TEST(only_a_thread_of_that_process_is_given_one),
	    TEST(the_last_thread_of_a_process_is_not_freed),
	    TEST(a_space_with_other_threads_is_not_released),
	    TEST(exec_leaves_no_thread_in_a_space_that_ends),
	    TEST(f74_others_of_a_process_that_executes_end_afterwards),
	    TEST(exec_moves_only_a_thread_of_the_old_space),
	    TEST(a_page_that_came_meanwhile_is_left_alone),
	    TEST(a_copy_that_was_made_meanwhile_is_left_alone),
	    TEST(a_fault_from_before_a_change_sees_the_change),
	    TEST(a_key_is_told_while_a_fork_is_at_work),
	    TEST(all_that_concerns_a_space_waits_for_its_fork),
	    TEST(memory_that_becomes_shared_loses_no_write),
	    TEST(a_server_that_waits_for_a_space_goes_before_who_comes_later),
	    TEST(who_waited_and_is_gone_is_waited_for_by_nobody),
	};

	return cmocka_run_group_tests_name("vmsrv_lwp", tests, NULL, NULL);
}
