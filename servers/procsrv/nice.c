/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * nice.c - which processes run before others.
 *
 * The rules are those of NetBSD's kern_resource.c: sys_getpriority(),
 * sys_setpriority(), donice() and the listener for KAUTH_PROCESS_NICE.
 */
#include "nice.h"

#include <abi/errors.h>
#include <ipc/proc.h>
#include <ipc/slots.h>
#include <ipc/vm.h>

#include "cred.h"
#include "pgrp.h"
#include "pid.h"
#include "proc.h"

/* What is done with each of those that are meant. */
struct visit {
	const struct proc *caller;
	bool set;
	int32_t nice; /* to be set; or the lowest found */
	bool found;
	int error; /* the first */
};

/* Whether the caller may give a process this value: 0, EPERM, EACCES. */
static int
nice_check(const struct cred *by, const struct proc *target, int32_t nice)
{
	uint32_t uid = target->cred->euid;

	if (by->euid == 0)
		return 0;
	if (by->euid != uid && by->user->uid != uid)
		return by->user->uid == 0 ? TINE_EACCES : TINE_EPERM;
	return nice >= target->nice ? 0 : TINE_EACCES;
}

/* Have all threads of a process run by its nice value. */
static void
nice_apply(const struct proc *proc)
{
	struct vm_thread_priority_req req = {
	    .space = proc->space,
	    .priority = (uint64_t)(PRIORITY_USER - proc->nice),
	};
	struct vm_thread_priority_rep rep;

	LIST_FOREACH(link, &proc->lwps)
	{
		const struct lwp *lwp = LIST_ENTRY(link, struct lwp, link);

		if (lwp->state == LWP_DEAD)
			continue;
		req.thread = lwp->thread;
		/* It is there, and the value is in the range. */
		(void)vm_thread_priority(SLOT_VM, &req, &rep);
	}
}

static void
visit_proc(struct visit *visit, struct proc *target)
{
	int error;

	if (!visit->set) {
		if (!visit->found || target->nice < visit->nice)
			visit->nice = target->nice;
		visit->found = true;
		return;
	}
	visit->found = true;
	error = nice_check(visit->caller->cred, target, visit->nice);
	if (visit->error == 0)
		visit->error = error;
	/* Who asks for what is so already costs nobody anything. */
	if (error || target->nice == visit->nice)
		return;
	target->nice = visit->nice;
	nice_apply(target);
}

/* A zombie is not found by its pid. */
static void
visit_pid(struct visit *visit, uint32_t pid)
{
	struct proc *target = pid_proc((int32_t)pid);

	if (target != NULL && target->state != PROC_ZOMBIE)
		visit_proc(visit, target);
}

/* But as a member of its group, until it is reaped. */
static void
visit_members(struct visit *visit, const struct pgrp *pgrp)
{
	if (pgrp == NULL)
		return;
	LIST_FOREACH(link, &pgrp->members)
	visit_proc(visit, LIST_ENTRY(link, struct proc, pgrp_link));
}

static void
visit_user(struct visit *visit, uint32_t uid)
{
	for (uint32_t i = 0; i < pid_table_size(); i++) {
		struct proc *target = pid_slot_proc(i);

		if (target != NULL && target->state != PROC_ZOMBIE &&
		    (target->flags & PROC_SYSTEM) == 0 &&
		    target->cred->euid == uid)
			visit_proc(visit, target);
	}
}

static int
visit_all(struct visit *visit, uint32_t which, uint32_t who)
{
	const struct proc *caller = visit->caller;

	switch (which) {
	case PROC_PRIO_PROCESS:
		visit_pid(visit, who != 0 ? who : (uint32_t)caller->pid);
		break;
	case PROC_PRIO_PGRP:
		visit_members(
		    visit, who != 0 ? pid_pgrp((int32_t)who) : caller->pgrp);
		break;
	case PROC_PRIO_USER:
		visit_user(visit, who != 0 ? who : caller->cred->euid);
		break;
	default:
		return TINE_EINVAL;
	}
	return visit->found ? visit->error : TINE_ESRCH;
}

int
nice_get(
    const struct proc *caller, uint32_t which, uint32_t who, int32_t *nicep)
{
	struct visit visit = {.caller = caller};
	int error = visit_all(&visit, which, who);

	if (error == 0)
		*nicep = visit.nice;
	return error;
}

int
nice_set(const struct proc *caller, uint32_t which, uint32_t who, int32_t nice)
{
	struct visit visit = {.caller = caller, .set = true, .nice = nice};

	if (nice < NICE_MIN)
		visit.nice = NICE_MIN;
	if (nice > NICE_MAX)
		visit.nice = NICE_MAX;
	return visit_all(&visit, which, who);
}
