/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lwp_park.c - LWPs that wait until another LWP has them go on.
 *
 * Unparking an LWP that is not parked keeps it from parking once.
 */
#include "futex.h"
#include "internal.h"

#include <errno.h>
#include <lwp.h>

#define NSEC_PER_SEC 1000000000l

/* The time on a clock so much later than now.  EINVAL. */
static int
time_later(
    clockid_t clock, const struct timespec *left, struct timespec *end)
{
	struct timespec now;

	if (left->tv_sec < 0 || left->tv_nsec < 0 ||
	    left->tv_nsec >= NSEC_PER_SEC || clock_gettime(clock, &now) != 0)
		return EINVAL;
	end->tv_nsec = now.tv_nsec + left->tv_nsec;
	now.tv_sec += end->tv_nsec / NSEC_PER_SEC;
	end->tv_nsec %= NSEC_PER_SEC;
	if (__builtin_add_overflow(now.tv_sec, left->tv_sec, &end->tv_sec))
		return EINVAL;
	return 0;
}

/* How long it is until end; nothing, once that has passed. */
static void
time_left(clockid_t clock, const struct timespec *end, struct timespec *left)
{
	struct timespec now = *end;

	(void)clock_gettime(clock, &now);
	left->tv_sec = end->tv_sec - now.tv_sec;
	left->tv_nsec = end->tv_nsec - now.tv_nsec;
	if (left->tv_nsec < 0) {
		left->tv_nsec += NSEC_PER_SEC;
		left->tv_sec--;
	}
	if (left->tv_sec < 0)
		*left = (struct timespec){0};
}

static int
park(uint64_t deadline, lwpid_t unpark)
{
	struct proc_lwp_park_req req = {
	    .deadline = deadline,
	    .unpark = unpark,
	};
	struct proc_lwp_park_rep rep;
	int error;

	do {
		error = proc_lwp_park(SLOT_PROC, &req, &rep);
		/* That has been done. */
		req.unpark = 0;
	} while (error == TINE_ERESTART);
	return error;
}

/*
 * Let the LWP unpark (0: none) go on, and wait until another LWP has this one
 * go on, until a time, or (without TIMER_ABSTIME) so long, of which the rest
 * is left in time.  The hints do not matter.  Returns 0, or -1 with errno
 *	EALREADY	the caller had been unparked before
 *	EINTR		a signal handler ran
 *	EINVAL		no such clock or time
 *	ESRCH		there is no LWP to unpark
 *	ETIMEDOUT
 */
int
_lwp_park(clockid_t clock, int flags, struct timespec *time, lwpid_t unpark,
    const void *hint, const void *unpark_hint)
{
	uint64_t deadline = PROC_FOREVER;
	struct timespec end;
	int error = 0;

	(void)hint;
	(void)unpark_hint;
	if (flags & ~TIMER_ABSTIME)
		return __tine_fail(EINVAL);
	if (time != NULL && (flags & TIMER_ABSTIME))
		end = *time;
	else if (time != NULL)
		error = time_later(clock, time, &end);
	if (time != NULL && error == 0)
		error = __tine_deadline(clock, &end, &deadline);
	if (error)
		return __tine_fail(error);
	error = park(deadline, unpark);
	if (time != NULL && !(flags & TIMER_ABSTIME))
		time_left(clock, &end, time);
	return tine_result(error);
}

/* Have an LWP go on, now or when next it parks.  ESRCH. */
int
_lwp_unpark(lwpid_t lid, const void *hint)
{
	struct proc_lwp_unpark_req req = {.lid = lid};
	struct proc_lwp_unpark_rep rep;

	(void)hint;
	return tine_result(proc_lwp_unpark(SLOT_PROC, &req, &rep));
}
