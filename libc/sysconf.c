/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sysconf.c - what the system can do, by number.
 */
#include "internal.h"

#include <errno.h>
#include <limits.h>
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
/* Programs run on one hart, however many the board has. */
#define PROCESSORS 1
/* What options answer that are as in this edition of POSIX. */
#define POSIX_2008 200809L

static long
memory(int name)
{
	struct vm_info_req req = {};
	struct vm_info_rep rep;
	int error;

	error = vm_info(SLOT_VM, &req, &rep);
	if (error)
		return __tine_fail(error);
	return (long)(name == _SC_PHYS_PAGES ? rep.pages : rep.free);
}

static long
child_max(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NPROC, &limit) != 0)
		return -1;
	return limit.rlim_cur > LONG_MAX ? -1 : (long)limit.rlim_cur;
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
		return PROCESSORS;
	case _SC_PHYS_PAGES:
	case _SC_AVPHYS_PAGES:
		return memory(name);
	case _SC_RTSIG_MAX:
		return SIGRTMAX - SIGRTMIN + 1;
	case _SC_CLOCK_SELECTION:
	case _SC_CPUTIME:
	case _SC_JOB_CONTROL:
	case _SC_MEMORY_PROTECTION:
	case _SC_MONOTONIC_CLOCK:
	case _SC_REALTIME_SIGNALS:
		return POSIX_2008;
	case _SC_MAPPED_FILES:
	case _SC_SIGQUEUE_MAX:
	case _SC_THREADS:
	case _SC_TIMERS:
		return -1;
	default:
		return __tine_fail(EINVAL);
	}
}
