/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * serve_time.c - requests about time.
 */
#include <abi/errors.h>
#include <ipc/proc.h>

#include "pid.h"
#include "proc.h"
#include "ptimer.h"
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

int
serve_proc_timer_create(const struct ipc_msg *msg,
    const struct proc_timer_create_req *req, struct proc_timer_create_rep *rep)
{
	CALLER(lwp, msg);
	return ptimer_create(lwp->proc, req, &rep->id);
}

int
serve_proc_timer_set(const struct ipc_msg *msg,
    const struct proc_timer_set_req *req, struct proc_timer_set_rep *rep)
{
	CALLER(lwp, msg);
	return ptimer_set(lwp->proc, req, rep);
}

int
serve_proc_timer_delete(const struct ipc_msg *msg,
    const struct proc_timer_delete_req *req, struct proc_timer_delete_rep *rep)
{
	CALLER(lwp, msg);
	(void)rep;
	return ptimer_delete(lwp->proc, req->id);
}

int
serve_proc_timer_overrun(const struct ipc_msg *msg,
    const struct proc_timer_overrun_req *req,
    struct proc_timer_overrun_rep *rep)
{
	CALLER(lwp, msg);
	return ptimer_overrun(lwp->proc, req->id, &rep->count);
}

int
serve_proc_cputime(const struct ipc_msg *msg,
    const struct proc_cputime_req *req, struct proc_cputime_rep *rep)
{
	const struct proc *proc;
	const struct lwp *of;

	CALLER(lwp, msg);
	switch (req->which) {
	case PROC_CPUTIME_PROCESS:
		proc = req->id == 0 ? lwp->proc : pid_proc(req->id);
		if (proc == NULL)
			return TINE_ESRCH;
		rep->ticks = times_proc(proc);
		return 0;
	case PROC_CPUTIME_LWP:
		of = req->id == 0 ? lwp : lwp_find(lwp->proc, req->id);
		if (of == NULL || of->state == LWP_DEAD)
			return TINE_ESRCH;
		rep->ticks = times_lwp(of);
		return 0;
	default:
		return TINE_EINVAL;
	}
}
