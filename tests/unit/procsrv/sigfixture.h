/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sigfixture.h - what the tests of signals have in common: a booted procsrv,
 * and its books that are to be the same after each test.
 */
#ifndef TINE_TEST_SIGFIXTURE_H
#define TINE_TEST_SIGFIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include <abi/errors.h>
#include <abi/page.h>
#include <ipc/slots.h>
#include <procsrv/pid.h>
#include <procsrv/proc.h>
#include <procsrv/serve.h>
#include <procsrv/signal.h>

#include "proc_client_signal.h"
#include "proc_elf.h"

#define VFORK (FORK_PPWAIT | FORK_SHAREVM)

static struct snapshot before;

static int
start(void **state)
{
	(void)state;
	client_boot();
	fake_file("bin/small", 0100755, &elf_small, sizeof(elf_small));
	return 0;
}

static int
setup(void **state)
{
	(void)state;
	before = snapshot_take();
	fake_missing = 0;
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	snapshot_assert_equal(&before);
	return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

/* End a process wherever it is, and have its parent, or init, reap it. */
static inline void
bury(int32_t parent, int32_t pid)
{
	assert_int_equal(client_kill(1, pid, SIGKILL), 0);
	assert_int_equal(client_wait(parent, pid, 0, NULL), pid);
}

/* Whether a process is there and not a zombie. */
static inline bool
lives(int32_t pid)
{
	return pid_proc(pid) != NULL && pid_proc(pid)->state != PROC_ZOMBIE;
}

static inline token_t
exec_small(int32_t pid)
{
	static const char strings[] = "/bin/small";

	fake_window(strings, sizeof(strings));
	return CLIENT_CALL(pid, exec, .bytes = sizeof(strings));
}

#endif
