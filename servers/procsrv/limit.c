/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * limit.c - the number of processes, and the resource limits.
 */
#include "limit.h"

#include <abi/errors.h>
#include <ipc/slots.h>
#include <ipc/vm.h>

#include "check.h"
#include "cputime.h"
#include "cred.h"
#include "pool.h"
#include "proc.h"

/* NetBSD's NPROC, 20 + 16 * maxusers, for its usual 64 users. */
#define MAXPROC_DEFAULT 1044u
/* The last processes are for root alone (F10). */
#define MAXPROC_RESERVED 5u

/* LWPs of a process: NetBSD's, where it is those of a user. */
#define NTHR_SOFT 1024
#define NTHR_HARD 2048

#define STACK_SOFT (8ul << 20)
#define STACK_HARD (64ul << 20)

uint32_t nprocs;
uint32_t maxproc = MAXPROC_DEFAULT;

static struct pool pool = POOL_INIT(AREA_LIMITS, struct limits);

void
limit_init(void)
{
	maxproc = MAXPROC_DEFAULT;
	nprocs = 0;
}

int
limits_create(struct limits **limitsp)
{
	const struct limit infinite = {
	    PROC_LIMIT_INFINITY, PROC_LIMIT_INFINITY};
	struct limits *limits;
	void *item;
	int error;

	error = pool_get(&pool, &item);
	if (error)
		return error;
	limits = item;
	limits->refs = 1;
	for (uint32_t i = 0; i < PROC_LIMIT_COUNT; i++)
		limits->of[i] = infinite;
	limits->of[PROC_LIMIT_STACK] = (struct limit){STACK_SOFT, STACK_HARD};
	limits->of[PROC_LIMIT_NTHR] = (struct limit){NTHR_SOFT, NTHR_HARD};
	/* F77: min(maxproc, CHILD_MAX). */
	limits->of[PROC_LIMIT_NPROC].hard = maxproc;
	limits->of[PROC_LIMIT_NPROC].soft =
	    maxproc < PROC_CHILD_MAX ? maxproc : PROC_CHILD_MAX;
	*limitsp = limits;
	return 0;
}

struct limits *
limits_hold(struct limits *limits)
{
	limits->refs++;
	return limits;
}

void
limits_release(struct limits *limits)
{
	PROC_ASSERT(limits->refs > 0);
	if (--limits->refs == 0)
		pool_put(&pool, limits);
}

/* vmsrv's name of a limit; 0: it is none of vmsrv's. */
static uint32_t
limit_vm_name(uint32_t resource)
{
	switch (resource) {
	case PROC_LIMIT_DATA:
		return VM_LIMIT_DATA;
	case PROC_LIMIT_STACK:
		return VM_LIMIT_STACK;
	case PROC_LIMIT_AS:
		return VM_LIMIT_AS;
	default:
		return 0;
	}
}

/* Have vmsrv enforce a soft limit, if that is for it to do. */
static int
limit_push(uint64_t space, uint32_t resource, uint64_t soft)
{
	struct vm_limit_req req = {.space = space, .bytes = soft};
	struct vm_limit_rep rep;

	req.limit = limit_vm_name(resource);
	if (req.limit == 0)
		return 0;
	return vm_limit(SLOT_VM, &req, &rep);
}

int
limits_push(const struct limits *limits, uint64_t space)
{
	int error;

	for (uint32_t i = 0; i < PROC_LIMIT_COUNT; i++) {
		error = limit_push(space, i, limits->of[i].soft);
		if (error)
			return error;
	}
	return 0;
}

int
limit_get(const struct proc *proc, uint32_t resource, struct limit *limit)
{
	if (resource >= PROC_LIMIT_COUNT)
		return TINE_EINVAL;
	*limit = proc->limits->of[resource];
	return 0;
}

/* Make a process's limits its own.  ENOMEM. */
static int
limits_unshare(struct proc *proc)
{
	struct limits *own;
	void *item;
	int error;

	if (proc->limits->refs == 1)
		return 0;
	error = pool_get(&pool, &item);
	if (error)
		return error;
	own = item;
	*own = *proc->limits;
	own->refs = 1;
	limits_release(proc->limits);
	proc->limits = own;
	return 0;
}

/* A limit with the values that the system has for it. */
static struct limit
limit_clip(uint32_t resource, const struct limit *asked)
{
	uint64_t most = PROC_LIMIT_INFINITY;
	struct limit limit = *asked;

	if (resource == PROC_LIMIT_NPROC)
		most = maxproc;
	if (limit.soft > most)
		limit.soft = most;
	if (limit.hard > most)
		limit.hard = most;
	return limit;
}

int
limit_set(struct proc *proc, uint32_t resource, const struct limit *asked)
{
	struct limit limit;
	int error;

	if (resource >= PROC_LIMIT_COUNT || asked->soft > asked->hard)
		return TINE_EINVAL;
	limit = limit_clip(resource, asked);
	if (limit.hard > proc->limits->of[resource].hard &&
	    proc->cred->euid != 0)
		return TINE_EPERM;
	error = limits_unshare(proc);
	if (error)
		return error;
	if (resource == PROC_LIMIT_CPU)
		error = cputime_reserve(proc);
	else
		error = limit_push(proc->space, resource, limit.soft);
	if (error)
		return error;

	/* Committed: nothing below can fail. */
	proc->limits->of[resource] = limit;
	if (resource == PROC_LIMIT_CPU)
		cputime_limit(proc);
	return 0;
}

int
limit_enter(const struct proc *parent)
{
	struct user *user = parent->cred->user;
	bool root = parent->cred->euid == 0;
	uint64_t most = parent->limits->of[PROC_LIMIT_NPROC].soft;

	nprocs++;
	if (nprocs >= maxproc ||
	    (nprocs + MAXPROC_RESERVED >= maxproc && !root)) {
		nprocs--;
		console_table_full("proc", "increase kern.maxproc or NPROC");
		return TINE_EAGAIN;
	}
	user->procs++;
	if (user->procs > most && !root) {
		limit_leave(user);
		return TINE_EAGAIN;
	}
	return 0;
}

void
limit_leave(struct user *user)
{
	PROC_ASSERT(nprocs > 0 && user->procs > 0);
	user->procs--;
	nprocs--;
}

uint32_t
limits_count(void)
{
	return pool.used;
}
