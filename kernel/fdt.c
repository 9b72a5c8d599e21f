/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fdt.c - reading a flattened device tree.
 *
 * The blob is three blocks: memory reservations, tokens (the tree itself)
 * and strings (the names of properties).  fdt_init() makes sure that the
 * blocks lie within the blob; everything else checks against the block it
 * reads from.  Offsets have 64 bits, so that sums of what the blob says,
 * which has 32, can't wrap.
 *
 * There is no index and no recursion: finding a node is a walk in tree
 * order, and a walk needs only the place it is at.
 */
#include "fdt.h"

#include <string.h>

#include <abi/errors.h>

#include "text.h"

#define FDT_MAGIC 0xd00dfeedu
#define FDT_VERSION 17u

/* Offsets of the header's fields; all are one cell. */
enum header_field {
	HEADER_MAGIC = 0,
	HEADER_SIZE = 4,
	HEADER_TOKENS = 8,
	HEADER_STRINGS = 12,
	HEADER_RESERVED = 16,
	HEADER_COMPATIBLE_VERSION = 24,
	HEADER_STRINGS_SIZE = 32,
	HEADER_TOKENS_SIZE = 36,
	HEADER_BYTES = 40,
};

enum token {
	TOKEN_DAMAGED = 0, /* ours: there is none that can be read */
	TOKEN_BEGIN_NODE = 1,
	TOKEN_END_NODE = 2,
	TOKEN_PROP = 3,
	TOKEN_NOP = 4,
	TOKEN_END = 9,
};

#define CELL 4ul /* bytes, big endian; so long is a token, too */
#define CELL_ALIGN(offset) (((offset) + CELL - 1) & ~(CELL - 1))

/* Cells of a node that does not say (Devicetree Specification 0.4, 2.3.5). */
#define ADDRESS_CELLS_DEFAULT 2
#define SIZE_CELLS_DEFAULT 1
#define NUMBER_CELLS_MAX 2u

/* The number in so many cells, 0 to 2. */
static uint64_t
load(const uint8_t *from, uint64_t cells)
{
	uint64_t number = 0;

	for (uint64_t i = 0; i < cells * CELL; i++)
		number = number << 8 | from[i];
	return number;
}

/*
 * Read the token at *offset that is not a NOP, and step over it and what
 * belongs to it: the name of a node, or a property.
 */
static uint64_t
token_next(const struct fdt *fdt, uint64_t *offset, struct fdt_prop *prop)
{
	uint64_t token = TOKEN_NOP;
	uint64_t at = *offset;
	uint64_t name;

	for (; token == TOKEN_NOP; at += CELL) {
		if (at + CELL > fdt->tokens_end)
			return TOKEN_DAMAGED;
		token = load(fdt->blob + at, 1);
	}
	if (token == TOKEN_BEGIN_NODE) {
		prop->name = (const char *)fdt->blob + at;
		at += strnlen(prop->name, fdt->tokens_end - at) + 1;
	} else if (token == TOKEN_PROP) {
		if (at + 2 * CELL > fdt->tokens_end)
			return TOKEN_DAMAGED;
		prop->length = (uint32_t)load(fdt->blob + at, 1);
		at += CELL;
		name = fdt->strings + load(fdt->blob + at, 1);
		at += CELL;
		if (name >= fdt->strings_end)
			return TOKEN_DAMAGED;
		prop->name = (const char *)fdt->blob + name;
		prop->value = fdt->blob + at;
		at += prop->length;
	}
	*offset = CELL_ALIGN(at);
	return at <= fdt->tokens_end ? token : TOKEN_DAMAGED;
}

int
fdt_init(struct fdt *fdt, const void *blob, size_t limit)
{
	const uint8_t *header = blob;
	uint64_t reserved;

	if (limit < HEADER_BYTES ||
	    load(header + HEADER_MAGIC, 1) != FDT_MAGIC ||
	    load(header + HEADER_COMPATIBLE_VERSION, 1) > FDT_VERSION)
		return TINE_EINVAL;
	*fdt = (struct fdt){.blob = blob};
	fdt->size = load(header + HEADER_SIZE, 1);
	fdt->body = load(header + HEADER_TOKENS, 1);
	fdt->tokens_end = fdt->body + load(header + HEADER_TOKENS_SIZE, 1);
	fdt->strings = load(header + HEADER_STRINGS, 1);
	fdt->strings_end = fdt->strings + load(header + HEADER_STRINGS_SIZE, 1);
	reserved = load(header + HEADER_RESERVED, 1);
	if (fdt->size > limit || reserved > fdt->size ||
	    fdt->tokens_end > fdt->size || fdt->strings_end > fdt->size ||
	    fdt->strings == fdt->strings_end ||
	    fdt->blob[fdt->strings_end - 1] != '\0')
		return TINE_EINVAL;
	fdt->reserved.value = fdt->blob + reserved;
	fdt->reserved.length = (uint32_t)(fdt->size - reserved);
	return 0;
}

int
fdt_next(struct fdt *fdt)
{
	uint64_t at = fdt->body;
	uint32_t depth = fdt->depth;
	struct fdt_prop prop;
	uint64_t token;

	while ((token = token_next(fdt, &at, &prop)) != TOKEN_BEGIN_NODE) {
		if (token == TOKEN_END && depth == 0)
			return TINE_ENOENT;
		if (token == TOKEN_END_NODE && depth > 0)
			depth--;
		else if (token != TOKEN_PROP)
			return TINE_EINVAL;
	}
	if (++depth == FDT_DEPTH_MAX)
		return TINE_EINVAL;
	fdt->depth = depth;
	fdt->body = at;
	fdt->names[depth] = prop.name;
	fdt->address_cells[depth] =
	    (uint32_t)fdt_number(fdt, "#address-cells", ADDRESS_CELLS_DEFAULT);
	fdt->size_cells[depth] =
	    (uint32_t)fdt_number(fdt, "#size-cells", SIZE_CELLS_DEFAULT);
	return 0;
}

bool
fdt_is_at(const struct fdt *fdt, const char *path)
{
	for (uint32_t i = 2; i <= fdt->depth && path != NULL; i++) {
		path = text_after(path, "/");
		if (path != NULL)
			path = text_after(path, fdt->names[i]);
	}
	return path != NULL && (*path == '\0' || *path == ':');
}

struct fdt_prop
fdt_prop(const struct fdt *fdt, const char *name)
{
	uint64_t at = fdt->body;
	struct fdt_prop prop;

	while (token_next(fdt, &at, &prop) == TOKEN_PROP) {
		const char *rest = text_after(name, prop.name);

		if (rest != NULL && (*rest == '\0' || *rest == ':'))
			return prop;
	}
	return (struct fdt_prop){.name = NULL};
}

uint64_t
fdt_number(const struct fdt *fdt, const char *name, uint64_t otherwise)
{
	struct fdt_prop prop = fdt_prop(fdt, name);

	if (prop.length != CELL && prop.length != 2 * CELL)
		return otherwise;
	return load(prop.value, prop.length / CELL);
}

const char *
fdt_string(const struct fdt *fdt, const char *name)
{
	struct fdt_prop prop = fdt_prop(fdt, name);

	if (prop.length == 0 || prop.value[prop.length - 1] != '\0')
		return "";
	return (const char *)prop.value;
}

bool
fdt_has(
    const struct fdt *fdt, const char *name, char separator, const char *word)
{
	const char *text = fdt_string(fdt, name);
	/* What is no string has no words, however long it is. */
	size_t length = *text == '\0' ? 0 : fdt_prop(fdt, name).length;

	return text_find(text, length, separator, word) != NULL;
}

bool
fdt_pair(const struct fdt_prop *prop, uint32_t index, uint64_t first_cells,
    uint64_t second_cells, uint64_t *first, uint64_t *second)
{
	uint64_t bytes = (first_cells + second_cells) * CELL;

	if (first_cells == 0 || first_cells > NUMBER_CELLS_MAX ||
	    second_cells > NUMBER_CELLS_MAX || index >= prop->length / bytes)
		return false;
	*first = load(prop->value + index * bytes, first_cells);
	*second = load(
	    prop->value + index * bytes + first_cells * CELL, second_cells);
	return true;
}

bool
fdt_reg(const struct fdt *fdt, uint32_t index, uint64_t *base, uint64_t *size)
{
	struct fdt_prop reg = fdt_prop(fdt, "reg");
	uint32_t parent = fdt->depth - 1;

	return fdt_pair(&reg, index, fdt->address_cells[parent],
	    fdt->size_cells[parent], base, size);
}
