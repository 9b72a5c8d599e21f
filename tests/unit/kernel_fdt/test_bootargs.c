/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_bootargs.c - bootargs_has() of kernel/text.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "text.h"

static void
words_are_found_whole(void **state)
{
	(void)state;
	assert_true(bootargs_has("quiet", "quiet"));
	assert_true(bootargs_has("  a quiet  b", "quiet"));
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
	(void)state;
	assert_false(bootargs_has("-- quiet", "quiet"));
	assert_false(bootargs_has("a -- /bin/x quiet", "quiet"));
	assert_true(bootargs_has("--a quiet -- b", "quiet"));
	assert_true(bootargs_has("quiet --", "quiet"));
	assert_true(bootargs_has("quiet -- quiet", "quiet"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(words_are_found_whole),
	    cmocka_unit_test(the_command_for_init_is_not_looked_at),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
