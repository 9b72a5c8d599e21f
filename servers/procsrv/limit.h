/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * limit.h - how many processes there may be, and the resource limits.
 */
#ifndef TINE_PROCSRV_LIMIT_H
#define TINE_PROCSRV_LIMIT_H

#include <abi/types.h>
#include <ipc/proc.h>

struct proc;

struct limit {
	uint64_t soft;
	uint64_t hard;
};

/* A process's limits: shared by count until somebody writes (F34). */
struct limits {
	uint64_t unused; /* the pool's */
	struct limit of[PROC_LIMIT_COUNT];
	uint64_t refs;
};

/* The limits that process 0 starts with.  ENOMEM. */
int limits_create(struct limits **limitsp);
struct limits *limits_hold(struct limits *limits);
void limits_release(struct limits *limits);

/* Tell vmsrv about the limits that it enforces in a new space. */
int limits_push(const struct limits *limits, uint64_t space);

/* getrlimit().  EINVAL: no such resource. */
int limit_get(const struct proc *proc, uint32_t resource, struct limit *limit);

/*
 * setrlimit().  EINVAL: no such resource, or soft above hard; EPERM: a hard
 * limit can only be raised by root; ENOMEM.
 */
int limit_set(struct proc *proc, uint32_t resource, const struct limit *limit);

/*
 * Count one more process of the parent's real uid: F10, F11, F12.  Returns 0,
 * or EAGAIN with nothing counted.
 */
int limit_enter(const struct proc *parent);

/* Count one process of this user less. */
struct user;
void limit_leave(struct user *user);

/* All processes, process 0 and zombies included. */
extern uint32_t nprocs;
/* kern.maxproc: nprocs stays below it. */
extern uint32_t maxproc;
void limit_init(void);

/* Structures in use; for tests. */
uint32_t limits_count(void);

#endif
