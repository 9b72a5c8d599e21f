/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_cred.c - who may become whom (F24, F78).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include <abi/errors.h>
#include <procsrv/cred.h>
#include <procsrv/pid.h>
#include <procsrv/proc.h>

#include "proc_client.h"

#define LEAVE (~0u)

static int
set(uint32_t which, uint32_t a, uint32_t b)
{
	return CLIENT_ERROR(client, setids, .which = which, .a = a, .b = b);
}

static void
assert_uids(uint32_t real, uint32_t effective, uint32_t saved)
{
	const struct cred *cred = pid_proc(client)->cred;

	assert_int_equal(cred->user->uid, real);
	assert_int_equal(cred->euid, effective);
	assert_int_equal(cred->suid, saved);
}

static void
assert_gids(uint32_t real, uint32_t effective, uint32_t saved)
{
	const struct cred *cred = pid_proc(client)->cred;

	assert_int_equal(cred->gid, real);
	assert_int_equal(cred->egid, effective);
	assert_int_equal(cred->sgid, saved);
}

static void
setuid_by_root_sets_all_three_for_good(void **state)
{
	(void)state;
	assert_int_equal(set(PROC_SETUID, 100, 0), 0);
	assert_uids(100, 100, 100);
	assert_true(pid_proc(client)->flags & PROC_SUGID);
	assert_int_equal(set(PROC_SETUID, 0, 0), TINE_EPERM);
	assert_int_equal(set(PROC_SETEUID, 0, 0), TINE_EPERM);
	assert_int_equal(set(PROC_SETREUID, 0, LEAVE), TINE_EPERM);
	assert_int_equal(set(PROC_SETREUID, LEAVE, 0), TINE_EPERM);
	assert_int_equal(set(PROC_SETGID, 5, 0), TINE_EPERM);
	assert_uids(100, 100, 100);
	assert_int_equal(set(PROC_SETUID, 100, 0), 0);
}

static void
seteuid_can_be_taken_back(void **state)
{
	(void)state;
	assert_int_equal(set(PROC_SETEUID, 100, 0), 0);
	assert_uids(0, 100, 0);
	assert_int_equal(set(PROC_SETEUID, 200, 0), TINE_EPERM);
	assert_int_equal(set(PROC_SETEUID, 0, 0), 0);
	assert_uids(0, 0, 0);
}

static void
setreuid_swaps_and_saves(void **state)
{
	(void)state;
	assert_int_equal(set(PROC_SETREUID, 100, 200), 0);
	assert_uids(100, 200, 200);
	assert_int_equal(set(PROC_SETREUID, 200, 100), 0);
	assert_uids(200, 100, 100);
	assert_int_equal(set(PROC_SETREUID, 300, LEAVE), TINE_EPERM);
	assert_int_equal(set(PROC_SETREUID, LEAVE, LEAVE), 0);
	assert_uids(200, 100, 100);
}

static void
gids_follow_the_same_rules(void **state)
{
	(void)state;
	assert_int_equal(set(PROC_SETREGID, 7, 8), 0);
	assert_gids(7, 8, 8);
	assert_int_equal(set(PROC_SETEGID, 9, 0), 0);
	assert_gids(7, 9, 8);
	assert_int_equal(set(PROC_SETGID, 10, 0), 0);
	assert_gids(10, 10, 10);
	assert_uids(0, 0, 0);
	assert_int_equal(set(PROC_SETUID, 50, 0), 0);
	assert_gids(10, 10, 10);
	assert_int_equal(set(PROC_SETEGID, 11, 0), TINE_EPERM);
	assert_int_equal(set(PROC_SETEGID, 10, 0), 0);
}

static void
what_is_no_change_is_invalid(void **state)
{
	(void)state;
	assert_int_equal(set(0, 1, 1), TINE_EINVAL);
	assert_int_equal(set(PROC_SETREGID + 1, 1, 1), TINE_EINVAL);
	assert_int_equal(set(PROC_SETUID, LEAVE, 0), TINE_EINVAL);
	assert_int_equal(set(PROC_SETEGID, LEAVE, 0), TINE_EINVAL);
	assert_uids(0, 0, 0);
}

static void
setting_what_is_there_changes_nothing(void **state)
{
	const struct cred *cred = pid_proc(client)->cred;

	(void)state;
	assert_int_equal(set(PROC_SETUID, 0, 0), 0);
	assert_ptr_equal(pid_proc(client)->cred, cred);
	assert_false(pid_proc(client)->flags & PROC_SUGID);
}

static void
f24_a_change_is_not_seen_by_who_shared_before(void **state)
{
	int32_t child = client_fork(client);

	(void)state;
	assert_ptr_equal(pid_proc(client)->cred, pid_proc(child)->cred);
	assert_int_equal(client_setuid(child, 100), 0);
	assert_uids(0, 0, 0);
	client_bury(client, child);
}

static void
f78_the_count_moves_and_no_limit_refuses(void **state)
{
	int32_t child = client_fork(client);
	uint32_t root = user_procs(0);

	(void)state;
	assert_int_equal(
	    CLIENT_ERROR(client, setrlimit, .resource = PROC_LIMIT_NPROC,
		.soft = 0, .hard = 0),
	    0);
	assert_int_equal(client_setuid(child, 100), 0);
	assert_int_equal(client_setuid(client, 100), 0);
	assert_int_equal(user_procs(100), 2);
	assert_int_equal(user_procs(0), root - 2);
	client_bury(client, child);
	assert_int_equal(user_procs(100), 1);
}

static void
users_of_one_hash_chain_are_told_apart(void **state)
{
	int32_t a = client_fork(1), b = client_fork(1), c = client_fork(1);

	(void)state;
	assert_int_equal(client_setuid(a, 1), 0);
	assert_int_equal(client_setuid(b, 65), 0);
	assert_int_equal(client_setuid(c, 129), 0);
	assert_int_equal(user_procs(1), 1);
	assert_int_equal(user_procs(65), 1);
	client_bury(1, b);
	assert_int_equal(user_procs(1), 1);
	assert_int_equal(user_procs(65), 0);
	assert_int_equal(user_procs(129), 1);
	client_bury(1, a);
	client_bury(1, c);
}

/* Last: it has the tables full to the brim. */
static void
without_memory_nobody_changes(void **state)
{
	static int32_t pids[900];
	uint32_t count = 0;
	int error = 0;

	(void)state;
	fake_fail_always(FAKE_VM_GROW, TINE_ENOMEM);
	while (error == 0 && count < 900) {
		struct snapshot then;
		int32_t child = client_fork(1);

		if (child < 0)
			break;
		pids[count++] = child;
		then = snapshot_take();
		error = client_setuid(child, 1000 + count);
		if (error) {
			assert_int_equal(error, TINE_ENOMEM);
			snapshot_assert_equal(&then);
		}
	}
	fake_fail_always(FAKE_VM_GROW, 0);
	while (count > 0)
		client_bury(1, pids[--count]);
}

int
main(void)
{
#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, client_setup, client_teardown)
	const struct CMUnitTest tests[] = {
	    TEST(setuid_by_root_sets_all_three_for_good),
	    TEST(seteuid_can_be_taken_back),
	    TEST(setreuid_swaps_and_saves),
	    TEST(gids_follow_the_same_rules),
	    TEST(what_is_no_change_is_invalid),
	    TEST(setting_what_is_there_changes_nothing),
	    TEST(f24_a_change_is_not_seen_by_who_shared_before),
	    TEST(f78_the_count_moves_and_no_limit_refuses),
	    TEST(users_of_one_hash_chain_are_told_apart),
	    TEST(without_memory_nobody_changes),
	};

	return cmocka_run_group_tests(tests, client_start, NULL);
}
