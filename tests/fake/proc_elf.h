/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * proc_elf.h - a small program that is well formed.
 */
#ifndef TINE_FAKE_PROC_ELF_H
#define TINE_FAKE_PROC_ELF_H

#include <abi/types.h>

struct elf_small_header {
	uint8_t ident[16];
	uint16_t type, machine;
	uint32_t version;
	uint64_t entry, phoff, shoff;
	uint32_t flags;
	uint16_t ehsize, phentsize, phnum, shentsize, shnum, shstrndx;
};

struct elf_small_phdr {
	uint32_t type, flags;
	uint64_t offset, va, pa, file_size, memory_size, alignment;
};

struct elf_small {
	struct elf_small_header header;
	struct elf_small_phdr phdrs[3];
	uint8_t rest[0x1100];
};

/* Text at 0x10000, data and bss in the page after; the third is a note. */
extern const struct elf_small elf_small;
#define ELF_SMALL_ENTRY 0x10100ul

#endif
