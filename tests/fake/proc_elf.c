/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * proc_elf.c - a small program that is well formed.
 */
#include "proc_elf.h"

const struct elf_small elf_small = {
    .header =
	{
	    .ident = {0x7f, 'E', 'L', 'F', 2, 1, 1},
	    .type = 2,
	    .machine = 243,
	    .version = 1,
	    .entry = ELF_SMALL_ENTRY,
	    .phoff = sizeof(struct elf_small_header),
	    .ehsize = sizeof(struct elf_small_header),
	    .phentsize = sizeof(struct elf_small_phdr),
	    .phnum = 3,
	},
    .phdrs =
	{
	    {
		.type = 1,
		.flags = 5,
		.va = 0x10000,
		.file_size = 0x1000,
		.memory_size = 0x1000,
	    },
	    {
		.type = 1,
		.flags = 6,
		.offset = 0x1000,
		.va = 0x11000,
		.file_size = 0x100,
		.memory_size = 0x2000,
	    },
	    {.type = 4, .offset = 0x200, .file_size = 0x20},
	},
};
