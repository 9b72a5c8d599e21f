/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * reference.c - device trees as libfdt reads and writes them.
 */
#include "reference.h"

#include <libfdt.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

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
reference_visit(
    const void *blob, const struct reference_visitor *visitor, void *context)
{
	int depth = 0;

	for (int node = 0; node >= 0 && depth >= 0;
	     node = fdt_next_node(blob, node, &depth)) {
		char path[256];
		int prop;

		check(fdt_get_path(blob, node, path, sizeof(path)), "path");
		visitor->node(
		    &(struct reference_node){
			.path = path,
			.name = fdt_get_name(blob, node, NULL),
			.depth = depth,
			.address_cells = cells(fdt_address_cells(blob, node)),
			.size_cells = cells(fdt_size_cells(blob, node)),
		    },
		    context);
		fdt_for_each_property_offset(prop, blob, node)
		{
			const char *name;
			int length;
			const void *value =
			    fdt_getprop_by_offset(blob, prop, &name, &length);

			visitor->prop(name, value, length, context);
		}
	}
}

/* A number of one or two cells; 0 if there is none. */
static uint64_t
number(const void *blob, int node, const char *name)
{
	int length = 0;
	const fdt32_t *value = fdt_getprop(blob, node, name, &length);

	if (value == NULL)
		return 0;
	if (length == 4)
		return fdt32_to_cpu(value[0]);
	check(length == 8 ? 0 : -1, name);
	return (uint64_t)fdt32_to_cpu(value[0]) << 32 | fdt32_to_cpu(value[1]);
}

/* Print the entries of reg, but for ranges that are empty. */
static void
reg_print(const void *blob, int node, const char *what, FILE *out)
{
	int parent = fdt_parent_offset(blob, node);
	int address = fdt_address_cells(blob, parent);
	int size = cells(fdt_size_cells(blob, parent));
	int length = 0;
	const fdt32_t *reg = fdt_getprop(blob, node, "reg", &length);

	for (int i = 0; (i + 1) * 4 * (address + size) <= length; i++) {
		uint64_t values[2] = {0, 0};

		for (int j = 0; j < address + size; j++) {
			uint64_t *value = &values[j >= address];

			*value = *value << 32 | fdt32_to_cpu(*reg++);
		}
		if (size == 0 || strcmp(what, "console") == 0)
			fprintf(out, "%s %#lx\n", what, values[0]);
		else if (values[1] != 0)
			fprintf(
			    out, "%s %#lx %#lx\n", what, values[0], values[1]);
	}
}

static bool
says(const void *blob, int node, const char *name, const char *word)
{
	return fdt_stringlist_search(blob, node, name, word) >= 0;
}

/* Print the context of a hart: the place of its own controller's 9. */
static void
context_print(const void *blob, int cpu, FILE *out)
{
	int plic = fdt_node_offset_by_compatible(blob, -1, "sifive,plic-1.0.0");
	int length = 0;
	const fdt32_t *list =
	    fdt_getprop(blob, plic, "interrupts-extended", &length);
	int intc = fdt_first_subnode(blob, cpu);

	for (int i = 0; i < length / 8; i++)
		if (fdt32_to_cpu(list[2 * i]) == fdt_get_phandle(blob, intc) &&
		    fdt32_to_cpu(list[2 * i + 1]) == 9)
			fprintf(out, " context %d", i);
}

static void
hart_print(const void *blob, int cpu, FILE *out)
{
	bool okay = fdt_getprop(blob, cpu, "status", NULL) == NULL ||
		    says(blob, cpu, "status", "okay");
	bool mmu = fdt_getprop(blob, cpu, "mmu-type", NULL) != NULL &&
		   !says(blob, cpu, "mmu-type", "riscv,none");

	reg_print(blob, cpu, "hart", out);
	fprintf(out, " usable %d", okay && mmu);
	context_print(blob, cpu, out);
	fprintf(out, "\n");
}

static void
console_print(const void *blob, FILE *out)
{
	const char *path =
	    fdt_getprop(blob, node_at(blob, "/chosen"), "stdout-path", NULL);
	size_t length = strcspn(path, ":");
	int node = fdt_path_offset_namelen(blob, path, (int)length);
	const fdt32_t *list =
	    fdt_getprop(blob, node, "interrupts-extended", NULL);

	check(node, path);
	reg_print(blob, node, "console", out);
	fprintf(out, " irq %lu\n",
	    list != NULL ? (unsigned long)fdt32_to_cpu(list[1])
			 : (unsigned long)number(blob, node, "interrupts"));
}

void
reference_describe(const void *blob, FILE *out)
{
	int chosen = node_at(blob, "/chosen");
	int reserved = fdt_path_offset(blob, "/reserved-memory");
	int plic = fdt_node_offset_by_compatible(blob, -1, "sifive,plic-1.0.0");
	int test = fdt_node_offset_by_compatible(blob, -1, "sifive,test0");
	const char *args = fdt_getprop(blob, chosen, "bootargs", NULL);
	int node, depth = 0;

	for (int i = 0; i < fdt_num_mem_rsv(blob); i++) {
		uint64_t base, size;

		check(fdt_get_mem_rsv(blob, i, &base, &size), "memreserve");
		fprintf(out, "reserved %#lx %#lx\n", base, size);
	}
	if (reserved >= 0)
		fdt_for_each_subnode(node, blob, reserved)
		    reg_print(blob, node, "reserved", out);
	for (node = 0; node >= 0; node = fdt_next_node(blob, node, &depth))
		if (says(blob, node, "device_type", "memory"))
			reg_print(blob, node, "memory", out);
	fdt_for_each_subnode(node, blob,
	    node_at(blob, "/cpus")) if (says(blob, node, "device_type", "cpu"))
	    hart_print(blob, node, out);
	reg_print(blob, plic, "plic", out);
	fprintf(out, " sources %lu\n", number(blob, plic, "riscv,ndev"));
	if (test >= 0)
		reg_print(blob, test, "finisher", out);
	console_print(blob, out);
	fprintf(out, "initrd %#lx %#lx\n",
	    number(blob, chosen, "linux,initrd-start"),
	    number(blob, chosen, "linux,initrd-end"));
	fprintf(out, "bootargs %s\n", args == NULL ? "" : args);
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
