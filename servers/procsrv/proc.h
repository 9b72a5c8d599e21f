/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * proc.h - processes and their LWPs.
 *
 * A process is what has a pid, a parent and an exit status; an LWP is a
 * thread of the kernel in it.  Both are records of pools and never move.  A
 * thread's identity, which the kernel delivers with each message, is the
 * number of its LWP record and the generation of its use, so that a message
 * of a thread that is gone finds nobody.
 *
 *	 63               32 31                0
 *	+-------------------+-------------------+
 *	|     generation    |      record       |
 *	+-------------------+-------------------+
 */
#ifndef TINE_PROCSRV_PROC_H
#define TINE_PROCSRV_PROC_H

#include <ipc/proc.h>

#include "list.h"

struct cred;
struct limits;
struct pgrp;
struct proc;

/* What an LWP is doing, as far as procsrv can tell. */
enum lwp_state {
	LWP_FREE = 0,
	LWP_RUNNING, /* or in a call to another server */
	LWP_WAITING, /* in wait(): token is to be answered */
	LWP_VFORKING, /* until a vfork child execs or exits: likewise */
};

/* Invariant: token is not 0 iff the state is WAITING or VFORKING. */
struct lwp {
	struct link link; /* in its process; first: the pool clobbers it */
	struct proc *proc;
	uint32_t index;
	uint32_t generation;
	uint64_t thread; /* the kernel's object name */
	uint64_t token;
	uint32_t state; /* enum lwp_state */
	int32_t lid; /* LWP id in its process, from 1 */
	int32_t wait_pid; /* WAITING: what wait() asked for */
	uint32_t wait_options;
	int32_t vfork_pid; /* VFORKING: the child, to be returned */
	uint32_t unused;
};

/* proc.flags */
#define PROC_SUGID 0x01u /* ids changed since the last exec of another's */
#define PROC_NOCLDWAIT 0x02u /* its children become init's at exit */
#define PROC_CLDSIGIGN 0x04u
#define PROC_STOPFORK 0x08u
#define PROC_STOPEXEC 0x10u
#define PROC_NOCLDSTOP 0x20u
#define PROC_SYSTEM 0x40u /* no program, no signals */
#define PROC_DOOMED 0x80u /* in the queue of exit.c */
#define PROC_AFORK 0x100u /* forked and has not executed a program yet */
/* What a child gets from its parent (F26). */
#define PROC_INHERITED \
	(PROC_SUGID | PROC_NOCLDWAIT | PROC_CLDSIGIGN | PROC_STOPFORK | \
	    PROC_STOPEXEC | PROC_NOCLDSTOP)

/*
 * A process.  Invariants (proc_check() asserts them):
 *   - every process but process 0 is in its parent's list of children;
 *   - nzombies counts the zombies among children;
 *   - a zombie has no LWP and no children, and its space is 0;
 *   - an LWP that vfork_lwp names is VFORKING, unless it is gone.
 */
struct proc {
	struct link sibling; /* in the parent's children; first, see pool.h */
	struct proc *parent;
	struct list children; /* latest born or dead first */
	struct list lwps;
	struct pgrp *pgrp;
	struct link pgrp_link; /* in its members */
	struct cred *cred;
	struct limits *limits;
	struct proc *doomed_next; /* with PROC_DOOMED */
	uint64_t space; /* vmsrv's tag; 0: none */
	uint64_t vfork_lwp; /* identity of who waits for exec or exit; or 0 */
	uint64_t start; /* ticks of rdtime */
	int32_t pid;
	uint32_t state; /* enum proc_state; 0: the record is free */
	uint32_t flags;
	int32_t exitsig; /* to the parent at exit; 0: none */
	int32_t status; /* as wait() gives it */
	int32_t kill_signal; /* to die of once vfork's wait is over; or 0 */
	uint32_t nzombies;
	int32_t last_lid; /* LWP id given out last */
	char name[PROC_NAME_MAX];
};

/* Process 0, which is procsrv itself, and the first of user space. */
extern struct proc *proc0;
extern struct proc *initproc;

/* A record for a new process, which nobody can find yet.  ENOMEM. */
int proc_alloc(struct proc **procp);
/* Give up a record that was never published. */
void proc_free(struct proc *proc);

/* A record for a new LWP of proc, not yet in its list.  ENOMEM. */
int lwp_alloc(struct proc *proc, struct lwp **lwpp);
/* End an LWP record: its identity is stale from here on. */
void lwp_free(struct lwp *lwp);

/* Put a new LWP into its process, which gives it an id. */
void lwp_attach(struct lwp *lwp);

static inline uint64_t
lwp_identity(const struct lwp *lwp)
{
	return lwp->index | (uint64_t)lwp->generation << 32;
}

/* The LWP with this identity; NULL: there is none any more. */
struct lwp *lwp_lookup(uint64_t identity);

/* The only LWP of a process, or the first of several; NULL: a zombie. */
struct lwp *proc_lwp(const struct proc *proc);

/* Make proc, which is in nobody's list, the first child of parent. */
void proc_adopt(struct proc *parent, struct proc *proc);
/* Take proc out of its parent's list. */
void proc_disown(struct proc *proc);

/* Free a zombie, with all that it still held: pid, group, counts. */
void proc_reap(struct proc *proc);

/* Set the name from a path of length bytes: what follows the last slash. */
void proc_set_name(struct proc *proc, const char *path, size_t length);

/* Assert a process's invariants, its children's links too. */
void proc_check(const struct proc *proc);

/* Records in use; for tests. */
uint32_t proc_count(void);
uint32_t lwp_count(void);

#endif
