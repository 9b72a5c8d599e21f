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
#include <stdbool.h>
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

/* Pages, or harts; -1 if vmsrv does not answer. */
static long
of_system(int name)
{
	struct vm_info_req req = {};
	struct vm_info_rep rep;
	int error;

	error = vm_info(SLOT_VM, &req, &rep);
	if (error)
		return __tine_fail(error);
	if (name == _SC_PHYS_PAGES)
		return (long)rep.pages;
	return (long)(name == _SC_AVPHYS_PAGES ? rep.free : rep.harts);
}

static long
child_max(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NPROC, &limit) != 0)
		return -1;
	return limit.rlim_cur > LONG_MAX ? -1 : (long)limit.rlim_cur;
}

/* Options that there are. */
static bool
is_option(int name)
{
	switch (name) {
	case _SC_VERSION:
	case _SC_BARRIERS:
	case _SC_CLOCK_SELECTION:
	case _SC_CPUTIME:
	case _SC_JOB_CONTROL:
	case _SC_MEMORY_PROTECTION:
	case _SC_MONOTONIC_CLOCK:
	case _SC_READER_WRITER_LOCKS:
	case _SC_REALTIME_SIGNALS:
	case _SC_SPAWN:
	case _SC_SPIN_LOCKS:
	case _SC_THREADS:
	case _SC_THREAD_ATTR_STACKADDR:
	case _SC_THREAD_ATTR_STACKSIZE:
	case _SC_THREAD_CPUTIME:
	case _SC_THREAD_SAFE_FUNCTIONS:
	case _SC_TIMEOUTS:
	case _SC_TIMERS:
		return true;
	default:
		return false;
	}
}

/* Options that there are not, and limits that do not exist. */
static bool
is_absent(int name)
{
	switch (name) {
	case _SC_ADVISORY_INFO:
	case _SC_AIO_LISTIO_MAX:
	case _SC_AIO_MAX:
	case _SC_AIO_PRIO_DELTA_MAX:
	case _SC_ASYNCHRONOUS_IO:
	case _SC_FSYNC:
	case _SC_IPV6:
	case _SC_MAPPED_FILES:
	case _SC_MEMLOCK:
	case _SC_MEMLOCK_RANGE:
	case _SC_MESSAGE_PASSING:
	case _SC_MQ_OPEN_MAX:
	case _SC_MQ_PRIO_MAX:
	case _SC_PRIORITIZED_IO:
	case _SC_PRIORITY_SCHEDULING:
	case _SC_SEMAPHORES: /* none between processes */
	case _SC_SEM_NSEMS_MAX:
	case _SC_SHARED_MEMORY_OBJECTS:
	case _SC_SPORADIC_SERVER:
	case _SC_SYNCHRONIZED_IO:
	case _SC_THREAD_PRIORITY_SCHEDULING:
	case _SC_THREAD_PRIO_INHERIT:
	case _SC_THREAD_PRIO_PROTECT:
	case _SC_THREAD_PROCESS_SHARED:
	case _SC_THREAD_SPORADIC_SERVER:
	case _SC_THREAD_THREADS_MAX:
	case _SC_TYPED_MEMORY_OBJECTS:
		return true;
	default:
		return false;
	}
}

/* The value; -1 with errno as it was: no limit, or not supported; EINVAL. */
long
sysconf(int name)
{
	switch (name) {
	case _SC_ARG_MAX:
		return ARG_MAX;
	case _SC_CHILD_MAX:
		return child_max();
	case _SC_CLK_TCK:
		return CLOCKS_PER_SEC;
	case _SC_OPEN_MAX:
		return DESCRIPTORS;
	case _SC_SAVED_IDS:
		return 1;
	case _SC_PAGESIZE:
		return PAGE_SIZE;
	case _SC_NPROCESSORS_CONF:
	case _SC_NPROCESSORS_ONLN:
	case _SC_PHYS_PAGES:
	case _SC_AVPHYS_PAGES:
		return of_system(name);
	case _SC_RTSIG_MAX:
		return SIGRTMAX - SIGRTMIN + 1;
	case _SC_TIMER_MAX:
		return TIMER_MAX;
	case _SC_DELAYTIMER_MAX:
		return DELAYTIMER_MAX;
	case _SC_SIGQUEUE_MAX:
		return SIGQUEUE_MAX;
	case _SC_SEM_VALUE_MAX:
		return SEM_VALUE_MAX;
	case _SC_THREAD_STACK_MIN:
		return PTHREAD_STACK_MIN;
	case _SC_THREAD_KEYS_MAX:
		return PTHREAD_KEYS_MAX;
	case _SC_THREAD_DESTRUCTOR_ITERATIONS:
		return PTHREAD_DESTRUCTOR_ITERATIONS;
	default:
		if (is_option(name))
			return POSIX_2008;
		return is_absent(name) ? -1 : __tine_fail(EINVAL);
	}
}
