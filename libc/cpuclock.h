/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cpuclock.h - clocks of the time that processes and threads ran.
 *
 * Besides CLOCK_PROCESS_CPUTIME_ID and CLOCK_THREAD_CPUTIME_ID, the caller's,
 * there is one for each pid and for each LWP of the caller's process:
 *
 *	   30        29     28          0
 *	+---------+--------+-------------+
 *	| process | thread | pid, LWP id |
 *	+---------+--------+-------------+
 */
#ifndef TINE_LIBC_CPUCLOCK_H
#define TINE_LIBC_CPUCLOCK_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#define CPUCLOCK_PROCESS 0x40000000ul
#define CPUCLOCK_THREAD 0x20000000ul
#define CPUCLOCK_ID 0x1ffffffful

/* Whether a clock is one of these; what it is of may be gone. */
static inline bool
cpuclock_known(clockid_t clock)
{
	uint64_t kind = clock & ~CPUCLOCK_ID;

	return clock == CLOCK_PROCESS_CPUTIME_ID ||
	       clock == CLOCK_THREAD_CPUTIME_ID || kind == CPUCLOCK_PROCESS ||
	       kind == CPUCLOCK_THREAD;
}

/* Ticks of a clock that is known.  Returns an error: ESRCH. */
int __tine_cpuclock(clockid_t clock, uint64_t *ticks);

#endif
