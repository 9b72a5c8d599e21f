/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz_fdt.c - device trees.
 *
 * Whatever the tree says, nothing outside of it is read, and of a tree that
 * is accepted the kernel may believe what machine.h promises.
 */
#include "fuzz.h"
#include "machine.h"

#define PADDR_END (1ul << 56)

static void
ranges_check(const struct machine_range *ranges, uint32_t count)
{
	FUZZ_ASSERT(count <= MACHINE_RANGES_MAX);
	for (uint32_t i = 0; i < count; i++)
		FUZZ_ASSERT(ranges[i].size > 0 && ranges[i].base < PADDR_END &&
			    ranges[i].size <= PADDR_END - ranges[i].base);
}

static void
machine_check(const struct machine *machine)
{
	ranges_check(machine->memory, machine->memories);
	ranges_check(machine->reserved, machine->reserves);
	FUZZ_ASSERT(machine->memories > 0 && machine->timebase != 0);
	FUZZ_ASSERT(machine->nharts <= MACHINE_HARTS_MAX);
	FUZZ_ASSERT(machine->initrd_end >= machine->initrd_start);
	FUZZ_ASSERT(
	    memchr(machine->bootargs, '\0', sizeof(machine->bootargs)) != NULL);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct machine machine;
	void *tree = fuzz_copy(data, size);
	int error = machine_describe(tree, size, 0x82200000, &machine);

	FUZZ_ASSERT((error == 0) == (machine.error == NULL));
	if (error == 0)
		machine_check(&machine);
	free(tree);
	return 0;
}
