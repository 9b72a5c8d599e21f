/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_platform.c - platform/: how a board goes off.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "arch/riscv/semihost.h"
#include "fake_firmware.h"
#include "platform/platform.h"

static void
each_way_off_is_tried_until_one_works(void **state)
{
	volatile uint32_t finisher = 0;

	(void)state;
	fake_firmware_reset();
	semihost_allowed = true;
	platform_finisher = &finisher;
	platform_off(37);
	assert_string_equal(fake_firmware.order, "so");
	assert_int_equal(fake_firmware.status, 37);
	assert_int_equal(finisher, 37 << 16 | 0x3333);
	platform_off(0);
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
	    cmocka_unit_test(each_way_off_is_tried_until_one_works),
	    cmocka_unit_test(
		semihosting_and_finisher_are_used_only_if_they_are_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
