/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz_calls.c - calls of the kernel by several threads.
 *
 * The steps are those of test_random.c, which says what must hold after each;
 * the input is what they decide by.
 */
#include "fuzz.h"

int calls_test(void);
#define main calls_test
/* All but its main(). NOLINTNEXTLINE(bugprone-suspicious-include) */
#include "test_random.c"
#undef main

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_world(data, size);
	pick_seed = 1;
	(void)world_start(NULL);
	root_thread = NULL;
	space_set_asid_bits(pick(3) * 4);
	for (unsigned int i = 0; i < 6; i++)
		FUZZ_ASSERT(random_renewal(world.root) == NULL);
	while (world_choices.left > 0)
		step();
	(void)world_end(NULL);
	return 0;
}
