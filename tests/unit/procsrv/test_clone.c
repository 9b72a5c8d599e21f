/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_clone.c - what clone() asks of fork1().
 */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include <abi/errors.h>
#include <procsrv/fork.h>
#include <procsrv/limit.h>
#include <procsrv/pid.h>

#include "proc_client_lwp.h"

#define SIGUSR1 30

static struct snapshot before;
static int32_t pid;

static int
setup(void **state)
{
	(void)state;
	before = snapshot_take();
	pid = client_fork(1);
	assert_int_equal(client_lwp_create(pid, 1, 0), 2);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	client_exit(pid, 0);
	while (client_wait(1, -1, PROC_WAIT_ALLSIG, NULL) > 0)
		;
	snapshot_assert_equal(&before);
	return 0;
}

static int
clone_error(uint32_t flags, int32_t exitsig, uint64_t stack)
{
	return LWP_ERROR(
	    pid, 2, fork, .flags = flags, .exitsig = exitsig, .stack = stack);
}

/* F04: which FORK_ flags CLONE_ flags may become, all in one. */
static void
f04_what_a_clone_shares_is_accepted_in_any_combination(void **state)
{
	static const uint32_t shared[] = {
	    FORK_SHAREVM, FORK_SHARECWD, FORK_SHAREFILES};

	(void)state;
	for (uint32_t bits = 0; bits < 8; bits++) {
		uint64_t space = pid_proc(pid)->space;
		uint32_t flags = 0;
		int32_t child;

		for (uint32_t i = 0; i < 3; i++)
			flags |= bits & 1u << i ? shared[i] : 0;
		assert_int_equal(clone_error(flags, 20, 0), 0);
		child = client_youngest(pid);
		assert_int_equal(pid_proc(child)->space == space, bits & 1);
		assert_int_equal(fake_space_users(space), 1 + (bits & 1));
		client_bury(pid, child);
	}
}

static void
f04_f33_handlers_are_shared_with_the_space(void **state)
{
	static const uint32_t more[] = {
	    0, FORK_SHARECWD, FORK_SHAREFILES | FORK_PPWAIT};

	(void)state;
	for (uint32_t i = 0; i < 3; i++) {
		uint32_t flags = FORK_SHAREVM | FORK_SHARESIGS | more[i];
		token_t token =
		    LWP_CALL(pid, 2, fork, .flags = flags, .exitsig = 20);
		int32_t child = client_youngest(pid);

		assert_ptr_equal(
		    pid_proc(child)->sigacts, pid_proc(pid)->sigacts);
		client_exit(child, 0);
		assert_int_equal(client_forked(token), child);
		client_bury(pid, child);
	}
	assert_int_equal(clone_error(0, 20, 0), 0);
	assert_ptr_not_equal(
	    pid_proc(client_youngest(pid))->sigacts, pid_proc(pid)->sigacts);
	client_bury(pid, client_youngest(pid));
}

static void
f04_the_exit_signal_is_any_or_none(void **state)
{
	static const int32_t signals[] = {0, 1, SIGUSR1, PROC_NSIG - 1, 20};

	(void)state;
	/* They would end it. */
	for (uint32_t i = 1; i < 4; i++)
		assert_int_equal(
		    LWP_ERROR(pid, 1, sigaction, .signal = (uint32_t)signals[i],
			.set = 1, .handler = PROC_SIG_IGN),
		    0);
	for (uint32_t i = 0; i < 5; i++) {
		bool child_like = signals[i] == 20;
		int32_t child;

		assert_int_equal(clone_error(0, signals[i], 0), 0);
		child = client_youngest(pid);
		assert_int_equal(pid_proc(child)->exitsig, signals[i]);
		client_exit(child, 0);
		/* Any but SIGCHLD makes an "alternate" child. */
		if (!child_like)
			assert_int_equal(
			    client_wait(pid, child, 0, NULL), -TINE_ECHILD);
		assert_int_equal(client_wait(pid, child,
				     child_like ? 0 : PROC_WAIT_ALTSIG, NULL),
		    child);
	}
}

static void
f04_the_stack_is_the_childs_sp_unchanged(void **state)
{
	static const uint64_t stacks[] = {1, 0x7123, 0x20000, ~0ul};
	struct regs *regs = fake_regs(client_lwp_identity(pid, 2));
	int32_t child;

	(void)state;
	regs->x[2] = 0x5008;
	for (uint32_t i = 0; i < 4; i++) {
		assert_int_equal(clone_error(FORK_SHAREVM, 20, stacks[i]), 0);
		child = client_youngest(pid);
		assert_true(
		    fake_regs(client_identity(child))->x[2] == stacks[i]);
		assert_int_equal(regs->x[2], 0x5008);
		client_bury(pid, child);
	}
	/* 0 keeps the caller's. */
	assert_int_equal(clone_error(FORK_SHAREVM, 20, 0), 0);
	child = client_youngest(pid);
	assert_int_equal(fake_regs(client_identity(child))->x[2], 0x5008);
	client_bury(pid, child);
}

static void
f05_errors_come_before_any_limit_and_leave_nothing(void **state)
{
	static const struct {
		uint32_t flags;
		int32_t exitsig;
	} cases[] = {
	    {FORK_SHARESIGS, 20},
	    {FORK_SHARESIGS | FORK_SHAREFILES | FORK_PPWAIT, 20},
	    {0, PROC_NSIG},
	    {0, 255},
	    {FORK_SHAREVM, -1},
	    {FORK_NOWAIT, 20},
	    {FORK_SYSTEM | FORK_SHAREVM, 20},
	    {0x4000, 20},
	};
	uint32_t most = maxproc;

	(void)state;
	for (uint32_t full = 0; full < 2; full++) {
		struct fork_statistics statistics = fork_statistics;
		struct snapshot then = snapshot_take();

		maxproc = full ? 0 : most;
		for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
			assert_int_equal(
			    clone_error(cases[i].flags, cases[i].exitsig, 0),
			    TINE_EINVAL);
			snapshot_assert_equal(&then);
		}
		if (full)
			assert_int_equal(clone_error(0, 20, 0), TINE_EAGAIN);
		assert_memory_equal(
		    &statistics, &fork_statistics, sizeof(statistics));
	}
	maxproc = most;
}

static const struct {
	enum fake_step step;
	int error;
	uint32_t flags;
	uint64_t stack;
} failures[] = {
    {FAKE_VM_FORK, TINE_ENOMEM, FORK_SHAREVM | FORK_SHARESIGS, 0},
    {FAKE_THREAD_CLONE, TINE_ESTALE, FORK_SHAREVM | FORK_SHARESIGS, 0},
    {FAKE_THREAD_READ, TINE_EBADF, FORK_SHAREVM | FORK_SHARECWD, 0x20000},
    {FAKE_THREAD_WRITE, TINE_EBADF, FORK_SHAREVM | FORK_SHAREFILES, 0x20000},
};

static void
f14_f15_a_clone_that_fails_leaves_nothing(void **state)
{
	struct snapshot then = snapshot_take();

	(void)state;
	for (size_t i = 0; i < sizeof(failures) / sizeof(failures[0]); i++) {
		fake_fail(failures[i].step, failures[i].error);
		assert_int_equal(
		    clone_error(failures[i].flags, 20, failures[i].stack),
		    failures[i].error);
		snapshot_assert_equal(&then);
	}
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
	    TEST(f04_what_a_clone_shares_is_accepted_in_any_combination),
	    TEST(f04_f33_handlers_are_shared_with_the_space),
	    TEST(f04_the_exit_signal_is_any_or_none),
	    TEST(f04_the_stack_is_the_childs_sp_unchanged),
	    TEST(f05_errors_come_before_any_limit_and_leave_nothing),
	    TEST(f14_f15_a_clone_that_fails_leaves_nothing),
	};

	return cmocka_run_group_tests(tests, client_start, NULL);
}
