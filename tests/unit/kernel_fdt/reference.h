/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * reference.h - device trees as libfdt reads and writes them.
 */
#ifndef TINE_TEST_REFERENCE_H
#define TINE_TEST_REFERENCE_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct reference_node {
	const char *path; /* gone after the visit */
	const char *name; /* where it is in the tree */
	int depth; /* 0: the root */
	int address_cells;
	int size_cells;
};

struct reference_visitor {
	void (*node)(const struct reference_node *node, void *context);
	void (*prop)(
	    const char *name, const void *value, int length, void *context);
};

/* Visit each node in tree order, and after each node its properties. */
void reference_visit(
    const void *blob, const struct reference_visitor *visitor, void *context);

/* Write what struct machine holds, found by libfdt, one fact a line. */
void reference_describe(const void *blob, FILE *out);

/* A cell of a property, by path or compatible string; -1: there is none. */
int64_t reference_cell(
    const void *blob, const char *path, const char *name, int index);

/* A copy with room for changes; free() it. */
void *reference_copy(const void *blob);

/* Without the room; to be done after the last change. */
void reference_pack(void *blob);

void reference_set_string(
    void *blob, const char *path, const char *name, const char *value);
void reference_set_cells(void *blob, const char *path, const char *name,
    const uint32_t *cells, size_t count);
void reference_delete(void *blob, const char *path, const char *name);
void reference_add_node(void *blob, const char *parent, const char *name);
void reference_reserve(void *blob, uint64_t base, uint64_t size);

#endif
