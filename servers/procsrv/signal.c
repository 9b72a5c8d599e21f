/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * signal.c - signals with their default actions.
 */
#include "signal.h"

#include <abi/errors.h>
#include <ipc/proc.h>

#include "cred.h"
#include "exit.h"
#include "pgrp.h"
#include "pid.h"
#include "proc.h"

enum action {
	ACTION_TERMINATE,
	ACTION_IGNORE,
	ACTION_STOP,
};

static enum action
signal_default(int32_t signal)
{
	switch (signal) {
	case SIGURG:
	case SIGCONT: /* nobody is stopped */
	case SIGCHLD:
	case SIGIO:
	case SIGWINCH:
	case SIGINFO:
	case SIGPWR:
		return ACTION_IGNORE;
	case SIGSTOP:
	case SIGTSTP:
	case SIGTTIN:
	case SIGTTOU:
		return ACTION_STOP;
	default:
		return ACTION_TERMINATE;
	}
}

/* Whether a process may send this signal to another. */
static bool
signal_allowed(
    const struct proc *sender, const struct proc *target, int32_t signal)
{
	if (signal == SIGCONT && sender->pgrp->session == target->pgrp->session)
		return true;
	return cred_may_signal(sender->cred, target->cred);
}

/* Let a signal that it may be sent do what it does by default. */
static void
signal_deliver(struct proc *target, int32_t signal)
{
	/* Init is immune to what it doesn't catch, and it catches nothing. */
	if (target->state != PROC_ACTIVE || target == initproc || signal == 0)
		return;
	if (signal_default(signal) == ACTION_TERMINATE)
		proc_doom(target, signal);
}

static int
kill_one(const struct proc *sender, int32_t pid, int32_t signal)
{
	struct proc *target = pid_proc(pid);

	if (target == NULL)
		return TINE_ESRCH;
	if (!signal_allowed(sender, target, signal))
		return TINE_EPERM;
	signal_deliver(target, signal);
	return 0;
}

/* A signal to many goes to none of the system, nor to init. */
static bool
kill_reaches(
    const struct proc *sender, const struct proc *target, int32_t signal)
{
	return (target->flags & PROC_SYSTEM) == 0 && target != initproc &&
	       signal_allowed(sender, target, signal);
}

static int
kill_group(const struct proc *sender, const struct pgrp *pgrp, int32_t signal)
{
	bool found = false;

	if (pgrp == NULL)
		return TINE_ESRCH;
	LIST_FOREACH(link, &pgrp->members)
	{
		struct proc *target = LIST_ENTRY(link, struct proc, pgrp_link);

		if (!kill_reaches(sender, target, signal))
			continue;
		found = true;
		signal_deliver(target, signal);
	}
	return found ? 0 : TINE_ESRCH;
}

/* Everybody but the sender. */
static int
kill_all(const struct proc *sender, int32_t signal)
{
	bool found = false;

	for (uint32_t i = 0; i < pid_table_size(); i++) {
		struct proc *target = pid_slot_proc(i);

		if (target == NULL || target == sender ||
		    !kill_reaches(sender, target, signal))
			continue;
		found = true;
		signal_deliver(target, signal);
	}
	return found ? 0 : TINE_ESRCH;
}

int
signal_kill(struct proc *sender, int32_t pid, int32_t signal)
{
	if (signal < 0 || signal >= PROC_NSIG)
		return TINE_EINVAL;
	if (signal != 0 && signal_default(signal) == ACTION_STOP)
		return TINE_ENOSYS;
	if (pid > 0)
		return kill_one(sender, pid, signal);
	if (pid == 0)
		return kill_group(sender, sender->pgrp, signal);
	if (pid == -1)
		return kill_all(sender, signal);
	/* The smallest int has no opposite, and no group bears it. */
	if (pid == INT32_MIN)
		return TINE_ESRCH;
	return kill_group(sender, pid_pgrp(-pid), signal);
}

void
signal_fault(struct lwp *lwp, int32_t signal)
{
	proc_doom(lwp->proc, signal);
}

int32_t
signal_of_exception(uint64_t scause)
{
	switch (scause) {
	case 2: /* illegal instruction */
		return SIGILL;
	case 3: /* breakpoint */
		return SIGTRAP;
	case 0: /* misaligned: fetch, load, store */
	case 4:
	case 6:
	case 1: /* access fault: fetch, load, store */
	case 5:
	case 7:
		return SIGBUS;
	default: /* page faults that no pager takes */
		return SIGSEGV;
	}
}

/* Until signals are merged. */
bool
signal_waits(const struct lwp *lwp)
{
	(void)lwp;
	return false;
}

int
signal_error(struct lwp *lwp)
{
	(void)lwp;
	return TINE_EINTR;
}

void
signal_proc(struct proc *proc, const struct proc_siginfo *info)
{
	signal_deliver(proc, info->signo);
}

void
signal_pgrp(struct pgrp *pgrp, const struct proc_siginfo *info)
{
	LIST_FOREACH(link, &pgrp->members)
	{
		signal_proc(LIST_ENTRY(link, struct proc, pgrp_link), info);
	}
}
