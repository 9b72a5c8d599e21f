/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_printk.c - kernel/printk.c against the C library's printf().
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "arch/riscv/semihost.h"
#include "fake_firmware.h"
#include "printk.h"

#define SAME(...) \
	do { \
		char expected[512]; \
\
		fake_firmware_reset(); \
		printk(__VA_ARGS__); \
		snprintf(expected, sizeof(expected), __VA_ARGS__); \
		assert_string_equal(fake_firmware.console, expected); \
	} while (0)

static void
conversions_are_those_of_printf(void **state)
{
	(void)state;
	SAME("plain\n");
	SAME("%s|%s|%s", "a", "bcd", "");
	SAME("%u %lu", 4294967295u, UINT64_MAX);
	SAME("%x %lx %x %lx", 0xabcu, UINT64_MAX, 0xffffffffu, 0ul);
}

static void
long_lines_are_printed_whole(void **state)
{
	char text[300];

	(void)state;
	memset(text, 'a', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	SAME("%s-%s", text, "end");
}

static void
an_unknown_conversion_ends_the_message(void **state)
{
	(void)state;
	fake_firmware_reset();
	printk("%u %d %s", 1u, -1, "y");
	assert_string_equal(fake_firmware.console, "1 ");
}

static void
a_quiet_log_prints_nothing_but_a_panic(void **state)
{
	(void)state;
	fake_firmware_reset();
	printk_quiet = true;
	printk("hidden");
	assert_string_equal(fake_firmware.console, "");
	printk_panicking = true;
	printk("shown");
	assert_string_equal(fake_firmware.console, "shown");
	assert_string_equal(fake_firmware.log, "");
	semihost_allowed = true;
	printk(" twice %u", 2u);
	assert_string_equal(fake_firmware.console, "shown twice 2");
	assert_string_equal(fake_firmware.log, " twice 2");
	printk_panicking = false;
	printk("hidden");
	assert_string_equal(fake_firmware.log, " twice 2");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(conversions_are_those_of_printf),
	    cmocka_unit_test(long_lines_are_printed_whole),
	    cmocka_unit_test(an_unknown_conversion_ends_the_message),
	    cmocka_unit_test(a_quiet_log_prints_nothing_but_a_panic),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
