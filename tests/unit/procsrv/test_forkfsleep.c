/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_forkfsleep.c - forks that are refused, and slowly (F13).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include <abi/errors.h>
#include <procsrv/cred.h>
#include <procsrv/limit.h>
#include <procsrv/pid.h>
#include <procsrv/proc.h>
#include <procsrv/signal.h>
#include <procsrv/sleep.h>
#include <procsrv/times.h>

#include "proc_client_signal.h"
#include "proc_fake_time.h"

static int32_t pid;
static struct snapshot before;

static int
setup(void **state)
{
	(void)state;
	before = snapshot_take();
	pid = client_fork(1);
	return 0;
}

/* Whatever timers there were end with their process. */
static int
teardown(void **state)
{
	(void)state;
	client_bury(1, pid);
	snapshot_assert_equal(&before);
	assert_false(fake_time_event());
	return 0;
}

#define DELAY 40

/* Have forks refused, and that slowly. */
static int
setup_refusal(void **state)
{
	(void)setup(state);
	forkfsleep = DELAY;
	maxproc = nprocs + 1;
	return 0;
}

static int
teardown_refusal(void **state)
{
	forkfsleep = 0;
	maxproc = 1044;
	return teardown(state);
}

static void
f13_a_refused_fork_fails_after_a_sleep(void **state)
{
	uint64_t now = fake_now;
	uint32_t count = nprocs;
	token_t token = CLIENT_CALL(pid, fork, .exitsig = SIGCHLD);

	(void)state;
	assert_int_equal(fake_token_state(token), FAKE_PENDING);
	/* Nothing is counted meanwhile. */
	assert_int_equal(nprocs, count);
	assert_int_equal(user_procs(0), before.root_procs + 1);
	fake_time_pass(now + DELAY - 1);
	assert_int_equal(fake_token_state(token), FAKE_PENDING);
	fake_time_pass(now + DELAY);
	assert_int_equal(fake_answer_error(token), TINE_EAGAIN);
	assert_int_equal(proc_lwp(pid_proc(pid))->flags & LWPF_NOINTR, 0);
}

static void
f13_so_does_one_over_the_users_limit(void **state)
{
	uint64_t now = fake_now;
	token_t token;

	(void)state;
	maxproc = 1044;
	assert_int_equal(
	    CLIENT_ERROR(pid, setrlimit, .resource = PROC_LIMIT_NPROC,
		.soft = 1, .hard = 1),
	    0);
	assert_int_equal(client_setuid(pid, 5), 0);
	token = CLIENT_CALL(pid, fork, .exitsig = SIGCHLD);
	assert_int_equal(fake_token_state(token), FAKE_PENDING);
	assert_int_equal(user_procs(5), 1);
	fake_time_pass(now + DELAY);
	assert_int_equal(fake_answer_error(token), TINE_EAGAIN);
}

static void
f13_a_refused_vfork_sleeps_too(void **state)
{
	uint64_t now = fake_now;
	token_t token = CLIENT_CALL(
	    pid, fork, .flags = FORK_PPWAIT | FORK_SHAREVM, .exitsig = SIGCHLD);

	(void)state;
	assert_int_equal(fake_token_state(token), FAKE_PENDING);
	fake_time_pass(now + DELAY);
	assert_int_equal(fake_answer_error(token), TINE_EAGAIN);
}

static void
f13_only_the_caller_sleeps(void **state)
{
	token_t token;

	(void)state;
	maxproc++;
	token = CLIENT_CALL(client_fork(pid), fork, .exitsig = SIGCHLD);
	assert_int_equal(fake_token_state(token), FAKE_PENDING);
	/* Its parent is served. */
	assert_int_equal(client_ppid(pid), 1);
	fake_time_pass(fake_now + DELAY);
	assert_int_equal(fake_answer_error(token), TINE_EAGAIN);
	client_bury(pid, client_youngest(pid));
}

static void
f13_lack_of_memory_is_told_at_once(void **state)
{
	(void)state;
	maxproc = 1044;
	fake_fail(FAKE_VM_FORK, TINE_ENOMEM);
	assert_int_equal(client_fork(pid), -TINE_ENOMEM);
	fake_fail(FAKE_THREAD_CLONE, TINE_ENOMEM);
	assert_int_equal(client_fork(pid), -TINE_ENOMEM);
}

static void
f13_mistakes_are_told_at_once(void **state)
{
	(void)state;
	assert_int_equal(CLIENT_ERROR(pid, fork, .exitsig = 64), TINE_EINVAL);
}

static void
f13_sigkill_acts_after_the_sleep(void **state)
{
	uint64_t now = fake_now;
	int32_t child, status;
	token_t token;

	(void)state;
	maxproc++;
	child = client_fork(pid);
	token = CLIENT_CALL(child, fork, .exitsig = SIGCHLD);
	assert_int_equal(client_kill(pid, child, SIGKILL), 0);
	fake_time_pass(now + DELAY - 1);
	assert_int_equal(fake_token_state(token), FAKE_PENDING);
	assert_int_equal(client_wait(pid, child, PROC_WAIT_NOHANG, NULL), 0);
	fake_time_pass(now + DELAY);
	/* It never sees EAGAIN. */
	assert_int_equal(fake_token_state(token), FAKE_STALE);
	assert_int_equal(
	    client_wait(pid, child, PROC_WAIT_NOHANG, &status), child);
	assert_int_equal(status, SIGKILL);
}

static void
f13_room_that_is_made_meanwhile_does_not_help(void **state)
{
	uint64_t now = fake_now;
	token_t token = CLIENT_CALL(pid, fork, .exitsig = SIGCHLD);

	(void)state;
	maxproc = 1044;
	forkfsleep = 0;
	fake_time_pass(now + DELAY);
	assert_int_equal(fake_answer_error(token), TINE_EAGAIN);
}

/* Another LWP calls exit() meanwhile: the process ends after the sleep. */
static void
f13_exit_by_another_lwp_waits_for_the_end_of_the_sleep(void **state)
{
	uint64_t now = fake_now;
	int32_t child, lid, status;
	token_t token;

	(void)state;
	maxproc++;
	child = client_fork(pid);
	lid = client_lwp_create(child, 1, 0);
	token = CLIENT_CALL(child, fork, .exitsig = SIGCHLD);
	(void)LWP_CALL(child, lid, exit, .status = 7);
	assert_int_equal(client_wait(pid, child, PROC_WAIT_NOHANG, NULL), 0);
	client_check();
	fake_time_pass(now + DELAY);
	assert_int_equal(fake_token_state(token), FAKE_STALE);
	assert_int_equal(
	    client_wait(pid, child, PROC_WAIT_NOHANG, &status), child);
	assert_int_equal(status, 7 << 8);
}

static void
f13_other_lwps_go_on(void **state)
{
	uint64_t now = fake_now;
	int32_t lid = client_lwp_create(pid, 1, 0);
	token_t token = CLIENT_CALL(pid, fork, .exitsig = SIGCHLD);

	(void)state;
	assert_int_equal(LWP_ERROR(pid, lid, itimer, .which = 0), 0);
	assert_int_equal(LWP_ERROR(pid, lid, sleep, .deadline = now), 0);
	fake_time_pass(now + DELAY);
	assert_int_equal(fake_answer_error(token), TINE_EAGAIN);
}

/* A handler runs when the fork has failed, and not before. */
static void
f13_a_handler_runs_after_the_sleep(void **state)
{
	uint64_t now = fake_now;
	token_t token, ast;

	(void)state;
	client_catch(pid, SIGUSR1, PROC_SA_RESTART);
	token = CLIENT_CALL(pid, fork, .exitsig = SIGCHLD);
	assert_int_equal(client_kill(1, pid, SIGUSR1), 0);
	assert_int_equal(fake_token_state(token), FAKE_PENDING);
	fake_time_pass(now + DELAY);
	assert_int_equal(fake_answer_error(token), TINE_EAGAIN);
	ast = client_run(pid);
	assert_int_equal(client_handled(ast), SIGUSR1);
}

/* So does a stop. */
static void
f13_a_stop_comes_after_the_sleep(void **state)
{
	uint64_t now = fake_now;
	token_t token = CLIENT_CALL(pid, fork, .exitsig = SIGCHLD);

	(void)state;
	assert_int_equal(client_kill(1, pid, SIGSTOP), 0);
	assert_int_equal(pid_proc(pid)->state, PROC_ACTIVE);
	fake_time_pass(now + DELAY);
	assert_int_equal(fake_answer_error(token), TINE_EAGAIN);
	(void)client_run(pid);
	assert_int_equal(pid_proc(pid)->state, PROC_STOPPED);
	assert_int_equal(client_kill(1, pid, SIGCONT), 0);
	assert_int_equal(pid_proc(pid)->state, PROC_ACTIVE);
}

int
main(void)
{
#define REFUSAL(name) \
	cmocka_unit_test_setup_teardown(name, setup_refusal, teardown_refusal)
	const struct CMUnitTest tests[] = {
	    REFUSAL(f13_a_refused_fork_fails_after_a_sleep),
	    REFUSAL(f13_so_does_one_over_the_users_limit),
	    REFUSAL(f13_a_refused_vfork_sleeps_too),
	    REFUSAL(f13_only_the_caller_sleeps),
	    REFUSAL(f13_lack_of_memory_is_told_at_once),
	    REFUSAL(f13_mistakes_are_told_at_once),
	    REFUSAL(f13_sigkill_acts_after_the_sleep),
	    REFUSAL(f13_exit_by_another_lwp_waits_for_the_end_of_the_sleep),
	    REFUSAL(f13_other_lwps_go_on),
	    REFUSAL(f13_a_handler_runs_after_the_sleep),
	    REFUSAL(f13_a_stop_comes_after_the_sleep),
	    REFUSAL(f13_room_that_is_made_meanwhile_does_not_help),
	};

	return cmocka_run_group_tests(tests, client_start, NULL);
}
