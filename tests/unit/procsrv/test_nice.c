/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_nice.c - getpriority() and setpriority().
 *
 * Init has uid 0.  `pid` is a child of it, in init's group, and becomes
 * whoever a test wants.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include <abi/errors.h>
#include <ipc/slots.h>
#include <procsrv/pid.h>

#include "proc_client_lwp.h"

#define PROCESS PROC_PRIO_PROCESS
#define PGRP PROC_PRIO_PGRP
#define USER PROC_PRIO_USER
#define NOBODY 29999
#define UID 5

static int
teardown(void **state)
{
	(void)client_teardown(state);
	assert_int_equal(pid_proc(1)->nice, 0);
	return 0;
}

static int
set(int32_t caller, uint32_t which, int32_t who, int32_t nice)
{
	return CLIENT_ERROR(caller, priority, .which = which,
	    .who = (uint32_t)who, .set = 1, .nice = nice);
}

/* What getpriority() finds; or 100 and the error. */
static int32_t
get(int32_t caller, uint32_t which, int32_t who)
{
	token_t token =
	    CLIENT_CALL(caller, priority, .which = which, .who = (uint32_t)who);
	struct proc_priority_rep rep;

	if (fake_answer_error(token) != 0)
		return 100 + fake_answer_error(token);
	memcpy(&rep, fake_answer(token), sizeof(rep));
	return rep.nice;
}

/* All threads of a process run by this value. */
static void
assert_nice(int32_t of, int32_t nice)
{
	const struct proc *proc = pid_proc(of);

	assert_int_equal(proc->nice, nice);
	LIST_FOREACH(link, &proc->lwps)
	{
		const struct lwp *lwp = LIST_ENTRY(link, struct lwp, link);

		if (lwp->state != LWP_DEAD)
			assert_int_equal(fake_priority(lwp_identity(lwp)),
			    PRIORITY_USER - nice);
	}
}

static void
a_process_begins_with_0_and_may_have_any_value_of_the_range(void **state)
{
	(void)state;
	assert_nice(1, 0);
	assert_int_equal(get(client, PROCESS, 0), 0);
	for (int32_t nice = NICE_MIN; nice <= NICE_MAX; nice++) {
		assert_int_equal(set(client, PROCESS, 0, nice), 0);
		assert_nice(client, nice);
		assert_int_equal(get(client, PROCESS, 0), nice);
		assert_int_equal(get(1, PROCESS, client), nice);
	}
	assert_nice(1, 0);
}

static void
what_is_beyond_the_range_is_its_end(void **state)
{
	(void)state;
	assert_int_equal(set(client, PROCESS, 0, 21), 0);
	assert_nice(client, 20);
	assert_int_equal(set(client, PROCESS, 0, INT32_MAX), 0);
	assert_nice(client, 20);
	assert_int_equal(set(client, PROCESS, 0, -21), 0);
	assert_nice(client, -20);
	assert_int_equal(set(client, PROCESS, 0, INT32_MIN), 0);
	assert_nice(client, -20);
}

static void
f24_a_child_inherits_it_whichever_way_it_is_born(void **state)
{
	static const uint32_t flags[] = {0, FORK_PPWAIT,
	    FORK_PPWAIT | FORK_SHAREVM, FORK_SHAREVM,
	    FORK_SHAREVM | FORK_SHARESIGS};

	(void)state;
	assert_int_equal(set(1, PROCESS, client, -7), 0);
	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		token_t token =
		    CLIENT_CALL(client, fork, .flags = flags[i], .exitsig = 20);
		int32_t child = client_youngest(client);

		assert_nice(child, -7);
		client_bury(client, child);
		assert_int_equal(fake_token_state(token), FAKE_ANSWERED);
	}
	assert_nice(client, -7);
}

static void
f24_exec_keeps_it(void **state)
{
	static const char path[] = "/bin/small";

	(void)state;
	assert_int_equal(set(client, PROCESS, 0, 13), 0);
	assert_int_equal(client_lwp_create(client, 1, 0), 2);
	fake_window(path, sizeof(path));
	(void)LWP_CALL(client, 2, exec, .bytes = sizeof(path));
	assert_int_equal(pid_proc(client)->nlwps, 1);
	assert_nice(client, 13);
	assert_int_equal(get(client, PROCESS, 0), 13);
}

static void
it_is_that_of_all_lwps_and_of_new_ones(void **state)
{
	(void)state;
	assert_int_equal(client_lwp_create(client, 1, 0), 2);
	assert_int_equal(client_lwp_create(client, 1, 0), 3);
	/* One that is dead, and that nobody waited for, has no thread. */
	client_lwp_exit(client, 2);
	assert_int_equal(
	    LWP_ERROR(client, 3, priority, .set = 1, .nice = 6), 0);
	assert_nice(client, 6);
	assert_int_equal(client_lwp_create(client, 3, 0), 4);
	assert_nice(client, 6);
}

static void
what_is_so_already_asks_nothing_of_vmsrv(void **state)
{
	uint32_t calls;

	(void)state;
	assert_int_equal(set(client, PROCESS, 0, 4), 0);
	calls = fake_calls[FAKE_THREAD_PRIORITY];
	assert_int_equal(set(client, PROCESS, 0, 4), 0);
	assert_int_equal(get(client, PROCESS, 0), 4);
	assert_int_equal(fake_calls[FAKE_THREAD_PRIORITY], calls);
	assert_int_equal(set(client, PROCESS, 0, 5), 0);
	assert_int_equal(fake_calls[FAKE_THREAD_PRIORITY], calls + 1);
}

static void
only_root_makes_it_lower_others_only_higher(void **state)
{
	(void)state;
	assert_int_equal(client_setuid(client, UID), 0);
	assert_int_equal(set(client, PROCESS, 0, -1), TINE_EACCES);
	assert_int_equal(set(client, PROCESS, 0, 0), 0);
	assert_int_equal(set(client, PROCESS, 0, 5), 0);
	assert_int_equal(set(client, PROCESS, 0, 5), 0);
	assert_int_equal(set(client, PROCESS, 0, 4), TINE_EACCES);
	assert_int_equal(set(client, PROCESS, client, INT32_MIN), TINE_EACCES);
	assert_nice(client, 5);
	assert_int_equal(set(1, PROCESS, client, -5), 0);
	assert_nice(client, -5);
}

static void
nobody_changes_another_users_but_root(void **state)
{
	int32_t child;

	(void)state;
	child = client_fork(client);
	assert_int_equal(client_setuid(client, UID), 0);
	/* The child is root's still. */
	assert_int_equal(set(client, PROCESS, child, 10), TINE_EPERM);
	assert_int_equal(set(client, PROCESS, 1, 10), TINE_EPERM);
	assert_int_equal(set(client, USER, 6, 10), TINE_ESRCH);
	assert_nice(child, 0);
	/* Everybody may look. */
	assert_int_equal(get(client, PROCESS, child), 0);
	assert_int_equal(client_setuid(child, UID), 0);
	assert_int_equal(set(client, PROCESS, child, 10), 0);
	assert_nice(child, 10);
	client_bury(client, child);
}

/* NetBSD: the real uid, too, may be the target's effective one, or root's. */
static void
the_real_uid_counts_as_well(void **state)
{
	int32_t child;

	(void)state;
	child = client_fork(client);
	assert_int_equal(client_setuid(child, UID), 0);
	assert_int_equal(CLIENT_ERROR(client, setids, .which = PROC_SETREUID,
			     .a = UID, .b = 6),
	    0);
	assert_int_equal(set(client, PROCESS, child, 3), 0);
	assert_int_equal(set(client, PROCESS, child, 2), TINE_EACCES);
	assert_int_equal(set(client, PROCESS, 1, 3), TINE_EPERM);
	client_bury(client, child);
	client_bury(1, client);
	/* Root's real one makes an EACCES of an EPERM. */
	client = client_fork(1);
	child = client_fork(client);
	assert_int_equal(client_setuid(child, UID), 0);
	assert_int_equal(CLIENT_ERROR(client, setids, .which = PROC_SETREUID,
			     .a = ~0u, .b = 6),
	    0);
	assert_int_equal(set(client, PROCESS, child, 3), TINE_EACCES);
	assert_nice(child, 0);
	client_bury(client, child);
}

static void
a_group_is_all_its_members_and_the_lowest_is_told(void **state)
{
	int32_t first, second;

	(void)state;
	assert_int_equal(client_setpgid(client, 0, 0), 0);
	first = client_fork(client);
	second = client_fork(client);
	assert_int_equal(set(1, PROCESS, second, -3), 0);
	assert_int_equal(set(1, PROCESS, client, 8), 0);
	assert_int_equal(get(1, PGRP, client), -3);
	assert_int_equal(get(first, PGRP, 0), -3);
	assert_int_equal(get(1, PGRP, 0), 0);
	assert_int_equal(set(first, PGRP, 0, 2), 0);
	assert_nice(client, 2);
	assert_nice(first, 2);
	assert_nice(second, 2);
	assert_nice(1, 0);
	client_bury(client, first);
	client_bury(client, second);
}

static void
one_that_may_not_be_changed_keeps_the_others_from_nothing(void **state)
{
	int32_t first, second;

	(void)state;
	assert_int_equal(client_setpgid(client, 0, 0), 0);
	first = client_fork(client);
	second = client_fork(client);
	assert_int_equal(client_setuid(client, UID), 0);
	assert_int_equal(client_setuid(second, UID), 0);
	assert_int_equal(set(client, PGRP, 0, 9), TINE_EPERM);
	assert_nice(client, 9);
	assert_nice(first, 0);
	assert_nice(second, 9);
	client_bury(client, first);
	client_bury(client, second);
}

static void
a_user_is_all_with_that_effective_uid(void **state)
{
	int32_t first, second;

	(void)state;
	first = client_fork(client);
	second = client_fork(1);
	assert_int_equal(CLIENT_ERROR(first, setids, .which = PROC_SETREUID,
			     .a = ~0u, .b = UID),
	    0);
	assert_int_equal(client_setuid(second, UID), 0);
	assert_int_equal(set(client, USER, UID, 7), 0);
	assert_nice(first, 7);
	assert_nice(second, 7);
	assert_nice(client, 0);
	assert_nice(1, 0);
	assert_int_equal(set(1, PROCESS, first, 1), 0);
	assert_int_equal(get(1, USER, UID), 1);
	assert_int_equal(get(second, USER, 0), 1);
	assert_int_equal(set(second, USER, 0, 12), 0);
	assert_nice(first, 12);
	assert_nice(second, 12);
	client_bury(client, first);
	client_bury(1, second);
	assert_int_equal(get(1, USER, UID), 100 + TINE_ESRCH);
}

static void
roots_own_are_not_the_systems_process(void **state)
{
	(void)state;
	assert_int_equal(set(1, USER, 0, 5), 0);
	assert_nice(1, 5);
	assert_int_equal(get(1, USER, 0), 5);
	assert_int_equal(pid_proc(0)->nice, 0);
	assert_int_equal(set(1, USER, 0, 0), 0);
}

static void
who_is_nobody_is_esrch_and_no_such_kind_is_einval(void **state)
{
	static const uint32_t kinds[] = {PROCESS, PGRP, USER};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(set(client, kinds[i], NOBODY, 1), TINE_ESRCH);
		assert_int_equal(set(client, kinds[i], -1, 1), TINE_ESRCH);
		assert_int_equal(
		    set(client, kinds[i], INT32_MIN, 1), TINE_ESRCH);
		assert_int_equal(
		    get(client, kinds[i], NOBODY), 100 + TINE_ESRCH);
	}
	assert_int_equal(set(client, 3, 0, 1), TINE_EINVAL);
	assert_int_equal(set(client, ~0u, 0, 1), TINE_EINVAL);
	assert_int_equal(get(client, 3, 0), 100 + TINE_EINVAL);
	assert_nice(client, 0);
}

/* As in NetBSD: proc_find() passes it over, pg_members has it. */
static void
a_zombie_is_found_in_its_group_alone(void **state)
{
	int32_t child;

	(void)state;
	child = client_fork(client);
	assert_int_equal(client_setpgid(client, child, child), 0);
	assert_int_equal(client_setuid(child, UID), 0);
	client_exit(child, 0);
	assert_int_equal(get(1, PROCESS, child), 100 + TINE_ESRCH);
	assert_int_equal(set(1, PROCESS, child, 1), TINE_ESRCH);
	assert_int_equal(get(1, USER, UID), 100 + TINE_ESRCH);
	assert_int_equal(get(1, PGRP, child), 0);
	assert_int_equal(set(1, PGRP, child, 1), 0);
	assert_int_equal(get(1, PGRP, child), 1);
	assert_int_equal(client_wait(client, child, 0, NULL), child);
	assert_int_equal(get(1, PGRP, child), 100 + TINE_ESRCH);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, client_setup, teardown)
	const struct CMUnitTest tests[] = {
	    TEST(a_process_begins_with_0_and_may_have_any_value_of_the_range),
	    TEST(what_is_beyond_the_range_is_its_end),
	    TEST(f24_a_child_inherits_it_whichever_way_it_is_born),
	    TEST(f24_exec_keeps_it),
	    TEST(it_is_that_of_all_lwps_and_of_new_ones),
	    TEST(what_is_so_already_asks_nothing_of_vmsrv),
	    TEST(only_root_makes_it_lower_others_only_higher),
	    TEST(nobody_changes_another_users_but_root),
	    TEST(the_real_uid_counts_as_well),
	    TEST(a_group_is_all_its_members_and_the_lowest_is_told),
	    TEST(one_that_may_not_be_changed_keeps_the_others_from_nothing),
	    TEST(a_user_is_all_with_that_effective_uid),
	    TEST(roots_own_are_not_the_systems_process),
	    TEST(who_is_nobody_is_esrch_and_no_such_kind_is_einval),
	    TEST(a_zombie_is_found_in_its_group_alone),
	};

	return cmocka_run_group_tests(tests, client_start, NULL);
}
