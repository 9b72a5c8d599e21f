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
    {_SC_SAVED_IDS, _POSIX_SAVED_IDS},
    {_SC_PAGESIZE, PAGE_SIZE},
    {_SC_RTSIG_MAX, SIGRTMAX - SIGRTMIN + 1},
    {_SC_TIMER_MAX, TIMER_MAX},
    {_SC_DELAYTIMER_MAX, DELAYTIMER_MAX},
    {_SC_SIGQUEUE_MAX, SIGQUEUE_MAX},
    {_SC_SEM_VALUE_MAX, SEM_VALUE_MAX},
    {_SC_THREAD_STACK_MIN, PTHREAD_STACK_MIN},
    {_SC_THREAD_KEYS_MAX, PTHREAD_KEYS_MAX},
    {_SC_THREAD_DESTRUCTOR_ITERATIONS, PTHREAD_DESTRUCTOR_ITERATIONS},
    {_SC_VERSION, _POSIX_VERSION},
    {_SC_BARRIERS, _POSIX_BARRIERS},
    {_SC_CLOCK_SELECTION, _POSIX_CLOCK_SELECTION},
    {_SC_CPUTIME, _POSIX_CPUTIME},
    {_SC_JOB_CONTROL, _POSIX_JOB_CONTROL},
    {_SC_MEMORY_PROTECTION, _POSIX_MEMORY_PROTECTION},
    {_SC_MONOTONIC_CLOCK, _POSIX_MONOTONIC_CLOCK},
    {_SC_READER_WRITER_LOCKS, _POSIX_READER_WRITER_LOCKS},
    {_SC_REALTIME_SIGNALS, _POSIX_REALTIME_SIGNALS},
    {_SC_SPAWN, _POSIX_SPAWN},
    {_SC_SPIN_LOCKS, _POSIX_SPIN_LOCKS},
    {_SC_SEMAPHORES, _POSIX_SEMAPHORES},
    {_SC_THREADS, _POSIX_THREADS},
    {_SC_THREAD_ATTR_STACKADDR, _POSIX_THREAD_ATTR_STACKADDR},
    {_SC_THREAD_ATTR_STACKSIZE, _POSIX_THREAD_ATTR_STACKSIZE},
    {_SC_THREAD_CPUTIME, _POSIX_THREAD_CPUTIME},
    {_SC_THREAD_PROCESS_SHARED, _POSIX_THREAD_PROCESS_SHARED},
    {_SC_THREAD_SAFE_FUNCTIONS, _POSIX_THREAD_SAFE_FUNCTIONS},
    {_SC_TIMEOUTS, _POSIX_TIMEOUTS},
    {_SC_TIMERS, _POSIX_TIMERS},
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
