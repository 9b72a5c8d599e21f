/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cpio.c - reading a cpio "newc" archive that lies in memory.
 *
 * A header is 110 bytes of text: a magic and 13 fields of 8 hexadecimal
 * digits.  The name follows, then the data, each brought to a multiple of 4
 * from the start.  Tine's writer pads the name with NULs, which its size
 * counts, until the data begins on a page.
 */
#include "cpio.h"

#include <string.h>

#include <abi/errors.h>

#define MAGIC "070701"
#define MAGIC_BYTES 6
#define FIELD_DIGITS 8
#define FIELDS 13
#define HEADER_BYTES (MAGIC_BYTES + FIELDS * FIELD_DIGITS)
#define ALIGNMENT 4
#define TRAILER "TRAILER!!!"

/* Fields by position. */
#define FIELD_MODE 1
#define FIELD_SIZE 6
#define FIELD_NAME_SIZE 11

void
cpio_begin(struct cpio *cpio, const void *base, uint64_t size)
{
	cpio->base = base;
	cpio->size = size;
	cpio->at = 0;
}

/* The value of a digit, or 16. */
static uint32_t
digit_value(uint8_t digit)
{
	if (digit >= '0' && digit <= '9')
		return digit - (uint32_t)'0';
	if (digit >= 'a' && digit <= 'f')
		return digit - (uint32_t)'a' + 10;
	if (digit >= 'A' && digit <= 'F')
		return digit - (uint32_t)'A' + 10;
	return 16;
}

static int
field_read(const uint8_t *header, uint32_t field, uint32_t *value)
{
	const uint8_t *digits = header + MAGIC_BYTES + field * FIELD_DIGITS;
	uint32_t sum = 0;

	for (int i = 0; i < FIELD_DIGITS; i++) {
		uint32_t digit = digit_value(digits[i]);

		if (digit == 16)
			return TINE_EINVAL;
		sum = sum << 4 | digit;
	}
	*value = sum;
	return 0;
}

static uint64_t
align_up(uint64_t offset)
{
	return (offset + ALIGNMENT - 1) & ~(uint64_t)(ALIGNMENT - 1);
}

/* Fill in the entry whose header is at an offset; sizes still unchecked. */
static int
header_read(
    const uint8_t *header, struct cpio_entry *entry, uint32_t *name_size)
{
	uint32_t size;
	int error;

	if (memcmp(header, MAGIC, MAGIC_BYTES) != 0)
		return TINE_EINVAL;
	error = field_read(header, FIELD_MODE, &entry->mode);
	if (error == 0)
		error = field_read(header, FIELD_SIZE, &size);
	if (error == 0)
		error = field_read(header, FIELD_NAME_SIZE, name_size);
	if (error == 0)
		entry->size = size;
	return error;
}

int
cpio_next(struct cpio *cpio, struct cpio_entry *entry)
{
	struct cpio_entry found;
	uint32_t name_size;
	uint64_t left;
	const uint8_t *end;
	int error;

	if (cpio->at > cpio->size || cpio->size - cpio->at < HEADER_BYTES)
		return TINE_EINVAL;
	left = cpio->size - cpio->at - HEADER_BYTES;
	error = header_read(cpio->base + cpio->at, &found, &name_size);
	if (error)
		return error;
	if (name_size == 0 || name_size > left)
		return TINE_EINVAL;
	found.name = (const char *)cpio->base + cpio->at + HEADER_BYTES;
	end = memchr(found.name, '\0', name_size);
	if (end == NULL)
		return TINE_EINVAL;
	found.name_length = (size_t)((const char *)end - found.name);
	if (found.name_length == sizeof(TRAILER) - 1 &&
	    memcmp(found.name, TRAILER, sizeof(TRAILER)) == 0)
		return TINE_ENOENT;
	found.offset = align_up(cpio->at + HEADER_BYTES + name_size);
	if (found.offset > cpio->size || found.size > cpio->size - found.offset)
		return TINE_EINVAL;
	cpio->at = align_up(found.offset + found.size);
	*entry = found;
	return 0;
}
