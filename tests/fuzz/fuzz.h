/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz.h - what fuzzers have in common.
 */
#ifndef TINE_FUZZ_H
#define TINE_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* libFuzzer's name for it. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What must hold, whatever the input. */
#define FUZZ_ASSERT(truth) ((truth) ? (void)0 : abort())

/* The input in memory of exactly its size; free() it. */
static inline void *
fuzz_copy(const uint8_t *data, size_t size)
{
	void *copy = malloc(size);

	FUZZ_ASSERT(copy != NULL || size == 0);
	if (size > 0)
		memcpy(copy, data, size);
	return copy;
}

/* For what world.h decides; a failed assertion of cmocka's is the end. */
#define fuzz_world(data, size) \
	(world_choices = (struct world_choices){(data), (size)}, \
	    (void)setenv("CMOCKA_TEST_ABORT", "1", 1))

#endif
