/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * clock.c - the counter CSRs; a file of its own because the host has none.
 */
#include "console.h"
#include "times.h"

/* Unprivileged ISA, "Zicntr". */

uint64_t
now_ticks(void)
{
	uint64_t ticks;

	__asm__ volatile("rdtime %0" : "=r"(ticks));
	return ticks;
}

static uint64_t
now_cycles(void)
{
	uint64_t cycles;

	__asm__ volatile("rdcycle %0" : "=r"(cycles));
	return cycles;
}

/* The first tick that is later than this one. */
static uint64_t
tick_after(uint64_t tick)
{
	uint64_t now;

	do
		now = now_ticks();
	while (now <= tick);
	return now;
}

void
clock_measure(uint64_t ticks, uint64_t *ticksp, uint64_t *cyclesp)
{
	/* From the beginning of a tick to the beginning of another. */
	uint64_t start = tick_after(now_ticks());
	uint64_t cycles = now_cycles();

	*ticksp = tick_after(start + ticks - 1) - start;
	*cyclesp = now_cycles() - cycles;
}
