/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cputime.c - the time that processes use: counted, asked for, limited.
 */
#include "catch.h"
#include "tap.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/times.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SHORT 50 /* milliseconds */
/* So slow is no host. */
#define LONG_SECONDS 60

static volatile long *shared;

static uint64_t
microseconds_of(struct timeval time)
{
	return (uint64_t)time.tv_sec * 1000000 + (uint64_t)time.tv_usec;
}

static int
spins(void)
{
	spin(4 * SHORT);
	return 0;
}

static void
test_cpu_time(void)
{
	struct rusage before, after, child = {0};
	struct timespec cpu;
	struct tms now, then;
	clock_t start;

	(void)getrusage(RUSAGE_SELF, &before);
	(void)times(&then);
	start = clock();
	spin(4 * SHORT);
	(void)getrusage(RUSAGE_SELF, &after);
	ok(microseconds_of(after.ru_utime) + microseconds_of(after.ru_stime) >
		microseconds_of(before.ru_utime) +
		    microseconds_of(before.ru_stime),
	    "getrusage counts time that was used");
	ok(clock() > start, "clock too");
	ok(times(&now) != (clock_t)-1 &&
		now.tms_utime + now.tms_stime > then.tms_utime + then.tms_stime,
	    "times too");
	ok(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &cpu) == 0 &&
		(clock_t)(cpu.tv_sec * 1000000 + cpu.tv_nsec / 1000) > start &&
		(clock_t)(cpu.tv_sec * 1000000 + cpu.tv_nsec / 1000) <= clock(),
	    "and CLOCK_PROCESS_CPUTIME_ID");
	start = clock();
	(void)usleep(4 * SHORT * 1000);
	ok(clock() - start < 2 * SHORT * 1000, "sleeping uses none");
	(void)getrusage(RUSAGE_CHILDREN, &before);
	(void)wait4(child_start(spins), NULL, 0, &child);
	(void)getrusage(RUSAGE_CHILDREN, &after);
	ok(microseconds_of(child.ru_utime) + microseconds_of(child.ru_stime) >
		    0 &&
		microseconds_of(after.ru_utime) >=
		    microseconds_of(before.ru_utime) +
			microseconds_of(child.ru_utime) - 1,
	    "F70 a child's time is told by wait4, and counted then");
	errno = 0;
	ok(getrusage(7, &after) == -1 && errno == EINVAL,
	    "there is no other usage");
}

/* Ticks of a clock, or -1. */
static long
microseconds_by(clockid_t clock)
{
	struct timespec now;

	if (clock_gettime(clock, &now) != 0)
		return -1;
	return (long)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void *
spins_and_tells(void *argument)
{
	long *used = argument;

	spin(4 * SHORT);
	*used = microseconds_by(CLOCK_THREAD_CPUTIME_ID);
	return NULL;
}

static void
test_cpu_clocks(void)
{
	long before = microseconds_by(CLOCK_THREAD_CPUTIME_ID), used = 0;
	clockid_t process, thread;
	pthread_t spinner;
	pid_t pid;

	ok(pthread_create(&spinner, NULL, spins_and_tells, &used) == 0 &&
		pthread_join(spinner, NULL) == 0 && used > 0 &&
		microseconds_by(CLOCK_THREAD_CPUTIME_ID) - before < used &&
		microseconds_by(CLOCK_PROCESS_CPUTIME_ID) > used,
	    "a thread's clock counts its own time alone");
	ok(pthread_getcpuclockid(pthread_self(), &thread) == 0 &&
		microseconds_by(thread) >= before &&
		microseconds_by(thread) <=
		    microseconds_by(CLOCK_THREAD_CPUTIME_ID),
	    "pthread_getcpuclockid gives that clock");
	pid = child_start(spins);
	ok(clock_getcpuclockid(pid, &process) == 0 &&
		microseconds_by(process) >= 0,
	    "clock_getcpuclockid gives that of a process");
	(void)status_of(pid);
	errno = 0;
	ok(clock_getcpuclockid(pid, &process) == ESRCH &&
		microseconds_by(process) == -1 && errno == EINVAL &&
		clock_getres(process, NULL) == -1 && errno == EINVAL,
	    "until that is gone");
	ok(clock_getcpuclockid(0, &process) == 0 &&
		process == CLOCK_PROCESS_CPUTIME_ID,
	    "and one's own");
}

/*
 * SIGXCPU, then SIGKILL.  The hard limit is set when the soft one has been met,
 * or a busy host can have both passed when procsrv looks.
 */
static int
runs_for_ever(void)
{
	const struct rlimit soft = {1, LONG_SECONDS}, hard = {2, 2};

	catch_signal(SIGXCPU, 0);
	if (setrlimit(RLIMIT_CPU, &soft) != 0)
		return 1;
	while (calls == 0)
		continue;
	shared[0] = 1;
	if (setrlimit(RLIMIT_CPU, &hard) != 0)
		return 1;
	for (;;)
		continue;
}

static int
runs_into_the_limit(void)
{
	const struct rlimit limit = {1, RLIM_INFINITY};

	(void)signal(SIGXCPU, SIG_DFL);
	if (setrlimit(RLIMIT_CPU, &limit) != 0)
		return 1;
	for (;;)
		shared[0] = 0;
}

static void
test_cpu_limit(void)
{
	is(child_status(runs_into_the_limit), SIGXCPU,
	    "F77 RLIMIT_CPU: the soft limit is SIGXCPU");
	is(child_status(runs_for_ever), SIGKILL,
	    "F77 and the hard limit SIGKILL");
	is(shared[0], 1, "F77 with SIGXCPU before");
}

int
main(void)
{
	shared = shared_page();
	test_cpu_time();
	test_cpu_clocks();
	test_cpu_limit();
	return tap_end();
}
