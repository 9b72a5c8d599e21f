/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * serve_lwp.c - requests about LWPs and futexes: check, look up, act.
 */
#include <abi/errors.h>
#include <ipc/copy.h>

#include "futex.h"
#include "lwp.h"

#define IPC_PROTOCOL proc
#define IPC_DEF <ipc/proc.def>
#include <ipc/serve.h>

/* As in serve.c: the sender's LWP, unless it is gone meanwhile. */
#define CALLER(lwp, msg) \
	struct lwp *lwp = lwp_lookup((msg)->sender); \
	if (lwp == NULL) \
	return TINE_ESTALE

int
serve_proc_lwp_create(const struct ipc_msg *msg,
    const struct proc_lwp_create_req *req, struct proc_lwp_create_rep *rep)
{
	struct regs regs;
	int error;

	CALLER(lwp, msg);
	error = ipc_copy_in(msg->token, 0, &regs, sizeof(regs));
	if (error)
		return error;
	return lwp_create(lwp, msg->token, &regs, req->flags, &rep->lid);
}

int
serve_proc_lwp_exit(const struct ipc_msg *msg,
    const struct proc_lwp_exit_req *req, struct proc_lwp_exit_rep *rep)
{
	CALLER(lwp, msg);
	(void)req;
	(void)rep;
	lwp_exit(lwp);
	return SERVE_LATER;
}

int
serve_proc_lwp_wait(const struct ipc_msg *msg,
    const struct proc_lwp_wait_req *req, struct proc_lwp_wait_rep *rep)
{
	CALLER(lwp, msg);
	return lwp_wait(lwp, msg->token, req->lid, &rep->lid);
}

int
serve_proc_lwp_detach(const struct ipc_msg *msg,
    const struct proc_lwp_detach_req *req, struct proc_lwp_detach_rep *rep)
{
	CALLER(lwp, msg);
	(void)rep;
	return lwp_detach(lwp, req->lid);
}

int
serve_proc_lwp_suspend(const struct ipc_msg *msg,
    const struct proc_lwp_suspend_req *req, struct proc_lwp_suspend_rep *rep)
{
	CALLER(lwp, msg);
	(void)rep;
	if (req->resume > 1)
		return TINE_EINVAL;
	if (req->resume)
		return lwp_continue(lwp, req->lid);
	return lwp_suspend(lwp, req->lid);
}

int
serve_proc_lwp_park(const struct ipc_msg *msg,
    const struct proc_lwp_park_req *req, struct proc_lwp_park_rep *rep)
{
	CALLER(lwp, msg);
	(void)rep;
	return lwp_park(lwp, msg->token, req->deadline, req->unpark);
}

int
serve_proc_lwp_unpark(const struct ipc_msg *msg,
    const struct proc_lwp_unpark_req *req, struct proc_lwp_unpark_rep *rep)
{
	CALLER(lwp, msg);
	(void)rep;
	return lwp_unpark(lwp->proc, req->lid);
}

int
serve_proc_futex_wait(const struct ipc_msg *msg,
    const struct proc_futex_wait_req *req, struct proc_futex_wait_rep *rep)
{
	CALLER(lwp, msg);
	(void)rep;
	return futex_wait(lwp, msg->token, req);
}

int
serve_proc_futex_wake(const struct ipc_msg *msg,
    const struct proc_futex_wake_req *req, struct proc_futex_wake_rep *rep)
{
	CALLER(lwp, msg);
	return futex_wake(lwp, req, &rep->woken);
}
