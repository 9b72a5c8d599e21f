/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ids.c - who a process is.
 *
 * Nothing is remembered here: a copy in memory would be wrong in a vfork
 * child, which shares it with its parent.
 */
#include "internal.h"

#include <sys/types.h>
#include <unistd.h>

#include <ipc/proc.h>

/* The identities, or all -1 with errno set if procsrv does not answer. */
static struct proc_ids_rep
ids(void)
{
	struct proc_ids_req req = {};
	struct proc_ids_rep rep;
	int error;

	error = proc_ids(SLOT_PROC, &req, &rep);
	if (error) {
		memset(&rep, 0xff, sizeof(rep));
		(void)__tine_fail(error);
	}
	return rep;
}

pid_t
getpid(void)
{
	return ids().pid;
}

pid_t
getppid(void)
{
	return ids().ppid;
}

pid_t
getpgrp(void)
{
	return ids().pgid;
}

uid_t
getuid(void)
{
	return ids().uid;
}

uid_t
geteuid(void)
{
	return ids().euid;
}

gid_t
getgid(void)
{
	return ids().gid;
}

gid_t
getegid(void)
{
	return ids().egid;
}

/* The process group of a process (0: the caller); -1 and ESRCH: none such. */
pid_t
getpgid(pid_t pid)
{
	struct proc_group_req req = {.pid = pid};
	struct proc_group_rep rep;
	int error;

	error = proc_group(SLOT_PROC, &req, &rep);
	return error ? __tine_fail(error) : rep.pgid;
}

/* The session of a process (0: the caller); -1 and ESRCH: none such. */
pid_t
getsid(pid_t pid)
{
	struct proc_group_req req = {.pid = pid};
	struct proc_group_rep rep;
	int error;

	error = proc_group(SLOT_PROC, &req, &rep);
	return error ? __tine_fail(error) : rep.sid;
}

/* All of these return 0, or -1 with EPERM. */
static int
setids(enum proc_setid which, uint32_t a, uint32_t b)
{
	struct proc_setids_req req = {.which = which, .a = a, .b = b};
	struct proc_setids_rep rep;

	return tine_result(proc_setids(SLOT_PROC, &req, &rep));
}

int
setuid(uid_t uid)
{
	return setids(PROC_SETUID, uid, 0);
}

int
seteuid(uid_t euid)
{
	return setids(PROC_SETEUID, euid, 0);
}

int
setreuid(uid_t uid, uid_t euid)
{
	return setids(PROC_SETREUID, uid, euid);
}

int
setgid(gid_t gid)
{
	return setids(PROC_SETGID, gid, 0);
}

int
setegid(gid_t egid)
{
	return setids(PROC_SETEGID, egid, 0);
}

int
setregid(gid_t gid, gid_t egid)
{
	return setids(PROC_SETREGID, gid, egid);
}
