/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fdt.c - reading a flattened device tree.
 *
 * The blob is three blocks: memory reservations, tokens (the tree itself)
 * and strings (the names of properties).  fdt_init() makes sure that the
 * blocks lie within the blob; everything else checks against the block it
 * reads from.  Differences are taken only of what is known to be ordered.
 *
 * There is no index and no recursion: finding a node is a walk in tree
 * order, and a walk needs only the place it is at.
 */
#include "fdt.h"

#include <abi/errors.h>

#define FDT_MAGIC 0xd00dfeedu
#define FDT_VERSION 17u

/* Offsets of the header's fields; all are 32 bits, big endian. */
enum header_field {
	HEADER_MAGIC = 0,
	HEADER_SIZE = 4,
	HEADER_TOKENS = 8,
	HEADER_STRINGS = 12,
	HEADER_RESERVED = 16,
	HEADER_VERSION = 20,
	HEADER_COMPATIBLE_VERSION = 24,
	HEADER_STRINGS_SIZE = 32,
	HEADER_TOKENS_SIZE = 36,
	HEADER_BYTES = 40,
};

enum token {
	TOKEN_NONE = 0, /* the block's end */
	TOKEN_BEGIN_NODE = 1,
	TOKEN_END_NODE = 2,
	TOKEN_PROP = 3,
	TOKEN_NOP = 4,
	TOKEN_END = 9,
};

#define CELL 4u /* bytes; so long is a token, too */
#define CELL_ALIGN(offset) (((offset) + CELL - 1) & ~(CELL - 1))
#define RESERVATION_BYTES 16u

/* Cells of a node that does not say (Devicetree Specification 0.4, 2.3.5). */
#define ADDRESS_CELLS_DEFAULT 2
#define SIZE_CELLS_DEFAULT 1
#define NUMBER_CELLS_MAX 2u

static uint32_t
load32(const uint8_t *from)
{
	return (uint32_t)from[0] << 24 | (uint32_t)from[1] << 16 |
	       (uint32_t)from[2] << 8 | from[3];
}

/* The number in so many cells, 0 to 2. */
static uint64_t
load_cells(const uint8_t *from, uint32_t cells)
{
	uint64_t number = 0;

	for (; cells > 0; cells--, from += CELL)
		number = number << 32 | load32(from);
	return number;
}

bool
fdt_strings_equal(const char *a, const char *b)
{
	for (; *a != '\0' && *a == *b; a++)
		b++;
	return *a == *b;
}

/* The offset of the NUL of a string at offset; end if there is none. */
static uint32_t
string_end(const struct fdt *fdt, uint32_t offset, uint32_t end)
{
	while (offset < end && fdt->blob[offset] != '\0')
		offset++;
	return offset;
}

/* Read the token at *offset that is not a NOP, and step over it. */
static uint32_t
token_next(const struct fdt *fdt, uint32_t *offset)
{
	uint32_t token = TOKEN_NOP;

	while (token == TOKEN_NOP) {
		/* A length that is no multiple of 4 may lead beyond the end. */
		if (*offset > fdt->tokens_end - CELL)
			return TOKEN_NONE;
		token = load32(fdt->blob + *offset);
		*offset += CELL;
	}
	return token;
}

/* Take a block's bounds from the header, if it fits into the blob. */
static bool
block_read(const uint8_t *header, enum header_field field, uint32_t bytes,
    uint32_t *start, uint32_t *end)
{
	uint32_t size = load32(header + HEADER_SIZE);

	*start = load32(header + field);
	*end = *start + bytes;
	return *start >= HEADER_BYTES && *start <= size &&
	       bytes <= size - *start && bytes >= CELL;
}

int
fdt_init(struct fdt *fdt, const void *blob, size_t limit)
{
	const uint8_t *header = blob;
	struct fdt new = {.blob = blob};
	uint32_t unused;

	if (limit < HEADER_BYTES || load32(header + HEADER_MAGIC) != FDT_MAGIC)
		return TINE_EINVAL;
	new.size = load32(header + HEADER_SIZE);
	if (new.size > limit || new.size > INT32_MAX ||
	    load32(header + HEADER_VERSION) < FDT_VERSION ||
	    load32(header + HEADER_COMPATIBLE_VERSION) > FDT_VERSION)
		return TINE_EINVAL;
	if (!block_read(header, HEADER_TOKENS,
		load32(header + HEADER_TOKENS_SIZE), &new.tokens,
		&new.tokens_end) ||
	    !block_read(header, HEADER_STRINGS,
		load32(header + HEADER_STRINGS_SIZE), &new.strings,
		&new.strings_end) ||
	    !block_read(header, HEADER_RESERVED, RESERVATION_BYTES,
		&new.reserved, &unused))
		return TINE_EINVAL;
	*fdt = new;
	return 0;
}

bool
fdt_reservation(
    const struct fdt *fdt, uint32_t index, uint64_t *base, uint64_t *size)
{
	uint64_t at = fdt->reserved + (uint64_t)index * RESERVATION_BYTES;

	if (at + RESERVATION_BYTES > fdt->size)
		return false;
	*base = load_cells(fdt->blob + at, 2);
	*size = load_cells(fdt->blob + at + sizeof(*base), 2);
	return *base != 0 || *size != 0;
}

/* Anything above what we can deal with is as good as the next. */
static uint8_t
cells_read(const struct fdt *fdt, const struct fdt_node *node, const char *name,
    uint64_t otherwise)
{
	uint64_t cells = fdt_number(fdt, node, name, otherwise);

	return (uint8_t)(cells > UINT8_MAX ? UINT8_MAX : cells);
}

int
fdt_node_next(const struct fdt *fdt, struct fdt_node *node)
{
	bool begun = node->body != 0;
	uint32_t at = begun ? node->body : fdt->tokens;
	uint32_t depth = begun ? node->depth + 1 : 0; /* of a child */
	struct fdt_prop prop;
	uint32_t token, end;

	while (fdt_prop_next(fdt, &at, &prop))
		continue;
	while ((token = token_next(fdt, &at)) == TOKEN_END_NODE && depth > 0)
		depth--;
	if (token == TOKEN_END && depth == 0 && begun)
		return TINE_ENOENT;
	/* Properties come before children, and there is one root. */
	if (token != TOKEN_BEGIN_NODE || depth == FDT_DEPTH_MAX ||
	    (depth == 0 && begun))
		return TINE_EINVAL;
	end = string_end(fdt, at, fdt->tokens_end);
	if (end == fdt->tokens_end)
		return TINE_EINVAL;
	node->name = (const char *)fdt->blob + at;
	node->body = CELL_ALIGN(end + 1);
	node->depth = depth;
	node->cells[depth].address =
	    cells_read(fdt, node, "#address-cells", ADDRESS_CELLS_DEFAULT);
	node->cells[depth].size =
	    cells_read(fdt, node, "#size-cells", SIZE_CELLS_DEFAULT);
	return 0;
}

/* What follows the first part of path, if that is name; else NULL. */
static const char *
path_match(const char *path, const char *name)
{
	for (; *path == *name && *path != '\0' && *path != ':'; path++)
		name++;
	if (*path != '\0' && *path != '/' && *path != ':')
		return NULL;
	return *name == '\0' || *name == '@' ? path : NULL;
}

static bool
absolute_find(const struct fdt *fdt, const char *path, struct fdt_node *node)
{
	struct fdt_node at = {0};
	uint32_t depth = 0; /* of the part of the path that is looked for */
	const char *rest;

	while (fdt_node_next(fdt, &at) == 0 && at.depth >= depth) {
		if (at.depth > depth)
			continue;
		rest = path_match(path, at.name);
		if (rest == NULL)
			continue;
		if (*rest != '/' || rest[1] == '\0') {
			*node = at;
			return true;
		}
		path = rest + 1;
		depth++;
	}
	return false;
}

bool
fdt_node_find(const struct fdt *fdt, const char *path, struct fdt_node *node)
{
	struct fdt_node aliases;
	struct fdt_prop prop;
	const char *target;
	uint32_t at;

	if (*path == '/')
		return absolute_find(fdt, path, node);
	if (!absolute_find(fdt, "/aliases", &aliases))
		return false;
	at = aliases.body;
	while (fdt_prop_next(fdt, &at, &prop)) {
		if (path_match(path, prop.name) == NULL)
			continue;
		/* An alias of an alias might lead round in circles. */
		target = fdt_string(fdt, &aliases, prop.name);
		return target != NULL && *target == '/' &&
		       absolute_find(fdt, target, node);
	}
	return false;
}

bool
fdt_prop_next(const struct fdt *fdt, uint32_t *offset, struct fdt_prop *prop)
{
	uint32_t at = *offset;
	uint32_t length, name;

	if (token_next(fdt, &at) != TOKEN_PROP ||
	    fdt->tokens_end - at < 2 * CELL)
		return false;
	length = load32(fdt->blob + at);
	name = load32(fdt->blob + at + CELL);
	at += 2 * CELL;
	if (length > fdt->tokens_end - at ||
	    name >= fdt->strings_end - fdt->strings)
		return false;
	name += fdt->strings;
	if (string_end(fdt, name, fdt->strings_end) == fdt->strings_end)
		return false;
	prop->name = (const char *)fdt->blob + name;
	prop->value = fdt->blob + at;
	prop->length = length;
	*offset = CELL_ALIGN(at + length);
	return true;
}

bool
fdt_prop_find(const struct fdt *fdt, const struct fdt_node *node,
    const char *name, struct fdt_prop *prop)
{
	uint32_t at = node->body;

	while (fdt_prop_next(fdt, &at, prop))
		if (fdt_strings_equal(prop->name, name))
			return true;
	return false;
}

bool
fdt_prop_cell(const struct fdt_prop *prop, uint32_t index, uint32_t *cell)
{
	if (index >= prop->length / CELL)
		return false;
	*cell = load32(prop->value + (size_t)index * CELL);
	return true;
}

uint64_t
fdt_number(const struct fdt *fdt, const struct fdt_node *node, const char *name,
    uint64_t otherwise)
{
	struct fdt_prop prop;

	if (!fdt_prop_find(fdt, node, name, &prop) ||
	    (prop.length != CELL && prop.length != 2 * CELL))
		return otherwise;
	return load_cells(prop.value, prop.length / CELL);
}

const char *
fdt_string(const struct fdt *fdt, const struct fdt_node *node, const char *name)
{
	struct fdt_prop prop;
	uint32_t i = 0;

	if (!fdt_prop_find(fdt, node, name, &prop))
		return NULL;
	while (i < prop.length && prop.value[i] != '\0')
		i++;
	/* The first NUL must be the last byte. */
	return i + 1 == prop.length ? (const char *)prop.value : NULL;
}

bool
fdt_has(const struct fdt *fdt, const struct fdt_node *node, const char *name,
    const char *string)
{
	struct fdt_prop prop;
	uint32_t start = 0;

	if (!fdt_prop_find(fdt, node, name, &prop))
		return false;
	for (uint32_t i = 0; i < prop.length; i++) {
		if (prop.value[i] != '\0')
			continue;
		if (fdt_strings_equal((const char *)prop.value + start, string))
			return true;
		start = i + 1;
	}
	return false;
}

bool
fdt_reg(const struct fdt *fdt, const struct fdt_node *node, uint32_t index,
    uint64_t *base, uint64_t *size)
{
	struct fdt_cells cells;
	struct fdt_prop prop;
	const uint8_t *entry;
	uint32_t bytes;

	if (node->depth == 0)
		return false;
	cells = node->cells[node->depth - 1];
	bytes = (uint32_t)(cells.address + cells.size) * CELL;
	if (cells.address == 0 || cells.address > NUMBER_CELLS_MAX ||
	    cells.size > NUMBER_CELLS_MAX ||
	    !fdt_prop_find(fdt, node, "reg", &prop) ||
	    index >= prop.length / bytes)
		return false;
	entry = prop.value + (size_t)index * bytes;
	*base = load_cells(entry, cells.address);
	*size = load_cells(entry + (size_t)cells.address * CELL, cells.size);
	return true;
}
