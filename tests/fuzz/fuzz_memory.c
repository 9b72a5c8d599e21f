/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz_memory.c - what programs see of their memory, against a model.
 *
 * The steps and the model are those of test_model.c; the input is what they
 * decide by.
 */
#include "fuzz.h"

int memory_test(void);
#define main memory_test
/* All but its main(). NOLINTNEXTLINE(bugprone-suspicious-include) */
#include "test_model.c"
#undef main

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_world(data, size);
	run_start(1);
	while (world_choices.left > 0)
		step();
	run_end();
	return 0;
}
