/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_cpio.c - reading archives, whole and damaged.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <abi/errors.h>

#include "cpio.h"

#define HEADER 110

/* Append an entry; name_size is what the header says of it. */
static size_t
entry_put(char *at, uint32_t mode, const char *name, size_t name_size,
    const char *data, size_t size)
{
	size_t data_at = (HEADER + name_size + 3) & ~3ul;

	(void)sprintf(at,
	    "070701%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08zx%08x", 1u,
	    mode, 0u, 0u, 1u, 0u, (unsigned int)size, 0u, 0u, 0u, 0u, name_size,
	    0u);
	memset(at + HEADER, 0, data_at - HEADER);
	memcpy(at + HEADER, name, strlen(name) + 1);
	memcpy(at + data_at, data, size);
	return (data_at + size + 3) & ~3ul;
}

static size_t
archive_make(char *archive)
{
	size_t at = 0;

	at += entry_put(archive + at, 0100755, "bin/a", 6, "alpha", 5);
	/* A name padded with NULs, as the writer does to align data. */
	at += entry_put(archive + at, 0100644, "b", 38, "beta", 4);
	at += entry_put(archive + at, 0, "TRAILER!!!", 11, "", 0);
	return at;
}

static void
entries_come_in_order_and_end(void **state)
{
	char archive[1024] = {0};
	size_t size = archive_make(archive);
	struct cpio_entry entry;
	struct cpio cpio;

	(void)state;
	cpio_begin(&cpio, archive, size);
	assert_int_equal(cpio_next(&cpio, &entry), 0);
	assert_string_equal(entry.name, "bin/a");
	assert_int_equal(entry.name_length, 5);
	assert_int_equal(entry.mode, 0100755);
	assert_int_equal(entry.size, 5);
	assert_memory_equal(archive + entry.offset, "alpha", 5);
	assert_int_equal(cpio_next(&cpio, &entry), 0);
	assert_int_equal(entry.name_length, 1);
	assert_memory_equal(archive + entry.offset, "beta", 4);
	assert_int_equal(cpio_next(&cpio, &entry), TINE_ENOENT);
	/* And again: the end stays the end. */
	assert_int_equal(cpio_next(&cpio, &entry), TINE_ENOENT);
}

static void
an_archive_cut_anywhere_is_refused_and_not_overread(void **state)
{
	char archive[1024] = {0};
	size_t size = archive_make(archive);

	(void)state;
	/* The trailer has no data, and its padding may be missing. */
	for (size_t cut = 0; cut < size - 3; cut++) {
		/* Memory of exactly that size: the sanitizer watches. */
		char *part = malloc(cut + (cut == 0));
		struct cpio_entry entry;
		struct cpio cpio;
		int error;

		assert_non_null(part);
		memcpy(part, archive, cut);
		cpio_begin(&cpio, part, cut);
		do {
			error = cpio_next(&cpio, &entry);
		} while (error == 0);
		assert_int_equal(error, TINE_EINVAL);
		free(part);
	}
}

static void
every_damaged_byte_of_a_header_is_survived(void **state)
{
	char archive[1024] = {0};
	size_t size = archive_make(archive);

	(void)state;
	for (size_t i = 0; i < size; i++) {
		for (int value = 0; value < 256; value += 5) {
			char *copy = malloc(size);
			struct cpio_entry entry;
			struct cpio cpio;
			int error;

			assert_non_null(copy);
			memcpy(copy, archive, size);
			copy[i] = (char)value;
			cpio_begin(&cpio, copy, size);
			do {
				error = cpio_next(&cpio, &entry);
				if (error == 0)
					assert_true(
					    entry.offset + entry.size <= size);
			} while (error == 0);
			free(copy);
		}
	}
}

static void
a_failed_step_leaves_the_entry_alone(void **state)
{
	struct cpio_entry entry = {.size = 77};
	char junk[HEADER + 10] = "070702";
	struct cpio cpio;

	(void)state;
	cpio_begin(&cpio, junk, sizeof(junk));
	assert_int_equal(cpio_next(&cpio, &entry), TINE_EINVAL);
	assert_int_equal(entry.size, 77);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(entries_come_in_order_and_end),
	    cmocka_unit_test(
		an_archive_cut_anywhere_is_refused_and_not_overread),
	    cmocka_unit_test(every_damaged_byte_of_a_header_is_survived),
	    cmocka_unit_test(a_failed_step_leaves_the_entry_alone),
	};

	return cmocka_run_group_tests_name("vmsrv_cpio", tests, NULL, NULL);
}
