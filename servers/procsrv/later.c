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
serve_proc_setsid(const struct ipc_msg *msg,
    const struct proc_setsid_req *req, struct proc_setsid_rep *rep)
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
serve_proc_times(const struct ipc_msg *msg,
    const struct proc_times_req *req, struct proc_times_rep *rep)
{
	(void)msg;
	(void)req;
	(void)rep;
	return TINE_ENOSYS;
}

int serve_proc_sigaction(const struct ipc_msg *msg,
    const struct proc_sigaction_req *req, struct proc_sigaction_rep *rep);
int
serve_proc_sigaction(const struct ipc_msg *msg,
    const struct proc_sigaction_req *req, struct proc_sigaction_rep *rep)
{
	(void)msg;
	(void)req;
	(void)rep;
	return TINE_ENOSYS;
}

int serve_proc_sigmask(const struct ipc_msg *msg,
    const struct proc_sigmask_req *req, struct proc_sigmask_rep *rep);
int
serve_proc_sigmask(const struct ipc_msg *msg,
    const struct proc_sigmask_req *req, struct proc_sigmask_rep *rep)
{
	(void)msg;
	(void)req;
	(void)rep;
	return TINE_ENOSYS;
}

int serve_proc_sigpending(const struct ipc_msg *msg,
    const struct proc_sigpending_req *req, struct proc_sigpending_rep *rep);
int
serve_proc_sigpending(const struct ipc_msg *msg,
    const struct proc_sigpending_req *req, struct proc_sigpending_rep *rep)
{
	(void)msg;
	(void)req;
	(void)rep;
	return TINE_ENOSYS;
}

int serve_proc_sigsuspend(const struct ipc_msg *msg,
    const struct proc_sigsuspend_req *req, struct proc_sigsuspend_rep *rep);
int
serve_proc_sigsuspend(const struct ipc_msg *msg,
    const struct proc_sigsuspend_req *req, struct proc_sigsuspend_rep *rep)
{
	(void)msg;
	(void)req;
	(void)rep;
	return TINE_ENOSYS;
}

int serve_proc_sigwait(const struct ipc_msg *msg,
    const struct proc_sigwait_req *req, struct proc_sigwait_rep *rep);
int
serve_proc_sigwait(const struct ipc_msg *msg,
    const struct proc_sigwait_req *req, struct proc_sigwait_rep *rep)
{
	(void)msg;
	(void)req;
	(void)rep;
	return TINE_ENOSYS;
}

int serve_proc_sigqueue(const struct ipc_msg *msg,
    const struct proc_sigqueue_req *req, struct proc_sigqueue_rep *rep);
int
serve_proc_sigqueue(const struct ipc_msg *msg,
    const struct proc_sigqueue_req *req, struct proc_sigqueue_rep *rep)
{
	(void)msg;
	(void)req;
	(void)rep;
	return TINE_ENOSYS;
}

int serve_proc_sigaltstack(const struct ipc_msg *msg,
    const struct proc_sigaltstack_req *req, struct proc_sigaltstack_rep *rep);
int
serve_proc_sigaltstack(const struct ipc_msg *msg,
    const struct proc_sigaltstack_req *req, struct proc_sigaltstack_rep *rep)
{
	(void)msg;
	(void)req;
	(void)rep;
	return TINE_ENOSYS;
}

int serve_proc_sigreturn(const struct ipc_msg *msg,
    const struct proc_sigreturn_req *req, struct proc_sigreturn_rep *rep);
int
serve_proc_sigreturn(const struct ipc_msg *msg,
    const struct proc_sigreturn_req *req, struct proc_sigreturn_rep *rep)
{
	(void)msg;
	(void)req;
	(void)rep;
	return TINE_ENOSYS;
}

int serve_proc_sleep(const struct ipc_msg *msg,
    const struct proc_sleep_req *req, struct proc_sleep_rep *rep);
int
serve_proc_sleep(const struct ipc_msg *msg,
    const struct proc_sleep_req *req, struct proc_sleep_rep *rep)
{
	(void)msg;
	(void)req;
	(void)rep;
	return TINE_ENOSYS;
}

int serve_proc_itimer(const struct ipc_msg *msg,
    const struct proc_itimer_req *req, struct proc_itimer_rep *rep);
int
serve_proc_itimer(const struct ipc_msg *msg,
    const struct proc_itimer_req *req, struct proc_itimer_rep *rep)
{
	(void)msg;
	(void)req;
	(void)rep;
	return TINE_ENOSYS;
}

int serve_proc_lwp_kill(const struct ipc_msg *msg,
    const struct proc_lwp_kill_req *req, struct proc_lwp_kill_rep *rep);
int
serve_proc_lwp_kill(const struct ipc_msg *msg,
    const struct proc_lwp_kill_req *req, struct proc_lwp_kill_rep *rep)
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
