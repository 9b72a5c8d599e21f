/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * serve.c - requests: check, look up, act.
 */
#include "serve.h"

#include <string.h>

#include <abi/errors.h>
#include <abi/page.h>
#include <ipc/proc.h>
#include <ipc/slots.h>
#include <ipc/sys.h>
#include <ipc/vm.h>

#include "cred.h"
#include "exec.h"
#include "exit.h"
#include "fork.h"
#include "limit.h"
#include "pgrp.h"
#include "pid.h"
#include "proc.h"
#include "signal.h"
#include "sleep.h"
#include "sysctl.h"
#include "terminal.h"
#include "wait.h"

#define IPC_PROTOCOL proc
#define IPC_DEF <ipc/proc.def>
#include <ipc/serve.h>

/* What a process may ask of fork1(). */
#define FORK_USER \
	(FORK_PPWAIT | FORK_SHAREVM | FORK_SHARECWD | FORK_SHAREFILES | \
	    FORK_SHARESIGS)

int
serve_proc_fork(const struct ipc_msg *msg, const struct proc_fork_req *req,
    struct proc_fork_rep *rep)
{
	const struct fork_args args = {
	    .token = msg->token,
	    .flags = req->flags,
	    .exitsig = req->exitsig,
	    .stack = req->stack,
	};
	struct proc *child;
	int error;

	CALLER(lwp, msg);
	if (req->flags & ~FORK_USER)
		return TINE_EINVAL;
	if (req->exitsig < 0 || req->exitsig >= PROC_NSIG)
		return TINE_EINVAL;
	/* F05: handlers are addresses of the shared space. */
	if ((req->flags & (FORK_SHARESIGS | FORK_SHAREVM)) == FORK_SHARESIGS)
		return TINE_EINVAL;
	error = fork1(lwp, &args, &child);
	if (error == TINE_EAGAIN)
		return sleep_refused(lwp, msg->token);
	if (error)
		return error;
	if (req->flags & FORK_PPWAIT)
		return SERVE_LATER;
	rep->pid = child->pid;
	rep->second = 0;
	return 0;
}

int
serve_proc_exit(const struct ipc_msg *msg, const struct proc_exit_req *req,
    struct proc_exit_rep *rep)
{
	CALLER(lwp, msg);
	(void)rep;
	exit1(lwp->proc, STATUS_EXIT(req->status));
	return SERVE_LATER;
}

int
serve_proc_wait(const struct ipc_msg *msg, const struct proc_wait_req *req,
    struct proc_wait_rep *rep)
{
	CALLER(lwp, msg);
	/* Unless there is news: pid 0. */
	(void)rep;
	return wait_call(lwp, msg->token, req);
}

int
serve_proc_exec(const struct ipc_msg *msg, const struct proc_exec_req *req,
    struct proc_exec_rep *rep)
{
	const struct exec_args args = {
	    .argc = req->argc, .envc = req->envc, .bytes = req->bytes};

	CALLER(lwp, msg);
	(void)rep;
	return exec_call(lwp, msg->token, &args);
}

int
serve_proc_ids(const struct ipc_msg *msg, const struct proc_ids_req *req,
    struct proc_ids_rep *rep)
{
	const struct proc *proc;

	CALLER(lwp, msg);
	(void)req;
	proc = lwp->proc;
	rep->pid = proc->pid;
	rep->ppid = proc->parent->pid;
	rep->pgid = proc->pgrp->pgid;
	rep->sid = proc->pgrp->session->sid;
	rep->uid = proc->cred->user->uid;
	rep->euid = proc->cred->euid;
	rep->gid = proc->cred->gid;
	rep->egid = proc->cred->egid;
	rep->lid = lwp->lid;
	return 0;
}

int
serve_proc_setids(const struct ipc_msg *msg, const struct proc_setids_req *req,
    struct proc_setids_rep *rep)
{
	CALLER(lwp, msg);
	(void)rep;
	return cred_set(lwp->proc, req->which, req->a, req->b);
}

int
serve_proc_getrlimit(const struct ipc_msg *msg,
    const struct proc_getrlimit_req *req, struct proc_getrlimit_rep *rep)
{
	struct limit limit;
	int error;

	CALLER(lwp, msg);
	error = limit_get(lwp->proc, req->resource, &limit);
	if (error)
		return error;
	rep->soft = limit.soft;
	rep->hard = limit.hard;
	return 0;
}

int
serve_proc_setrlimit(const struct ipc_msg *msg,
    const struct proc_setrlimit_req *req, struct proc_setrlimit_rep *rep)
{
	const struct limit limit = {req->soft, req->hard};

	CALLER(lwp, msg);
	(void)rep;
	return limit_set(lwp->proc, req->resource, &limit);
}

int
serve_proc_sysctl(const struct ipc_msg *msg, const struct proc_sysctl_req *req,
    struct proc_sysctl_rep *rep)
{
	int64_t old;
	int error;

	CALLER(lwp, msg);
	error = sysctl_get(req->name, &old);
	if (error)
		return error;
	if (req->set) {
		error = sysctl_set(lwp->proc, req->name, req->value);
		if (error)
			return error;
	}
	rep->old = old;
	return 0;
}

int
serve_proc_list(const struct ipc_msg *msg, const struct proc_list_req *req,
    struct proc_list_rep *rep)
{
	const struct proc *proc;

	(void)msg;
	proc = pid_proc_from(req->from);
	if (proc == NULL)
		return TINE_ESRCH;
	rep->pid = proc->pid;
	rep->ppid = proc->parent != NULL ? proc->parent->pid : 0;
	rep->uid = proc->cred->user->uid;
	rep->state = proc->state;
	memcpy(rep->name, proc->name, sizeof(rep->name));
	return 0;
}

int
serve_proc_power(const struct ipc_msg *msg, const struct proc_power_req *req,
    struct proc_power_rep *rep)
{
	struct sysret ret;

	CALLER(lwp, msg);
	(void)rep;
	if (lwp->proc->cred->euid != 0)
		return TINE_EPERM;
	if (req->how != POWER_OFF && req->how != POWER_RESET)
		return TINE_EINVAL;
	ret = sys_system_power(
	    SLOT_SYSTEM, req->how, (uint64_t)(uint32_t)req->status);
	return (int)ret.error;
}

int
serve_proc_restart(const struct ipc_msg *msg,
    const struct proc_restart_req *req, struct proc_restart_rep *rep)
{
	const struct vm_server_restart_req forward = {.badge = req->badge};
	struct vm_server_restart_rep answer;

	CALLER(lwp, msg);
	(void)rep;
	if (lwp->proc->cred->euid != 0)
		return TINE_EPERM;
	return vm_server_restart(SLOT_VM, &forward, &answer);
}

int
serve_proc_group(const struct ipc_msg *msg, const struct proc_group_req *req,
    struct proc_group_rep *rep)
{
	const struct proc *proc;

	CALLER(lwp, msg);
	proc = req->pid == 0 ? lwp->proc : pid_proc(req->pid);
	/* As in NetBSD, a zombie is not found. */
	if (proc == NULL || proc->state == PROC_ZOMBIE)
		return TINE_ESRCH;
	rep->pgid = proc->pgrp->pgid;
	rep->sid = proc->pgrp->session->sid;
	return 0;
}

/* The kernel's call for a thread: its AST, or what it can't go on from. */
static void
serve_kernel(const struct ipc_msg *msg)
{
	struct lwp *lwp = lwp_lookup(msg->sender);
	struct proc_siginfo info;

	if (lwp == NULL)
		return;
	if (MSG_LABEL(msg->info) == MSG_AST) {
		signal_ast(lwp, msg->token);
		return;
	}
	signal_of_exception(msg->words, &info);
	signal_fault(lwp, msg->token, &info);
}

/* Bits of procsrv's own notification. */
static void
serve_notification(uint64_t events)
{
	if (events & EVENT_TIMER)
		timer_event();
	if (events & EVENT_TTY)
		terminal_event();
}

void
serve_message(struct ipc_msg *msg)
{
	bool reply;

	if (SENDER_KIND(msg->kind) == SENDER_NOTIFICATION) {
		serve_notification(msg->words[0]);
		exit_doomed();
		msg->token = 0;
		return;
	}
	/* What was only sent can't be answered, and is none of our requests. */
	if (msg->token == 0)
		return;
	if (SENDER_KIND(msg->kind) == SENDER_KERNEL_THREAD &&
	    (msg->kind & SENDER_FORWARDED) == 0) {
		serve_kernel(msg);
		reply = false;
	} else {
		reply = proc_dispatch(msg);
	}
	exit_doomed();
	if (!reply)
		msg->token = 0;
}
