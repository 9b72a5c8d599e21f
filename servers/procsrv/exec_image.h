/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * exec_image.h - what a program finds on its stack.
 *
 * The image is the topmost bytes of the new stack, built in one buffer whose
 * end is the stack's top.  The strings lie at its end as they came from the
 * caller: path, arguments, environment.  Below them come the auxiliary
 * vector, the pointers and argc, at which sp points (RISC-V psABI, process
 * initialization):
 *
 *	sp  argc  argv[0..argc-1]  0  envp[0..envc-1]  0  auxv  ...  strings
 */
#ifndef TINE_PROCSRV_EXEC_IMAGE_H
#define TINE_PROCSRV_EXEC_IMAGE_H

#include <abi/types.h>
#include <common/elf.h>
#include <ipc/proc.h>

#define EXEC_AUX_PAIRS 6 /* PHDR PHENT PHNUM PAGESZ ENTRY NULL */
/* ARG_MAX covers strings and their pointers; argc, two NULLs, alignment. */
#define EXEC_IMAGE_BYTES \
	(PROC_ARG_MAX + PROC_PATH_MAX + 8 * (2 * EXEC_AUX_PAIRS + 3) + 16)

struct exec_image {
	/* Set by exec_image_place(). */
	uint32_t argc;
	uint32_t envc;
	size_t strings; /* where they begin */
	size_t start; /* where argc is, 16-byte aligned from the end */
	_Alignas(16) uint8_t bytes[(EXEC_IMAGE_BYTES + 15) & ~15ul];
};

/*
 * Make room for so many bytes of strings: a path, argc arguments and envc
 * environment strings.  They are to be copied to bytes + strings.  Returns 0;
 * E2BIG more than ARG_MAX; EINVAL too few bytes to be that many strings.
 */
int exec_image_place(
    struct exec_image *image, uint32_t argc, uint32_t envc, uint64_t bytes);

/*
 * The length of the path, which comes first.  EINVAL: it has no end;
 * ENAMETOOLONG; ENOENT: it is empty.
 */
int exec_image_path(const struct exec_image *image, size_t *lengthp);

/*
 * Build what lies below the strings for a stack with this top.  Returns 0,
 * or EINVAL: the strings are not as many as was said.
 */
int exec_image_build(
    struct exec_image *image, uint64_t top, const struct elf_image *elf);

/* The image itself, its size, and sp once it lies below top. */
const void *exec_image_start(const struct exec_image *image);
size_t exec_image_size(const struct exec_image *image);
uint64_t exec_image_sp(const struct exec_image *image, uint64_t top);

#endif
