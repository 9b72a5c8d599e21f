/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_cputime.c - what happens when a process has run for some time.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include <abi/errors.h>
#include <procsrv/cputime.h>
#include <procsrv/pid.h>
#include <procsrv/proc.h>
#include <procsrv/signal.h>
#include <procsrv/sigset.h>

#include "proc_client_signal.h"
#include "proc_fake_time.h"

/* Ticks; FAKE_TIMEBASE of them are a second. */
#define SECOND FAKE_TIMEBASE
#define LOOK 10u

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

static int
teardown(void **state)
{
	(void)state;
	if (pid_proc(pid) != NULL)
		client_bury(1, pid);
	snapshot_assert_equal(&before);
	assert_false(fake_time_event());
	return 0;
}

static int
limit(uint64_t soft, uint64_t hard)
{
	return CLIENT_ERROR(pid, setrlimit, .resource = PROC_LIMIT_CPU,
	    .soft = soft, .hard = hard);
}

/* Let a process run, and time pass meanwhile. */
static void
run(int32_t of, uint64_t ticks)
{
	fake_run(client_identity(of), ticks * FAKE_CYCLES_IN_A_TICK);
	fake_time_pass(fake_now + ticks + LOOK);
}

/* Hold a signal, so that it stays pending. */
static void
hold(int32_t signal)
{
	assert_int_equal(CLIENT_ERROR(pid, sigmask, .how = PROC_SIG_BLOCK,
			     .set = SIGBIT(signal)),
	    0);
}

/* Whether a held signal came; it is taken then. */
static bool
came(int32_t signal)
{
	token_t token = CLIENT_CALL(pid, sigwait, .set = SIGBIT(signal));

	return fake_answer_error(token) == 0;
}

static void
f77_sigxcpu_comes_each_second_and_sigkill_at_the_hard_limit(void **state)
{
	int32_t status;

	(void)state;
	hold(SIGXCPU);
	assert_int_equal(limit(2, 4), 0);
	run(pid, 2 * SECOND - 1);
	assert_false(came(SIGXCPU));
	run(pid, 1);
	assert_true(came(SIGXCPU));
	run(pid, SECOND - 1);
	assert_false(came(SIGXCPU));
	run(pid, 1);
	assert_true(came(SIGXCPU));
	assert_int_equal(pid_proc(pid)->state, PROC_ACTIVE);
	run(pid, SECOND);
	assert_int_equal(client_wait(1, pid, 0, &status), pid);
	assert_int_equal(status, SIGKILL);
}

static void
f77_sigxcpu_ends_who_does_not_catch_it(void **state)
{
	int32_t status;

	(void)state;
	assert_int_equal(limit(1, PROC_LIMIT_INFINITY), 0);
	run(pid, SECOND);
	assert_int_equal(client_wait(1, pid, 0, &status), pid);
	assert_int_equal(status, SIGXCPU);
}

static void
time_that_it_did_not_run_does_not_count(void **state)
{
	(void)state;
	assert_int_equal(limit(1, 2), 0);
	fake_time_pass(fake_now + 50 * SECOND);
	assert_int_equal(pid_proc(pid)->state, PROC_ACTIVE);
}

static void
f77_a_limit_can_be_raised_and_taken_away(void **state)
{
	(void)state;
	hold(SIGXCPU);
	assert_int_equal(limit(1, 10), 0);
	assert_int_equal(limit(2, 10), 0);
	run(pid, SECOND + 500);
	assert_false(came(SIGXCPU));
	/* Below what it has used. */
	assert_int_equal(limit(1, 10), 0);
	fake_time_pass(fake_now + LOOK);
	assert_true(came(SIGXCPU));
	assert_int_equal(limit(PROC_LIMIT_INFINITY, PROC_LIMIT_INFINITY), 0);
	assert_false(fake_time_event());
	assert_int_equal(
	    limit(PROC_LIMIT_INFINITY - 1, PROC_LIMIT_INFINITY), 0);
	run(pid, 20 * SECOND);
	assert_false(came(SIGXCPU));
}

static void
f34_a_child_has_the_limit_and_all_of_its_time(void **state)
{
	int32_t child, status;

	(void)state;
	hold(SIGXCPU);
	assert_int_equal(limit(1, 10), 0);
	run(pid, 900);
	child = client_fork(pid);
	run(child, SECOND - 1);
	assert_int_equal(pid_proc(child)->sigpending, 0);
	run(child, 1);
	assert_int_equal(pid_proc(child)->sigpending, SIGBIT(SIGXCPU));
	assert_false(came(SIGXCPU));
	run(child, 9 * SECOND);
	assert_int_equal(client_wait(pid, child, 0, &status), child);
	assert_int_equal(status, SIGKILL);
}

static void
f13_a_fork_that_fails_leaves_no_limit_behind(void **state)
{
	struct snapshot limited;

	(void)state;
	assert_int_equal(limit(1, 10), 0);
	limited = snapshot_take();
	fake_fail(FAKE_VM_FORK, TINE_ENOMEM);
	assert_int_equal(client_fork(pid), -TINE_ENOMEM);
	fake_fail(FAKE_THREAD_CLONE, TINE_ENOMEM);
	assert_int_equal(client_fork(pid), -TINE_ENOMEM);
	snapshot_assert_equal(&limited);
}

static struct proc_itimer_rep
itimer(
    int32_t of, uint32_t which, uint32_t set, uint64_t value, uint64_t interval)
{
	token_t token = CLIENT_CALL(of, itimer, .which = which, .set = set,
	    .value = value, .interval = interval);
	struct proc_itimer_rep rep;

	assert_int_equal(fake_answer_error(token), 0);
	memcpy(&rep, fake_answer(token), sizeof(rep));
	return rep;
}

static void
an_interval_timer_counts_what_was_run(void **state)
{
	static const struct {
		uint32_t which;
		int32_t signal;
	} cases[] = {
	    {PROC_ITIMER_VIRTUAL, SIGVTALRM}, {PROC_ITIMER_PROF, SIGPROF}};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		uint32_t which = cases[i].which;

		hold(cases[i].signal);
		(void)itimer(pid, which, 1, 100, 30);
		fake_time_pass(fake_now + SECOND);
		assert_false(came(cases[i].signal));
		run(pid, 60);
		assert_int_equal(itimer(pid, which, 0, 0, 0).value, 40);
		assert_int_equal(itimer(pid, which, 0, 0, 0).interval, 30);
		run(pid, 40);
		assert_true(came(cases[i].signal));
		/* Two ends, of which one was missed. */
		run(pid, 70);
		assert_true(came(cases[i].signal));
		assert_false(came(cases[i].signal));
		assert_int_equal(itimer(pid, which, 0, 0, 0).value, 20);
		assert_int_equal(itimer(pid, which, 1, 0, 9).value, 20);
		assert_int_equal(itimer(pid, which, 0, 0, 0).interval, 0);
		run(pid, SECOND);
		assert_false(came(cases[i].signal));
	}
}

static void
f27_a_child_has_no_timer_of_what_it_runs(void **state)
{
	int32_t child;

	(void)state;
	(void)itimer(pid, PROC_ITIMER_PROF, 1, 100, 100);
	child = client_fork(pid);
	assert_int_equal(itimer(child, PROC_ITIMER_PROF, 0, 0, 0).value, 0);
	run(child, SECOND);
	assert_int_equal(pid_proc(child)->state, PROC_ACTIVE);
	client_bury(pid, child);
}

static void
without_limits_and_timers_there_is_no_record(void **state)
{
	uint32_t count = cputime_count();

	(void)state;
	assert_int_equal(itimer(pid, PROC_ITIMER_PROF, 0, 0, 0).value, 0);
	(void)itimer(pid, PROC_ITIMER_VIRTUAL, 1, 0, 0);
	assert_int_equal(cputime_count(), count);
}

static uint64_t
cputime(int32_t of, uint32_t which, int32_t id)
{
	token_t token = CLIENT_CALL(of, cputime, .which = which, .id = id);
	struct proc_cputime_rep rep;

	assert_int_equal(fake_answer_error(token), 0);
	memcpy(&rep, fake_answer(token), sizeof(rep));
	return rep.ticks;
}

static void
the_time_of_processes_and_lwps_can_be_asked_for(void **state)
{
	int32_t child = client_fork(pid);

	(void)state;
	run(pid, 70);
	run(child, 5);
	assert_int_equal(cputime(pid, PROC_CPUTIME_PROCESS, 0), 70);
	assert_int_equal(cputime(child, PROC_CPUTIME_PROCESS, pid), 70);
	assert_int_equal(cputime(pid, PROC_CPUTIME_PROCESS, child), 5);
	assert_int_equal(cputime(child, PROC_CPUTIME_LWP, 0), 5);
	assert_int_equal(cputime(child, PROC_CPUTIME_LWP, 1), 5);
	assert_int_equal(CLIENT_ERROR(pid, cputime,
			     .which = PROC_CPUTIME_PROCESS, .id = 29999),
	    TINE_ESRCH);
	assert_int_equal(
	    CLIENT_ERROR(pid, cputime, .which = PROC_CPUTIME_LWP, .id = 2),
	    TINE_ESRCH);
	assert_int_equal(CLIENT_ERROR(pid, cputime, .which = 2), TINE_EINVAL);
	client_bury(pid, child);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
	    TEST(f77_sigxcpu_comes_each_second_and_sigkill_at_the_hard_limit),
	    TEST(f77_sigxcpu_ends_who_does_not_catch_it),
	    TEST(time_that_it_did_not_run_does_not_count),
	    TEST(f77_a_limit_can_be_raised_and_taken_away),
	    TEST(f34_a_child_has_the_limit_and_all_of_its_time),
	    TEST(f13_a_fork_that_fails_leaves_no_limit_behind),
	    TEST(an_interval_timer_counts_what_was_run),
	    TEST(f27_a_child_has_no_timer_of_what_it_runs),
	    TEST(without_limits_and_timers_there_is_no_record),
	    TEST(the_time_of_processes_and_lwps_can_be_asked_for),
	};

	return cmocka_run_group_tests(tests, client_start, NULL);
}
