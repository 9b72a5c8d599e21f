/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kill.c - who may send what to whom.
 */
#include "kill.h"

#include <abi/errors.h>
#include <ipc/proc.h>

#include "cred.h"
#include "pgrp.h"
#include "pid.h"
#include "sigpost.h"
#include "sigset.h"

/* Whether a process may send this signal to another. */
static bool
signal_allowed(
    const struct proc *sender, const struct proc *target, int32_t signal)
{
	if (signal == SIGCONT && sender->pgrp->session == target->pgrp->session)
		return true;
	return cred_may_signal(sender->cred, target->cred);
}

/* Send what may be sent; signal 0 does nothing more. */
static int
kill_send(
    struct lwp *sender, struct proc *target, const struct proc_siginfo *info)
{
	if (info->signo == 0)
		return 0;
	return signal_post(target, NULL, info, sender);
}

static int
kill_one(struct lwp *sender, int32_t pid, const struct proc_siginfo *info)
{
	struct proc *target = pid_proc(pid);

	if (target == NULL)
		return TINE_ESRCH;
	if (target != sender->proc &&
	    !signal_allowed(sender->proc, target, info->signo))
		return TINE_EPERM;
	return kill_send(sender, target, info);
}

/* A signal to many goes to none of the system, nor to init. */
static bool
kill_reaches(
    const struct proc *sender, const struct proc *target, int32_t signal)
{
	return (target->flags & PROC_SYSTEM) == 0 && target != initproc &&
	       signal_allowed(sender, target, signal);
}

/* Of several errors the first is told. */
static int
error_first(int error, int then)
{
	return error ? error : then;
}

static int
kill_group(struct lwp *sender, const struct pgrp *pgrp,
    const struct proc_siginfo *info)
{
	bool found = false;
	int error = 0;

	if (pgrp == NULL)
		return TINE_ESRCH;
	LIST_FOREACH(link, &pgrp->members)
	{
		struct proc *target = LIST_ENTRY(link, struct proc, pgrp_link);

		if (!kill_reaches(sender->proc, target, info->signo))
			continue;
		found = true;
		error = error_first(error, kill_send(sender, target, info));
	}
	return found ? error : TINE_ESRCH;
}

/* Everybody but the sender; with uid not NULL, those of that user. */
static int
kill_all(
    struct lwp *sender, const struct proc_siginfo *info, const uint32_t *uid)
{
	bool found = false;
	int error = 0;

	for (uint32_t i = 0; i < pid_table_size(); i++) {
		struct proc *target = pid_slot_proc(i);

		if (target == NULL || target == sender->proc ||
		    (uid != NULL && target->cred->user->uid != *uid) ||
		    !kill_reaches(sender->proc, target, info->signo))
			continue;
		found = true;
		error = error_first(error, kill_send(sender, target, info));
	}
	return found ? error : TINE_ESRCH;
}

/* What a receiver learns of who sent a signal. */
static void
sender_fill(const struct lwp *sender, int32_t signal, int32_t code,
    struct proc_siginfo *info)
{
	*info = (struct proc_siginfo){
	    .signo = signal,
	    .code = code,
	    .pid = sender->proc->pid,
	    .uid = sender->proc->cred->euid,
	};
}

static int
kill_many(struct lwp *sender, int32_t pid, const struct proc_siginfo *info)
{
	if (info->signo < 0 || info->signo >= PROC_NSIG)
		return TINE_EINVAL;
	if (pid > 0)
		return kill_one(sender, pid, info);
	if (pid == 0)
		return kill_group(sender, sender->proc->pgrp, info);
	if (pid == -1)
		return kill_all(sender, info, NULL);
	/* The smallest int has no opposite, and no group bears it. */
	if (pid == INT32_MIN)
		return TINE_ESRCH;
	return kill_group(sender, pid_pgrp(-pid), info);
}

int
signal_kill(struct lwp *sender, int32_t pid, int32_t signal)
{
	struct proc_siginfo info;

	sender_fill(sender, signal, PROC_SI_USER, &info);
	return kill_many(sender, pid, &info);
}

int
signal_kill_user(struct lwp *sender, uint32_t uid, int32_t signal)
{
	struct proc_siginfo info;

	if (signal < 0 || signal >= PROC_NSIG)
		return TINE_EINVAL;
	sender_fill(sender, signal, PROC_SI_USER, &info);
	return kill_all(sender, &info, &uid);
}

int
signal_queue(struct lwp *sender, int32_t pid, int32_t signal, uint64_t value)
{
	struct proc_siginfo info;

	sender_fill(sender, signal, PROC_SI_QUEUE, &info);
	info.value = value;
	return kill_many(sender, pid, &info);
}

int
signal_lwp_kill(struct lwp *sender, int32_t lid, int32_t signal)
{
	struct proc_siginfo info;

	if (signal < 0 || signal >= PROC_NSIG)
		return TINE_EINVAL;
	/* raise() need not know who it is. */
	if (lid == 0)
		lid = sender->lid;
	LIST_FOREACH(link, &sender->proc->lwps)
	{
		struct lwp *lwp = LIST_ENTRY(link, struct lwp, link);

		if (lwp->lid != lid || lwp->state == LWP_DEAD)
			continue;
		if (signal == 0)
			return 0;
		sender_fill(sender, signal, PROC_SI_LWP, &info);
		return signal_post(lwp->proc, lwp, &info, sender);
	}
	return TINE_ESRCH;
}
