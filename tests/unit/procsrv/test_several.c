/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_several.c - fork, exec and exit of processes with several LWPs.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include <abi/errors.h>
#include <procsrv/fork.h>
#include <procsrv/pid.h>
#include <procsrv/timer.h>

#include "proc_client_lwp.h"

#define LWPS 4
#define KILL 9
#define USR1 30

static struct snapshot before;
static int32_t pid;

static int
setup(void **state)
{
	(void)state;
	before = snapshot_take();
	pid = client_fork(1);
	for (int32_t lid = 2; lid <= LWPS; lid++)
		assert_int_equal(client_lwp_create(pid, 1, 0), lid);
	fake_ran_meanwhile = 0;
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	client_check();
	client_bury(1, pid);
	while (client_wait(1, -1, 0, NULL) > 0)
		;
	snapshot_assert_equal(&before);
	return 0;
}

static token_t
exec_small(int32_t lid)
{
	static const char strings[] = "/bin/small";

	fake_window(strings, sizeof(strings));
	return LWP_CALL(pid, lid, exec, .bytes = sizeof(strings));
}

static void
f25_only_the_calling_lwp_is_in_the_child(void **state)
{
	struct lwp *caller = client_lwp(pid, 3), *childs;
	struct proc_fork_rep rep;
	token_t token;

	(void)state;
	fake_regs(lwp_identity(caller))->x[9] = 0x333;
	caller->sigmask = 0xf0;
	caller->altstack_sp = 0x41000;
	caller->altstack_size = 0x2000;
	caller->flags |= LWPF_UNPARKED | LWPF_DETACHED;
	token = LWP_CALL(pid, 3, fork, .exitsig = 20);
	memcpy(&rep, fake_answer(token), sizeof(rep));
	assert_int_equal(pid_proc(rep.pid)->nlwps, 1);
	childs = client_lwp(rep.pid, 1);
	assert_int_equal(fake_regs(lwp_identity(childs))->x[9], 0x333);
	assert_int_equal(childs->sigmask, 0xf0);
	assert_int_equal(childs->altstack_sp, 0x41000);
	assert_int_equal(childs->altstack_size, 0x2000);
	assert_int_equal(childs->flags, 0);
	/* The next one's id follows the child's, not the parent's. */
	assert_int_equal(client_lwp_create(rep.pid, 1, 0), 2);
	client_exit(rep.pid, 0);
	assert_int_equal(client_wait(pid, rep.pid, 0, NULL), rep.pid);
	assert_int_equal(pid_proc(pid)->nlwps, LWPS);
}

static void
lwp_0_is_the_caller_to_a_signal(void **state)
{
	(void)state;
	for (int32_t lid = 1; lid <= LWPS; lid++)
		client_lwp(pid, lid)->sigmask = 1ul << (USR1 - 1);
	(void)LWP_CALL(pid, 3, lwp_kill, .lid = 0, .signal = USR1);
	for (int32_t lid = 1; lid <= LWPS; lid++)
		assert_int_equal(client_lwp(pid, lid)->sigpending,
		    lid == 3 ? 1ul << (USR1 - 1) : 0);
	assert_int_equal(pid_proc(pid)->sigpending, 0);
}

static void
f73_exit_by_any_lwp_ends_all_and_none_runs_on(void **state)
{
	uint32_t frees = fake_calls[FAKE_THREAD_FREE];
	uint32_t releases = fake_calls[FAKE_VM_RELEASE];
	int32_t status = 0;

	(void)state;
	/* In a wait, dead, and running. */
	(void)LWP_CALL(pid, 1, lwp_park, .deadline = fake_now + 5);
	client_lwp_exit(pid, 2);
	fake_ran_meanwhile = 0;
	(void)LWP_CALL(pid, 3, exit, .status = 4);
	assert_int_equal(fake_ran_meanwhile, 0);
	assert_int_equal(client_wait(1, pid, PROC_WAIT_NOWAIT, &status), pid);
	assert_int_equal(status, 4 << 8);
	/* One use of the space, which the last takes along. */
	assert_int_equal(fake_calls[FAKE_THREAD_FREE] - frees, 3);
	assert_int_equal(fake_calls[FAKE_VM_RELEASE] - releases, 1);
	assert_true(fake_last[FAKE_THREAD_FREE] < fake_last[FAKE_VM_RELEASE]);
	fake_now += 5;
	timer_event();
}

static void
f73_a_signal_ends_all_and_none_runs_on(void **state)
{
	int32_t status = 0;

	(void)state;
	assert_int_equal(client_kill(1, pid, KILL), 0);
	assert_int_equal(fake_ran_meanwhile, 0);
	assert_int_equal(client_wait(1, pid, PROC_WAIT_NOWAIT, &status), pid);
	assert_int_equal(status, KILL);
}

static void
f74_exec_leaves_the_calling_lwp_alone_with_id_1(void **state)
{
	struct proc *proc = pid_proc(pid);
	uint64_t identity = client_lwp_identity(pid, 3);
	uint64_t space = proc->space;

	(void)state;
	client_lwp_exit(pid, 1);
	(void)LWP_CALL(pid, 2, lwp_park, .deadline = fake_now + 5);
	client_lwp(pid, 3)->flags |=
	    LWPF_DETACHED | LWPF_SUSPENDED | LWPF_UNPARKED;
	fake_ran_meanwhile = 0;
	assert_int_equal(fake_token_state(exec_small(3)), FAKE_ANSWERED_REGS);
	assert_int_equal(fake_ran_meanwhile, 0);
	assert_true(client_lwp_identity(pid, 1) == identity);
	assert_int_equal(proc->nlwps, 1);
	assert_int_equal(proc->ndead, 0);
	assert_int_equal(client_lwp(pid, 1)->flags, 0);
	assert_int_equal(fake_space_users(space), 0);
	assert_true(fake_space_of(identity) == proc->space);
	assert_int_equal(fake_space_users(proc->space), 1);
	assert_int_equal(client_lwp_create(pid, 1, 0), 2);
	fake_now += 5;
	timer_event();
}

static const enum fake_step exec_steps[] = {
    FAKE_COPY_IN,
    FAKE_OBJECT_OPEN,
    FAKE_OBJECT_READ,
    FAKE_EXEC_BEGIN,
    FAKE_EXEC_MAP,
    FAKE_EXEC_TOP,
    FAKE_EXEC_STACK,
    FAKE_EXEC_COMMIT,
};

static void
f74_f79_an_exec_that_fails_has_ended_nobody(void **state)
{
	token_t parked = LWP_CALL(pid, 2, lwp_park, .deadline = PROC_FOREVER);
	struct snapshot then = snapshot_take();
	uint32_t stops = fake_calls[FAKE_THREAD_STOP];

	(void)state;
	for (size_t i = 0; i < sizeof(exec_steps) / sizeof(exec_steps[0]);
	     i++) {
		fake_fail(exec_steps[i], TINE_ENOMEM);
		assert_int_equal(fake_answer_error(exec_small(3)), TINE_ENOMEM);
		snapshot_assert_equal(&then);
		assert_int_equal(pid_proc(pid)->nlwps, LWPS);
	}
	assert_int_equal(fake_calls[FAKE_THREAD_STOP], stops);
	assert_int_equal(fake_token_state(parked), FAKE_PENDING);
	assert_int_equal(
	    client_lwp_identity(pid, 3), lwp_identity(client_lwp(pid, 3)));
}

/* Fork by LWP 2, then exec or exit by LWP 3: a complete child. */
static void
f79_a_fork_before_an_exec_or_exit_is_complete(void **state)
{
	int32_t child;

	(void)state;
	assert_int_equal(LWP_ERROR(pid, 2, fork, .exitsig = 20), 0);
	child = client_youngest(pid);
	(void)exec_small(3);
	assert_int_equal(pid_proc(child)->nlwps, 1);
	assert_int_equal(fake_space_users(pid_proc(child)->space), 1);
	client_bury(pid, child);
	assert_int_equal(client_lwp_create(pid, 1, 0), 2);
	assert_int_equal(LWP_ERROR(pid, 2, fork, .exitsig = 20), 0);
	child = client_youngest(pid);
	client_exit(pid, 0);
	assert_int_equal(client_ppid(child), 1);
	assert_int_equal(fake_space_users(pid_proc(child)->space), 1);
	client_exit(child, 0);
}

/*
 * The other order: what LWP 2 asked for comes too late.  Its message goes
 * with its thread; if it came all the same, its sender would be nobody.
 */
static void
f79_after_an_exec_or_exit_there_is_no_child_and_no_trace(void **state)
{
	struct proc_fork_req req = {.exitsig = 20};
	uint64_t two = client_lwp_identity(pid, 2);
	struct fork_statistics statistics;
	struct snapshot then;

	(void)state;
	(void)exec_small(3);
	then = snapshot_take();
	statistics = fork_statistics;
	assert_int_equal(fake_answer_error(client_call_as(
			     two, proc_fork_call, &req, sizeof(req))),
	    TINE_ESTALE);
	assert_int_equal(client_lwp_create(pid, 1, 0), 2);
	assert_int_equal(fake_answer_error(client_call_as(
			     two, proc_fork_call, &req, sizeof(req))),
	    TINE_ESTALE);
	client_lwp_exit(pid, 2);
	assert_int_equal(client_lwp_wait(pid, 1, 2), 2);
	snapshot_assert_equal(&then);
	assert_memory_equal(&statistics, &fork_statistics, sizeof(statistics));
}

/* Two LWPs exec, or one execs and one exits: the first one is served. */
static void
f79_of_two_execs_the_first_one_ends_the_other(void **state)
{
	uint64_t two = client_lwp_identity(pid, 2);
	struct proc_exec_req req = {.bytes = sizeof("/bin/small")};

	(void)state;
	(void)exec_small(3);
	assert_int_equal(fake_answer_error(client_call_as(
			     two, proc_exec_call, &req, sizeof(req))),
	    TINE_ESTALE);
	assert_int_equal(pid_proc(pid)->nlwps, 1);
}

static void
f70_two_lwps_wait_one_gets_the_child_the_other_looks_again(void **state)
{
	token_t a, b;
	int32_t child = client_fork(pid), other = client_fork(pid), got;

	(void)state;
	a = LWP_CALL(pid, 2, wait, .options = CLIENT_WAIT4);
	b = LWP_CALL(pid, 3, wait, .options = CLIENT_WAIT4);
	client_exit(child, 0);
	got = client_waited(a, NULL);
	assert_int_equal(got, child);
	assert_int_equal(client_waited(b, NULL), CLIENT_BLOCKED);
	a = LWP_CALL(pid, 2, wait, .options = CLIENT_WAIT4);
	client_exit(other, 0);
	assert_int_equal(client_waited(a, NULL), other);
	assert_int_equal(client_waited(b, NULL), -TINE_ECHILD);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
	    TEST(f25_only_the_calling_lwp_is_in_the_child),
	    TEST(lwp_0_is_the_caller_to_a_signal),
	    TEST(f73_exit_by_any_lwp_ends_all_and_none_runs_on),
	    TEST(f73_a_signal_ends_all_and_none_runs_on),
	    TEST(f74_exec_leaves_the_calling_lwp_alone_with_id_1),
	    TEST(f74_f79_an_exec_that_fails_has_ended_nobody),
	    TEST(f79_a_fork_before_an_exec_or_exit_is_complete),
	    TEST(f79_after_an_exec_or_exit_there_is_no_child_and_no_trace),
	    TEST(f79_of_two_execs_the_first_one_ends_the_other),
	    TEST(f70_two_lwps_wait_one_gets_the_child_the_other_looks_again),
	};

	return cmocka_run_group_tests(tests, client_start, NULL);
}
