/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * deadline.c - times of clocks in ticks of rdtime.
 */
#include "futex.h"
#include "internal.h"

#include <errno.h>

#define NSEC_PER_SEC 1000000000l

static uint64_t
ticks_now(void)
{
	uint64_t ticks;

	__asm__ volatile("rdtime %0" : "=r"(ticks));
	return ticks;
}

/* The ticks from now on until later, rounded up; PROC_FOREVER: too many. */
static uint64_t
ticks_between(const struct timespec *now, const struct timespec *later)
{
	uint64_t timebase = __tine_timebase();
	int64_t seconds, nanoseconds;
	uint64_t ticks;

	if (later->tv_sec < now->tv_sec)
		return 0;
	/* now is not negative, so this can't overflow. */
	seconds = later->tv_sec - now->tv_sec;
	nanoseconds = later->tv_nsec - now->tv_nsec;
	if (nanoseconds < 0) {
		seconds--;
		nanoseconds += NSEC_PER_SEC;
	}
	if (seconds < 0)
		return 0;
	if (__builtin_mul_overflow((uint64_t)seconds, timebase, &ticks))
		return PROC_FOREVER;
	nanoseconds *= (int64_t)timebase;
	nanoseconds = (nanoseconds + NSEC_PER_SEC - 1) / NSEC_PER_SEC;
	if (__builtin_add_overflow(ticks, (uint64_t)nanoseconds, &ticks))
		return PROC_FOREVER;
	return ticks;
}

int
__tine_deadline(
    clockid_t clock, const struct timespec *time, uint64_t *deadline)
{
	struct timespec now;
	int saved = errno;
	uint64_t ticks;

	if (time->tv_nsec < 0 || time->tv_nsec >= NSEC_PER_SEC)
		return EINVAL;
	if (clock_gettime(clock, &now) != 0) {
		errno = saved;
		return EINVAL;
	}
	ticks = ticks_between(&now, time);
	/* Read after the clock: rather too late than too early. */
	if (__builtin_add_overflow(ticks_now(), ticks, deadline))
		*deadline = PROC_FOREVER;
	return 0;
}
