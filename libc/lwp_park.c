/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lwp_park.c - LWPs that wait until another LWP has them go on.
 *
 * Unparking an LWP that is not parked keeps it from parking once.
 */
#include "futex.h"
#include "internal.h"
#include "ticks.h"

#include <errno.h>
#include <lwp.h>

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
		/* That has been done, should the call be made again. */
		req.unpark = 0;
	} while (error == TINE_ERESTART);
	return error;
}

/* Park for a time, of which the rest is left in it. */
static int
park_for(struct timespec *time, lwpid_t unpark)
{
	uint64_t frequency = __tine_timebase();
	uint64_t deadline, now;
	int error;

	if (frequency == 0)
		return EIO;
	if (!timespec_valid(time))
		return EINVAL;
	deadline = ticks_add(__tine_now(), ticks_of_timespec(time, frequency));
	error = park(deadline, unpark);
	now = __tine_now();
	*time =
	    ticks_to_timespec(deadline > now ? deadline - now : 0, frequency);
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
	uint64_t deadline;
	int error;

	(void)hint;
	(void)unpark_hint;
	if (flags & ~TIMER_ABSTIME)
		return __tine_fail(EINVAL);
	if (time == NULL)
		return tine_result(park(PROC_FOREVER, unpark));
	error = __tine_deadline(clock, time, &deadline);
	if (error == 0 && (flags & TIMER_ABSTIME))
		error = park(deadline, unpark);
	else if (error == 0)
		error = park_for(time, unpark);
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
