/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tree.c - device trees for tests of the kernel's reader.
 */
#include "tree.h"

#include <stdlib.h>
#include <string.h>

#include "reference.h"

void *
tree_load(const char *name)
{
	char path[512];
	static char buffer[2 << 20];
	FILE *file;
	void *tree;

	snprintf(path, sizeof(path), "%s/%s.dtb", TREES, name);
	file = fopen(path, "rb");
	if (file == NULL || fread(buffer, 1, sizeof(buffer), file) == 0) {
		perror(path);
		abort();
	}
	fclose(file);
	tree = reference_copy(buffer);
	reference_pack(tree);
	return tree;
}

void *
tree_load_firmware(const char *name)
{
	static const uint32_t two[] = {2};
	static const uint32_t firmware[] = {0, 0x80000000, 0, 0x80000};
	static const uint32_t start[] = {TREE_INITRD_START};
	static const uint32_t end[] = {TREE_INITRD_END};
	void *original = tree_load(name);
	void *tree = reference_copy(original);

	free(original);
	reference_add_node(tree, "/", "reserved-memory");
	reference_set_cells(tree, "/reserved-memory", "#address-cells", two, 1);
	reference_set_cells(tree, "/reserved-memory", "#size-cells", two, 1);
	reference_set_cells(tree, "/reserved-memory", "ranges", NULL, 0);
	reference_add_node(tree, "/reserved-memory", "mmode_resv0@80000000");
	reference_set_cells(
	    tree, "/reserved-memory/mmode_resv0@80000000", "reg", firmware, 4);
	reference_set_cells(tree, "/chosen", "linux,initrd-start", start, 1);
	reference_set_cells(tree, "/chosen", "linux,initrd-end", end, 1);
	reference_set_string(tree, "/chosen", "bootargs", TREE_ARGS);
	if (reference_cell(tree, "/cpus/cpu@0", "mmu-type", 0) < 0)
		reference_set_string(tree, "/cpus/cpu@0", "status", "disabled");
	reference_pack(tree);
	return tree;
}

size_t
tree_size(const void *blob)
{
	const uint8_t *bytes = blob;

	return (size_t)bytes[4] << 24 | (size_t)bytes[5] << 16 |
	       (size_t)bytes[6] << 8 | bytes[7];
}

void
tree_set_size(void *blob, uint32_t size)
{
	uint8_t *bytes = blob;

	for (int i = 0; i < 4; i++)
		bytes[4 + i] = (uint8_t)(size >> (24 - 8 * i));
}

/* A copy in memory of its own, so that reading past it is noticed. */
static uint8_t *
exact_copy(const void *blob, size_t size)
{
	uint8_t *copy;

	if (size == 0)
		abort();
	/* The analyzer does not see that the size is not 0 here. */
	copy = malloc(size); /* NOLINT(clang-analyzer-optin.portability.*) */
	if (copy == NULL)
		abort();
	memcpy(copy, blob, size);
	return copy;
}

void
tree_damage(const void *blob, void (*visit)(const void *blob, size_t size))
{
	static const uint8_t changes[] = {0x01, 0x80, 0xff};
	size_t size = tree_size(blob);

	for (size_t cut = 1; cut < size; cut++) {
		uint8_t *copy = exact_copy(blob, cut);

		visit(copy, cut);
		/* The same, but the header says that this is all. */
		if (cut >= 8) {
			tree_set_size(copy, (uint32_t)cut);
			visit(copy, cut);
		}
		free(copy);
	}
	for (size_t i = 0; i < size * sizeof(changes); i++) {
		uint8_t *copy = exact_copy(blob, size);

		copy[i / sizeof(changes)] ^= changes[i % sizeof(changes)];
		visit(copy, size);
		free(copy);
	}
}
