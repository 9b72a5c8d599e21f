/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_marker.c - servers/ttysrv/marker.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "marker.h"

static void
check(const char *args, const char *expected)
{
	size_t length = 77;
	const char *value = marker_find(args, &length);

	if (expected == NULL) {
		assert_null(value);
		return;
	}
	assert_non_null(value);
	assert_int_equal(length, strlen(expected));
	assert_memory_equal(value, expected, length);
}

static void
the_value_ends_at_a_blank(void **state)
{
	(void)state;
	check("marker=x", "x");
	check("a  marker=x=y b", "x=y");
	check("marker=", "");
	check("marker= b", "");
	check("marker=1 marker=2", "1");
}

static void
other_words_are_not_taken_for_it(void **state)
{
	(void)state;
	check("", NULL);
	check("  ", NULL);
	check("marker", NULL);
	check("xmarker=1", NULL);
	check("marker2=1", NULL);
	check("--marker=1", NULL);
}

static void
the_command_for_init_is_not_looked_at(void **state)
{
	(void)state;
	check("-- marker=1", NULL);
	check("a -- b marker=1", NULL);
	check("a --", NULL);
	check("--x marker=1 -- b", "1");
	check("a-- marker=1", "1");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_value_ends_at_a_blank),
	    cmocka_unit_test(other_words_are_not_taken_for_it),
	    cmocka_unit_test(the_command_for_init_is_not_looked_at),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
