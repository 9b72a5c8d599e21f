/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * elf.c - the headers of static ELF executables.
 *
 * Every number in a file is taken for hostile: sums are only formed after a
 * comparison has shown that they cannot wrap.
 */
#include "elf.h"

#include <string.h>

#include <abi/errors.h>
#include <ipc/vm.h>

/* System V ABI, "Object Files"; the RISC-V psABI for the machine. */
struct elf_header {
	uint8_t ident[16];
	uint16_t type;
	uint16_t machine;
	uint32_t version;
	uint64_t entry;
	uint64_t phdr_offset;
	uint64_t section_offset;
	uint32_t flags;
	uint16_t header_size;
	uint16_t phdr_size;
	uint16_t phdr_count;
	uint16_t section_size;
	uint16_t section_count;
	uint16_t section_names;
};

struct elf_phdr {
	uint32_t type;
	uint32_t flags;
	uint64_t offset;
	uint64_t va;
	uint64_t pa;
	uint64_t file_size;
	uint64_t memory_size;
	uint64_t alignment;
};

_Static_assert(sizeof(struct elf_header) == 64, "the ABI says so");
_Static_assert(sizeof(struct elf_phdr) == ELF_PHDR_BYTES, "the ABI says so");

#define IDENT_CHECKED 7 /* magic, class, byte order, version */
static const uint8_t ident_wanted[IDENT_CHECKED] = {
    0x7f, 'E', 'L', 'F', 2 /* 64-bit */, 1 /* little-endian */, 1};

#define TYPE_EXEC 2
#define MACHINE_RISCV 243
#define VERSION_CURRENT 1

#define PT_LOAD 1
#define PT_INTERP 3

#define PF_X 1u
#define PF_W 2u
#define PF_R 4u

/* The header is of a kind that can be run, with its program headers here. */
static bool
header_valid(const struct elf_header *header, size_t header_bytes)
{
	if (memcmp(header->ident, ident_wanted, IDENT_CHECKED) != 0)
		return false;
	if (header->type != TYPE_EXEC || header->machine != MACHINE_RISCV ||
	    header->version != VERSION_CURRENT)
		return false;
	if (header->phdr_size != sizeof(struct elf_phdr) ||
	    header->phdr_count == 0)
		return false;
	if (header->phdr_offset > header_bytes)
		return false;
	return header->phdr_count * sizeof(struct elf_phdr) <=
	       header_bytes - header->phdr_offset;
}

static uint64_t
page_up(uint64_t va)
{
	return (va + PAGE_MASK) & ~PAGE_MASK;
}

static uint32_t
segment_protection(uint32_t flags)
{
	uint32_t protection = 0;

	if (flags & PF_R)
		protection |= VM_PROT_READ;
	if (flags & PF_W)
		protection |= VM_PROT_WRITE;
	if (flags & PF_X)
		protection |= VM_PROT_EXEC;
	return protection;
}

/* A loaded segment lies in the file, in user space, and is W^X. */
static bool
segment_valid(const struct elf_phdr *phdr, uint64_t file_bytes)
{
	if (phdr->file_size > phdr->memory_size)
		return false;
	if (phdr->offset > file_bytes ||
	    phdr->file_size > file_bytes - phdr->offset)
		return false;
	/* Page 0 stays empty, so that a null pointer faults. */
	if (phdr->va < PAGE_SIZE || phdr->va >= USER_TOP ||
	    phdr->memory_size > USER_TOP - phdr->va)
		return false;
	if (((phdr->va ^ phdr->offset) & PAGE_MASK) != 0)
		return false;
	if ((phdr->flags & (PF_R | PF_X)) == 0)
		return false;
	return (phdr->flags & (PF_W | PF_X)) != (PF_W | PF_X);
}

/* Add one PT_LOAD, which must lie above all that came before it. */
static int
image_add(
    struct elf_image *image, const struct elf_phdr *phdr, uint64_t file_bytes)
{
	struct elf_segment *segment = &image->segments[image->nsegments];

	if (image->nsegments == ELF_SEGMENTS ||
	    !segment_valid(phdr, file_bytes))
		return TINE_ENOEXEC;
	if (image->nsegments > 0) {
		const struct elf_segment *below = segment - 1;

		if ((phdr->va & ~PAGE_MASK) <
		    page_up(below->va + below->memory_size))
			return TINE_ENOEXEC;
	}
	segment->va = phdr->va;
	segment->memory_size = phdr->memory_size;
	segment->file_size = phdr->file_size;
	segment->offset = phdr->offset;
	segment->protection = segment_protection(phdr->flags);
	image->nsegments++;
	return 0;
}

/* The entry lies in a segment that may be executed. */
static bool
entry_executable(const struct elf_image *image)
{
	for (uint32_t i = 0; i < image->nsegments; i++) {
		const struct elf_segment *segment = &image->segments[i];

		if (image->entry >= segment->va &&
		    image->entry - segment->va < segment->memory_size)
			return (segment->protection & VM_PROT_EXEC) != 0;
	}
	return false;
}

/* Where the program headers come to lie, if a segment has all of them. */
static uint64_t
headers_address(const struct elf_image *image, uint64_t offset)
{
	uint64_t bytes = (uint64_t)image->phdr_count * ELF_PHDR_BYTES;

	for (uint32_t i = 0; i < image->nsegments; i++) {
		const struct elf_segment *segment = &image->segments[i];

		if (offset < segment->offset ||
		    offset - segment->offset > segment->file_size)
			continue;
		if (bytes <= segment->file_size - (offset - segment->offset))
			return segment->va + (offset - segment->offset);
	}
	return 0;
}

int
elf_parse(const void *header, size_t header_bytes, uint64_t file_bytes,
    struct elf_image *image)
{
	const uint8_t *bytes = header;
	struct elf_image found = {0};
	struct elf_header ehdr;
	struct elf_phdr phdr;
	int error;

	if (header_bytes > file_bytes)
		header_bytes = (size_t)file_bytes;
	if (header_bytes < sizeof(ehdr))
		return TINE_ENOEXEC;
	memcpy(&ehdr, bytes, sizeof(ehdr));
	if (!header_valid(&ehdr, header_bytes))
		return TINE_ENOEXEC;
	found.entry = ehdr.entry;
	found.phdr_count = ehdr.phdr_count;
	for (uint32_t i = 0; i < ehdr.phdr_count; i++) {
		memcpy(&phdr, bytes + ehdr.phdr_offset + i * sizeof(phdr),
		    sizeof(phdr));
		if (phdr.type == PT_INTERP)
			return TINE_ENOEXEC;
		if (phdr.type != PT_LOAD || phdr.memory_size == 0)
			continue;
		error = image_add(&found, &phdr, file_bytes);
		if (error)
			return error;
	}
	if (!entry_executable(&found))
		return TINE_ENOEXEC;
	found.phdr_va = headers_address(&found, ehdr.phdr_offset);
	*image = found;
	return 0;
}
