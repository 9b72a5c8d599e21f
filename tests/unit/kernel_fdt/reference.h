/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * reference.h - device trees as libfdt reads and writes them.
 */
#ifndef TINE_TEST_REFERENCE_H
#define TINE_TEST_REFERENCE_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Write every node and property of a tree: the format of tree_dump(). */
void reference_dump(const void *blob, FILE *out);

/* Call visit with the full path of each node, and where its name is. */
void reference_paths(const void *blob,
    void (*visit)(const char *path, const char *name, void *context),
    void *context);

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
