/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fdt.h - reading a flattened device tree (Devicetree Specification 0.4, 5).
 *
 * Nothing is allocated, copied or trusted: each read is checked against the
 * tree's size, so that a damaged tree is noticed and never a fault.  Strings
 * and values that are handed out point into the tree.
 *
 * Damage to the tree's structure makes a walk end with EINVAL.  A property
 * behind such damage, or one whose value has not the form that is asked for,
 * is simply not there.
 */
#ifndef TINE_FDT_H
#define TINE_FDT_H

#include <abi/types.h>

/* Deeper trees are refused. */
#define FDT_DEPTH_MAX 16

/* An opened tree.  All offsets are from the start of the blob. */
struct fdt {
	const uint8_t *blob;
	uint32_t size; /* of the whole blob */
	uint32_t reserved; /* the memory reservation block */
	uint32_t tokens; /* the structure block */
	uint32_t tokens_end;
	uint32_t strings; /* the strings block */
	uint32_t strings_end;
};

/* How many 32-bit cells an address and a size take in a node's children. */
struct fdt_cells {
	uint8_t address;
	uint8_t size;
};

/* A place in the tree; all zeros: before the root. */
struct fdt_node {
	const char *name; /* with the unit address; "" for the root */
	uint32_t body; /* offset of what comes after its name */
	uint32_t depth; /* 0: the root */
	struct fdt_cells cells[FDT_DEPTH_MAX]; /* of the node at each depth */
};

struct fdt_prop {
	const char *name;
	const uint8_t *value; /* not aligned */
	uint32_t length;
};

/*
 * Open the tree at blob, of which limit bytes may be read.  EINVAL if it is
 * no device tree of version 17, or larger than that.
 */
int fdt_init(struct fdt *fdt, const void *blob, size_t limit);

/* The range of memory reservation number index; false after the last. */
bool fdt_reservation(
    const struct fdt *fdt, uint32_t index, uint64_t *base, uint64_t *size);

/*
 * Go on to the next node in tree order: first child, else sibling, else up.
 * ENOENT after the last one; EINVAL if the tree is damaged or too deep.
 */
int fdt_node_next(const struct fdt *fdt, struct fdt_node *node);

/*
 * Find the node at an absolute path, or with an alias as its whole path.  A
 * unit address may be left out; options after a colon are ignored.
 */
bool fdt_node_find(
    const struct fdt *fdt, const char *path, struct fdt_node *node);

/* Read the property at *offset (first: node->body) and step over it. */
bool fdt_prop_next(
    const struct fdt *fdt, uint32_t *offset, struct fdt_prop *prop);

/* The property called name. */
bool fdt_prop_find(const struct fdt *fdt, const struct fdt_node *node,
    const char *name, struct fdt_prop *prop);

/* A cell of a value. */
bool fdt_prop_cell(const struct fdt_prop *prop, uint32_t index, uint32_t *cell);

/* A property that is one or two cells; otherwise if there is none. */
uint64_t fdt_number(const struct fdt *fdt, const struct fdt_node *node,
    const char *name, uint64_t otherwise);

/* A property that is one string; NULL if there is none. */
const char *fdt_string(
    const struct fdt *fdt, const struct fdt_node *node, const char *name);

/* Whether string is one of the strings of a property. */
bool fdt_has(const struct fdt *fdt, const struct fdt_node *node,
    const char *name, const char *string);

/* Entry number index of reg, with the cell counts of the parent. */
bool fdt_reg(const struct fdt *fdt, const struct fdt_node *node, uint32_t index,
    uint64_t *base, uint64_t *size);

bool fdt_strings_equal(const char *a, const char *b);

#endif
