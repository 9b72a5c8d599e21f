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
all_nodes_and_properties_are_those_that_libfdt_finds(void **state)
{
	(void)state;
	for (size_t i = 0; i < NTREES; i++) {
		char *ours, *theirs;
		size_t length;
		void *tree = tree_load(trees[i]);
		FILE *out = open_memstream(&ours, &length);

		assert_int_equal(tree_dump(tree, tree_size(tree), out), 0);
		fclose(out);
		assert_true(length > 1000);
		out = open_memstream(&theirs, &length);
		reference_dump(tree, out);
		fclose(out);
		assert_string_equal(ours, theirs);
		free(ours);
		free(theirs);
		free(tree);
	}
}

static void
check_path(const char *path, const char *name, void *context)
{
	struct fdt_node node;

	assert_true(fdt_node_find(context, path, &node));
	assert_ptr_equal(node.name, name);
}

static void
each_path_leads_to_its_node(void **state)
{
	(void)state;
	for (size_t i = 0; i < NTREES; i++) {
		void *tree = tree_load(trees[i]);
		struct fdt fdt;

		assert_int_equal(fdt_init(&fdt, tree, tree_size(tree)), 0);
		reference_paths(tree, check_path, &fdt);
		free(tree);
	}
}

static void
a_path_may_be_an_alias_or_lack_the_unit_address(void **state)
{
	static const struct {
		const char *path;
		const char *name; /* NULL: there is no such node */
	} cases[] = {
	    {"serial0", "uart@1000"},
	    {"serial0:115200n8", "uart@1000"},
	    {"/bus/uart", "uart@1000"},
	    {"/bus/uart@2000:9600", "uart@2000"},
	    {"/bus/uart@2000/", "uart@2000"},
	    {"/", ""},
	    {"serial", NULL},
	    {"serial00", NULL},
	    {"", NULL},
	    {"/bus/uart@3000", NULL},
	    {"/bus/uar", NULL},
	    {"/uart@1000", NULL},
	    {"/bus/uart@1000/x", NULL},
	};
	void *tree = tree_load("odd");
	struct fdt fdt;

	(void)state;
	assert_int_equal(fdt_init(&fdt, tree, tree_size(tree)), 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct fdt_node node = {.name = "untouched"};
		bool found = fdt_node_find(&fdt, cases[i].path, &node);

		assert_int_equal(found, cases[i].name != NULL);
		assert_string_equal(
		    node.name, found ? cases[i].name : "untouched");
	}
	free(tree);
}

static void
reg_follows_the_cells_of_the_parent(void **state)
{
	void *tree = tree_load("odd");
	struct fdt_node node;
	struct fdt fdt;
	uint64_t base, size;

	(void)state;
	assert_int_equal(fdt_init(&fdt, tree, tree_size(tree)), 0);
	assert_true(fdt_node_find(&fdt, "/bus/uart@2000", &node));
	assert_true(fdt_reg(&fdt, &node, 0, &base, &size));
	assert_int_equal(base, 0x200002000);
	assert_int_equal(size, 0x100);
	assert_false(fdt_reg(&fdt, &node, 1, &base, &size));
	assert_true(fdt_node_find(&fdt, "/memory@80000000", &node));
	assert_true(fdt_reg(&fdt, &node, 1, &base, &size));
	assert_int_equal(base, 0xa0000000);
	assert_true(fdt_node_find(&fdt, "/cpus/cpu@9", &node));
	assert_true(fdt_reg(&fdt, &node, 0, &base, &size));
	assert_int_equal(base, 9);
	assert_int_equal(size, 0);
	assert_true(fdt_node_find(&fdt, "/", &node));
	assert_false(fdt_reg(&fdt, &node, 0, &base, &size));
	free(tree);
}

static void
values_of_another_form_are_not_there(void **state)
{
	static const uint32_t cells[] = {0x61626300, 0x64656600, 1};
	void *original = tree_load("odd");
	void *tree = reference_copy(original);
	struct fdt_prop prop;
	struct fdt_node node;
	struct fdt fdt;
	uint32_t cell = 77;

	(void)state;
	free(original);
	reference_set_cells(tree, "/bus", "three", cells, 3);
	reference_set_cells(tree, "/bus", "two", cells, 2);
	reference_set_cells(tree, "/bus", "one", cells, 1);
	reference_set_cells(tree, "/bus", "none", cells, 0);
	assert_int_equal(fdt_init(&fdt, tree, tree_size(tree)), 0);
	assert_true(fdt_node_find(&fdt, "/bus", &node));
	assert_int_equal(fdt_number(&fdt, &node, "three", 5), 5);
	assert_int_equal(fdt_number(&fdt, &node, "two", 5), 0x6162630064656600);
	assert_int_equal(fdt_number(&fdt, &node, "one", 5), 0x61626300);
	assert_int_equal(fdt_number(&fdt, &node, "none", 5), 5);
	assert_int_equal(fdt_number(&fdt, &node, "other", 5), 5);
	assert_null(fdt_string(&fdt, &node, "three"));
	assert_null(fdt_string(&fdt, &node, "two"));
	assert_string_equal(fdt_string(&fdt, &node, "one"), "abc");
	assert_null(fdt_string(&fdt, &node, "none"));
	assert_null(fdt_string(&fdt, &node, "other"));
	assert_true(fdt_has(&fdt, &node, "two", "def"));
	assert_false(fdt_has(&fdt, &node, "two", "bc"));
	assert_false(fdt_has(&fdt, &node, "none", ""));
	assert_true(fdt_prop_find(&fdt, &node, "two", &prop));
	assert_false(fdt_prop_cell(&prop, 2, &cell));
	assert_int_equal(cell, 77);
	assert_true(fdt_prop_cell(&prop, 1, &cell));
	assert_int_equal(cell, 0x64656600);
	free(tree);
}

static void
an_alias_of_an_alias_is_refused(void **state)
{
	void *original = tree_load("odd");
	void *tree = reference_copy(original);
	struct fdt_node node;
	struct fdt fdt;

	(void)state;
	free(original);
	reference_set_string(tree, "/aliases", "serial0", "serial0");
	assert_int_equal(fdt_init(&fdt, tree, tree_size(tree)), 0);
	assert_false(fdt_node_find(&fdt, "serial0", &node));
	free(tree);
}

static void
a_tree_that_is_too_deep_is_refused(void **state)
{
	void *original = tree_load("odd");
	void *tree = reference_copy(original);
	char path[256] = "";

	(void)state;
	free(original);
	for (int depth = 1; depth < FDT_DEPTH_MAX; depth++) {
		reference_add_node(tree, depth == 1 ? "/" : path, "n");
		strcat(path, "/n");
		assert_int_equal(tree_dump(tree, tree_size(tree), NULL), 0);
	}
	reference_add_node(tree, path, "n");
	assert_int_equal(tree_dump(tree, tree_size(tree), NULL), TINE_EINVAL);
	free(tree);
}

static void
read_all(const void *blob, size_t size)
{
	struct fdt_node node;
	struct fdt fdt;

	(void)tree_dump(blob, size, NULL);
	if (fdt_init(&fdt, blob, size) != 0)
		return;
	(void)fdt_node_find(&fdt, "serial0:1", &node);
	(void)fdt_node_find(&fdt, "/bus/uart@2000", &node);
}

/* The sanitizer ends the test if a byte outside is read. */
static void
no_damage_makes_it_read_outside_the_tree(void **state)
{
	(void)state;
	for (size_t i = 0; i < NTREES; i++) {
		void *tree = tree_load(trees[i]);

		tree_damage(tree, read_all);
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
	    cmocka_unit_test(each_path_leads_to_its_node),
	    cmocka_unit_test(a_path_may_be_an_alias_or_lack_the_unit_address),
	    cmocka_unit_test(reg_follows_the_cells_of_the_parent),
	    cmocka_unit_test(values_of_another_form_are_not_there),
	    cmocka_unit_test(an_alias_of_an_alias_is_refused),
	    cmocka_unit_test(a_tree_that_is_too_deep_is_refused),
	    cmocka_unit_test(no_damage_makes_it_read_outside_the_tree),
	    cmocka_unit_test(a_tree_larger_than_the_limit_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
