/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_newc.c - the first file of an archive, and archives that are none.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <abi/errors.h>

#include "newc.h"

#define HEADER 110

/*
 * An archive of one file in memory of exactly its size, so that the address
 * sanitizer sees a read past it.
 */
struct archive {
	uint8_t *bytes;
	size_t size;
};

static struct archive
archive_make(const char *name, size_t name_size, size_t file_size)
{
	size_t data = (HEADER + name_size + 3) & ~(size_t)3;
	struct archive archive = {
	    .bytes = calloc(1, data + file_size), .size = data + file_size};
	char header[HEADER + 1];
	size_t length = strlen(name);

	assert_non_null(archive.bytes);
	(void)snprintf(header, sizeof(header),
	    "070701%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X", 1u,
	    0100644u, 0u, 0u, 1u, 0u, (unsigned int)file_size, 0u, 0u, 0u, 0u,
	    (unsigned int)name_size, 0u);
	memcpy(archive.bytes, header, HEADER);
	memcpy(archive.bytes + HEADER, name,
	    length < name_size ? length : name_size);
	return archive;
}

static int
first(const struct archive *archive, struct newc_file *file)
{
	return newc_first(archive->bytes, archive->size, file);
}

static void
name_data_and_size_are_found(void **state)
{
	struct archive archive = archive_make("boot/vmsrv", 11, 99);
	struct newc_file file;

	(void)state;
	assert_int_equal(first(&archive, &file), 0);
	assert_true(newc_name_is(&file, "boot/vmsrv"));
	assert_false(newc_name_is(&file, "boot/vmsr"));
	assert_false(newc_name_is(&file, "boot/vmsrv2"));
	assert_false(newc_name_is(&file, ""));
	assert_int_equal(file.size, 99);
	assert_int_equal(file.data, 124);
	free(archive.bytes);
}

static void
a_name_padded_with_nuls_aligns_the_data(void **state)
{
	struct archive archive = archive_make("a", 4096 - HEADER, 8192);
	struct newc_file file;

	(void)state;
	assert_int_equal(first(&archive, &file), 0);
	assert_int_equal(file.data, 4096);
	assert_int_equal(file.size, 8192);
	assert_true(newc_name_is(&file, "a"));
	free(archive.bytes);
}

static void
small_and_capital_digits_are_the_same(void **state)
{
	struct archive archive = archive_make("x", 2, 0xabc);
	struct newc_file file;

	(void)state;
	memcpy(archive.bytes + 54, "00000aBc", 8);
	assert_int_equal(first(&archive, &file), 0);
	assert_int_equal(file.size, 0xabc);
	free(archive.bytes);
}

static void
an_archive_that_is_cut_anywhere_is_refused(void **state)
{
	struct archive whole = archive_make("boot/vmsrv", 11, 20);

	(void)state;
	for (size_t size = 0; size < whole.size; size++) {
		struct newc_file file = {.data = 1};
		uint8_t *cut = malloc(size + 1);

		assert_non_null(cut);
		memcpy(cut, whole.bytes, size);
		cut = realloc(cut, size > 0 ? size : 1);
		assert_int_equal(newc_first(cut, size, &file), TINE_EINVAL);
		assert_int_equal(file.data, 1);
		free(cut);
	}
	free(whole.bytes);
}

static void
a_header_that_is_damaged_anywhere_it_matters_is_refused(void **state)
{
	static const size_t places[] = {
	    0, 1, 2, 3, 4, 5, 54, 57, 61, 94, 97, 101};
	static const char bad[] = {'x', 'g', 'G', '/', ':', '@', '`', 0};

	(void)state;
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		for (size_t j = 0; j < sizeof(bad); j++) {
			struct archive archive = archive_make("x", 2, 4);
			struct newc_file file;

			archive.bytes[places[i]] = (uint8_t)bad[j];
			assert_int_equal(first(&archive, &file), TINE_EINVAL);
			free(archive.bytes);
		}
	}
}

static void
absurd_sizes_are_refused(void **state)
{
	static const char *const sizes[] = {
	    "FFFFFFFF", "80000000", "7FFFFFFF", "00000005"};

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct archive archive = archive_make("x", 2, 4);
		struct newc_file file;

		memcpy(archive.bytes + 54, sizes[i], 8);
		assert_int_equal(first(&archive, &file), TINE_EINVAL);
		free(archive.bytes);
		archive = archive_make("x", 2, 0);
		memcpy(archive.bytes + 94, sizes[i], 8);
		assert_int_equal(first(&archive, &file), TINE_EINVAL);
		free(archive.bytes);
	}
}

static void
a_name_without_an_end_is_refused(void **state)
{
	struct archive archive = archive_make("ab", 2, 4);
	struct newc_file file;

	(void)state;
	assert_int_equal(first(&archive, &file), TINE_EINVAL);
	free(archive.bytes);
	archive = archive_make("", 0, 4);
	assert_int_equal(first(&archive, &file), TINE_EINVAL);
	free(archive.bytes);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(name_data_and_size_are_found),
	    cmocka_unit_test(a_name_padded_with_nuls_aligns_the_data),
	    cmocka_unit_test(small_and_capital_digits_are_the_same),
	    cmocka_unit_test(an_archive_that_is_cut_anywhere_is_refused),
	    cmocka_unit_test(
		a_header_that_is_damaged_anywhere_it_matters_is_refused),
	    cmocka_unit_test(absurd_sizes_are_refused),
	    cmocka_unit_test(a_name_without_an_end_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
