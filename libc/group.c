/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * group.c - process groups, sessions and who has the terminal.
 */
#include "internal.h"

#include <errno.h>
#include <sys/types.h>
#include <unistd.h>

#include <ipc/proc.h>

/*
 * Move a process (0: the caller) to a process group (0: its own pid).
 * Returns 0, or -1 with errno
 *	EINVAL	pgid is negative
 *	ESRCH	neither the caller nor a child of it
 *	EACCES	the child has executed a program
 *	EPERM	a session leader, a child in another session, or no such
 *		group in the session
 */
int
setpgid(pid_t pid, pid_t pgid)
{
	struct proc_setpgid_req req = {.pid = pid, .pgid = pgid};
	struct proc_setpgid_rep rep;

	return tine_result(proc_setpgid(SLOT_PROC, &req, &rep));
}

/* Lead a process group of one's own.  Returns its id, or -1 with EPERM. */
int
setpgrp(void)
{
	return setpgid(0, 0) != 0 ? -1 : getpgrp();
}

/* Lead a new session.  Returns its id, or -1 with EPERM: leads a group. */
pid_t
setsid(void)
{
	struct proc_setsid_req req = {};
	struct proc_setsid_rep rep;
	int error;

	error = proc_setsid(SLOT_PROC, &req, &rep);
	return error ? __tine_fail(error) : rep.sid;
}

/*
 * The process group in the foreground of the terminal; -1 with errno EBADF,
 * or ENOTTY: it is not the caller's controlling terminal.
 */
pid_t
tcgetpgrp(int fd)
{
	struct proc_foreground_req req = {.set = 0};
	struct proc_foreground_rep rep;
	int error;

	if (!isatty(fd))
		return -1;
	error = proc_foreground(SLOT_PROC, &req, &rep);
	return error ? __tine_fail(error) : rep.pgid;
}

/*
 * Bring a process group to the foreground.  Returns 0, or -1 with errno EBADF,
 * ENOTTY, EINVAL: not a group's id, EPERM: not of the caller's session.
 */
int
tcsetpgrp(int fd, pid_t pgid)
{
	struct proc_foreground_req req = {.set = 1, .pgid = pgid};
	struct proc_foreground_rep rep;

	if (!isatty(fd))
		return -1;
	return tine_result(
	    TINE_RESTARTED(proc_foreground(SLOT_PROC, &req, &rep)));
}
