/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_lwp.c - spaces with several threads: how they come and go, and exec.
 */
#include "park.h"
#include "serve.h"
#include "thread.h"
#include "vm_test.h"

static void
threads_come_and_go_and_leave_nothing(void **state)
{
	struct process p = process_new();
	struct books before = books_now();
	objname_t threads[20];

	(void)state;
	for (int i = 0; i < 20; i++) {
		assert_int_equal(process_thread_new(p.space, &threads[i]), 0);
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
		    process_thread_free(p.space, threads[(i * 7) % 20]), 0);
	assert_books_equal(&before);
	assert_int_equal(process_thread_free(p.space, threads[3]), TINE_ESRCH);
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
	assert_int_equal(process_thread_new(p.space, &other), 0);
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
	assert_int_equal(process_thread_free(p.space, other), 0);
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
	assert_int_equal(process_thread_new(p.space, &other), 0);
	assert_int_equal(process_thread_free(p.space, p.thread), 0);
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
	assert_int_equal(process_thread_new(p.space, &thread), 0);
	assert_int_equal(process_thread_free(p.space, thread), 0);
	before = books_now();
	do {
		fake_kernel.needing = 0;
		fake_kernel.fail_at = n++;
		error = process_thread_new(p.space, &thread);
		fake_kernel.fail_at = 0;
		if (error) {
			assert_int_equal(error, TINE_ENOMEM);
			assert_books_equal(&before);
		}
	} while (error);
	assert_true(n > 2);
	assert_int_equal(process_thread_free(p.space, thread), 0);
	/* Without a frame left for it. */
	while (process_thread_new(p.space, &thread) == 0)
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
	assert_int_equal(process_thread_new(p.space, &thread), 0);
	assert_int_equal(process_thread_new(q.space, &thread), 0);
	before = books_now();
	assert_int_equal(process_thread_free(p.space, thread), TINE_ESRCH);
	assert_int_equal(process_thread_free(p.space, q.thread), TINE_ESRCH);
	assert_int_equal(process_thread_free(p.space, 0), TINE_ESRCH);
	assert_int_equal(
	    process_thread_free(p.space, fake_space(p.space)), TINE_ESRCH);
	assert_int_equal(
	    process_thread_free(q.space + 1000, thread), TINE_ESRCH);
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
	assert_int_equal(process_thread_free(p.space, p.thread), TINE_EBUSY);
	assert_int_equal(process_fork(&p, VM_FORK_SHARE, &v), 0);
	/* Two processes, each with one. */
	assert_int_equal(process_thread_free(p.space, p.thread), TINE_EBUSY);
	assert_int_equal(process_thread_free(p.space, v.thread), TINE_EBUSY);
	assert_int_equal(process_thread_new(p.space, &thread), 0);
	assert_int_equal(process_thread_free(p.space, p.thread), 0);
	assert_int_equal(process_thread_free(p.space, v.thread), TINE_EBUSY);
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
	assert_int_equal(process_thread_new(p.space, &thread), 0);
	before = books_now();
	assert_int_equal(process_exit(&p), TINE_EBUSY);
	assert_books_equal(&before);
	/* But a vfork child may end while its parent has several. */
	assert_int_equal(process_fork(&p, VM_FORK_SHARE, &v), 0);
	assert_int_equal(process_exit(&v), 0);
	assert_books_equal(&before);
	assert_int_equal(process_thread_free(p.space, thread), 0);
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
	assert_int_equal(process_thread_new(p.space, &thread), 0);
	before = books_now();
	assert_int_equal(commit(space, p.space, p.thread), TINE_EBUSY);
	assert_books_equal(&before);
	/* A vfork child leaves its parent's threads where they are. */
	assert_int_equal(process_fork(&p, VM_FORK_SHARE, &v), 0);
	assert_int_equal(commit(space, v.space, v.thread), 0);
	v.space = space;
	assert_int_equal(process_exit(&v), 0);
	space = loaded_space();
	assert_int_equal(process_thread_free(p.space, thread), 0);
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
		assert_int_equal(process_thread_new(old, &a), 0);
		assert_int_equal(process_thread_new(old, &b), 0);
		assert_int_equal(
		    commit_with(space, old, v.thread, 2), TINE_EINVAL);
		assert_int_equal(
		    commit_with(space, 0, 0, VM_EXEC_OTHERS), TINE_EINVAL);
		assert_int_equal(
		    commit_with(space, old, v.thread, VM_EXEC_OTHERS), 0);
		assert_int_equal(
		    process_thread_free(old, v.thread), TINE_ESRCH);
		assert_int_equal(process_thread_free(old, a), 0);
		assert_int_equal(process_thread_free(old, b), TINE_EBUSY);
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
	};

	return cmocka_run_group_tests_name("vmsrv_lwp", tests, NULL, NULL);
}
