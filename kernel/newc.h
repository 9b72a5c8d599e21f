/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * newc.h - the first file of a cpio archive in the "newc" format.
 */
#ifndef TINE_NEWC_H
#define TINE_NEWC_H

#include <abi/types.h>

struct newc_file {
	const char *name; /* NUL-terminated, in the archive */
	uint64_t data; /* offset in the archive */
	uint64_t size; /* bytes; data + size is inside */
};

/* Find the first file.  EINVAL: no archive, or cut short. */
int newc_first(const uint8_t *archive, uint64_t size, struct newc_file *file);

bool newc_name_is(const struct newc_file *file, const char *name);

#endif
