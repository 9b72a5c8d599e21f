/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_boot.c - the first processes.
 *
 * Booting can be done once only, so each test does it in a process of its
 * own, which a failed assertion ends with a status that is not 0.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include <abi/errors.h>
#include <procsrv/boot.h>
#include <procsrv/cred.h>
#include <procsrv/limit.h>
#include <procsrv/pgrp.h>
#include <procsrv/pid.h>
#include <procsrv/proc.h>

#include "proc_client.h"
#include "proc_elf.h"

/* Run part in a process of its own; its status must be 0. */
static void
apart(int (*part)(int), int argument)
{
	int status;
	pid_t pid = fork();

	assert_int_not_equal(pid, -1);
	if (pid == 0)
		_exit(part(argument));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static int
boot_normally(int argument)
{
	(void)argument;
	client_boot();
	assert_int_equal(nprocs, 2);
	assert_int_equal(proc0->pid, 0);
	assert_int_equal(proc0->flags, PROC_SYSTEM);
	assert_string_equal(proc0->name, "system");
	assert_int_equal(initproc->pid, 1);
	assert_ptr_equal(initproc->parent, proc0);
	assert_string_equal(initproc->name, "init");
	assert_int_equal(initproc->pgrp->pgid, 1);
	assert_int_equal(initproc->pgrp->session->sid, 1);
	assert_int_equal(proc0->pgrp->pgid, 0);
	assert_int_equal(user_procs(0), 2);
	assert_true(fake_started(client_identity(1)));
	assert_int_equal(fake_regs(client_identity(1))->x[0], ELF_SMALL_ENTRY);
	assert_int_equal(fake_live.spaces, 1);
	assert_int_equal(fake_live.programs, 0);
	client_check();
	return 0;
}

static void
f20_process_0_is_there_and_init_is_1(void **state)
{
	(void)state;
	apart(boot_normally, 0);
}

static const struct {
	const char *bootargs;
	const char *argv[5];
} arguments[] = {
    {"", {"/sbin/init"}},
    {"quiet semihosting", {"/sbin/init"}},
    {"quiet --", {"/sbin/init"}},
    {"quiet -- /bin/true", {"/sbin/init", "/bin/true"}},
    {"-- /bin/x  -- -y", {"/sbin/init", "/bin/x", "--", "-y"}},
    {"quiet --x -- a", {"/sbin/init", "a"}},
};

static int
boot_with_arguments(int i)
{
	const char *const *argv = arguments[i].argv;
	const uint8_t *bytes;
	uint64_t argc, word;
	size_t length;

	fake_bootargs = arguments[i].bootargs;
	client_boot();
	bytes = fake_stack(&length);
	memcpy(&argc, bytes, sizeof(argc));
	for (uint64_t arg = 0; arg < argc; arg++) {
		memcpy(&word, bytes + 8 * (arg + 1), sizeof(word));
		assert_string_equal(
		    (const char *)bytes + length - (FAKE_STACK_TOP - word),
		    argv[arg]);
	}
	assert_null(argv[argc]);
	return 0;
}

static void
init_is_given_what_follows_two_dashes(void **state)
{
	(void)state;
	for (int i = 0; i < (int)(sizeof(arguments) / sizeof(arguments[0]));
	     i++)
		apart(boot_with_arguments, i);
}

static int
boot_failing(int step)
{
	fake_start();
	fake_file("sbin/init", 0100755, &elf_small, sizeof(elf_small));
	fake_fail((enum fake_step)step, TINE_ENOMEM);
	assert_int_equal(boot(), TINE_ENOMEM);
	assert_int_equal(fake_live.threads, 0);
	assert_int_equal(fake_live.spaces, 0);
	assert_int_equal(fake_live.space_users, 0);
	return 0;
}

static void
without_what_it_needs_boot_fails(void **state)
{
	static const enum fake_step steps[] = {FAKE_VM_INFO, FAKE_VM_GROW,
	    FAKE_VM_BOOTARGS, FAKE_OBJECT_OPEN, FAKE_OBJECT_READ,
	    FAKE_EXEC_BEGIN, FAKE_EXEC_MAP, FAKE_EXEC_TOP, FAKE_EXEC_STACK,
	    FAKE_VM_LIMIT, FAKE_EXEC_COMMIT, FAKE_THREAD_WRITE,
	    FAKE_THREAD_START};

	(void)state;
	for (uint32_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		apart(boot_failing, (int)steps[i]);
}

static int
boot_with_little_memory(int grows)
{
	fake_start();
	fake_file("sbin/init", 0100755, &elf_small, sizeof(elf_small));
	fake_fail_after(FAKE_VM_GROW, (uint32_t)grows, TINE_ENOMEM);
	assert_int_equal(boot(), TINE_ENOMEM);
	return 0;
}

static void
without_memory_for_any_of_the_tables_boot_fails(void **state)
{
	(void)state;
	for (int grows = 0; grows < 8; grows++)
		apart(boot_with_little_memory, grows);
}

static int
boot_without_init(int argument)
{
	(void)argument;
	fake_start();
	assert_int_equal(boot(), TINE_ENOENT);
	return 0;
}

static void
without_init_boot_fails(void **state)
{
	(void)state;
	apart(boot_without_init, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(f20_process_0_is_there_and_init_is_1),
	    cmocka_unit_test(init_is_given_what_follows_two_dashes),
	    cmocka_unit_test(without_what_it_needs_boot_fails),
	    cmocka_unit_test(without_memory_for_any_of_the_tables_boot_fails),
	    cmocka_unit_test(without_init_boot_fails),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
