/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ticks.h - POSIX's times, and ticks of rdtime, of which there are
 * `frequency` in a second.
 *
 * A time to wait for is rounded up, so that nobody waits too short, and ends
 * at TICKS_MAX instead of wrapping round.  A time that has passed is rounded
 * down.
 */
#ifndef TINE_LIBC_TICKS_H
#define TINE_LIBC_TICKS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/time.h>
#include <time.h>

#include <ipc/proc.h>

#define NSEC_PER_SEC 1000000000ul
#define USEC_PER_SEC 1000000ul

/* As deadline: a time that never comes. */
#define TICKS_MAX PROC_FOREVER

/* All that POSIX asks of a time on a clock: it may be before the Epoch. */
static inline bool
nanoseconds_valid(const struct timespec *time)
{
	return time->tv_nsec >= 0 && time->tv_nsec < (long)NSEC_PER_SEC;
}

static inline bool
timespec_valid(const struct timespec *time)
{
	return time->tv_sec >= 0 && nanoseconds_valid(time);
}

static inline bool
timeval_valid(const struct timeval *time)
{
	return time->tv_sec >= 0 && time->tv_usec >= 0 &&
	       time->tv_usec < (suseconds_t)USEC_PER_SEC;
}

/* One ticks later than the other. */
static inline uint64_t
ticks_add(uint64_t ticks, uint64_t more)
{
	return more > TICKS_MAX - ticks ? TICKS_MAX : ticks + more;
}

/* Seconds and a part of `parts` in a second. */
static inline uint64_t
ticks_of(uint64_t seconds, uint64_t part, uint64_t parts, uint64_t frequency)
{
	uint64_t ticks;

	if (__builtin_mul_overflow(seconds, frequency, &ticks))
		return TICKS_MAX;
	return ticks_add(ticks, (part * frequency + parts - 1) / parts);
}

static inline uint64_t
ticks_of_timespec(const struct timespec *time, uint64_t frequency)
{
	return ticks_of((uint64_t)time->tv_sec, (uint64_t)time->tv_nsec,
	    NSEC_PER_SEC, frequency);
}

static inline uint64_t
ticks_of_timeval(const struct timeval *time, uint64_t frequency)
{
	return ticks_of((uint64_t)time->tv_sec, (uint64_t)time->tv_usec,
	    USEC_PER_SEC, frequency);
}

static inline struct timespec
ticks_to_timespec(uint64_t ticks, uint64_t frequency)
{
	return (struct timespec){
	    .tv_sec = (time_t)(ticks / frequency),
	    .tv_nsec = (long)(ticks % frequency * NSEC_PER_SEC / frequency),
	};
}

static inline struct timeval
ticks_to_timeval(uint64_t ticks, uint64_t frequency)
{
	return (struct timeval){
	    .tv_sec = (time_t)(ticks / frequency),
	    .tv_usec =
		(suseconds_t)(ticks % frequency * USEC_PER_SEC / frequency),
	};
}

/* Of a timer that runs: what is left is never 0. */
static inline struct timeval
ticks_left_to_timeval(uint64_t ticks, uint64_t frequency)
{
	struct timeval left = ticks_to_timeval(ticks, frequency);

	if (ticks_of_timeval(&left, frequency) < ticks)
		left.tv_usec++;
	if (left.tv_usec == (suseconds_t)USEC_PER_SEC) {
		left.tv_sec++;
		left.tv_usec = 0;
	}
	return left;
}

static inline struct timespec
ticks_left_to_timespec(uint64_t ticks, uint64_t frequency)
{
	struct timespec left = ticks_to_timespec(ticks, frequency);

	if (ticks_of_timespec(&left, frequency) < ticks)
		left.tv_nsec++;
	if (left.tv_nsec == (long)NSEC_PER_SEC) {
		left.tv_sec++;
		left.tv_nsec = 0;
	}
	return left;
}

/* Whole seconds that are left, rounded up. */
static inline uint64_t
ticks_left_to_seconds(uint64_t ticks, uint64_t frequency)
{
	return ticks / frequency + (ticks % frequency != 0);
}

static inline uint64_t
ticks_to_clock(uint64_t ticks, uint64_t frequency)
{
	return ticks / frequency * CLOCKS_PER_SEC +
	       ticks % frequency * CLOCKS_PER_SEC / frequency;
}

#endif
