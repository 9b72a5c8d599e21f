/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * clock.c - time.
 *
 * The boards have no clock that knows the date, or none that we drive:
 * CLOCK_REALTIME begins at the Epoch when the machine is switched on.
 */
#include "cpuclock.h"
#include "internal.h"
#include "ticks.h"

#include <errno.h>
#include <stdbool.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/times.h>
#include <time.h>

#include <ipc/proc.h>
#include <ipc/vm.h>

static uint64_t timebase; /* 0: not asked for yet */

/* Apart, so that reading the clock needs no room for a message. */
static uint64_t timebase_ask(void) __attribute__((noinline, cold));
static int cpu_time(clockid_t clock, struct timespec *now)
    __attribute__((noinline));

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

uint64_t
__tine_now(void)
{
	uint64_t ticks;

	__asm__ volatile("rdtime %0" : "=r"(ticks));
	return ticks;
}

/* What the process and its dead children have used.  Returns an error. */
static int
times_ask(struct proc_times_rep *rep)
{
	struct proc_times_req req = {};

	if (__tine_timebase() == 0)
		return EIO;
	return proc_times(SLOT_PROC, &req, rep);
}

/* A clock of CPU time.  EINVAL: it is none, or what it is of is gone. */
static int
cpu_time(clockid_t clock, struct timespec *now)
{
	uint64_t ticks;

	if (__tine_timebase() == 0 || !cpuclock_known(clock) ||
	    __tine_cpuclock(clock, &ticks) != 0)
		return __tine_fail(EINVAL);
	*now = ticks_to_timespec(ticks, timebase);
	return 0;
}

/* Returns 0, or -1 with errno EINVAL: no such clock. */
int
clock_gettime(clockid_t clock, struct timespec *now)
{
	uint64_t frequency = __tine_timebase();

	if (clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC)
		return cpu_time(clock, now);
	if (frequency == 0)
		return __tine_fail(EINVAL);
	*now = ticks_to_timespec(__tine_now(), frequency);
	return 0;
}

/* Returns 0, or -1 with errno EINVAL: no such clock. */
int
clock_getres(clockid_t clock, struct timespec *resolution)
{
	uint64_t frequency = __tine_timebase();
	bool known = clock == CLOCK_REALTIME || clock == CLOCK_MONOTONIC ||
		     cpuclock_known(clock);

	if (!known || frequency == 0)
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

/*
 * Time that was used, in 1/sysconf(_SC_CLK_TCK) of a second.  Returns what
 * has passed since the machine was switched on, or -1.
 */
clock_t
times(struct tms *times)
{
	struct proc_times_rep rep;
	int error;

	error = times_ask(&rep);
	if (error)
		return (clock_t)__tine_fail(error);
	times->tms_utime = ticks_to_clock(rep.user, timebase);
	times->tms_stime = ticks_to_clock(rep.system, timebase);
	times->tms_cutime = ticks_to_clock(rep.children_user, timebase);
	times->tms_cstime = ticks_to_clock(rep.children_system, timebase);
	return ticks_to_clock(__tine_now(), timebase);
}

/* Time that the process has used, or -1. */
clock_t
clock(void)
{
	struct proc_times_rep rep;
	int error;

	error = times_ask(&rep);
	if (error)
		return (clock_t)__tine_fail(error);
	return ticks_to_clock(rep.user + rep.system, timebase);
}

/*
 * Of the usage, only times are counted.  Returns 0, or -1 with errno EINVAL:
 * neither RUSAGE_SELF nor RUSAGE_CHILDREN.
 */
int
getrusage(int who, struct rusage *usage)
{
	bool self = who == RUSAGE_SELF;
	struct proc_times_rep rep;
	int error;

	if (!self && who != RUSAGE_CHILDREN)
		return __tine_fail(EINVAL);
	error = times_ask(&rep);
	if (error)
		return __tine_fail(error);
	*usage = (struct rusage){
	    .ru_utime =
		ticks_to_timeval(self ? rep.user : rep.children_user, timebase),
	    .ru_stime = ticks_to_timeval(
		self ? rep.system : rep.children_system, timebase),
	};
	return 0;
}
