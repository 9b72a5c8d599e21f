/* SPDX-License-Identifier: BSD-2-Clause */
/* later.c - requests that are not written yet; to be emptied. */
#include <abi/errors.h>
#include <ipc/proc.h>

int serve_proc_lwp_create(const struct ipc_msg *msg,
    const struct proc_lwp_create_req *req, struct proc_lwp_create_rep *rep);
int
serve_proc_lwp_create(const struct ipc_msg *msg,
    const struct proc_lwp_create_req *req, struct proc_lwp_create_rep *rep)
{
	(void)msg;
	(void)req;
	(void)rep;
	return TINE_ENOSYS;
}

int serve_proc_lwp_exit(const struct ipc_msg *msg,
    const struct proc_lwp_exit_req *req, struct proc_lwp_exit_rep *rep);
int
serve_proc_lwp_exit(const struct ipc_msg *msg,
    const struct proc_lwp_exit_req *req, struct proc_lwp_exit_rep *rep)
{
	(void)msg;
	(void)req;
	(void)rep;
	return TINE_ENOSYS;
}

int serve_proc_lwp_wait(const struct ipc_msg *msg,
    const struct proc_lwp_wait_req *req, struct proc_lwp_wait_rep *rep);
int
serve_proc_lwp_wait(const struct ipc_msg *msg,
    const struct proc_lwp_wait_req *req, struct proc_lwp_wait_rep *rep)
{
	(void)msg;
	(void)req;
	(void)rep;
	return TINE_ENOSYS;
}

int serve_proc_lwp_detach(const struct ipc_msg *msg,
    const struct proc_lwp_detach_req *req, struct proc_lwp_detach_rep *rep);
int
serve_proc_lwp_detach(const struct ipc_msg *msg,
    const struct proc_lwp_detach_req *req, struct proc_lwp_detach_rep *rep)
{
	(void)msg;
	(void)req;
	(void)rep;
	return TINE_ENOSYS;
}

int serve_proc_lwp_suspend(const struct ipc_msg *msg,
    const struct proc_lwp_suspend_req *req, struct proc_lwp_suspend_rep *rep);
int
serve_proc_lwp_suspend(const struct ipc_msg *msg,
    const struct proc_lwp_suspend_req *req, struct proc_lwp_suspend_rep *rep)
{
	(void)msg;
	(void)req;
	(void)rep;
	return TINE_ENOSYS;
}

int serve_proc_lwp_park(const struct ipc_msg *msg,
    const struct proc_lwp_park_req *req, struct proc_lwp_park_rep *rep);
int
serve_proc_lwp_park(const struct ipc_msg *msg,
    const struct proc_lwp_park_req *req, struct proc_lwp_park_rep *rep)
{
	(void)msg;
	(void)req;
	(void)rep;
	return TINE_ENOSYS;
}

int serve_proc_lwp_unpark(const struct ipc_msg *msg,
    const struct proc_lwp_unpark_req *req, struct proc_lwp_unpark_rep *rep);
int
serve_proc_lwp_unpark(const struct ipc_msg *msg,
    const struct proc_lwp_unpark_req *req, struct proc_lwp_unpark_rep *rep)
{
	(void)msg;
	(void)req;
	(void)rep;
	return TINE_ENOSYS;
}

int serve_proc_futex_wait(const struct ipc_msg *msg,
    const struct proc_futex_wait_req *req, struct proc_futex_wait_rep *rep);
int
serve_proc_futex_wait(const struct ipc_msg *msg,
    const struct proc_futex_wait_req *req, struct proc_futex_wait_rep *rep)
{
	(void)msg;
	(void)req;
	(void)rep;
	return TINE_ENOSYS;
}

int serve_proc_futex_wake(const struct ipc_msg *msg,
    const struct proc_futex_wake_req *req, struct proc_futex_wake_rep *rep);
int
serve_proc_futex_wake(const struct ipc_msg *msg,
    const struct proc_futex_wake_req *req, struct proc_futex_wake_rep *rep)
{
	(void)msg;
	(void)req;
	(void)rep;
	return TINE_ENOSYS;
}
