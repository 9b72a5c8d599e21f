/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * deadline.c - times of clocks, in ticks of rdtime.
 */
#include "futex.h"
#include "internal.h"
#include "ticks.h"

#include <errno.h>

int
__tine_deadline(
    clockid_t clock, const struct timespec *time, uint64_t *deadline)
{
	if (clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC)
		return EINVAL;
	if (!nanoseconds_valid(time))
		return EINVAL;
	if (time->tv_sec < 0) {
		/* Long ago: the Epoch need not be, on such a machine. */
		*deadline = 0;
		return 0;
	}
	/* Both clocks began at 0 with rdtime. */
	*deadline = ticks_of_timespec(time, __tine_timebase());
	return 0;
}
