/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sched.c - scheduling.
 *
 * All programs are equal: threads take turns.  POSIX leaves it to the system
 * what SCHED_OTHER is, so that is it, and the only policy that can be had.
 * SCHED_FIFO and SCHED_RR have the priorities that POSIX asks for, so that
 * attributes can name them, but nobody gets one.
 */
#include "internal.h"
#include "ticks.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include <abi/types.h>
#include <ipc/sys.h>

#define REALTIME_LEAST 1
#define REALTIME_MOST 32 /* POSIX: at least 32 */

int
sched_yield(void)
{
	(void)sys_yield();
	return 0;
}

static int
priority(int policy, int realtime)
{
	switch (policy) {
	case SCHED_OTHER:
		return 0;
	case SCHED_FIFO:
	case SCHED_RR:
		return realtime;
	default:
		return __tine_fail(EINVAL);
	}
}

/* Returns a priority, or -1 with errno EINVAL: no such policy. */
int
sched_get_priority_max(int policy)
{
	return priority(policy, REALTIME_MOST);
}

int
sched_get_priority_min(int policy)
{
	return priority(policy, REALTIME_LEAST);
}

/*
 * Whether there is a process; 0 is the caller.  Others' may be asked about,
 * but not changed.  Returns 0, or -1 with errno EINVAL, ESRCH or EPERM.
 */
static int
look_up(pid_t pid, int change)
{
	if (pid < 0)
		return __tine_fail(EINVAL);
	if (pid == 0 || kill(pid, 0) == 0)
		return 0;
	return errno == EPERM && !change ? 0 : -1;
}

/* Returns SCHED_OTHER, or -1 with errno EINVAL or ESRCH. */
int
sched_getscheduler(pid_t pid)
{
	return look_up(pid, 0) == 0 ? SCHED_OTHER : -1;
}

/* Returns 0, or -1 with errno EINVAL or ESRCH. */
int
sched_getparam(pid_t pid, struct sched_param *parameters)
{
	if (look_up(pid, 0) != 0)
		return -1;
	parameters->sched_priority = 0;
	return 0;
}

/* How long a turn is.  Returns 0, or -1 with errno EINVAL or ESRCH. */
int
sched_rr_get_interval(pid_t pid, struct timespec *interval)
{
	if (look_up(pid, 0) != 0)
		return -1;
	*interval = (struct timespec){
	    .tv_nsec = NSEC_PER_SEC / SLICES_PER_SECOND,
	};
	return 0;
}

/*
 * Returns the old policy, SCHED_OTHER, or -1 with errno
 *	EINVAL	no such policy, or it has no such priority
 *	EPERM	another policy than SCHED_OTHER, or somebody else's process
 *	ESRCH	no such process
 */
int
sched_setscheduler(pid_t pid, int policy, const struct sched_param *parameters)
{
	int saved = errno;
	int least = sched_get_priority_min(policy);
	int most = sched_get_priority_max(policy);

	if (most < 0 || parameters->sched_priority < least ||
	    parameters->sched_priority > most)
		return __tine_fail(EINVAL);
	if (look_up(pid, 1) != 0)
		return -1;
	if (policy != SCHED_OTHER)
		return __tine_fail(EPERM);
	errno = saved;
	return SCHED_OTHER;
}

/* The same of the policy that the process has.  Returns 0, or -1. */
int
sched_setparam(pid_t pid, const struct sched_param *parameters)
{
	return sched_setscheduler(pid, SCHED_OTHER, parameters) < 0 ? -1 : 0;
}
