/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * serve_time.c - requests about time.
 */
#include <abi/errors.h>
#include <ipc/proc.h>

#include "proc.h"
#include "serve.h"
#include "sleep.h"
#include "times.h"

#define IPC_PROTOCOL proc
#define IPC_DEF <ipc/proc.def>
#include <ipc/serve.h>

int
serve_proc_times(const struct ipc_msg *msg, const struct proc_times_req *req,
    struct proc_times_rep *rep)
{
	CALLER(lwp, msg);
	(void)req;
	rep->user = times_proc(lwp->proc);
	rep->system = 0;
	rep->children_user = lwp->proc->times_children;
	rep->children_system = 0;
	return 0;
}

int
serve_proc_sleep(const struct ipc_msg *msg, const struct proc_sleep_req *req,
    struct proc_sleep_rep *rep)
{
	CALLER(lwp, msg);
	(void)rep;
	return sleep_call(lwp, msg->token, req->deadline);
}

int
serve_proc_itimer(const struct ipc_msg *msg, const struct proc_itimer_req *req,
    struct proc_itimer_rep *rep)
{
	CALLER(lwp, msg);
	return itimer_call(lwp->proc, req, rep);
}
