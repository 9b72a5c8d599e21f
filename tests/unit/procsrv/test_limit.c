/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_limit.c - getrlimit and setrlimit (F77).  The limits on the number of
 * processes are test_fork.c's.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include <abi/errors.h>
#include <ipc/vm.h>
#include <procsrv/limit.h>
#include <procsrv/pid.h>
#include <procsrv/proc.h>

#include "proc_client.h"

static int
set(uint32_t resource, uint64_t soft, uint64_t hard)
{
	return CLIENT_ERROR(client, setrlimit, .resource = resource,
	    .soft = soft, .hard = hard);
}

static struct proc_getrlimit_rep
get(uint32_t resource)
{
	token_t token = CLIENT_CALL(client, getrlimit, .resource = resource);
	struct proc_getrlimit_rep rep;

	assert_int_equal(fake_answer_error(token), 0);
	memcpy(&rep, fake_answer(token), sizeof(rep));
	return rep;
}

static void
f77_nproc_starts_as_child_max(void **state)
{
	(void)state;
	assert_int_equal(get(PROC_LIMIT_NPROC).soft, 160);
	assert_int_equal(get(PROC_LIMIT_NPROC).hard, maxproc);
}

static void
f77_no_such_resource_and_soft_above_hard_are_invalid(void **state)
{
	(void)state;
	assert_int_equal(set(PROC_LIMIT_COUNT, 1, 1), TINE_EINVAL);
	assert_int_equal(set(~0u, 1, 1), TINE_EINVAL);
	assert_int_equal(set(PROC_LIMIT_CORE, 2, 1), TINE_EINVAL);
	assert_int_equal(
	    CLIENT_ERROR(client, getrlimit, .resource = PROC_LIMIT_COUNT),
	    TINE_EINVAL);
}

static void
f77_only_root_raises_a_hard_limit(void **state)
{
	(void)state;
	assert_int_equal(set(PROC_LIMIT_CORE, 10, 20), 0);
	assert_int_equal(set(PROC_LIMIT_CORE, 10, 30), 0);
	assert_int_equal(client_setuid(client, 100), 0);
	assert_int_equal(set(PROC_LIMIT_CORE, 30, 31), TINE_EPERM);
	assert_int_equal(get(PROC_LIMIT_CORE).hard, 30);
	assert_int_equal(set(PROC_LIMIT_CORE, 30, 30), 0);
	assert_int_equal(set(PROC_LIMIT_CORE, 0, 5), 0);
	assert_int_equal(set(PROC_LIMIT_CORE, 0, 6), TINE_EPERM);
}

static void
f77_nproc_is_clipped_to_maxproc(void **state)
{
	(void)state;
	assert_int_equal(set(PROC_LIMIT_NPROC, 5000, PROC_LIMIT_INFINITY), 0);
	assert_int_equal(get(PROC_LIMIT_NPROC).soft, maxproc);
	assert_int_equal(get(PROC_LIMIT_NPROC).hard, maxproc);
}

static void
vmsrv_is_told_of_the_limits_that_it_enforces(void **state)
{
	uint32_t told = fake_calls[FAKE_VM_LIMIT];

	(void)state;
	assert_int_equal(set(PROC_LIMIT_DATA, 0x10000, 0x20000), 0);
	assert_int_equal(fake_vm_limit(VM_LIMIT_DATA), 0x10000);
	assert_int_equal(set(PROC_LIMIT_AS, 0x30000, 0x30000), 0);
	assert_int_equal(fake_vm_limit(VM_LIMIT_AS), 0x30000);
	assert_int_equal(set(PROC_LIMIT_STACK, 0x40000, 0x50000), 0);
	assert_int_equal(fake_vm_limit(VM_LIMIT_STACK), 0x40000);
	assert_int_equal(set(PROC_LIMIT_CPU, 1, 1), 0);
	assert_int_equal(fake_calls[FAKE_VM_LIMIT], told + 3);
}

static void
what_vmsrv_refuses_is_not_set(void **state)
{
	uint64_t soft = get(PROC_LIMIT_AS).soft;

	(void)state;
	fake_fail(FAKE_VM_LIMIT, TINE_EINVAL);
	assert_int_equal(set(PROC_LIMIT_AS, 1, 1), TINE_EINVAL);
	assert_int_equal(get(PROC_LIMIT_AS).soft, soft);
}

int
main(void)
{
#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, client_setup, client_teardown)
	const struct CMUnitTest tests[] = {
	    TEST(f77_nproc_starts_as_child_max),
	    TEST(f77_no_such_resource_and_soft_above_hard_are_invalid),
	    TEST(f77_only_root_raises_a_hard_limit),
	    TEST(f77_nproc_is_clipped_to_maxproc),
	    TEST(vmsrv_is_told_of_the_limits_that_it_enforces),
	    TEST(what_vmsrv_refuses_is_not_set),
	};

	return cmocka_run_group_tests(tests, client_start, NULL);
}
