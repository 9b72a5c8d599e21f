/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * exec_image.c - what a program finds on its stack.
 */
#include "exec_image.h"

#include <string.h>

#include <abi/errors.h>

/* Auxiliary vector entries: NetBSD's sys/exec_elf.h. */
#define AT_NULL 0
#define AT_PHDR 3
#define AT_PHENT 4
#define AT_PHNUM 5
#define AT_PAGESZ 6
#define AT_ENTRY 9

#define IMAGE_END sizeof(((struct exec_image *)NULL)->bytes)
#define STACK_ALIGNMENT 16ul

/* argc, the pointers, two NULLs, the auxiliary vector. */
static size_t
vector_words(const struct exec_image *image)
{
	return 1 + image->argc + 1 + image->envc + 1 + 2 * EXEC_AUX_PAIRS;
}

int
exec_image_place(
    struct exec_image *image, uint32_t argc, uint32_t envc, uint64_t bytes)
{
	uint64_t count = (uint64_t)argc + envc;

	/* Compared one by one, so that no sum can be wrong. */
	if (bytes > PROC_ARG_MAX + PROC_PATH_MAX || count > PROC_ARG_MAX / 8)
		return TINE_E2BIG;
	if (bytes < count + 1)
		return TINE_EINVAL;
	image->argc = argc;
	image->envc = envc;
	image->strings = IMAGE_END - bytes;
	if (image->strings < 8 * vector_words(image) + STACK_ALIGNMENT)
		return TINE_E2BIG;
	image->start =
	    (image->strings - 8 * vector_words(image)) & ~(STACK_ALIGNMENT - 1);
	return 0;
}

int
exec_image_path(const struct exec_image *image, size_t *lengthp)
{
	const uint8_t *path = image->bytes + image->strings;
	size_t bytes = IMAGE_END - image->strings;
	size_t most = bytes < PROC_PATH_MAX ? bytes : PROC_PATH_MAX;
	const uint8_t *end = memchr(path, '\0', most);

	if (end == NULL)
		return most < bytes ? TINE_ENAMETOOLONG : TINE_EINVAL;
	if (end == path)
		return TINE_ENOENT;
	*lengthp = (size_t)(end - path);
	return 0;
}

/*
 * Write pointers to count strings and a NULL; *offsetp moves past the
 * strings.  EINVAL: there are not so many.
 */
static int
put_pointers(struct exec_image *image, uint64_t top, uint64_t **wordp,
    uint32_t count, size_t *offsetp)
{
	size_t offset = *offsetp;
	uint64_t *word = *wordp;
	const uint8_t *end;

	for (uint32_t i = 0; i < count; i++) {
		end = memchr(image->bytes + offset, '\0', IMAGE_END - offset);
		if (end == NULL)
			return TINE_EINVAL;
		*word++ = top - (IMAGE_END - offset);
		offset = (size_t)(end - image->bytes) + 1;
	}
	*word++ = 0;
	*wordp = word;
	*offsetp = offset;
	return 0;
}

/* Write the auxiliary vector; returns what comes after it. */
static uint64_t *
put_auxiliary(uint64_t *word, const struct elf_image *elf)
{
	const uint64_t pairs[2 * EXEC_AUX_PAIRS] = {
	    AT_PHDR,
	    elf->phdr_va,
	    AT_PHENT,
	    ELF_PHDR_BYTES,
	    AT_PHNUM,
	    elf->phdr_count,
	    AT_PAGESZ,
	    PAGE_SIZE,
	    AT_ENTRY,
	    elf->entry,
	    AT_NULL,
	    0,
	};

	memcpy(word, pairs, sizeof(pairs));
	return word + 2 * EXEC_AUX_PAIRS;
}

int
exec_image_build(
    struct exec_image *image, uint64_t top, const struct elf_image *elf)
{
	uint64_t *word = (void *)(image->bytes + image->start);
	uint8_t *strings = image->bytes + image->strings;
	size_t offset = image->strings;
	size_t path_length;
	int error;

	error = exec_image_path(image, &path_length);
	if (error)
		return error;
	offset += path_length + 1;
	*word++ = image->argc;
	error = put_pointers(image, top, &word, image->argc, &offset);
	if (error)
		return error;
	error = put_pointers(image, top, &word, image->envc, &offset);
	if (error)
		return error;
	if (offset != IMAGE_END)
		return TINE_EINVAL;
	word = put_auxiliary(word, elf);
	/* What an earlier exec left between here and the strings stays here. */
	memset(word, 0, (size_t)(strings - (uint8_t *)word));
	return 0;
}

const void *
exec_image_start(const struct exec_image *image)
{
	return image->bytes + image->start;
}

size_t
exec_image_size(const struct exec_image *image)
{
	return IMAGE_END - image->start;
}

uint64_t
exec_image_sp(const struct exec_image *image, uint64_t top)
{
	return top - exec_image_size(image);
}
