/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_platform.c - platform/: how a board goes off.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

#include <cmocka.h>

#include "arch/riscv/semihost.h"
#include "fake_firmware.h"
#include "platform/platform.h"

static volatile uint32_t finisher;
static sigjmp_buf machine_ends;

/* QEMU's: it has seen what was written, some time ago. */
static void
end_machine(int signal)
{
	(void)signal;
	if (finisher != 0)
		siglongjmp(machine_ends, 1);
}

/* Switch off a machine that ends a while after the finisher was written. */
static void
off_with_finisher(int status)
{
	const struct itimerval soon = {{0, 1000}, {0, 1000}}, never = {0};

	finisher = 0;
	platform_finisher = &finisher;
	signal(SIGALRM, end_machine);
	setitimer(ITIMER_REAL, &soon, NULL);
	if (sigsetjmp(machine_ends, 1) == 0)
		platform_off(status);
	setitimer(ITIMER_REAL, &never, NULL);
	platform_finisher = NULL;
}

static void
the_finisher_gets_the_status_and_nothing_follows(void **state)
{
	(void)state;
	fake_firmware_reset();
	semihost_allowed = true;
	off_with_finisher(37);
	assert_string_equal(fake_firmware.order, "s");
	assert_int_equal(fake_firmware.status, 37);
	assert_int_equal(finisher, 37 << 16 | 0x3333);
	off_with_finisher(0);
	assert_int_equal(finisher, 0x3333);
}

static void
semihosting_and_finisher_are_used_only_if_they_are_there(void **state)
{
	(void)state;
	fake_firmware_reset();
	semihost_allowed = false;
	platform_finisher = NULL;
	platform_off(37);
	assert_string_equal(fake_firmware.order, "o");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_finisher_gets_the_status_and_nothing_follows),
	    cmocka_unit_test(
		semihosting_and_finisher_are_used_only_if_they_are_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
