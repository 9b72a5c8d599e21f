/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * elf.h - what a static ELF executable wants in memory.
 *
 * Pure: it looks at bytes and makes no request of anybody.  vmsrv uses it for
 * the servers of the boot archive, procsrv for exec.
 */
#ifndef TINE_SERVERS_ELF_H
#define TINE_SERVERS_ELF_H

#include <abi/types.h>

#define ELF_SEGMENTS 8

/*
 * One piece of the image: file_size bytes of the file from offset on lie at
 * va, zeros after them up to memory_size.  va and offset have the same
 * position in their pages.  The protection is made of VM_PROT_*.
 */
struct elf_segment {
	uint64_t va;
	uint64_t memory_size; /* > 0, and >= file_size */
	uint64_t file_size;
	uint64_t offset;
	uint32_t protection;
};

/* Invariant: segments ascend and no two have a page in common. */
struct elf_image {
	uint64_t entry;
	uint64_t phdr_va; /* the program headers in memory; 0: not loaded */
	uint32_t phdr_count;
	uint32_t nsegments; /* at least 1 */
	struct elf_segment segments[ELF_SEGMENTS];
};

/* Size of a program header, for AT_PHENT. */
#define ELF_PHDR_BYTES 56

/*
 * Read the headers of an executable, of which the first header_bytes are at
 * header (any alignment) and which is file_bytes long.  Accepted: 64-bit
 * little-endian RISC-V, ET_EXEC, no interpreter, all headers within
 * header_bytes, up to ELF_SEGMENTS loaded segments within user space, none
 * both writable and executable, the entry in an executable one.  Returns 0,
 * or ENOEXEC with *image untouched.
 */
int elf_parse(const void *header, size_t header_bytes, uint64_t file_bytes,
    struct elf_image *image);

#endif
