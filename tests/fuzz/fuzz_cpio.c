/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz_cpio.c - boot archives.
 *
 * Every entry lies in the archive, behind the one before it.
 */
#include "cpio.h"
#include "fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *archive = fuzz_copy(data, size);
	struct cpio_entry entry;
	struct cpio cpio;
	uint64_t end = 0;

	cpio_begin(&cpio, archive, size);
	while (cpio_next(&cpio, &entry) == 0) {
		const uint8_t *name = (const uint8_t *)entry.name;

		FUZZ_ASSERT(name >= archive + end &&
			    name + entry.name_length < archive + entry.offset);
		FUZZ_ASSERT(name[entry.name_length] == '\0');
		FUZZ_ASSERT(
		    entry.offset <= size && entry.size <= size - entry.offset);
		end = entry.offset + entry.size;
		FUZZ_ASSERT(cpio.at >= end);
	}
	free(archive);
	return 0;
}
