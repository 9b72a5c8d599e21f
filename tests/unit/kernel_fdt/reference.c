/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * reference.c - device trees as libfdt reads and writes them.
 */
#include "reference.h"

#include <libfdt.h>
#include <stdlib.h>

#define ROOM 8192

static void
check(int error, const char *what)
{
	if (error >= 0)
		return;
	fprintf(stderr, "libfdt: %s: %s\n", what, fdt_strerror(error));
	abort();
}

static int
node_at(const void *blob, const char *path)
{
	int node = fdt_path_offset(blob, path);

	check(node, path);
	return node;
}

/* libfdt has an error for a count of 0, which is used all the same. */
static int
cells(int count)
{
	return count == -FDT_ERR_BADNCELLS ? 0 : count;
}

void
reference_dump(const void *blob, FILE *out)
{
	int depth = 0;

	for (int node = 0; node >= 0 && depth >= 0;
	     node = fdt_next_node(blob, node, &depth)) {
		int prop;

		fprintf(out, "%d %s a%d s%d\n", depth,
		    fdt_get_name(blob, node, NULL),
		    cells(fdt_address_cells(blob, node)),
		    cells(fdt_size_cells(blob, node)));
		fdt_for_each_property_offset(prop, blob, node)
		{
			const char *name;
			int length;
			const uint8_t *value =
			    fdt_getprop_by_offset(blob, prop, &name, &length);

			fprintf(out, " %s %d", name, length);
			for (int i = 0; i < length; i++)
				fprintf(out, " %02x", value[i]);
			fprintf(out, "\n");
		}
	}
}

void
reference_paths(const void *blob,
    void (*visit)(const char *path, const char *name, void *context),
    void *context)
{
	int depth = 0;

	for (int node = 0; node >= 0 && depth >= 0;
	     node = fdt_next_node(blob, node, &depth)) {
		char path[256];

		check(fdt_get_path(blob, node, path, sizeof(path)), "path");
		visit(path, fdt_get_name(blob, node, NULL), context);
	}
}

int64_t
reference_cell(const void *blob, const char *path, const char *name, int index)
{
	int node = *path == '/' ? node_at(blob, path)
				: fdt_node_offset_by_compatible(blob, -1, path);
	int length;
	const fdt32_t *cells = fdt_getprop(blob, node, name, &length);

	if (cells == NULL || (index + 1) * 4 > length)
		return -1;
	return fdt32_to_cpu(cells[index]);
}

void *
reference_copy(const void *blob)
{
	int size = (int)fdt_totalsize(blob) + ROOM;
	void *copy = calloc(1, (size_t)size);

	check(copy == NULL ? -1 : 0, "memory");
	check(fdt_open_into(blob, copy, size), "open");
	return copy;
}

void
reference_pack(void *blob)
{
	check(fdt_pack(blob), "pack");
}

void
reference_set_string(
    void *blob, const char *path, const char *name, const char *value)
{
	check(fdt_setprop_string(blob, node_at(blob, path), name, value), name);
}

void
reference_set_cells(void *blob, const char *path, const char *name,
    const uint32_t *cells, size_t count)
{
	int node = node_at(blob, path);

	check(fdt_setprop(blob, node, name, NULL, 0), name);
	for (size_t i = 0; i < count; i++)
		check(fdt_appendprop_u32(blob, node, name, cells[i]), name);
}

void
reference_delete(void *blob, const char *path, const char *name)
{
	int node = node_at(blob, path);

	if (name == NULL)
		check(fdt_del_node(blob, node), path);
	else
		check(fdt_delprop(blob, node, name), name);
}

void
reference_add_node(void *blob, const char *parent, const char *name)
{
	check(fdt_add_subnode(blob, node_at(blob, parent), name), name);
}

void
reference_reserve(void *blob, uint64_t base, uint64_t size)
{
	check(fdt_add_mem_rsv(blob, base, size), "reserve");
}
