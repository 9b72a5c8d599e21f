/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * priority.c - nice values.
 */
#include "internal.h"

#include <errno.h>
#include <sys/resource.h>
#include <unistd.h>

#include <ipc/proc.h>

_Static_assert(PRIO_PROCESS == PROC_PRIO_PROCESS, "sys/resource.h");
_Static_assert(PRIO_PGRP == PROC_PRIO_PGRP, "sys/resource.h");
_Static_assert(PRIO_USER == PROC_PRIO_USER, "sys/resource.h");
_Static_assert(PRIO_MIN == NICE_MIN && PRIO_MAX == NICE_MAX, "likewise");

/*
 * The lowest value of those that are meant, which may be -1; or -1 with errno
 * EINVAL, ESRCH.  errno is not changed if there is no error.
 */
int
getpriority(int which, id_t who)
{
	struct proc_priority_req req = {
	    .which = (uint32_t)which, .who = (uint32_t)who};
	struct proc_priority_rep rep;
	int error;

	error = proc_priority(SLOT_PROC, &req, &rep);
	return error ? __tine_fail(error) : rep.nice;
}

/*
 * Returns 0, or -1 with errno EINVAL, ESRCH; EPERM: another user's; EACCES:
 * only root makes it lower.
 */
int
setpriority(int which, id_t who, int priority)
{
	struct proc_priority_req req = {
	    .which = (uint32_t)which,
	    .who = (uint32_t)who,
	    .set = 1,
	    .nice = priority,
	};
	struct proc_priority_rep rep;

	return tine_result(proc_priority(SLOT_PROC, &req, &rep));
}

/* The new value, which may be -1; or -1 with errno EPERM: only for root. */
int
nice(int increment)
{
	struct proc_priority_req req = {.which = PRIO_PROCESS};
	struct proc_priority_rep rep;
	int error;

	error = proc_priority(SLOT_PROC, &req, &rep);
	if (error)
		return __tine_fail(error);
	req.set = 1;
	if (__builtin_add_overflow(rep.nice, increment, &req.nice))
		req.nice = increment;
	error = proc_priority(SLOT_PROC, &req, &rep);
	if (error)
		return __tine_fail(error == TINE_EACCES ? EPERM : error);
	return rep.nice;
}
