/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * timer.c - the timers that a process makes.
 *
 * procsrv has them.  Their notification by a thread is not there: ENOTSUP.
 */
#include "cpuclock.h"
#include "futex.h"
#include "internal.h"
#include "ticks.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <time.h>

#include <ipc/proc.h>

_Static_assert(TIMER_MAX == PROC_TIMER_MAX, "sys/syslimits.h");
_Static_assert(DELAYTIMER_MAX == PROC_TIMER_OVERRUNS, "sys/syslimits.h");

/* EINVAL: no such clock; ENOTSUP: it has no timers. */
static int
clock_check(clockid_t clock)
{
	if (clock == CLOCK_REALTIME || clock == CLOCK_MONOTONIC)
		return 0;
	return cpuclock_known(clock) ? ENOTSUP : EINVAL;
}

/* What procsrv is told of a notification.  EINVAL, ENOTSUP. */
static int
event_parse(const struct sigevent *event, struct proc_timer_create_req *req)
{
	switch (event->sigev_notify) {
	case SIGEV_NONE:
		return 0;
	case SIGEV_SIGNAL:
		if (event->sigev_signo <= 0 || event->sigev_signo > SIGRTMAX)
			return EINVAL;
		req->signal = event->sigev_signo;
		req->value = (uint64_t)(uintptr_t)event->sigev_value.sival_ptr;
		return 0;
	case SIGEV_THREAD:
		return ENOTSUP;
	default:
		return EINVAL;
	}
}

/*
 * Make a timer, which does not run yet.  Without an event it sends SIGALRM with
 * its id.  Returns 0, or -1 with errno
 *	EINVAL	no such clock, notification or signal
 *	ENOTSUP	a clock of CPU time, or SIGEV_THREAD
 *	EAGAIN	the process has TIMER_MAX
 */
int
timer_create(
    clockid_t clock, struct sigevent *restrict event, timer_t *restrict timer)
{
	struct proc_timer_create_req req = {};
	struct proc_timer_create_rep rep;
	int error;

	error = clock_check(clock);
	if (error)
		return __tine_fail(error);
	if (event != NULL) {
		error = event_parse(event, &req);
		if (error)
			return __tine_fail(error);
	} else {
		req.signal = SIGALRM;
		req.value_is_id = 1;
	}
	error = proc_timer_create(SLOT_PROC, &req, &rep);
	if (error)
		return __tine_fail(error);
	*timer = (timer_t)rep.id;
	return 0;
}

/* An id as procsrv knows it: none is negative. */
static int32_t
id_of(timer_t timer)
{
	return timer <= TIMER_MAX ? (int32_t)timer : -1;
}

/* Returns 0, or -1 with errno EINVAL: no such timer. */
int
timer_delete(timer_t timer)
{
	struct proc_timer_delete_req req = {.id = id_of(timer)};
	struct proc_timer_delete_rep rep;

	return tine_result(proc_timer_delete(SLOT_PROC, &req, &rep));
}

/* Set a timer, or ask it, and tell what was.  Returns an error. */
static int
set(const struct proc_timer_set_req *req, struct itimerspec *old)
{
	uint64_t frequency = __tine_timebase();
	struct proc_timer_set_rep rep;
	int error;

	error = proc_timer_set(SLOT_PROC, req, &rep);
	if (error == 0 && old != NULL) {
		old->it_value = ticks_left_to_timespec(rep.value, frequency);
		old->it_interval =
		    ticks_left_to_timespec(rep.interval, frequency);
	}
	return error;
}

/*
 * Let a timer run for, or (TIMER_ABSTIME) until a time, and again and again
 * with an interval; a value of 0 stops it.  Returns 0, or -1 with errno EINVAL:
 * no such timer, or not a time.
 */
int
timer_settime(timer_t timer, int flags, const struct itimerspec *restrict value,
    struct itimerspec *restrict old)
{
	uint64_t frequency = __tine_timebase();
	struct proc_timer_set_req req = {
	    .id = id_of(timer),
	    .how = (flags & TIMER_ABSTIME) != 0 ? PROC_TIMER_ABSOLUTE
						: PROC_TIMER_RELATIVE,
	};

	if (!timespec_valid(&value->it_value) ||
	    !timespec_valid(&value->it_interval))
		return __tine_fail(EINVAL);
	req.value = ticks_of_timespec(&value->it_value, frequency);
	req.interval = ticks_of_timespec(&value->it_interval, frequency);
	return tine_result(set(&req, old));
}

/* What is left until it goes off; 0: it does not run.  As timer_settime(). */
int
timer_gettime(timer_t timer, struct itimerspec *value)
{
	struct proc_timer_set_req req = {
	    .id = id_of(timer), .how = PROC_TIMER_ASK};

	return tine_result(set(&req, value));
}

/*
 * How often the timer went off while its signal, which came last, was waiting.
 * Returns that, or -1 with errno EINVAL: no such timer.
 */
int
timer_getoverrun(timer_t timer)
{
	struct proc_timer_overrun_req req = {.id = id_of(timer)};
	struct proc_timer_overrun_rep rep;
	int error;

	error = proc_timer_overrun(SLOT_PROC, &req, &rep);
	return error ? __tine_fail(error) : (int)rep.count;
}
