/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * file.h - the files of the boot archive as memory objects.
 *
 * A file is known by its number.  Its frames are those of the archive, which
 * the kernel holds, so they may be mapped but are never written.
 */
#ifndef TINE_VMSRV_FILE_H
#define TINE_VMSRV_FILE_H

#include <abi/types.h>

#define FILE_PATH_MAX 255

struct file {
	const char *name;
	size_t name_length;
	const uint8_t *data; /* as mapped into vmsrv */
	uint64_t offset; /* of the data in the archive */
	uint64_t size;
	uint64_t mode;
	void *link; /* of the pool */
};

/* List the regular files of an archive.  EINVAL damaged, ENOMEM. */
int file_init(const void *archive, uint64_t size);

/* The file with a path, without leading slash.  ENOENT. */
int file_find(const char *path, size_t length, uint32_t *number);

/* A file by number, or NULL. */
const struct file *file_get(uint32_t number);

/* Whether the data begins on a page, so that it can be mapped. */
bool file_mappable(const struct file *file);

/* The frame with the byte at an offset of a mappable file. */
uint64_t file_frame(uint32_t number, uint64_t offset);

#endif
