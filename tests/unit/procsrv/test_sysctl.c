/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_sysctl.c - values of the system (F16).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include <abi/errors.h>
#include <procsrv/limit.h>
#include <procsrv/sleep.h>

#include "proc_client.h"

static int
set_maxproc(int32_t pid, int64_t value)
{
	return CLIENT_ERROR(
	    pid, sysctl, .name = SYSCTL_MAXPROC, .set = 1, .value = value);
}

static void
f16_maxproc_can_be_anything_from_0_below_pid_max(void **state)
{
	uint32_t before = maxproc;

	(void)state;
	assert_int_equal(set_maxproc(1, -1), TINE_EINVAL);
	assert_int_equal(set_maxproc(1, PROC_PID_MAX), TINE_EINVAL);
	assert_int_equal(set_maxproc(1, INT64_MIN), TINE_EINVAL);
	assert_int_equal(set_maxproc(1, 1l << 32), TINE_EINVAL);
	assert_int_equal(maxproc, before);
	assert_int_equal(set_maxproc(1, PROC_PID_MAX - 1), 0);
	assert_int_equal(maxproc, PROC_PID_MAX - 1);
	/* Below the present count too, and at once. */
	assert_int_equal(set_maxproc(1, 0), 0);
	assert_int_equal(client_fork(1), -TINE_EAGAIN);
	assert_int_equal(set_maxproc(1, before), 0);
	client_bury(1, client_fork(1));
}

static int
set_forkfsleep(int32_t pid, int64_t value)
{
	return CLIENT_ERROR(
	    pid, sysctl, .name = SYSCTL_FORKFSLEEP, .set = 1, .value = value);
}

static void
f16_forkfsleep_can_be_anything_from_0_to_20_seconds(void **state)
{
	static const int64_t wrong[] = {
	    -1, 20001, INT64_MIN, INT64_MAX, 1l << 32};
	struct proc_sysctl_rep rep;
	token_t token;

	(void)state;
	for (uint32_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_int_equal(set_forkfsleep(1, wrong[i]), TINE_EINVAL);
	assert_int_equal(forkfsleep, 0);
	assert_int_equal(set_forkfsleep(1, 1), 0);
	assert_int_equal(set_forkfsleep(1, 20000), 0);
	token = CLIENT_CALL(
	    1, sysctl, .name = SYSCTL_FORKFSLEEP, .set = 1, .value = 0);
	assert_int_equal(fake_answer_error(token), 0);
	memcpy(&rep, fake_answer(token), sizeof(rep));
	assert_int_equal(rep.old, 20000);
	assert_int_equal(forkfsleep, 0);
}

static void
the_old_value_is_returned(void **state)
{
	token_t token = CLIENT_CALL(
	    1, sysctl, .name = SYSCTL_MAXPROC, .set = 1, .value = 500);
	struct proc_sysctl_rep rep;

	(void)state;
	memcpy(&rep, fake_answer(token), sizeof(rep));
	assert_int_equal(rep.old, 1044);
	assert_int_equal(set_maxproc(1, 1044), 0);
}

static void
f16_only_root_sets_and_only_what_can_be_set(void **state)
{
	int32_t user = client_fork(1);

	(void)state;
	assert_int_equal(client_setuid(user, 100), 0);
	assert_int_equal(set_maxproc(user, 2000), TINE_EPERM);
	/* Who may not set at all is not told what would be wrong. */
	assert_int_equal(set_maxproc(user, -1), TINE_EPERM);
	assert_int_equal(set_forkfsleep(user, 10), TINE_EPERM);
	assert_int_equal(set_forkfsleep(user, -1), TINE_EPERM);
	assert_int_equal(CLIENT_ERROR(user, sysctl, .name = SYSCTL_MAXPROC), 0);
	assert_int_equal(
	    CLIENT_ERROR(user, sysctl, .name = SYSCTL_FORKFSLEEP), 0);
	assert_int_equal(CLIENT_ERROR(1, sysctl, .name = SYSCTL_NPROCS,
			     .set = 1, .value = 1),
	    TINE_EPERM);
	assert_int_equal(
	    CLIENT_ERROR(1, sysctl, .name = SYSCTL_FORKS, .set = 1, .value = 1),
	    TINE_EPERM);
	client_bury(1, user);
}

static void
unknown_names_are_not_found(void **state)
{
	(void)state;
	assert_int_equal(CLIENT_ERROR(1, sysctl, .name = 0), TINE_ENOENT);
	assert_int_equal(CLIENT_ERROR(1, sysctl, .name = 999), TINE_ENOENT);
	assert_int_equal(
	    CLIENT_ERROR(1, sysctl, .name = 999, .set = 1), TINE_ENOENT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(f16_maxproc_can_be_anything_from_0_below_pid_max),
	    cmocka_unit_test(
		f16_forkfsleep_can_be_anything_from_0_to_20_seconds),
	    cmocka_unit_test(the_old_value_is_returned),
	    cmocka_unit_test(f16_only_root_sets_and_only_what_can_be_set),
	    cmocka_unit_test(unknown_names_are_not_found),
	};

	return cmocka_run_group_tests(tests, client_start, NULL);
}
