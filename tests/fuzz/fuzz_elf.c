/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz_elf.c - programs.
 *
 * The first byte says how much of the file is there to be looked at, as
 * procsrv reads only its first page.
 */
#include "elf.h"
#include "fuzz.h"

#include <ipc/vm.h>

static void
segment_check(
    const struct elf_segment *segment, uint64_t below, uint64_t file_bytes)
{
	const uint32_t both = VM_PROT_WRITE | VM_PROT_EXEC;

	FUZZ_ASSERT((segment->va & ~PAGE_MASK) >= below);
	FUZZ_ASSERT(segment->memory_size > 0 && segment->va < USER_TOP &&
		    segment->memory_size <= USER_TOP - segment->va);
	FUZZ_ASSERT(segment->file_size <= segment->memory_size);
	FUZZ_ASSERT(segment->offset <= file_bytes &&
		    segment->file_size <= file_bytes - segment->offset);
	FUZZ_ASSERT(((segment->va ^ segment->offset) & PAGE_MASK) == 0);
	FUZZ_ASSERT((segment->protection & both) != both);
}

static void
image_check(const struct elf_image *image, uint64_t file_bytes)
{
	uint64_t below = PAGE_SIZE;
	bool found = false;

	FUZZ_ASSERT(image->nsegments > 0 && image->nsegments <= ELF_SEGMENTS);
	for (uint32_t i = 0; i < image->nsegments; i++) {
		const struct elf_segment *segment = &image->segments[i];

		segment_check(segment, below, file_bytes);
		below = (segment->va + segment->memory_size + PAGE_MASK) &
			~PAGE_MASK;
		if ((segment->protection & VM_PROT_EXEC) != 0 &&
		    image->entry >= segment->va &&
		    image->entry - segment->va < segment->memory_size)
			found = true;
	}
	FUZZ_ASSERT(found);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct elf_image image;
	uint64_t file_bytes;
	void *file;

	if (size == 0)
		return 0;
	size--;
	file_bytes = size + (uint64_t)data[0] * PAGE_SIZE;
	file = fuzz_copy(data + 1, size);
	if (elf_parse(file, size, file_bytes, &image) == 0)
		image_check(&image, file_bytes);
	free(file);
	return 0;
}
