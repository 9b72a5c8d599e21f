/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sleep.c - sleeping.
 *
 * procsrv is asked to sleep until a time, not for one: the call can then be
 * made again after a stop without lasting longer.
 */
#include "cpuclock.h"
#include "internal.h"
#include "point.h"
#include "ticks.h"

#include <errno.h>
#include <limits.h>
#include <time.h>
#include <unistd.h>

#include <ipc/proc.h>

/* Returns 0 when it is time, EINTR, or another error. */
static int
sleep_until(uint64_t deadline)
{
	struct proc_sleep_req req = {.deadline = deadline};
	struct proc_sleep_rep rep;

	return POINT(TINE_RESTARTED(proc_sleep(SLOT_PROC, &req, &rep)));
}

/* Sleep for so long.  *left: what is missing after EINTR. */
static int
sleep_for(uint64_t ticks, uint64_t *left)
{
	uint64_t deadline = ticks_add(__tine_now(), ticks), now;
	int error;

	*left = 0;
	if (ticks == 0)
		return 0;
	error = sleep_until(deadline);
	now = __tine_now();
	if (error && deadline > now)
		*left = deadline - now;
	return error;
}

/* As clock_nanosleep() does; *left is in the same unit as time. */
static int
sleep_time(const struct timespec *time, struct timespec *left)
{
	uint64_t frequency = __tine_timebase(), ticks;
	int error;

	if (frequency == 0)
		return EIO;
	error = sleep_for(ticks_of_timespec(time, frequency), &ticks);
	if (error == EINTR && left != NULL)
		*left = ticks_to_timespec(ticks, frequency);
	return error;
}

/*
 * Sleep for a time, or (TIMER_ABSTIME) until a time.  Returns 0 or
 *	EINTR	a handler ran; *left is what is missing, except of an
 *		absolute time
 *	EINVAL	no such clock, or not a time
 *	ENOTSUP	not by this clock
 */
int
clock_nanosleep(clockid_t clock, int flags, const struct timespec *time,
    struct timespec *left)
{
	uint64_t deadline;

	point_pass();
	if (clock == CLOCK_THREAD_CPUTIME_ID)
		return EINVAL;
	if (cpuclock_known(clock))
		return ENOTSUP;
	if (clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC)
		return EINVAL;
	if ((flags & TIMER_ABSTIME) == 0) {
		if (!timespec_valid(time))
			return EINVAL;
		return sleep_time(time, left);
	}
	if (!nanoseconds_valid(time))
		return EINVAL;
	/* Both clocks began at 0 with rdtime, and nothing was before. */
	if (time->tv_sec < 0)
		return 0;
	deadline = ticks_of_timespec(time, __tine_timebase());
	return deadline > __tine_now() ? sleep_until(deadline) : 0;
}

/* Returns 0, or -1 with errno EINTR or EINVAL. */
int
nanosleep(const struct timespec *time, struct timespec *left)
{
	return tine_result(clock_nanosleep(CLOCK_MONOTONIC, 0, time, left));
}

/* Returns 0, or -1 with errno EINTR. */
int
usleep(useconds_t time)
{
	const struct timespec precise = {
	    .tv_sec = time / (useconds_t)USEC_PER_SEC,
	    .tv_nsec = (long)(time % USEC_PER_SEC * 1000),
	};

	return nanosleep(&precise, NULL);
}

/* Returns 0, or the seconds that are missing after a handler ran. */
unsigned int
sleep(unsigned int seconds)
{
	uint64_t frequency = __tine_timebase(), left;

	point_pass();
	if (frequency == 0)
		return seconds;
	(void)sleep_for(seconds * frequency, &left);
	return (unsigned int)ticks_left_to_seconds(left, frequency);
}
