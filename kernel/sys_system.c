/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sys_system.c - calls on the system as a whole.
 */
#include "power.h"
#include "kassert.h"
#include "syscall.h"

#include <abi/errors.h>
#include <abi/page.h>

int
sys_system_power(struct thread *self, void *object, const uint64_t *args)
{
	if (args[1] > POWER_RESET || args[2] > 255)
		return TINE_EINVAL;
	KCHECK(frame_check());
	if (args[1] == POWER_RESET)
		power_reset();
	else
		power_off((int)args[2]);
	return TINE_ENOTSUP;
}

/* What the fast path counted only once for several counters. */
static uint64_t
stat_fast(const struct hart *hart, uint64_t stat)
{
	switch (stat) {
	case STAT_TRAPS:
	case STAT_SWITCHES:
		return hart->fast_calls + hart->fast_replies;
	case STAT_CALLS:
		return hart->fast_calls;
	case STAT_REPLIES:
		return hart->fast_replies;
	default:
		return 0;
	}
}

int
sys_system_stat(struct thread *self, void *object, const uint64_t *args)
{
	uint64_t stat = args[1];
	uint64_t sum = 0;

	if (stat >= STAT_COUNT)
		return TINE_EINVAL;
	if (stat == STAT_FREE_FRAMES)
		sum = frames.free_count;
	else if (stat == STAT_FRAMES)
		sum = frames.given;
	else if (stat == STAT_SBI_CALLS)
		sum = power_sbi_calls();
	for (uint64_t i = 0; i < nharts; i++)
		sum += harts[i].counters[stat] + stat_fast(&harts[i], stat);
	syscall_result(self, 1, sum);
	return 0;
}

int
sys_system_putc(struct thread *self, void *object, const uint64_t *args)
{
	power_putc((char)args[1]);
	return 0;
}
