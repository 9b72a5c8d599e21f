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
#pragma once

#include <abi/types.h>

/* Trees of this depth are refused. */
#define FDT_DEPTH_MAX 12

struct fdt_prop {
	const char *name; /* NULL: there is no such property */
	const uint8_t *value; /* not aligned */
	uint32_t length;
};

/* An opened tree and a place in it; a copy is a place of its own. */
struct fdt {
	const uint8_t *blob;
	/* Offsets from its start; each block lies within the blob. */
	uint64_t size;
	uint64_t tokens_end; /* of the structure block */
	uint64_t strings; /* the names of properties, NUL at the end */
	uint64_t strings_end;
	struct fdt_prop reserved; /* pairs of 2 and 2 cells; 0, 0 is the end */
	/* The place: a node, and the nodes that it is in. */
	uint64_t body; /* what comes after the node's name */
	uint32_t depth; /* 1: the root; 0: before it */
	const char *names[FDT_DEPTH_MAX]; /* with the unit address */
	uint32_t address_cells[FDT_DEPTH_MAX]; /* for the nodes in it */
	uint32_t size_cells[FDT_DEPTH_MAX];
};

/*
 * Open the tree at blob, of which limit bytes may be read; the place is
 * before the root.  EINVAL if it is no device tree of version 17, or larger
 * than that.
 */
int fdt_init(struct fdt *fdt, const void *blob, size_t limit);

/*
 * Go on to the next node in tree order: first child, else sibling, else up.
 * ENOENT after the last one; EINVAL if the tree is damaged or too deep; then
 * the place is as before.
 */
int fdt_next(struct fdt *fdt);

/* Whether the node has this absolute path, which may end at a colon. */
bool fdt_is_at(const struct fdt *fdt, const char *path);

/* The node's property called name, which may end at a colon. */
struct fdt_prop fdt_prop(const struct fdt *fdt, const char *name);

/* A property that is one or two cells; otherwise if there is none. */
uint64_t fdt_number(
    const struct fdt *fdt, const char *name, uint64_t otherwise);

/* A property that is a string, or the first of several; "" if it is not. */
const char *fdt_string(const struct fdt *fdt, const char *name);

/* Whether a string property has a word; separator NUL: of several strings. */
bool fdt_has(
    const struct fdt *fdt, const char *name, char separator, const char *word);

/* Number index of the pairs of numbers, of so many cells, in a value. */
bool fdt_pair(const struct fdt_prop *prop, uint32_t index, uint64_t first_cells,
    uint64_t second_cells, uint64_t *first, uint64_t *second);

/* Entry number index of the node's reg. */
bool fdt_reg(
    const struct fdt *fdt, uint32_t index, uint64_t *base, uint64_t *size);
