/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_fork.c - fork1() and what a client sees of it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include <abi/errors.h>
#include <procsrv/cred.h>
#include <procsrv/fork.h>
#include <procsrv/limit.h>
#include <procsrv/pgrp.h>
#include <procsrv/pid.h>
#include <procsrv/proc.h>
#include <procsrv/signal.h>

#include "proc_client.h"

static void
f01_f06_both_return_with_their_values(void **state)
{
	struct snapshot before = snapshot_take();
	struct proc_fork_rep rep;
	token_t token, childs;
	struct proc *child;

	(void)state;
	token = CLIENT_CALL(1, fork, .exitsig = SIGCHLD);
	childs = token + 1;
	memcpy(&rep, fake_answer(token), sizeof(rep));
	assert_int_equal(rep.second, 0);
	child = pid_proc(rep.pid);
	assert_non_null(child);
	assert_int_equal(child->exitsig, SIGCHLD);
	memcpy(&rep, fake_answer(childs), sizeof(rep));
	assert_int_equal(rep.pid, 0);
	assert_int_equal(rep.second, 1);
	client_bury(1, child->pid);
	snapshot_assert_equal(&before);
}

static void
one_fork_is_one_call_to_vmsrv_one_clone_and_two_replies(void **state)
{
	uint32_t before[FAKE_STEPS];
	int32_t pid;

	(void)state;
	/* The tables have room after the first. */
	client_bury(1, client_fork(1));
	memcpy(before, fake_calls, sizeof(before));
	pid = client_fork(1);
	for (uint32_t i = 0; i < FAKE_STEPS; i++) {
		uint32_t expected = i == FAKE_VM_FORK || i == FAKE_THREAD_CLONE;

		if (i == FAKE_REPLY)
			expected = 2;
		assert_int_equal(fake_calls[i] - before[i], expected);
	}
	client_bury(1, pid);
}

/* F14, F15: a step to fail, in a fork with these flags and this stack. */
static const struct {
	enum fake_step step;
	int error;
	uint32_t flags;
	uint64_t stack;
} failures[] = {
    {FAKE_VM_FORK, TINE_ENOMEM, 0, 0},
    {FAKE_VM_FORK, TINE_ENOMEM, FORK_PPWAIT, 0},
    {FAKE_VM_FORK, TINE_ENOMEM, FORK_PPWAIT | FORK_SHAREVM, 0},
    {FAKE_THREAD_CLONE, TINE_ESTALE, 0, 0},
    {FAKE_THREAD_CLONE, TINE_ESTALE, FORK_PPWAIT | FORK_SHAREVM, 0},
    {FAKE_THREAD_READ, TINE_EBADF, 0, 0x20000},
    {FAKE_THREAD_WRITE, TINE_EBADF, FORK_SHAREVM, 0x20000},
};

static void
f14_f15_whichever_step_fails_nothing_is_left_behind(void **state)
{
	struct snapshot before = snapshot_take();
	struct fork_statistics statistics = fork_statistics;
	int32_t next, pid;

	(void)state;
	for (size_t i = 0; i < sizeof(failures) / sizeof(failures[0]); i++) {
		fake_fail(failures[i].step, failures[i].error);
		assert_int_equal(
		    CLIENT_ERROR(1, fork, .exitsig = SIGCHLD,
			.flags = failures[i].flags, .stack = failures[i].stack),
		    failures[i].error);
		snapshot_assert_equal(&before);
		assert_memory_equal(
		    &statistics, &fork_statistics, sizeof(statistics));
	}
	/* Nor was a pid used up: this one follows the last one. */
	pid = client_fork(1);
	client_bury(1, pid);
	fake_fail(FAKE_VM_FORK, TINE_ENOMEM);
	assert_int_equal(client_fork(1), -TINE_ENOMEM);
	next = client_fork(1);
	assert_int_equal(next, pid + 1);
	client_bury(1, next);
}

/*
 * F14: let the n-th growth of a table fail, for each n, while a crowd is
 * born; who was refused is as if never asked for.
 */
static void
f14_f15_tables_that_cannot_grow_refuse_and_leave_nothing(void **state)
{
	struct snapshot before = snapshot_take();
	static int32_t pids[1000];
	uint32_t count = 0, refused = 0;
	struct snapshot then;

	(void)state;
	while (count < 1000) {
		uint32_t grown = fake_calls[FAKE_VM_GROW];
		int32_t pid;

		then = snapshot_take();
		fake_fail_always(FAKE_VM_GROW, TINE_ENOMEM);
		pid = client_fork(1);
		fake_fail_always(FAKE_VM_GROW, 0);
		if (fake_calls[FAKE_VM_GROW] != grown) {
			assert_int_equal(pid, -TINE_ENOMEM);
			snapshot_assert_equal(&then);
			refused++;
			/* One table may need it after the other. */
			pid = client_fork(1);
		}
		assert_true(pid > 1);
		pids[count++] = pid;
	}
	/* The table of pids, of processes and of LWPs at the least. */
	assert_true(refused > 20);
	while (count > 0)
		client_bury(1, pids[--count]);
	snapshot_assert_equal(&before);
}

static void
f10_the_last_process_is_refused_to_all_and_five_more_to_users(void **state)
{
	int32_t user = client_fork(1), pids[16] = {0}, pid;
	uint32_t count = 0;

	(void)state;
	assert_int_equal(client_setuid(user, 100), 0);
	assert_int_equal(CLIENT_ERROR(1, sysctl, .name = SYSCTL_MAXPROC,
			     .set = 1, .value = 12),
	    0);
	/* nprocs is 3: 0, init, user.  The raised count stays below 12 - 5. */
	while ((pid = client_fork(user)) > 0)
		pids[count++] = pid;
	assert_int_equal(pid, -TINE_EAGAIN);
	assert_int_equal(nprocs, 6);
	assert_int_equal(count, 3);
	/* Root goes on to 11. */
	while ((pid = client_fork(1)) > 0)
		pids[count++] = pid;
	assert_int_equal(pid, -TINE_EAGAIN);
	assert_int_equal(nprocs, 11);
	assert_int_equal(count, 8);
	/* Zombies count. */
	client_exit(pids[count - 1], 0);
	assert_int_equal(client_fork(1), -TINE_EAGAIN);
	assert_int_equal(client_wait(1, -1, 0, NULL), pids[--count]);
	pid = client_fork(1);
	assert_true(pid > 0);
	client_bury(1, pid);
	while (count > 3)
		client_bury(1, pids[--count]);
	while (count > 0)
		client_bury(user, pids[--count]);
	client_bury(1, user);
	assert_int_equal(CLIENT_ERROR(1, sysctl, .name = SYSCTL_MAXPROC,
			     .set = 1, .value = 1044),
	    0);
}

static void
f11_the_console_is_told_at_once_and_then_every_ten_seconds(void **state)
{
	static const char text[] =
	    "proc: table is full - increase kern.maxproc or NPROC\n";

	(void)state;
	maxproc = 0;
	fake_now += 60 * FAKE_TIMEBASE;
	fake_console_clear();
	assert_int_equal(client_fork(1), -TINE_EAGAIN);
	assert_string_equal(fake_console(), text);
	fake_now += 10 * FAKE_TIMEBASE - 1;
	fake_console_clear();
	assert_int_equal(client_fork(1), -TINE_EAGAIN);
	assert_string_equal(fake_console(), "");
	fake_now += 1;
	assert_int_equal(client_fork(1), -TINE_EAGAIN);
	assert_string_equal(fake_console(), text);
	maxproc = 1044;
}

static void
f12_a_user_has_as_many_processes_as_its_limit(void **state)
{
	int32_t user = client_fork(1), pids[8] = {0}, pid;
	uint32_t count = 0;

	(void)state;
	fake_console_clear();
	assert_int_equal(
	    CLIENT_ERROR(user, setrlimit, .resource = PROC_LIMIT_NPROC,
		.soft = 4, .hard = 100),
	    0);
	assert_int_equal(client_setuid(user, 200), 0);
	assert_int_equal(user_procs(200), 1);
	while ((pid = client_fork(user)) > 0)
		pids[count++] = pid;
	assert_int_equal(pid, -TINE_EAGAIN);
	/* Limit 4 allows 4 processes, the parent among them. */
	assert_int_equal(user_procs(200), 4);
	/* That is no matter for the console. */
	assert_string_equal(fake_console(), "");
	/* It is given back when the zombie is reaped, not at exit. */
	client_exit(pids[0], 0);
	assert_int_equal(client_fork(user), -TINE_EAGAIN);
	assert_int_equal(client_wait(user, -1, 0, NULL), pids[0]);
	pids[0] = client_fork(user);
	assert_true(pids[0] > 0);
	while (count > 0)
		client_bury(user, pids[--count]);
	client_bury(1, user);
	assert_int_equal(user_procs(200), 0);
}

static void
f12_root_passes_the_limit_of_its_real_user(void **state)
{
	int32_t root = client_fork(1), pid;

	(void)state;
	assert_int_equal(
	    CLIENT_ERROR(root, setrlimit, .resource = PROC_LIMIT_NPROC,
		.soft = 0, .hard = 100),
	    0);
	pid = client_fork(root);
	assert_true(pid > 0);
	client_bury(root, pid);
	client_bury(1, root);
}

static void
f10_f12_f14_the_first_reason_is_the_one_that_is_given(void **state)
{
	int32_t user = client_fork(1);

	(void)state;
	assert_int_equal(
	    CLIENT_ERROR(user, setrlimit, .resource = PROC_LIMIT_NPROC,
		.soft = 1, .hard = 1),
	    0);
	assert_int_equal(client_setuid(user, 300), 0);
	fake_fail_always(FAKE_VM_FORK, TINE_ENOMEM);
	assert_int_equal(client_fork(user), -TINE_EAGAIN);
	/* A wrong exit signal comes before any limit. */
	assert_int_equal(CLIENT_ERROR(user, fork, .exitsig = 64), TINE_EINVAL);
	fake_fail_always(FAKE_VM_FORK, 0);
	client_bury(1, user);
}

static void
f05_what_no_process_may_ask_for_is_refused(void **state)
{
	struct snapshot before = snapshot_take();
	static const struct {
		uint32_t flags;
		int32_t exitsig;
		int error;
	} cases[] = {
	    {FORK_NOWAIT, SIGCHLD, TINE_EINVAL},
	    {FORK_SYSTEM, SIGCHLD, TINE_EINVAL},
	    {FORK_CLEANFILES, SIGCHLD, TINE_EINVAL},
	    {0x100, SIGCHLD, TINE_EINVAL},
	    {0, -1, TINE_EINVAL},
	    {0, PROC_NSIG, TINE_EINVAL},
	    /* Handlers are addresses of the shared space. */
	    {FORK_SHARESIGS, SIGCHLD, TINE_EINVAL},
	    {FORK_SHARESIGS | FORK_PPWAIT, SIGCHLD, TINE_EINVAL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(CLIENT_ERROR(1, fork, .flags = cases[i].flags,
				     .exitsig = cases[i].exitsig),
		    cases[i].error);
		snapshot_assert_equal(&before);
	}
}

static void
f07_f22_nowait_and_system_are_for_calls_of_fork1(void **state)
{
	int32_t parent = client_fork(1);
	struct fork_args args = {.flags = FORK_NOWAIT | FORK_SYSTEM};
	struct proc *child;
	int32_t pid;

	(void)state;
	args.token = fake_token(client_identity(parent));
	assert_int_equal(fork1(proc_lwp(pid_proc(parent)), &args, &child), 0);
	pid = child->pid;
	/* F22: init is the parent at once. */
	assert_ptr_equal(child->parent, initproc);
	assert_int_equal(client_ppid(pid), 1);
	assert_true(child->flags & PROC_SYSTEM);
	assert_true(child->flags & PROC_NOCLDWAIT);
	fake_token_kill(args.token);
	client_exit(pid, 0);
	/* Its exit signal is none, so it is an alternate child. */
	assert_int_equal(client_wait(1, pid, PROC_WAIT_ALTSIG, NULL), pid);
	client_exit(parent, 0);
	assert_int_equal(client_wait(1, parent, 0, NULL), parent);
}

static void
f22_f23_f24_the_child_has_its_parents_identity(void **state)
{
	int32_t a = client_fork(1), b, c;
	struct proc *parent = pid_proc(a), *child;

	(void)state;
	assert_int_equal(client_setuid(a, 400), 0);
	b = client_fork(a);
	c = client_fork(a);
	child = pid_proc(c);
	assert_int_equal(client_ppid(c), a);
	assert_ptr_equal(child->pgrp, parent->pgrp);
	/* Right after the forker in the group... */
	assert_ptr_equal(parent->pgrp_link.next, &child->pgrp_link);
	assert_ptr_equal(child->pgrp_link.next, &pid_proc(b)->pgrp_link);
	/* ...and at the head of its parent's children. */
	assert_ptr_equal(list_first(&parent->children), &child->sibling);
	assert_ptr_equal(child->cred, parent->cred);
	assert_string_equal(child->name, "init");
	client_bury(a, b);
	client_bury(a, c);
	client_bury(1, a);
}

static void
f25_the_child_has_one_lwp_with_id_1_and_the_callers_registers(void **state)
{
	struct regs *regs = fake_regs(client_identity(1));
	int32_t pid;

	(void)state;
	for (uint64_t i = 0; i < 32; i++) {
		regs->x[i] = 0x1000 + i;
		regs->f[i] = 0x2000 + i;
	}
	regs->fcsr = 0xe0;
	pid = client_fork(1);
	assert_memory_equal(
	    fake_regs(client_identity(pid)), regs, sizeof(*regs));
	assert_int_equal(proc_lwp(pid_proc(pid))->lid, 1);
	client_bury(1, pid);
}

static void
a_stack_pointer_that_is_given_is_the_childs_alone(void **state)
{
	struct regs *regs = fake_regs(client_identity(1));
	struct regs *childs;
	int32_t pid;

	(void)state;
	regs->x[2] = 0x5000;
	assert_int_equal(
	    CLIENT_ERROR(1, fork, .exitsig = SIGCHLD, .stack = 0x7123), 0);
	pid = client_youngest(1);
	childs = fake_regs(client_identity(pid));
	assert_int_equal(childs->x[2], 0x7123);
	assert_int_equal(childs->x[3], regs->x[3]);
	assert_int_equal(regs->x[2], 0x5000);
	client_bury(1, pid);
}

static void
f26_f27_flags_that_are_kept_and_what_is_reset(void **state)
{
	int32_t a = client_fork(1), b;
	struct proc *parent = pid_proc(a), *child;

	(void)state;
	parent->flags |= PROC_INHERITED;
	parent->status = 7;
	fake_now += 77;
	b = client_fork(a);
	child = pid_proc(b);
	assert_int_equal(child->flags, PROC_INHERITED | PROC_AFORK);
	assert_int_equal(child->start, fake_now);
	assert_int_equal(child->status, 0);
	assert_true(list_empty(&child->children));
	parent->flags = PROC_AFORK;
	child->flags = PROC_AFORK;
	client_bury(a, b);
	client_bury(1, a);
}

static void
f30_memory_is_copied_or_shared(void **state)
{
	int32_t copy = client_fork(1), shares;

	(void)state;
	assert_true(pid_proc(copy)->space != initproc->space);
	assert_int_equal(fake_space_users(pid_proc(copy)->space), 1);
	assert_int_equal(
	    CLIENT_ERROR(copy, fork, .flags = FORK_SHAREVM, .exitsig = SIGCHLD),
	    0);
	shares = client_youngest(copy);
	assert_true(pid_proc(shares)->space == pid_proc(copy)->space);
	assert_int_equal(fake_space_users(pid_proc(copy)->space), 2);
	client_bury(copy, shares);
	assert_int_equal(fake_space_users(pid_proc(copy)->space), 1);
	client_bury(1, copy);
}

static void
f34_limits_are_shared_until_somebody_writes(void **state)
{
	int32_t a = client_fork(1), b = client_fork(a);
	struct limit limit;

	(void)state;
	assert_ptr_equal(pid_proc(a)->limits, pid_proc(b)->limits);
	assert_int_equal(CLIENT_ERROR(b, setrlimit, .resource = PROC_LIMIT_CORE,
			     .soft = 1, .hard = 2),
	    0);
	assert_true(pid_proc(a)->limits != pid_proc(b)->limits);
	assert_int_equal(limit_get(pid_proc(a), PROC_LIMIT_CORE, &limit), 0);
	assert_int_equal(limit.soft, PROC_LIMIT_INFINITY);
	client_bury(a, b);
	client_bury(1, a);
}

static int64_t
value(uint32_t name)
{
	token_t token = CLIENT_CALL(1, sysctl, .name = name);
	struct proc_sysctl_rep rep;

	assert_int_equal(fake_answer_error(token), 0);
	memcpy(&rep, fake_answer(token), sizeof(rep));
	return rep.old;
}

static void
f41_only_successes_are_counted(void **state)
{
	int64_t forks = value(SYSCTL_FORKS);
	int64_t ppwait = value(SYSCTL_FORKS_PPWAIT);
	int64_t sharevm = value(SYSCTL_FORKS_SHAREVM);
	token_t token;

	(void)state;
	client_bury(1, client_fork(1));
	client_exit(client_vfork(1, FORK_PPWAIT, &token), 0);
	client_exit(client_vfork(1, FORK_PPWAIT | FORK_SHAREVM, &token), 0);
	fake_fail(FAKE_VM_FORK, TINE_ENOMEM);
	assert_int_equal(client_fork(1), -TINE_ENOMEM);
	assert_int_equal(value(SYSCTL_FORKS), forks + 3);
	assert_int_equal(value(SYSCTL_FORKS_PPWAIT), ppwait + 2);
	assert_int_equal(value(SYSCTL_FORKS_SHAREVM), sharevm + 1);
	assert_true(client_wait(1, -1, 0, NULL) > 0);
	assert_true(client_wait(1, -1, 0, NULL) > 0);
}

/* F40: when the child is let go it is known already, the parent is not. */
static void
f40_the_child_runs_before_the_parent_has_its_value(void **state)
{
	token_t token = CLIENT_CALL(1, fork, .exitsig = SIGCHLD);
	struct proc_fork_rep rep;

	(void)state;
	memcpy(&rep, fake_answer(token), sizeof(rep));
	assert_int_equal(pid_proc(rep.pid)->state, PROC_ACTIVE);
	client_bury(1, rep.pid);
}

static void
ten_thousand_forks_leave_nothing_behind(void **state)
{
	struct snapshot before = snapshot_take();
	uint32_t grown;

	(void)state;
	client_bury(1, client_fork(1));
	grown = fake_calls[FAKE_VM_GROW];
	for (uint32_t i = 0; i < 10000; i++)
		client_bury(1, client_fork(1));
	snapshot_assert_equal(&before);
	assert_int_equal(fake_calls[FAKE_VM_GROW], grown);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(f01_f06_both_return_with_their_values),
	    cmocka_unit_test(
		one_fork_is_one_call_to_vmsrv_one_clone_and_two_replies),
	    cmocka_unit_test(
		f14_f15_whichever_step_fails_nothing_is_left_behind),
	    cmocka_unit_test(
		f10_the_last_process_is_refused_to_all_and_five_more_to_users),
	    cmocka_unit_test(
		f11_the_console_is_told_at_once_and_then_every_ten_seconds),
	    cmocka_unit_test(f12_a_user_has_as_many_processes_as_its_limit),
	    cmocka_unit_test(f12_root_passes_the_limit_of_its_real_user),
	    cmocka_unit_test(
		f10_f12_f14_the_first_reason_is_the_one_that_is_given),
	    cmocka_unit_test(f05_what_no_process_may_ask_for_is_refused),
	    cmocka_unit_test(f07_f22_nowait_and_system_are_for_calls_of_fork1),
	    cmocka_unit_test(f22_f23_f24_the_child_has_its_parents_identity),
	    cmocka_unit_test(
		f25_the_child_has_one_lwp_with_id_1_and_the_callers_registers),
	    cmocka_unit_test(a_stack_pointer_that_is_given_is_the_childs_alone),
	    cmocka_unit_test(f26_f27_flags_that_are_kept_and_what_is_reset),
	    cmocka_unit_test(f30_memory_is_copied_or_shared),
	    cmocka_unit_test(f34_limits_are_shared_until_somebody_writes),
	    cmocka_unit_test(
		f40_the_child_runs_before_the_parent_has_its_value),
	    cmocka_unit_test(f41_only_successes_are_counted),
	    cmocka_unit_test(ten_thousand_forks_leave_nothing_behind),
	    cmocka_unit_test(
		f14_f15_tables_that_cannot_grow_refuse_and_leave_nothing),
	};

	return cmocka_run_group_tests(tests, client_start, NULL);
}
