/* SPDX-License-Identifier: BSD-2-Clause */
/* later.c - requests that are not written yet; to be emptied. */
#include <abi/errors.h>
#include <ipc/proc.h>

int serve_proc_setpgid(const struct ipc_msg *msg,
    const struct proc_setpgid_req *req, struct proc_setpgid_rep *rep);
int
serve_proc_setpgid(const struct ipc_msg *msg,
    const struct proc_setpgid_req *req, struct proc_setpgid_rep *rep)
{
	(void)msg;
	(void)req;
	(void)rep;
	return TINE_ENOSYS;
}

int serve_proc_setsid(const struct ipc_msg *msg,
    const struct proc_setsid_req *req, struct proc_setsid_rep *rep);
int
serve_proc_setsid(const struct ipc_msg *msg, const struct proc_setsid_req *req,
    struct proc_setsid_rep *rep)
{
	(void)msg;
	(void)req;
	(void)rep;
	return TINE_ENOSYS;
}

int serve_proc_foreground(const struct ipc_msg *msg,
    const struct proc_foreground_req *req, struct proc_foreground_rep *rep);
int
serve_proc_foreground(const struct ipc_msg *msg,
    const struct proc_foreground_req *req, struct proc_foreground_rep *rep)
{
	(void)msg;
	(void)req;
	(void)rep;
	return TINE_ENOSYS;
}

int serve_proc_times(const struct ipc_msg *msg,
    const struct proc_times_req *req, struct proc_times_rep *rep);
int
serve_proc_times(const struct ipc_msg *msg, const struct proc_times_req *req,
    struct proc_times_rep *rep)
{
	(void)msg;
	(void)req;
	(void)rep;
	return TINE_ENOSYS;
}

int serve_proc_sleep(const struct ipc_msg *msg,
    const struct proc_sleep_req *req, struct proc_sleep_rep *rep);
int
serve_proc_sleep(const struct ipc_msg *msg, const struct proc_sleep_req *req,
    struct proc_sleep_rep *rep)
{
	(void)msg;
	(void)req;
	(void)rep;
	return TINE_ENOSYS;
}

int serve_proc_itimer(const struct ipc_msg *msg,
    const struct proc_itimer_req *req, struct proc_itimer_rep *rep);
int
serve_proc_itimer(const struct ipc_msg *msg, const struct proc_itimer_req *req,
    struct proc_itimer_rep *rep)
{
	(void)msg;
	(void)req;
	(void)rep;
	return TINE_ENOSYS;
}

int serve_proc_restart(const struct ipc_msg *msg,
    const struct proc_restart_req *req, struct proc_restart_rep *rep);
int
serve_proc_restart(const struct ipc_msg *msg,
    const struct proc_restart_req *req, struct proc_restart_rep *rep)
{
	(void)msg;
	(void)req;
	(void)rep;
	return TINE_ENOSYS;
}
