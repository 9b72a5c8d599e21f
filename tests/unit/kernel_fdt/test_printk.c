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

#include "fake_firmware.h"
#include "printk.h"

#define SAME(...)                                                              \
	do {                                                                   \
		char expected[512];                                            \
                                                                               \
		fake_firmware_reset();                                         \
		printk(__VA_ARGS__);                                           \
		snprintf(expected, sizeof(expected), __VA_ARGS__);             \
		assert_string_equal(fake_firmware.console, expected);          \
	} while (0)

static void
conversions_are_those_of_printf(void **state)
{
	(void)state;
	SAME("plain\n");
	SAME("%s|%10s|%s", "a", "bcd", "");
	SAME("%c%c", 'x', 'y');
	SAME("%d %d %d", 0, -1, 2147483647);
	SAME("%d", -2147483647 - 1);
	SAME("%ld %ld", INT64_MAX, INT64_MIN);
	SAME("%u %lu %zu", 4294967295u, UINT64_MAX, (size_t)7);
	SAME("%5u|%05u|%2u", 42u, 42u, 12345u);
	SAME("%x %lx %08x %016lx %2x", 0xabcu, UINT64_MAX, 0x1fu, 0x12ul,
	    0x12345u);
	SAME("%p", (void *)&fake_firmware);
	SAME("100%% of %d", 1);
	SAME("%08lx|%20lu|", 0ul, 1ul);
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
a_null_string_is_named(void **state)
{
	const char *volatile none = NULL;

	(void)state;
	fake_firmware_reset();
	printk("%s", none);
	assert_string_equal(fake_firmware.console, "(null)");
}

static void
a_quiet_log_prints_nothing_but_a_panic(void **state)
{
	(void)state;
	fake_firmware_reset();
	printk_set_quiet(true);
	printk("hidden");
	assert_string_equal(fake_firmware.console, "");
	printk_set_panicking(false);
	printk("shown");
	assert_string_equal(fake_firmware.console, "shown");
	assert_string_equal(fake_firmware.log, "");
	printk_set_panicking(true);
	printk(" twice %d", 2);
	assert_string_equal(fake_firmware.console, "shown twice 2");
	assert_string_equal(fake_firmware.log, " twice 2");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(conversions_are_those_of_printf),
	    cmocka_unit_test(long_lines_are_printed_whole),
	    cmocka_unit_test(a_null_string_is_named),
	    /* The last one: there is no way back from a panic. */
	    cmocka_unit_test(a_quiet_log_prints_nothing_but_a_panic),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
