/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * itimer.c - the timer that sends SIGALRM.
 */
#include "internal.h"
#include "ticks.h"

#include <errno.h>
#include <limits.h>
#include <sys/time.h>
#include <unistd.h>

#include <ipc/proc.h>

/* Ask, or (set) set; value and interval in ticks.  Returns an error. */
static int
itimer(int which, uint32_t set, uint64_t value, uint64_t interval,
    struct proc_itimer_rep *old)
{
	struct proc_itimer_req req = {
	    .which = (uint32_t)which,
	    .set = set,
	    .value = value,
	    .interval = interval,
	};

	if (__tine_timebase() == 0)
		return EIO;
	return proc_itimer(SLOT_PROC, &req, old);
}

static struct itimerval
itimerval_of(const struct proc_itimer_rep *rep)
{
	uint64_t frequency = __tine_timebase();

	return (struct itimerval){
	    .it_value = ticks_left_to_timeval(rep->value, frequency),
	    .it_interval = ticks_left_to_timeval(rep->interval, frequency),
	};
}

/* Returns 0, or -1 with errno EINVAL: no such timer. */
int
getitimer(int which, struct itimerval *value)
{
	struct proc_itimer_rep rep;
	int error;

	error = itimer(which, 0, 0, 0, &rep);
	if (error)
		return __tine_fail(error);
	*value = itimerval_of(&rep);
	return 0;
}

/* Returns 0, or -1 with errno EINVAL: no such timer, or not a time. */
int
setitimer(int which, const struct itimerval *restrict value,
    struct itimerval *restrict old)
{
	uint64_t frequency = __tine_timebase();
	struct proc_itimer_rep rep;
	int error;

	if (!timeval_valid(&value->it_value) ||
	    !timeval_valid(&value->it_interval))
		return __tine_fail(EINVAL);
	error = itimer(which, 1, ticks_of_timeval(&value->it_value, frequency),
	    ticks_of_timeval(&value->it_interval, frequency), &rep);
	if (error)
		return __tine_fail(error);
	if (old != NULL)
		*old = itimerval_of(&rep);
	return 0;
}

/* Returns the seconds that were left of the last alarm, or 0. */
unsigned int
alarm(unsigned int seconds)
{
	uint64_t frequency = __tine_timebase();
	struct proc_itimer_rep rep;

	if (itimer(ITIMER_REAL, 1, seconds * frequency, 0, &rep) != 0)
		return 0;
	return (unsigned int)ticks_left_to_seconds(rep.value, frequency);
}

/* The same in microseconds, and again and again with an interval. */
useconds_t
ualarm(useconds_t time, useconds_t interval)
{
	uint64_t frequency = __tine_timebase();
	struct proc_itimer_rep rep;
	struct timeval left;
	int error;

	error =
	    itimer(ITIMER_REAL, 1, ticks_of(0, time, USEC_PER_SEC, frequency),
		ticks_of(0, interval, USEC_PER_SEC, frequency), &rep);
	if (error)
		return (useconds_t)__tine_fail(error);
	left = ticks_left_to_timeval(rep.value, frequency);
	return (useconds_t)left.tv_sec * (useconds_t)USEC_PER_SEC +
	       (useconds_t)left.tv_usec;
}
