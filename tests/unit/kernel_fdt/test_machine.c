/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_machine.c - kernel/machine.c on the trees of both boards and others.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <abi/errors.h>

#include "machine.h"
#include "reference.h"
#include "tree.h"

#define WHERE 0x8fe00000u

static const char *const trees[] = {"virt", "sifive_u", "odd"};
#define NTREES (sizeof(trees) / sizeof(trees[0]))

static struct machine machine;

static void
describe(const char *name)
{
	void *tree = tree_load_firmware(name);

	memset(&machine, 0x5a, sizeof(machine));
	assert_int_equal(
	    machine_describe(tree, tree_size(tree), WHERE, &machine), 0);
	/* What both boards' trees have in common. */
	assert_int_equal(machine.memories, 1);
	assert_int_equal(machine.memory[0].base, 0x80000000);
	assert_int_equal(machine.memory[0].size, 256 << 20);
	assert_int_equal(machine.reserves, 2);
	assert_int_equal(machine.reserved[0].base, WHERE);
	assert_int_equal(machine.reserved[0].size, tree_size(tree));
	assert_int_equal(machine.reserved[1].base, 0x80000000);
	assert_int_equal(machine.reserved[1].size, 0x80000);
	assert_int_equal(machine.initrd_start, TREE_INITRD_START);
	assert_int_equal(machine.initrd_end, TREE_INITRD_END);
	assert_string_equal(machine.bootargs, TREE_ARGS);
	assert_int_equal(machine.plic.base, 0x0c000000);
	assert_int_equal(machine.plic_sources,
	    reference_cell(tree, "sifive,plic-1.0.0", "riscv,ndev", 0));
	free(tree);
}

/* What the machine is, as reference_describe() puts it. */
static void
machine_print(FILE *out)
{
	const struct machine_console *console = &machine.console;

	/* The first is the tree itself. */
	for (uint32_t i = 1; i < machine.reserves; i++)
		fprintf(out, "reserved %#lx %#lx\n", machine.reserved[i].base,
		    machine.reserved[i].size);
	for (uint32_t i = 0; i < machine.memories; i++)
		fprintf(out, "memory %#lx %#lx\n", machine.memory[i].base,
		    machine.memory[i].size);
	for (uint32_t i = 0; i < machine.nharts; i++) {
		const struct machine_hart *hart = &machine.harts[i];

		fprintf(out, "hart %#lx\n usable %d", hart->id, hart->usable);
		if (hart->context != MACHINE_NO_CONTEXT)
			fprintf(out, " context %u", hart->context);
		fprintf(out, "\n");
	}
	fprintf(out, "plic %#lx %#lx\n sources %u\n", machine.plic.base,
	    machine.plic.size, machine.plic_sources);
	if (machine.finisher.size != 0)
		fprintf(out, "finisher %#lx %#lx\n", machine.finisher.base,
		    machine.finisher.size);
	fprintf(out, "console %#lx\n irq %u\n", console->base, console->irq);
	fprintf(out, "initrd %#lx %#lx\nbootargs %s\n", machine.initrd_start,
	    machine.initrd_end, machine.bootargs);
}

static void
check_against_libfdt(void *tree)
{
	char *ours, *theirs;
	size_t length;
	FILE *out = open_memstream(&ours, &length);

	assert_int_equal(
	    machine_describe(tree, tree_size(tree), WHERE, &machine), 0);
	machine_print(out);
	fclose(out);
	out = open_memstream(&theirs, &length);
	reference_describe(tree, out);
	fclose(out);
	assert_string_equal(ours, theirs);
	free(ours);
	free(theirs);
	free(tree);
}

static void
the_machine_is_the_one_that_libfdt_finds(void **state)
{
	(void)state;
	for (size_t i = 0; i < NTREES; i++)
		check_against_libfdt(tree_load(trees[i]));
	check_against_libfdt(tree_load_firmware("virt"));
	check_against_libfdt(tree_load_firmware("sifive_u"));
}

static void
the_virt_board_is_understood(void **state)
{
	(void)state;
	describe("virt");
	assert_int_equal(machine.timebase, 10000000);
	assert_int_equal(machine.nharts, 4);
	for (uint32_t i = 0; i < 4; i++) {
		const struct machine_hart *hart = machine_hart(&machine, i);

		assert_non_null(hart);
		assert_int_equal(hart->context, 2 * i + 1);
	}
	assert_null(machine_hart(&machine, 4));
	assert_int_equal(machine.console.kind, CONSOLE_NS16550);
	assert_int_equal(machine.console.base, 0x10000000);
	assert_int_equal(machine.console.irq, 10);
	assert_int_equal(machine.console.layout, 0);
	assert_int_equal(machine.finisher.base, 0x100000);
	assert_int_equal(machine.finisher.size, 0x1000);
}

static void
the_unleashed_board_is_understood(void **state)
{
	(void)state;
	describe("sifive_u");
	assert_int_equal(machine.timebase, 1000000);
	assert_int_equal(machine.nharts, 5);
	/* Hart 0 has no MMU. */
	assert_null(machine_hart(&machine, 0));
	for (uint32_t i = 1; i < 5; i++) {
		const struct machine_hart *hart = machine_hart(&machine, i);

		assert_non_null(hart);
		assert_int_equal(hart->context, 2 * i);
		assert_false(hart->sstc);
	}
	assert_int_equal(machine.console.kind, CONSOLE_SIFIVE);
	assert_int_equal(machine.console.base, 0x10010000);
	assert_int_equal(machine.console.irq, 4);
	assert_int_equal(machine.finisher.size, 0);
}

static void
what_no_board_has_is_understood_too(void **state)
{
	static const struct machine_range memory[] = {
	    {0x80000000, 0x10000000},
	    {0xa0000000, 0x10000000},
	    {0xc0000000, 0x1000},
	};
	static const struct machine_range reserved[] = {
	    {0x90000000, 0x1000},
	    {0xa0000000, 0x2000},
	    {0x80000000, 0x20000},
	    {0x80040000, 0x1000},
	};
	void *tree = tree_load("odd");

	(void)state;
	assert_int_equal(
	    machine_describe(tree, tree_size(tree), WHERE, &machine), 0);
	assert_int_equal(machine.memories, 3);
	assert_memory_equal(machine.memory, memory, sizeof(memory));
	assert_int_equal(machine.reserves, 5);
	assert_memory_equal(&machine.reserved[1], reserved, sizeof(reserved));
	assert_int_equal(machine.initrd_start, 0x180000000);
	assert_int_equal(machine.initrd_end, 0x180001000);
	assert_string_equal(machine.bootargs, "");
	assert_int_equal(machine.timebase, 1234567);
	assert_int_equal(machine.plic_sources, 7);
	assert_int_equal(machine.console.kind, CONSOLE_NS16550);
	assert_int_equal(machine.console.base, 0x200001000);
	assert_int_equal(machine.console.irq, 5);
	assert_int_equal(machine.console.layout, CONSOLE_LAYOUT(2, 2));
	free(tree);
}

static void
harts_are_told_apart(void **state)
{
	void *tree = tree_load("odd");

	(void)state;
	assert_int_equal(
	    machine_describe(tree, tree_size(tree), WHERE, &machine), 0);
	assert_int_equal(machine.nharts, 3);
	assert_null(machine_hart(&machine, 9));
	assert_false(machine.harts[1].sstc);
	assert_int_equal(machine.harts[1].context, MACHINE_NO_CONTEXT);
	assert_non_null(machine_hart(&machine, 7));
	assert_true(machine_hart(&machine, 7)->sstc);
	assert_int_equal(machine_hart(&machine, 7)->context, 0);
	assert_non_null(machine_hart(&machine, 2));
	assert_true(machine_hart(&machine, 2)->sstc);
	assert_int_equal(machine_hart(&machine, 2)->context, 3);
	free(tree);
}

/* Change the odd tree by a function; the error that this makes. */
static int
error_after(void (*change)(void *tree))
{
	void *original = tree_load("odd");
	void *tree = reference_copy(original);
	int error;

	free(original);
	change(tree);
	error = machine_describe(tree, tree_size(tree), WHERE, &machine);
	free(tree);
	assert_true((error == 0) == (machine.error == NULL));
	return error;
}

static void
without_memory(void *tree)
{
	reference_delete(tree, "/memory@80000000", NULL);
	reference_delete(tree, "/memory@c0000000", NULL);
}

static void
without_timebase(void *tree)
{
	reference_delete(tree, "/cpus/cpu@7", "timebase-frequency");
}

static void
with_backward_initrd(void *tree)
{
	static const uint32_t end[] = {1};

	reference_set_cells(tree, "/chosen", "linux,initrd-end", end, 1);
}

static void
with_endless_initrd(void *tree)
{
	static const uint32_t end[] = {~0u, ~0u};

	reference_set_cells(tree, "/chosen", "linux,initrd-end", end, 2);
}

/* Rounded up to a page its end would be 0. */
static void
with_endless_reservation(void *tree)
{
	reference_reserve(tree, 0x80000000, ~0x80000000ul);
}

static void
with_memory_beyond_addresses(void *tree)
{
	static const uint32_t two[] = {2};
	static const uint32_t reg[] = {1u << 24, 0, 0, 0x10000};

	reference_set_cells(tree, "/", "#address-cells", two, 1);
	reference_set_cells(tree, "/", "#size-cells", two, 1);
	reference_set_cells(tree, "/memory@c0000000", "reg", reg, 4);
	reference_delete(tree, "/memory@80000000", NULL);
}

static void
with_wrapping_memory(void *tree)
{
	static const uint32_t two[] = {2};
	static const uint32_t reg[] = {~0u, ~0u, 0, 2};

	reference_set_cells(tree, "/", "#address-cells", two, 1);
	reference_set_cells(tree, "/", "#size-cells", two, 1);
	reference_set_cells(tree, "/memory@c0000000", "reg", reg, 4);
	reference_delete(tree, "/memory@80000000", NULL);
}

static void
with_much_memory(void *tree)
{
	uint32_t reg[2 * (MACHINE_RANGES_MAX + 1)];

	for (uint32_t i = 0; i <= MACHINE_RANGES_MAX; i++) {
		reg[2 * i] = i << 16;
		reg[2 * i + 1] = 4096;
	}
	reference_set_cells(
	    tree, "/memory@c0000000", "reg", reg, sizeof(reg) / sizeof(reg[0]));
}

static void
with_many_reservations(void *tree)
{
	for (uint32_t i = 0; i < MACHINE_RANGES_MAX; i++)
		reference_reserve(tree, 0x80000000 + i * 0x10000, 0x1000);
}

static void
with_long_arguments(void *tree)
{
	char args[BOOT_ARGS_MAX + 1];

	memset(args, 'x', BOOT_ARGS_MAX);
	args[BOOT_ARGS_MAX] = '\0';
	reference_set_string(tree, "/chosen", "bootargs", args);
}

static void
with_many_harts(void *tree)
{
	for (uint32_t i = 0; i < MACHINE_HARTS_MAX; i++) {
		char name[32], path[40];
		uint32_t reg[] = {16 + i};

		snprintf(name, sizeof(name), "cpu@1%x", i);
		snprintf(path, sizeof(path), "/cpus/%s", name);
		reference_add_node(tree, "/cpus", name);
		reference_set_string(tree, path, "device_type", "cpu");
		reference_set_cells(tree, path, "reg", reg, 1);
	}
}

static void
with_absurd_shift(void *tree)
{
	static const uint32_t shift[] = {64};

	reference_set_cells(tree, "/bus/uart@1000", "reg-shift", shift, 1);
}

static void
with_absurd_width(void *tree)
{
	static const uint32_t width[] = {3};

	reference_set_cells(tree, "/bus/uart@1000", "reg-io-width", width, 1);
}

static void
what_is_missing_or_absurd_is_refused_with_a_reason(void **state)
{
	(void)state;
	assert_int_equal(error_after(without_memory), TINE_EINVAL);
	assert_int_equal(error_after(without_timebase), TINE_EINVAL);
	assert_int_equal(error_after(with_backward_initrd), TINE_EINVAL);
	assert_int_equal(error_after(with_endless_initrd), TINE_EINVAL);
	assert_int_equal(error_after(with_endless_reservation), TINE_EINVAL);
	assert_int_equal(
	    error_after(with_memory_beyond_addresses), TINE_EINVAL);
	assert_int_equal(error_after(with_wrapping_memory), TINE_EINVAL);
	assert_int_equal(error_after(with_much_memory), TINE_EINVAL);
	assert_int_equal(error_after(with_many_reservations), TINE_EINVAL);
	assert_int_equal(error_after(with_long_arguments), TINE_EINVAL);
	assert_int_equal(error_after(with_many_harts), TINE_EINVAL);
}

static void
without_chosen(void *tree)
{
	reference_delete(tree, "/chosen", NULL);
}

static void
with_unknown_console(void *tree)
{
	reference_set_string(tree, "/bus/uart@1000", "compatible", "vendor");
}

static void
with_stdout_to_nowhere(void *tree)
{
	reference_set_string(tree, "/chosen", "stdout-path", "/nowhere");
}

static void
with_alias_of_alias(void *tree)
{
	reference_set_string(tree, "/aliases", "serial0", "other");
}

static void
without_aliases(void *tree)
{
	reference_delete(tree, "/aliases", NULL);
}

static void
a_machine_may_lack_a_console_and_an_initrd(void **state)
{
	(void)state;
	assert_int_equal(error_after(without_chosen), 0);
	assert_int_equal(machine.console.kind, CONSOLE_NONE);
	assert_int_equal(machine.initrd_start, 0);
	assert_int_equal(machine.initrd_end, 0);
	assert_string_equal(machine.bootargs, "");
	assert_int_equal(error_after(with_unknown_console), 0);
	assert_int_equal(machine.console.kind, CONSOLE_NONE);
	assert_int_equal(error_after(with_stdout_to_nowhere), 0);
	assert_int_equal(machine.console.kind, CONSOLE_NONE);
	assert_int_equal(error_after(with_alias_of_alias), 0);
	assert_int_equal(machine.console.kind, CONSOLE_NONE);
	assert_int_equal(error_after(without_aliases), 0);
	assert_int_equal(machine.console.kind, CONSOLE_NONE);
	assert_int_equal(error_after(with_absurd_shift), 0);
	assert_int_equal(machine.console.kind, CONSOLE_NONE);
	assert_int_equal(error_after(with_absurd_width), 0);
	assert_int_equal(machine.console.kind, CONSOLE_NONE);
}

static void
without_mmu(void *tree)
{
	reference_delete(tree, "/cpus/cpu@7", "mmu-type");
	reference_set_string(tree, "/cpus/cpu@2", "status", "disabled");
}

static void
a_hart_that_is_not_for_the_kernel_is_not_found(void **state)
{
	(void)state;
	assert_int_equal(error_after(without_mmu), 0);
	assert_int_equal(machine.nharts, 3);
	assert_null(machine_hart(&machine, 7));
	assert_null(machine_hart(&machine, 9));
	assert_null(machine_hart(&machine, 2));
}

static void
check_damaged(const void *blob, size_t size)
{
	struct machine result;
	int error = machine_describe(blob, size, WHERE, &result);

	if (error != 0)
		assert_non_null(result.error);
	assert_true(result.memories <= MACHINE_RANGES_MAX);
	assert_true(result.reserves <= MACHINE_RANGES_MAX);
	assert_true(result.nharts <= MACHINE_HARTS_MAX);
	assert_non_null(memchr(result.bootargs, '\0', sizeof(result.bootargs)));
}

static void
damage_gives_an_error_or_a_description(void **state)
{
	(void)state;
	for (size_t i = 0; i < NTREES; i++) {
		void *tree = tree_load(trees[i]);

		tree_damage(tree, check_damaged);
		free(tree);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_machine_is_the_one_that_libfdt_finds),
	    cmocka_unit_test(the_virt_board_is_understood),
	    cmocka_unit_test(the_unleashed_board_is_understood),
	    cmocka_unit_test(what_no_board_has_is_understood_too),
	    cmocka_unit_test(harts_are_told_apart),
	    cmocka_unit_test(
		what_is_missing_or_absurd_is_refused_with_a_reason),
	    cmocka_unit_test(a_machine_may_lack_a_console_and_an_initrd),
	    cmocka_unit_test(a_hart_that_is_not_for_the_kernel_is_not_found),
	    cmocka_unit_test(damage_gives_an_error_or_a_description),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
