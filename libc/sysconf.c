/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sysconf.c - what the system can do, by number.
 */
#include "internal.h"

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include <abi/types.h>
#include <ipc/proc.h>
#include <ipc/vm.h>

_Static_assert(ARG_MAX == PROC_ARG_MAX, "limits.h");
_Static_assert(PATH_MAX == PROC_PATH_MAX, "limits.h");
_Static_assert(CHILD_MAX == PROC_CHILD_MAX, "limits.h");

/* The descriptors that there are: those of the console. */
#define DESCRIPTORS 3
/* Signals that wait for a process or an LWP: procsrv/siginfo.h. */
#define SIGQUEUE_MAX 32
/* What options answer that are as in this edition of POSIX. */
#define POSIX_2008 200809L

static long
system_info(int name)
{
	struct vm_info_req req = {};
	struct vm_info_rep rep;
	int error;

	error = vm_info(SLOT_VM, &req, &rep);
	if (error)
		return __tine_fail(error);
	switch (name) {
	case _SC_PHYS_PAGES:
		return (long)rep.pages;
	case _SC_AVPHYS_PAGES:
		return (long)rep.free;
	default:
		return (long)rep.harts;
	}
}

static long
child_max(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NPROC, &limit) != 0)
		return -1;
	return limit.rlim_cur > LONG_MAX ? -1 : (long)limit.rlim_cur;
}

/*
 * What is the same always: -1 for options that there are not, and for limits
 * that are none.
 */
static const struct constant {
	int name;
	int value;
} constants[] = {
    {_SC_ARG_MAX, ARG_MAX},
    {_SC_CLK_TCK, CLOCKS_PER_SEC},
    {_SC_OPEN_MAX, DESCRIPTORS},
    {_SC_SAVED_IDS, 1},
    {_SC_PAGESIZE, PAGE_SIZE},
    {_SC_RTSIG_MAX, SIGRTMAX - SIGRTMIN + 1},
    {_SC_TIMER_MAX, TIMER_MAX},
    {_SC_DELAYTIMER_MAX, DELAYTIMER_MAX},
    {_SC_SIGQUEUE_MAX, SIGQUEUE_MAX},
    {_SC_SEM_VALUE_MAX, SEM_VALUE_MAX},
    {_SC_THREAD_STACK_MIN, PTHREAD_STACK_MIN},
    {_SC_THREAD_KEYS_MAX, PTHREAD_KEYS_MAX},
    {_SC_THREAD_DESTRUCTOR_ITERATIONS, PTHREAD_DESTRUCTOR_ITERATIONS},
    {_SC_VERSION, POSIX_2008},
    {_SC_BARRIERS, POSIX_2008},
    {_SC_CLOCK_SELECTION, POSIX_2008},
    {_SC_CPUTIME, POSIX_2008},
    {_SC_JOB_CONTROL, POSIX_2008},
    {_SC_MEMORY_PROTECTION, POSIX_2008},
    {_SC_MONOTONIC_CLOCK, POSIX_2008},
    {_SC_READER_WRITER_LOCKS, POSIX_2008},
    {_SC_REALTIME_SIGNALS, POSIX_2008},
    {_SC_SPAWN, POSIX_2008},
    {_SC_SPIN_LOCKS, POSIX_2008},
    {_SC_SEMAPHORES, POSIX_2008},
    {_SC_THREADS, POSIX_2008},
    {_SC_THREAD_ATTR_STACKADDR, POSIX_2008},
    {_SC_THREAD_ATTR_STACKSIZE, POSIX_2008},
    {_SC_THREAD_CPUTIME, POSIX_2008},
    {_SC_THREAD_SAFE_FUNCTIONS, POSIX_2008},
    {_SC_TIMEOUTS, POSIX_2008},
    {_SC_TIMERS, POSIX_2008},
    {_SC_ADVISORY_INFO, -1},
    {_SC_AIO_LISTIO_MAX, -1},
    {_SC_AIO_MAX, -1},
    {_SC_AIO_PRIO_DELTA_MAX, -1},
    {_SC_ASYNCHRONOUS_IO, -1},
    {_SC_FSYNC, -1},
    {_SC_IPV6, -1},
    {_SC_MAPPED_FILES, -1},
    {_SC_MEMLOCK, -1},
    {_SC_MEMLOCK_RANGE, -1},
    {_SC_MESSAGE_PASSING, -1},
    {_SC_MQ_OPEN_MAX, -1},
    {_SC_MQ_PRIO_MAX, -1},
    {_SC_PRIORITIZED_IO, -1},
    {_SC_PRIORITY_SCHEDULING, -1},
    {_SC_SEM_NSEMS_MAX, -1},
    {_SC_SHARED_MEMORY_OBJECTS, -1},
    {_SC_SPORADIC_SERVER, -1},
    {_SC_SYNCHRONIZED_IO, -1},
    {_SC_THREAD_PRIORITY_SCHEDULING, -1},
    {_SC_THREAD_PRIO_INHERIT, -1},
    {_SC_THREAD_PRIO_PROTECT, -1},
    {_SC_THREAD_PROCESS_SHARED, -1},
    {_SC_THREAD_SPORADIC_SERVER, -1},
    {_SC_THREAD_THREADS_MAX, -1},
    {_SC_TYPED_MEMORY_OBJECTS, -1},
};

/* The value; -1 with errno as it was: no limit, or not supported; EINVAL. */
long
sysconf(int name)
{
	switch (name) {
	case _SC_CHILD_MAX:
		return child_max();
	case _SC_NPROCESSORS_CONF:
	case _SC_NPROCESSORS_ONLN:
	case _SC_PHYS_PAGES:
	case _SC_AVPHYS_PAGES:
		return system_info(name);
	default:
		break;
	}
	for (size_t i = 0; i < sizeof(constants) / sizeof(constants[0]); i++) {
		if (constants[i].name == name)
			return constants[i].value;
	}
	return __tine_fail(EINVAL);
}
