/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * serve_group.c - requests about process groups, sessions, the terminal, and
 * nice values, which groups have in common.
 */
#include <abi/errors.h>
#include <ipc/proc.h>

#include "nice.h"
#include "pgrp.h"
#include "proc.h"
#include "serve.h"
#include "terminal.h"

#define IPC_PROTOCOL proc
#define IPC_DEF <ipc/proc.def>
#include <ipc/serve.h>

int
serve_proc_setpgid(const struct ipc_msg *msg,
    const struct proc_setpgid_req *req, struct proc_setpgid_rep *rep)
{
	CALLER(lwp, msg);
	(void)rep;
	return pgrp_set(lwp->proc, req->pid, req->pgid);
}

int
serve_proc_setsid(const struct ipc_msg *msg, const struct proc_setsid_req *req,
    struct proc_setsid_rep *rep)
{
	int error;

	CALLER(lwp, msg);
	(void)req;
	error = pgrp_set_session(lwp->proc);
	if (error)
		return error;
	rep->sid = lwp->proc->pid;
	return 0;
}

int
serve_proc_foreground(const struct ipc_msg *msg,
    const struct proc_foreground_req *req, struct proc_foreground_rep *rep)
{
	int32_t pgid;
	int error;

	CALLER(lwp, msg);
	error = terminal_group(lwp->proc, &pgid);
	if (error)
		return error;
	if (req->set) {
		error = terminal_set_group(lwp->proc, req->pgid);
		if (error)
			return error;
		pgid = req->pgid;
	}
	rep->pgid = pgid;
	return 0;
}

int
serve_proc_priority(const struct ipc_msg *msg,
    const struct proc_priority_req *req, struct proc_priority_rep *rep)
{
	int error;

	CALLER(lwp, msg);
	if (req->set) {
		error = nice_set(lwp->proc, req->which, req->who, req->nice);
		if (error)
			return error;
	}
	return nice_get(lwp->proc, req->which, req->who, &rep->nice);
}
