/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_platform.c - platform/: which board it is, and how it goes off.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fake_firmware.h"
#include "platform/platform.h"
#include "tree.h"

static const struct platform *
match(const char *name)
{
	void *tree = tree_load(name);
	const struct platform *platform;
	struct fdt fdt;

	assert_int_equal(fdt_init(&fdt, tree, tree_size(tree)), 0);
	platform = platform_match(&fdt);
	free(tree);
	assert_non_null(platform);
	return platform;
}

static void
boards_are_known_by_their_root_node(void **state)
{
	(void)state;
	assert_string_equal(match("virt")->name, "QEMU virt");
	assert_string_equal(match("sifive_u")->name, "SiFive HiFive Unleashed");
	assert_string_equal(match("odd")->name, "generic RISC-V");
}

static void
the_ways_off_are_tried_in_the_boards_order(void **state)
{
	volatile uint32_t finisher = 0;
	struct platform_power power = {
	    .semihosting = true, .finisher = &finisher};

	(void)state;
	fake_firmware_reset();
	platform_power_off(match("virt"), &power, 37);
	assert_string_equal(fake_firmware.order, "so");
	assert_int_equal(fake_firmware.status, 37);
	assert_int_equal(finisher, 37 << 16 | 0x3333);
	platform_power_off(match("virt"), &power, 0);
	assert_int_equal(finisher, 0x3333);

	fake_firmware_reset();
	finisher = 0;
	platform_power_off(match("sifive_u"), &power, 1);
	assert_string_equal(fake_firmware.order, "so");
	assert_int_equal(finisher, 0);
}

static void
semihosting_and_finisher_are_used_only_if_they_are_there(void **state)
{
	struct platform_power power = {.semihosting = false};

	(void)state;
	fake_firmware_reset();
	platform_power_off(match("virt"), &power, 37);
	assert_string_equal(fake_firmware.order, "o");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(boards_are_known_by_their_root_node),
	    cmocka_unit_test(the_ways_off_are_tried_in_the_boards_order),
	    cmocka_unit_test(
		semihosting_and_finisher_are_used_only_if_they_are_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
