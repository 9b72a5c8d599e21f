/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_orphan.c - groups that nobody looks after any more (F73).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include <abi/errors.h>
#include <procsrv/pgrp.h>
#include <procsrv/pid.h>
#include <procsrv/proc.h>
#include <procsrv/signal.h>
#include <procsrv/terminal.h>

#include "proc_client.h"
#include "proc_fake_time.h"

static int32_t shell;
static struct snapshot before;

static int
setup(void **state)
{
	(void)state;
	before = snapshot_take();
	shell = client_fork(1);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	client_bury(1, shell);
	snapshot_assert_equal(&before);
	return 0;
}

/* Whether a process has died of a signal, and no other of its kin. */
static bool
killed(int32_t parent, int32_t pid, int32_t signal)
{
	int32_t status = 0;

	if (client_wait(parent, pid, PROC_WAIT_NOHANG | PROC_WAIT_NOWAIT,
		&status) != pid)
		return false;
	assert_int_equal(status, signal);
	return true;
}

static void
stop(int32_t pid)
{
	pid_proc(pid)->state = PROC_STOPPED;
}

static void
f73_a_group_with_a_stopped_member_is_hung_up_when_it_is_orphaned(void **state)
{
	int32_t leader = client_fork(shell), stopped, running;

	(void)state;
	assert_int_equal(client_setsid(leader), 0);
	running = client_fork(leader);
	stopped = client_fork(running);
	assert_int_equal(client_setpgid(leader, running, running), 0);
	assert_int_equal(client_setpgid(leader, stopped, running), 0);
	stop(stopped);
	/* Its death leaves the group without anybody from outside. */
	client_exit(leader, 0);
	assert_true(killed(1, running, SIGHUP));
	client_bury(shell, leader);
	client_bury(1, running);
	client_bury(1, stopped);
}

static void
f73_one_without_stopped_members_is_not(void **state)
{
	int32_t leader = client_fork(shell), running;

	(void)state;
	assert_int_equal(client_setsid(leader), 0);
	running = client_fork(leader);
	assert_int_equal(client_setpgid(leader, running, running), 0);
	client_exit(leader, 0);
	assert_int_equal(pid_proc(running)->state, PROC_ACTIVE);
	client_bury(shell, leader);
	client_bury(1, running);
}

/* A session with a shell, a job of its, and a member of that that stopped. */
static int32_t
session_with_job(int32_t *runningp, int32_t *stoppedp)
{
	int32_t leader = client_fork(shell);

	assert_int_equal(client_setsid(leader), 0);
	*runningp = client_fork(leader);
	*stoppedp = client_fork(*runningp);
	assert_int_equal(client_setpgid(leader, *runningp, *runningp), 0);
	assert_int_equal(client_setpgid(leader, *stoppedp, *runningp), 0);
	stop(*stoppedp);
	return leader;
}

static void
f73_a_group_is_left_alone_while_a_parent_is_outside(void **state)
{
	int32_t running, stopped;
	int32_t leader = session_with_job(&running, &stopped);

	(void)state;
	/* Of the group, it alone has a parent outside. */
	assert_int_equal(client_setpgid(leader, running, leader), 0);
	/* But then its child's parent is outside. */
	assert_int_equal(pid_proc(stopped)->state, PROC_STOPPED);
	assert_int_equal(client_setpgid(leader, stopped, leader), 0);
	assert_int_equal(pid_proc(stopped)->state, PROC_STOPPED);
	client_bury(running, stopped);
	client_bury(leader, running);
	client_bury(shell, leader);
}

static void
f73_a_group_that_the_shell_leaves_by_setsid_is_orphaned(void **state)
{
	int32_t outer = client_fork(shell), middle, job_leader, stopped;

	(void)state;
	assert_int_equal(client_setsid(outer), 0);
	middle = client_fork(outer);
	job_leader = client_fork(middle);
	stopped = client_fork(job_leader);
	assert_int_equal(client_setpgid(middle, job_leader, job_leader), 0);
	assert_int_equal(client_setpgid(middle, stopped, job_leader), 0);
	stop(stopped);
	/* Who looked after the job is in another session now. */
	assert_int_equal(client_setsid(middle), 0);
	assert_true(killed(middle, job_leader, SIGHUP));
	client_bury(middle, job_leader);
	client_bury(outer, middle);
	client_bury(shell, outer);
	client_bury(1, stopped);
}

static void
f73_a_shell_may_go_to_its_jobs_group_if_its_parent_stays(void **state)
{
	int32_t outer = client_fork(shell), middle, running, stopped;

	(void)state;
	assert_int_equal(client_setsid(outer), 0);
	middle = client_fork(outer);
	running = client_fork(middle);
	assert_int_equal(client_setpgid(middle, middle, 0), 0);
	assert_int_equal(client_setpgid(middle, running, 0), 0);
	stopped = client_fork(running);
	stop(stopped);
	/* Its own parent looks after it there: nothing happens. */
	assert_int_equal(client_setpgid(middle, 0, running), 0);
	assert_int_equal(pid_proc(running)->state, PROC_ACTIVE);
	assert_int_equal(pid_proc(stopped)->state, PROC_STOPPED);
	client_bury(running, stopped);
	client_bury(middle, running);
	client_bury(outer, middle);
	client_bury(shell, outer);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
	    TEST(
		f73_a_group_with_a_stopped_member_is_hung_up_when_it_is_orphaned),
	    TEST(f73_one_without_stopped_members_is_not),
	    TEST(f73_a_group_is_left_alone_while_a_parent_is_outside),
	    TEST(f73_a_group_that_the_shell_leaves_by_setsid_is_orphaned),
	    TEST(f73_a_shell_may_go_to_its_jobs_group_if_its_parent_stays),
	};

	return cmocka_run_group_tests(tests, client_start, NULL);
}
