/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_exit.c - the end of processes: vfork's parents, orphans, init.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include <abi/errors.h>
#include <abi/page.h>
#include <ipc/vm.h>
#include <procsrv/console.h>
#include <procsrv/pid.h>
#include <procsrv/proc.h>
#include <procsrv/signal.h>

#include "proc_client.h"

#define VFORK_3BSD (FORK_PPWAIT | FORK_SHAREVM)

static struct snapshot before;

static int
setup(void **state)
{
	(void)state;
	before = snapshot_take();
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	snapshot_assert_equal(&before);
	return 0;
}

/* The pid that a fork's or vfork's answer gives the parent. */
static int32_t
forked(token_t token)
{
	struct proc_fork_rep rep;

	assert_int_equal(fake_answer_error(token), 0);
	memcpy(&rep, fake_answer(token), sizeof(rep));
	assert_int_equal(rep.second, 0);
	return rep.pid;
}

static token_t
exec_small(int32_t pid)
{
	static const char strings[] = "/bin/small";

	fake_window(strings, sizeof(strings));
	return CLIENT_CALL(pid, exec, .bytes = sizeof(strings));
}

static int
limit_memory(int32_t pid, uint64_t bytes)
{
	return CLIENT_ERROR(pid, setrlimit, .resource = PROC_LIMIT_AS,
	    .soft = bytes, .hard = bytes);
}

static void
f34_the_limits_of_a_vfork_child_leave_the_shared_space_with_it(void **state)
{
	int32_t parent = client_fork(1);
	token_t token;
	int32_t child;
	uint32_t told;

	(void)state;
	assert_int_equal(limit_memory(parent, 0x300000), 0);
	child = client_vfork(parent, VFORK_3BSD, &token);
	assert_int_equal(limit_memory(child, 0x200000), 0);
	assert_int_equal(fake_vm_limit(VM_LIMIT_AS), 0x200000);
	client_exit(child, 0);
	assert_int_equal(fake_vm_limit(VM_LIMIT_AS), 0x300000);
	client_bury(parent, forked(token));

	/* And none is told of what it knows. */
	told = fake_calls[FAKE_VM_LIMIT];
	child = client_vfork(parent, VFORK_3BSD, &token);
	client_exit(child, 0);
	assert_int_equal(fake_calls[FAKE_VM_LIMIT], told);
	client_bury(parent, forked(token));
	client_bury(1, parent);
}

static void
exit_frees_threads_and_memory_and_keeps_the_record(void **state)
{
	int32_t pid = client_fork(1);
	uint64_t identity = client_identity(pid);
	struct snapshot then;

	(void)state;
	client_exit(pid, 0);
	then = snapshot_take();
	assert_memory_equal(&then.live, &before.live, sizeof(then.live));
	assert_int_equal(then.lwps, before.lwps);
	/* F12: the zombie counts. */
	assert_int_equal(then.nprocs, before.nprocs + 1);
	assert_int_equal(then.root_procs, before.root_procs + 1);
	assert_null(lwp_lookup(identity));
	assert_int_equal(client_wait(1, pid, 0, NULL), pid);
}

static void
f02_f52_vforks_parent_waits_for_the_childs_exit(void **state)
{
	static const uint32_t flags[] = {FORK_PPWAIT, VFORK_3BSD};

	(void)state;
	for (uint32_t i = 0; i < 2; i++) {
		token_t token;
		int32_t pid = client_vfork(1, flags[i], &token);

		assert_int_equal(fake_token_state(token), FAKE_PENDING);
		/* F02 copies, F03 shares. */
		assert_int_equal(fake_space_users(initproc->space), 1 + i);
		client_exit(pid, 0);
		assert_int_equal(forked(token), pid);
		/* F52: when it is woken the memory is released. */
		assert_int_equal(fake_space_users(initproc->space), 1);
		assert_int_equal(client_wait(1, pid, 0, NULL), pid);
	}
}

static void
f73_memory_is_given_back_before_anybody_is_told(void **state)
{
	token_t token;
	int32_t pid = client_vfork(1, VFORK_3BSD, &token);

	(void)state;
	client_exit(pid, 0);
	assert_int_equal(forked(token), pid);
	assert_true(fake_last[FAKE_VM_RELEASE] < fake_last[FAKE_REPLY]);

	/* Likewise who waits. */
	assert_int_equal(client_wait(1, pid, 0, NULL), pid);
	pid = client_fork(1);
	token = client_waits(1, pid, 0);
	assert_int_equal(client_waited(token, NULL), CLIENT_BLOCKED);
	client_exit(pid, 0);
	assert_int_equal(client_waited(token, NULL), pid);
	assert_true(fake_last[FAKE_VM_RELEASE] < fake_last[FAKE_REPLY]);
}

static void
f03_f51_vforks_parent_waits_for_the_childs_exec(void **state)
{
	token_t token, exec;
	int32_t pid = client_vfork(1, VFORK_3BSD, &token);

	(void)state;
	exec = exec_small(pid);
	assert_int_equal(fake_token_state(exec), FAKE_ANSWERED_REGS);
	assert_int_equal(forked(token), pid);
	assert_int_equal(fake_space_users(initproc->space), 1);
	/* It waits once only. */
	client_exit(pid, 0);
	assert_int_equal(client_wait(1, pid, 0, NULL), pid);
}

static void
f51_a_failed_exec_leaves_vforks_parent_waiting(void **state)
{
	token_t token, exec;
	int32_t pid = client_vfork(1, VFORK_3BSD, &token);

	(void)state;
	fake_fail(FAKE_EXEC_COMMIT, TINE_ENOMEM);
	exec = exec_small(pid);
	assert_int_equal(fake_answer_error(exec), TINE_ENOMEM);
	assert_int_equal(fake_token_state(token), FAKE_PENDING);
	client_exit(pid, 0);
	assert_int_equal(forked(token), pid);
	assert_int_equal(client_wait(1, pid, 0, NULL), pid);
}

static void
f52_vforks_parent_is_woken_by_death_from_a_signal(void **state)
{
	int32_t killer = client_fork(1);
	token_t token;
	int32_t pid = client_vfork(1, VFORK_3BSD, &token), status;

	(void)state;
	assert_int_equal(client_kill(killer, pid, SIGKILL), 0);
	assert_int_equal(forked(token), pid);
	assert_int_equal(client_wait(1, pid, 0, &status), pid);
	assert_int_equal(status, SIGKILL);
	client_bury(1, killer);
}

static void
f53_nested_vforks_wake_each_their_own(void **state)
{
	token_t outer, inner;
	int32_t a = client_vfork(1, VFORK_3BSD, &outer);
	int32_t b = client_vfork(a, VFORK_3BSD, &inner);

	(void)state;
	assert_int_equal(fake_space_users(initproc->space), 3);
	assert_int_equal(fake_token_state(outer), FAKE_PENDING);
	assert_int_equal(fake_token_state(inner), FAKE_PENDING);
	client_exit(b, 0);
	assert_int_equal(forked(inner), b);
	assert_int_equal(fake_token_state(outer), FAKE_PENDING);
	assert_int_equal(client_wait(a, b, 0, NULL), b);
	client_exit(a, 0);
	assert_int_equal(forked(outer), a);
	assert_int_equal(client_wait(1, a, 0, NULL), a);
}

static void
f53_vfork_then_fork_wakes_only_by_the_vfork_child(void **state)
{
	token_t token;
	int32_t a = client_vfork(1, VFORK_3BSD, &token);
	int32_t b = client_fork(a);

	(void)state;
	client_exit(b, 0);
	assert_int_equal(fake_token_state(token), FAKE_PENDING);
	assert_int_equal(client_wait(a, b, 0, NULL), b);
	client_exit(a, 0);
	assert_int_equal(forked(token), a);
	assert_int_equal(client_wait(1, a, 0, NULL), a);
}

static void
f53_two_parents_wait_each_for_its_own(void **state)
{
	int32_t x = client_fork(1), y = client_fork(1);
	token_t tx, ty;
	int32_t cx = client_vfork(x, VFORK_3BSD, &tx);
	int32_t cy = client_vfork(y, VFORK_3BSD, &ty);

	(void)state;
	client_exit(cy, 0);
	assert_int_equal(forked(ty), cy);
	assert_int_equal(fake_token_state(tx), FAKE_PENDING);
	client_exit(cx, 0);
	assert_int_equal(forked(tx), cx);
	client_bury(x, cx);
	client_bury(y, cy);
	client_bury(1, x);
	client_bury(1, y);
}

static void
f50_a_parent_killed_in_vfork_dies_when_the_child_execs(void **state)
{
	int32_t parent = client_fork(1), status = 0;
	token_t token;
	int32_t child = client_vfork(parent, VFORK_3BSD, &token);

	(void)state;
	assert_int_equal(client_kill(1, parent, SIGKILL), 0);
	assert_int_equal(client_wait(1, parent, PROC_WAIT_NOHANG, NULL), 0);
	assert_int_equal(client_kill(1, parent, 15), 0);
	assert_int_equal(
	    fake_token_state(exec_small(child)), FAKE_ANSWERED_REGS);
	assert_int_equal(fake_token_state(token), FAKE_STALE);
	/* It dies of the first signal. */
	assert_int_equal(client_wait(1, parent, 0, &status), parent);
	assert_int_equal(status, SIGKILL);
	/* F72: the child is an orphan now. */
	assert_int_equal(client_ppid(child), 1);
	client_bury(1, child);
}

static void
f50_a_chain_of_parents_killed_in_vfork_ends_in_one_go(void **state)
{
	int32_t a = client_fork(1), b, c;
	token_t ta, tb;

	(void)state;
	b = client_vfork(a, VFORK_3BSD, &ta);
	c = client_vfork(b, VFORK_3BSD, &tb);
	assert_int_equal(client_kill(1, a, SIGKILL), 0);
	assert_int_equal(client_kill(1, b, SIGKILL), 0);
	assert_int_equal(client_wait(1, -1, PROC_WAIT_NOHANG, NULL), 0);
	client_exit(c, 0);
	/* All three are init's and dead. */
	for (uint32_t i = 0; i < 3; i++)
		assert_true(client_wait(1, -1, 0, NULL) > 0);
	assert_int_equal(client_wait(1, -1, 0, NULL), -TINE_ECHILD);
}

static void
f72_orphans_become_inits(void **state)
{
	int32_t parent = client_fork(1);
	int32_t a = client_fork(parent), b = client_fork(parent);
	int32_t dead = client_fork(parent);

	(void)state;
	pid_proc(a)->exitsig = 0;
	client_exit(dead, 1);
	client_exit(parent, 0);
	assert_int_equal(client_ppid(a), 1);
	assert_int_equal(client_ppid(b), 1);
	assert_int_equal(pid_proc(a)->exitsig, SIGCHLD);
	client_check();
	assert_int_equal(client_wait(1, dead, 0, NULL), dead);
	assert_int_equal(client_wait(1, parent, 0, NULL), parent);
	client_bury(1, a);
	client_bury(1, b);
}

static void
f72_init_is_woken_by_an_orphan_that_was_dead_already(void **state)
{
	int32_t parent = client_fork(1), dead = client_fork(parent), status;
	token_t token;

	(void)state;
	client_exit(dead, 6);
	token = client_waits(1, -1, 0);
	assert_int_equal(client_waited(token, NULL), CLIENT_BLOCKED);
	client_exit(parent, 7);
	assert_int_equal(client_waited(token, &status), dead);
	assert_int_equal(status, 6 << 8);
	assert_int_equal(client_wait(1, -1, 0, &status), parent);
	assert_int_equal(status, 7 << 8);
}

static void
f72_a_shared_space_lives_on_with_the_orphan(void **state)
{
	int32_t parent = client_fork(1), child;

	(void)state;
	assert_int_equal(CLIENT_ERROR(parent, fork, .flags = FORK_SHAREVM,
			     .exitsig = SIGCHLD),
	    0);
	child = client_youngest(parent);
	client_exit(parent, 0);
	/* The shared space lives on with the child. */
	assert_int_equal(fake_space_users(pid_proc(child)->space), 1);
	client_bury(1, child);
	assert_int_equal(client_wait(1, parent, 0, NULL), parent);
}

static void
f71_children_of_a_nocldwait_parent_go_to_init(void **state)
{
	int32_t parent = client_fork(1);
	int32_t a = client_fork(parent), b = client_fork(parent);
	token_t token;

	(void)state;
	pid_proc(parent)->flags |= PROC_NOCLDWAIT;
	token = client_waits(parent, -1, 0);
	client_exit(a, 0);
	assert_int_equal(client_waited(token, NULL), CLIENT_BLOCKED);
	client_exit(b, 0);
	/* The last one's going wakes it. */
	assert_int_equal(client_waited(token, NULL), -TINE_ECHILD);
	assert_int_equal(client_wait(1, -1, 0, NULL), b);
	assert_int_equal(client_wait(1, -1, 0, NULL), a);
	client_bury(1, parent);
}

static void
a_message_of_a_thread_that_is_gone_changes_nothing(void **state)
{
	int32_t pid = client_fork(1);
	struct lwp *lwp = proc_lwp(pid_proc(pid));
	uint64_t identity = lwp_identity(lwp);

	(void)state;
	client_bury(1, pid);
	assert_null(lwp_lookup(identity));
	pid = client_fork(1);
	/* The record is in use again, under another name. */
	assert_ptr_equal(proc_lwp(pid_proc(pid)), lwp);
	assert_null(lwp_lookup(identity));
	assert_non_null(lwp_lookup(client_identity(pid)));
	client_bury(1, pid);
}

/* Last of all: nothing works after it. */
static void
f72_inits_death_is_a_panic_that_says_so(void **state)
{
	uint64_t how, status;

	(void)state;
	fake_console_clear();
	client_exit(1, 3);
	assert_non_null(
	    strstr(fake_console(), "init died (signal 0, exit 3)\n"));
	assert_true(fake_power(&how, &status));
	assert_int_equal(how, POWER_OFF);
	assert_int_equal(status, STATUS_PANIC);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
	    TEST(
		f34_the_limits_of_a_vfork_child_leave_the_shared_space_with_it),
	    TEST(exit_frees_threads_and_memory_and_keeps_the_record),
	    TEST(f02_f52_vforks_parent_waits_for_the_childs_exit),
	    TEST(f73_memory_is_given_back_before_anybody_is_told),
	    TEST(f03_f51_vforks_parent_waits_for_the_childs_exec),
	    TEST(f51_a_failed_exec_leaves_vforks_parent_waiting),
	    TEST(f52_vforks_parent_is_woken_by_death_from_a_signal),
	    TEST(f53_nested_vforks_wake_each_their_own),
	    TEST(f53_vfork_then_fork_wakes_only_by_the_vfork_child),
	    TEST(f53_two_parents_wait_each_for_its_own),
	    TEST(f50_a_parent_killed_in_vfork_dies_when_the_child_execs),
	    TEST(f50_a_chain_of_parents_killed_in_vfork_ends_in_one_go),
	    TEST(f72_orphans_become_inits),
	    TEST(f72_init_is_woken_by_an_orphan_that_was_dead_already),
	    TEST(f72_a_shared_space_lives_on_with_the_orphan),
	    TEST(f71_children_of_a_nocldwait_parent_go_to_init),
	    TEST(a_message_of_a_thread_that_is_gone_changes_nothing),
	    cmocka_unit_test(f72_inits_death_is_a_panic_that_says_so),
	};

	return cmocka_run_group_tests(tests, client_start, NULL);
}
