/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cpuclock.c - clocks of the time that processes and threads ran.
 */
#include "cpuclock.h"
#include "internal.h"

#include <errno.h>

#include <ipc/proc.h>

int
__tine_cpuclock(clockid_t clock, uint64_t *ticks)
{
	bool thread = clock == CLOCK_THREAD_CPUTIME_ID ||
		      (clock & ~CPUCLOCK_ID) == CPUCLOCK_THREAD;
	bool own = clock == CLOCK_THREAD_CPUTIME_ID ||
		   clock == CLOCK_PROCESS_CPUTIME_ID;
	struct proc_cputime_req req = {
	    .which = thread ? PROC_CPUTIME_LWP : PROC_CPUTIME_PROCESS,
	    .id = own ? 0 : (int32_t)(clock & CPUCLOCK_ID),
	};
	struct proc_cputime_rep rep;
	int error;

	error = proc_cputime(SLOT_PROC, &req, &rep);
	if (error)
		return error;
	*ticks = rep.ticks;
	return 0;
}

/* The clock of a process; 0: the caller's.  Returns 0 or ESRCH. */
int
clock_getcpuclockid(pid_t pid, clockid_t *clock)
{
	clockid_t asked = CPUCLOCK_PROCESS | ((clockid_t)pid & CPUCLOCK_ID);
	uint64_t ticks;

	if (pid < 0)
		return ESRCH;
	if (pid == 0)
		asked = CLOCK_PROCESS_CPUTIME_ID;
	if (__tine_cpuclock(asked, &ticks) != 0)
		return ESRCH;
	*clock = asked;
	return 0;
}
