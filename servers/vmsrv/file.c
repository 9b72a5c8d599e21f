/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * file.c - the files of the boot archive.
 */
#include "file.h"

#include <string.h>

#include <abi/errors.h>

#include "cpio.h"
#include "own.h"
#include "report.h"
#include "root.h"

/* Of stat(2). */
#define MODE_FORMAT 0170000u
#define MODE_REGULAR 0100000u

static struct pool files;

int
file_init(const void *archive, uint64_t size)
{
	struct cpio cpio;
	struct cpio_entry entry;
	struct file *file;
	int error;

	pool_init(&files, OWN_FILES, sizeof(struct file));
	cpio_begin(&cpio, archive, size);
	while ((error = cpio_next(&cpio, &entry)) == 0) {
		if ((entry.mode & MODE_FORMAT) != MODE_REGULAR)
			continue;
		file = pool_alloc(&files);
		if (file == NULL)
			return TINE_ENOMEM;
		file->name = entry.name;
		file->name_length = entry.name_length;
		file->data = cpio.base + entry.offset;
		file->offset = entry.offset;
		file->size = entry.size;
		file->mode = entry.mode;
	}
	return error == TINE_ENOENT ? 0 : error;
}

int
file_find(const char *path, size_t length, uint32_t *number)
{
	for (uint32_t i = 0; i < files.made; i++) {
		const struct file *file = pool_item(&files, i);

		if (file->name_length == length &&
		    memcmp(file->name, path, length) == 0) {
			*number = i;
			return 0;
		}
	}
	return TINE_ENOENT;
}

const struct file *
file_get(uint32_t number)
{
	return number < files.made ? pool_item(&files, number) : NULL;
}

bool
file_mappable(const struct file *file)
{
	return (file->offset & PAGE_MASK) == 0;
}

uint64_t
file_frame(uint32_t number, uint64_t offset)
{
	const struct file *file = file_get(number);

	ASSERT(file != NULL && offset < file->size);
	return root->archive_frame + ((file->offset + offset) >> PAGE_SHIFT);
}
