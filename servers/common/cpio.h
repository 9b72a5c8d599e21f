/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cpio.h - reading a cpio "newc" archive that lies in memory.
 *
 * Pure: it looks at the bytes of the archive and at no others, whatever the
 * numbers in them say.
 */
#ifndef TINE_SERVERS_CPIO_H
#define TINE_SERVERS_CPIO_H

#include <stddef.h>
#include <stdint.h>

struct cpio {
	const uint8_t *base;
	uint64_t size;
	uint64_t at; /* offset of the next header */
};

struct cpio_entry {
	const char *name; /* in the archive, with its NUL */
	size_t name_length; /* without it */
	uint64_t offset; /* of the data, from the base */
	uint64_t size; /* bytes of data */
	uint32_t mode; /* as of stat(2) */
};

/* Begin with the first entry of an archive. */
void cpio_begin(struct cpio *cpio, const void *base, uint64_t size);

/*
 * Go to the next entry.  Returns 0; ENOENT, that was the last one; or EINVAL,
 * this is no archive or it is cut short.  *entry is written on success only.
 */
int cpio_next(struct cpio *cpio, struct cpio_entry *entry);

#endif
