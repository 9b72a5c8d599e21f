/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_elf.c - which files are programs, and what they want.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <abi/errors.h>
#include <common/elf.h>
#include <ipc/vm.h>

#include "proc_elf.h"

#define HEADER_BYTES PAGE_SIZE

static int
parse(const struct elf_small *elf, struct elf_image *image)
{
	return elf_parse(elf, HEADER_BYTES, sizeof(*elf), image);
}

static void
a_good_program_is_understood(void **state)
{
	struct elf_image image;

	(void)state;
	assert_int_equal(parse(&elf_small, &image), 0);
	assert_int_equal(image.entry, ELF_SMALL_ENTRY);
	assert_int_equal(image.phdr_count, 3);
	assert_int_equal(image.phdr_va, 0x10040);
	assert_int_equal(image.nsegments, 2);
	assert_int_equal(image.segments[0].va, 0x10000);
	assert_int_equal(
	    image.segments[0].protection, VM_PROT_READ | VM_PROT_EXEC);
	assert_int_equal(image.segments[1].offset, 0x1000);
	assert_int_equal(image.segments[1].file_size, 0x100);
	assert_int_equal(image.segments[1].memory_size, 0x2000);
	assert_int_equal(
	    image.segments[1].protection, VM_PROT_READ | VM_PROT_WRITE);
}

/* Each spoils one thing. */
static void
spoil_magic(struct elf_small *elf)
{
	elf->header.ident[0] = 0;
}
static void
spoil_class(struct elf_small *elf)
{
	elf->header.ident[4] = 1;
}
static void
spoil_order(struct elf_small *elf)
{
	elf->header.ident[5] = 2;
}
static void
spoil_machine(struct elf_small *elf)
{
	elf->header.machine = 62;
}
static void
spoil_type(struct elf_small *elf)
{
	elf->header.type = 3;
}
static void
spoil_phentsize(struct elf_small *elf)
{
	elf->header.phentsize = 32;
}
static void
spoil_no_phdrs(struct elf_small *elf)
{
	elf->header.phnum = 0;
}
static void
spoil_many_phdrs(struct elf_small *elf)
{
	elf->header.phnum = 0xffff;
}
static void
spoil_phoff_far(struct elf_small *elf)
{
	elf->header.phoff = HEADER_BYTES - 1;
}
static void
spoil_phoff_wraps(struct elf_small *elf)
{
	elf->header.phoff = ~0ul - 8;
}
static void
spoil_interpreter(struct elf_small *elf)
{
	elf->phdrs[2].type = 3;
}
static void
spoil_write_execute(struct elf_small *elf)
{
	elf->phdrs[0].flags = 7;
}
static void
spoil_no_access(struct elf_small *elf)
{
	elf->phdrs[1].flags = 0;
}
static void
spoil_descending(struct elf_small *elf)
{
	elf->phdrs[1].va = 0xf000;
}
static void
spoil_same_page(struct elf_small *elf)
{
	elf->phdrs[0].memory_size = 0x1001;
}
static void
spoil_kernel_address(struct elf_small *elf)
{
	elf->phdrs[1].va = 0xffffffff80201000ul;
}
static void
spoil_above_user(struct elf_small *elf)
{
	elf->phdrs[1].va = USER_TOP - 0x1000;
}
static void
spoil_memory_wraps(struct elf_small *elf)
{
	elf->phdrs[1].memory_size = ~0ul - 0x1000;
}
static void
spoil_file_exceeds_memory(struct elf_small *elf)
{
	elf->phdrs[1].memory_size = 0xff;
}
static void
spoil_beyond_file(struct elf_small *elf)
{
	elf->phdrs[1].file_size = 0x2000;
}
static void
spoil_offset_wraps(struct elf_small *elf)
{
	elf->phdrs[1].offset = ~0xffful;
}
static void
spoil_congruence(struct elf_small *elf)
{
	elf->phdrs[1].va += 8;
}
static void
spoil_page_zero(struct elf_small *elf)
{
	elf->phdrs[0].va = 0;
	elf->header.entry = 0x100;
}
static void
spoil_entry_outside(struct elf_small *elf)
{
	elf->header.entry = 0x20000;
}
static void
spoil_entry_in_data(struct elf_small *elf)
{
	elf->header.entry = 0x11000;
}
static void
spoil_no_segments(struct elf_small *elf)
{
	elf->phdrs[0].type = elf->phdrs[1].type = 4;
}

static void (*const spoils[])(struct elf_small *) = {
    spoil_magic,
    spoil_class,
    spoil_order,
    spoil_machine,
    spoil_type,
    spoil_phentsize,
    spoil_no_phdrs,
    spoil_many_phdrs,
    spoil_phoff_far,
    spoil_phoff_wraps,
    spoil_interpreter,
    spoil_write_execute,
    spoil_no_access,
    spoil_descending,
    spoil_same_page,
    spoil_kernel_address,
    spoil_above_user,
    spoil_memory_wraps,
    spoil_file_exceeds_memory,
    spoil_beyond_file,
    spoil_offset_wraps,
    spoil_congruence,
    spoil_page_zero,
    spoil_entry_outside,
    spoil_entry_in_data,
    spoil_no_segments,
};

static void
whatever_is_wrong_the_file_is_refused_and_nothing_written(void **state)
{
	struct elf_image image, before;

	(void)state;
	memset(&before, 0x5a, sizeof(before));
	for (size_t i = 0; i < sizeof(spoils) / sizeof(spoils[0]); i++) {
		struct elf_small elf = elf_small;

		spoils[i](&elf);
		image = before;
		if (parse(&elf, &image) != TINE_ENOEXEC)
			fail_msg("spoil %zu was accepted", i);
		assert_memory_equal(&image, &before, sizeof(image));
	}
}

static void
a_file_cut_short_is_refused_at_every_length(void **state)
{
	size_t needed = sizeof(elf_small.header) + sizeof(elf_small.phdrs);
	struct elf_image image;

	(void)state;
	for (size_t length = 0; length < needed; length++) {
		/* Its own block, so that reading past it is noticed. */
		uint8_t *cut = malloc(length + 1);

		assert_non_null(cut);
		memcpy(cut, &elf_small, length);
		assert_int_equal(
		    elf_parse(cut, length, sizeof(elf_small), &image),
		    TINE_ENOEXEC);
		free(cut);
	}
}

static void
headers_may_lie_at_any_address(void **state)
{
	static uint8_t buffer[sizeof(elf_small) + 1];
	struct elf_image image;

	(void)state;
	memcpy(buffer + 1, &elf_small, sizeof(elf_small));
	assert_int_equal(
	    elf_parse(buffer + 1, HEADER_BYTES, sizeof(elf_small), &image), 0);
}

static void
an_empty_segment_is_passed_over(void **state)
{
	struct elf_small elf = elf_small;
	struct elf_image image;

	(void)state;
	elf.phdrs[1].file_size = elf.phdrs[1].memory_size = 0;
	assert_int_equal(parse(&elf, &image), 0);
	assert_int_equal(image.nsegments, 1);
}

static void
headers_outside_all_segments_have_no_address(void **state)
{
	struct elf_small elf = elf_small;
	struct elf_image image;

	(void)state;
	elf.phdrs[0].offset = 0x100;
	elf.phdrs[0].va = 0x10100;
	elf.phdrs[0].memory_size = elf.phdrs[0].file_size = 0xf00;
	assert_int_equal(parse(&elf, &image), 0);
	assert_int_equal(image.phdr_va, 0);
}

static void
no_byte_of_the_headers_makes_it_misbehave(void **state)
{
	size_t headers = sizeof(elf_small.header) + sizeof(elf_small.phdrs);
	struct elf_image image;

	(void)state;
	for (size_t i = 0; i < headers * 8; i++) {
		struct elf_small elf = elf_small;

		((uint8_t *)&elf)[i / 8] ^= (uint8_t)(1u << i % 8);
		if (parse(&elf, &image) != 0)
			continue;
		for (uint32_t s = 0; s < image.nsegments; s++) {
			const struct elf_segment *segment = &image.segments[s];

			assert_true(segment->va < USER_TOP);
			assert_true(segment->offset + segment->file_size <=
				    sizeof(elf));
			assert_true((segment->protection &
					(VM_PROT_WRITE | VM_PROT_EXEC)) !=
				    (VM_PROT_WRITE | VM_PROT_EXEC));
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_good_program_is_understood),
	    cmocka_unit_test(
		whatever_is_wrong_the_file_is_refused_and_nothing_written),
	    cmocka_unit_test(a_file_cut_short_is_refused_at_every_length),
	    cmocka_unit_test(headers_may_lie_at_any_address),
	    cmocka_unit_test(an_empty_segment_is_passed_over),
	    cmocka_unit_test(headers_outside_all_segments_have_no_address),
	    cmocka_unit_test(no_byte_of_the_headers_makes_it_misbehave),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
