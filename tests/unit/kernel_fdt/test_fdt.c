/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_fdt.c - kernel/fdt.c against libfdt, and against damaged trees.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <abi/errors.h>

#include "fdt.h"
#include "reference.h"
#include "tree.h"

static const char *const trees[] = {"virt", "sifive_u", "odd"};
#define NTREES (sizeof(trees) / sizeof(trees[0]))

static void
node_compare(const struct reference_node *node, void *context)
{
	struct fdt *fdt = context;

	assert_int_equal(fdt_next(fdt), 0);
	assert_int_equal(fdt->depth, node->depth + 1);
	assert_ptr_equal(fdt->names[fdt->depth], node->name);
	assert_int_equal(fdt->address_cells[fdt->depth], node->address_cells);
	assert_int_equal(fdt->size_cells[fdt->depth], node->size_cells);
	/* The root is the one place without a name. */
	assert_true(fdt_is_at(fdt, node->depth == 0 ? "" : node->path));
}

static void
prop_compare(const char *name, const void *value, int length, void *context)
{
	struct fdt_prop prop = fdt_prop(context, name);

	assert_string_equal(prop.name, name);
	assert_ptr_equal(prop.value, value);
	assert_int_equal(prop.length, length);
}

static void
all_nodes_and_properties_are_those_that_libfdt_finds(void **state)
{
	static const struct reference_visitor visitor = {
	    .node = node_compare,
	    .prop = prop_compare,
	};

	(void)state;
	for (size_t i = 0; i < NTREES; i++) {
		void *tree = tree_load(trees[i]);
		struct fdt fdt;

		assert_int_equal(fdt_init(&fdt, tree, tree_size(tree)), 0);
		reference_visit(tree, &visitor, &fdt);
		assert_int_equal(fdt_next(&fdt), TINE_ENOENT);
		free(tree);
	}
}

/* Open a tree and go to a path. */
static struct fdt
at(const void *tree, const char *path)
{
	struct fdt fdt;

	assert_int_equal(fdt_init(&fdt, tree, tree_size(tree)), 0);
	do
		assert_int_equal(fdt_next(&fdt), 0);
	while (!fdt_is_at(&fdt, path));
	return fdt;
}

static void
a_node_is_only_at_its_whole_path(void **state)
{
	static const struct {
		const char *path;
		bool is;
	} cases[] = {
	    {"/bus/uart@1000", true},
	    {"/bus/uart@1000:9600", true},
	    {"/bus/uart@1000/", false},
	    {"/bus/uart@1000/x", false},
	    {"/bus/uart@10000", false},
	    {"/bus/uart@100", false},
	    {"/bus/uart", false},
	    {"/bus/uart@2000", false},
	    {"/bus", false},
	    {"/uart@1000", false},
	    {"bus/uart@1000", false},
	    {"/", false},
	    {"", false},
	};
	void *tree = tree_load("odd");
	struct fdt fdt = at(tree, "/bus/uart@1000");

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(fdt_is_at(&fdt, cases[i].path), cases[i].is);
	free(tree);
}

static void
a_property_is_found_by_its_whole_name(void **state)
{
	void *tree = tree_load("odd");
	struct fdt fdt = at(tree, "/aliases");

	(void)state;
	assert_string_equal(fdt_string(&fdt, "serial0"), "/bus/uart@1000");
	assert_string_equal(
	    fdt_string(&fdt, "serial0:115200n8"), "/bus/uart@1000");
	assert_null(fdt_prop(&fdt, "serial").name);
	assert_null(fdt_prop(&fdt, "serial00").name);
	assert_null(fdt_prop(&fdt, "").name);
	free(tree);
}

static void
reg_follows_the_cells_of_the_parent(void **state)
{
	void *tree = tree_load("odd");
	uint64_t base, size;
	struct fdt fdt;

	(void)state;
	fdt = at(tree, "/bus/uart@2000");
	assert_true(fdt_reg(&fdt, 0, &base, &size));
	assert_int_equal(base, 0x200002000);
	assert_int_equal(size, 0x100);
	assert_false(fdt_reg(&fdt, 1, &base, &size));
	assert_false(fdt_reg(&fdt, UINT32_MAX, &base, &size));
	fdt = at(tree, "/memory@80000000");
	assert_true(fdt_reg(&fdt, 1, &base, &size));
	assert_int_equal(base, 0xa0000000);
	fdt = at(tree, "/cpus/cpu@9");
	assert_true(fdt_reg(&fdt, 0, &base, &size));
	assert_int_equal(base, 9);
	assert_int_equal(size, 0);
	fdt = at(tree, "");
	assert_false(fdt_reg(&fdt, 0, &base, &size));
	free(tree);
}

static void
values_of_another_form_are_not_there(void **state)
{
	static const uint32_t cells[] = {0x61626300, 0x64656600, 1};
	void *original = tree_load("odd");
	void *tree = reference_copy(original);
	uint64_t first = 77, second = 77;
	struct fdt_prop prop;
	struct fdt fdt;

	(void)state;
	free(original);
	reference_set_cells(tree, "/bus", "three", cells, 3);
	reference_set_cells(tree, "/bus", "two", cells, 2);
	reference_set_cells(tree, "/bus", "one", cells, 1);
	reference_set_cells(tree, "/bus", "none", cells, 0);
	fdt = at(tree, "/bus");
	assert_int_equal(fdt_number(&fdt, "three", 5), 5);
	assert_int_equal(fdt_number(&fdt, "two", 5), 0x6162630064656600);
	assert_int_equal(fdt_number(&fdt, "one", 5), 0x61626300);
	assert_int_equal(fdt_number(&fdt, "none", 5), 5);
	assert_int_equal(fdt_number(&fdt, "other", 5), 5);
	assert_string_equal(fdt_string(&fdt, "three"), "");
	assert_string_equal(fdt_string(&fdt, "two"), "abc");
	assert_string_equal(fdt_string(&fdt, "one"), "abc");
	assert_string_equal(fdt_string(&fdt, "none"), "");
	assert_string_equal(fdt_string(&fdt, "other"), "");
	assert_true(fdt_has(&fdt, "two", '\0', "abc"));
	assert_true(fdt_has(&fdt, "two", '\0', "def"));
	assert_false(fdt_has(&fdt, "two", '\0', "bc"));
	assert_false(fdt_has(&fdt, "two", '\0', "ab"));
	assert_false(fdt_has(&fdt, "three", '\0', "abc"));
	assert_false(fdt_has(&fdt, "none", '\0', "abc"));
	prop = fdt_prop(&fdt, "three");
	assert_false(fdt_pair(&prop, 1, 1, 1, &first, &second));
	assert_false(fdt_pair(&prop, 0, 2, 2, &first, &second));
	assert_false(fdt_pair(&prop, 0, 3, 0, &first, &second));
	assert_false(fdt_pair(&prop, 0, 0, 1, &first, &second));
	assert_int_equal(first, 77);
	assert_int_equal(second, 77);
	assert_true(fdt_pair(&prop, 0, 1, 2, &first, &second));
	assert_int_equal(first, 0x61626300);
	assert_int_equal(second, 0x6465660000000001);
	free(tree);
}

static void
words_are_parted_by_the_separator(void **state)
{
	void *tree = tree_load("odd");
	struct fdt fdt = at(tree, "/cpus/cpu@7");

	(void)state;
	assert_true(fdt_has(&fdt, "riscv,isa", '_', "sstc"));
	assert_true(fdt_has(&fdt, "riscv,isa", '_', "zifencei"));
	assert_false(fdt_has(&fdt, "riscv,isa", '_', "zicsr_sst"));
	assert_false(fdt_has(&fdt, "riscv,isa", '\0', "sstc"));
	fdt = at(tree, "/cpus/cpu@9");
	assert_false(fdt_has(&fdt, "riscv,isa", '_', "sstc"));
	fdt = at(tree, "/cpus/cpu@2");
	assert_true(fdt_has(&fdt, "riscv,isa-extensions", '\0', "sstc"));
	free(tree);
}

/* Read all of a tree; the error that ends the walk. */
static int
read_all(const void *blob, size_t size)
{
	static const char *const names[] = {"compatible", "reg", "riscv,isa"};
	uint64_t base, bytes;
	struct fdt fdt;
	int error = fdt_init(&fdt, blob, size);

	if (error)
		return error;
	while ((error = fdt_next(&fdt)) == 0) {
		(void)fdt_is_at(&fdt, "/bus/uart@2000");
		for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
			(void)fdt_number(&fdt, names[i], 0);
			(void)strlen(fdt_string(&fdt, names[i]));
			(void)fdt_has(&fdt, names[i], '_', "zifencei");
			(void)fdt_has(&fdt, names[i], '\0', "ns16550");
		}
		for (uint32_t i = 0; fdt_reg(&fdt, i, &base, &bytes); i++)
			continue;
	}
	return error;
}

static void
a_tree_that_is_too_deep_is_refused(void **state)
{
	void *original = tree_load("odd");
	void *tree = reference_copy(original);
	char path[256] = "";

	(void)state;
	free(original);
	for (int depth = 2; depth < FDT_DEPTH_MAX; depth++) {
		reference_add_node(tree, depth == 2 ? "/" : path, "n");
		strcat(path, "/n");
		assert_int_equal(read_all(tree, tree_size(tree)), TINE_ENOENT);
	}
	reference_add_node(tree, path, "n");
	assert_int_equal(read_all(tree, tree_size(tree)), TINE_EINVAL);
	free(tree);
}

static void
read_damaged(const void *blob, size_t size)
{
	(void)read_all(blob, size);
}

/* The sanitizer ends the test if a byte outside is read. */
static void
no_damage_makes_it_read_outside_the_tree(void **state)
{
	(void)state;
	for (size_t i = 0; i < NTREES; i++) {
		void *tree = tree_load(trees[i]);

		tree_damage(tree, read_damaged);
		free(tree);
	}
}

static void
a_tree_larger_than_the_limit_is_refused(void **state)
{
	void *tree = tree_load("virt");
	size_t size = tree_size(tree);
	struct fdt fdt;

	(void)state;
	assert_int_equal(fdt_init(&fdt, tree, size), 0);
	for (size_t limit = 0; limit < size; limit++)
		assert_int_equal(fdt_init(&fdt, tree, limit), TINE_EINVAL);
	free(tree);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		all_nodes_and_properties_are_those_that_libfdt_finds),
	    cmocka_unit_test(a_node_is_only_at_its_whole_path),
	    cmocka_unit_test(a_property_is_found_by_its_whole_name),
	    cmocka_unit_test(reg_follows_the_cells_of_the_parent),
	    cmocka_unit_test(values_of_another_form_are_not_there),
	    cmocka_unit_test(words_are_parted_by_the_separator),
	    cmocka_unit_test(a_tree_that_is_too_deep_is_refused),
	    cmocka_unit_test(no_damage_makes_it_read_outside_the_tree),
	    cmocka_unit_test(a_tree_larger_than_the_limit_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
