/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * newc.c - the first file of a cpio archive; see newc.h.
 *
 * A header is "070701" and thirteen numbers of eight hexadecimal digits; the
 * name follows, then the data, each padded to a multiple of four bytes.
 */
#include "newc.h"

#include <abi/errors.h>

#define NEWC_HEADER 110
#define NEWC_FILESIZE 54
#define NEWC_NAMESIZE 94
#define NEWC_DIGITS 8

static int
hex_number(const uint8_t *digits, uint64_t *number)
{
	*number = 0;
	for (unsigned int i = 0; i < NEWC_DIGITS; i++) {
		uint8_t c = digits[i];

		if (c >= '0' && c <= '9')
			c = (uint8_t)(c - '0');
		else if (c >= 'a' && c <= 'f')
			c = (uint8_t)(c - 'a' + 10);
		else if (c >= 'A' && c <= 'F')
			c = (uint8_t)(c - 'A' + 10);
		else
			return TINE_EINVAL;
		*number = *number << 4 | c;
	}
	return 0;
}

int
newc_first(const uint8_t *archive, uint64_t size, struct newc_file *file)
{
	static const char magic[6] = "070701";
	uint64_t name_size, file_size, data;

	if (size < NEWC_HEADER)
		return TINE_EINVAL;
	for (unsigned int i = 0; i < sizeof(magic); i++) {
		if (archive[i] != (uint8_t)magic[i])
			return TINE_EINVAL;
	}
	if (hex_number(&archive[NEWC_FILESIZE], &file_size) != 0 ||
	    hex_number(&archive[NEWC_NAMESIZE], &name_size) != 0)
		return TINE_EINVAL;
	data = (NEWC_HEADER + name_size + 3) & ~3ul;
	if (name_size == 0 || data > size || file_size > size - data ||
	    archive[NEWC_HEADER + name_size - 1] != '\0')
		return TINE_EINVAL;
	*file = (struct newc_file){
	    .name = (const char *)&archive[NEWC_HEADER],
	    .data = data,
	    .size = file_size,
	};
	return 0;
}

bool
newc_name_is(const struct newc_file *file, const char *name)
{
	const char *have = file->name;

	while (*have != '\0' && *have == *name) {
		have++;
		name++;
	}
	return *have == *name;
}
