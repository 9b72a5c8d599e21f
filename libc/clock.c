/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * clock.c - time.
 *
 * The boards have no clock that knows the date, or none that we drive:
 * CLOCK_REALTIME begins at the Epoch when the machine is switched on.
 */
#include "internal.h"

#include <errno.h>
#include <sys/time.h>
#include <time.h>

#include <ipc/vm.h>

#define NSEC_PER_SEC 1000000000ul

static uint64_t timebase; /* 0: not asked for yet */

/* Apart, so that reading the clock needs no room for a message. */
static uint64_t timebase_ask(void) __attribute__((noinline, cold));

static uint64_t
timebase_ask(void)
{
	struct vm_info_req req = {};
	struct vm_info_rep rep;

	if (vm_info(SLOT_VM, &req, &rep) == 0)
		timebase = rep.timebase;
	return timebase;
}

uint64_t
__tine_timebase(void)
{
	return timebase != 0 ? timebase : timebase_ask();
}

static int
clock_known(clockid_t clock)
{
	return clock == CLOCK_REALTIME || clock == CLOCK_MONOTONIC;
}

/* Returns 0, or -1 with errno EINVAL: no such clock. */
int
clock_gettime(clockid_t clock, struct timespec *now)
{
	uint64_t frequency = __tine_timebase();
	uint64_t ticks;

	if (!clock_known(clock) || frequency == 0)
		return __tine_fail(EINVAL);
	__asm__ volatile("rdtime %0" : "=r"(ticks));
	now->tv_sec = (time_t)(ticks / frequency);
	now->tv_nsec = (long)(ticks % frequency * NSEC_PER_SEC / frequency);
	return 0;
}

/* Returns 0, or -1 with errno EINVAL: no such clock. */
int
clock_getres(clockid_t clock, struct timespec *resolution)
{
	uint64_t frequency = __tine_timebase();

	if (!clock_known(clock) || frequency == 0)
		return __tine_fail(EINVAL);
	if (resolution != NULL) {
		resolution->tv_sec = 0;
		resolution->tv_nsec =
		    (long)((NSEC_PER_SEC + frequency - 1) / frequency);
	}
	return 0;
}

int
gettimeofday(struct timeval *restrict now, void *restrict timezone)
{
	struct timespec precise = {0};

	(void)timezone;
	if (clock_gettime(CLOCK_REALTIME, &precise) != 0)
		return -1;
	now->tv_sec = precise.tv_sec;
	now->tv_usec = precise.tv_nsec / 1000;
	return 0;
}
