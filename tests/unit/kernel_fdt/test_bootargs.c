/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_bootargs.c - kernel/bootargs.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "bootargs.h"

static void
words_are_found_whole(void **state)
{
	(void)state;
	assert_true(bootargs_has("quiet", "quiet"));
	assert_true(bootargs_has("  a\tquiet  b", "quiet"));
	assert_true(bootargs_has("a quiet ", "quiet"));
	assert_false(bootargs_has("", "quiet"));
	assert_false(bootargs_has("   ", "quiet"));
	assert_false(bootargs_has("quieter", "quiet"));
	assert_false(bootargs_has("qui", "quiet"));
	assert_false(bootargs_has("notquiet", "quiet"));
	assert_false(bootargs_has("quiet=1", "quiet"));
}

static void
the_command_for_init_is_not_looked_at(void **state)
{
	const char *value;
	size_t length;

	(void)state;
	assert_false(bootargs_has("-- quiet", "quiet"));
	assert_false(bootargs_has("a -- /bin/x quiet", "quiet"));
	assert_true(bootargs_has("--a quiet -- b", "quiet"));
	assert_false(bootargs_value("a --\tm=1", "m", &value, &length));
}

static void
values_end_at_a_blank(void **state)
{
	const char *value = NULL;
	size_t length = 77;

	(void)state;
	assert_false(bootargs_value("marker", "marker", &value, &length));
	assert_false(bootargs_value("xmarker=1", "marker", &value, &length));
	assert_false(bootargs_value("marker2=1", "marker", &value, &length));
	assert_null(value);
	assert_int_equal(length, 77);
	assert_true(
	    bootargs_value("a marker=x=y b", "marker", &value, &length));
	assert_int_equal(length, 3);
	assert_memory_equal(value, "x=y", 3);
	assert_true(bootargs_value("marker=", "marker", &value, &length));
	assert_int_equal(length, 0);
	assert_true(bootargs_value("m=1 m=2", "m", &value, &length));
	assert_memory_equal(value, "1", 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(words_are_found_whole),
	    cmocka_unit_test(the_command_for_init_is_not_looked_at),
	    cmocka_unit_test(values_end_at_a_blank),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
