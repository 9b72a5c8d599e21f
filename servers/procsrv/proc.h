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
#include "timer.h"

struct cputime;
struct cred;
struct limits;
struct pgrp;
struct proc;
struct ptimer;
struct sigacts;

/*
 * What an LWP is doing, as far as procsrv can tell.  In all states after
 * RUNNING it has made a call (or the kernel has for it), whose token is in
 * the record and which is answered when the state ends: lwp_unblock().
 */
enum lwp_state {
	LWP_FREE = 0,
	LWP_RUNNING, /* or in a call to another server */
	LWP_WAITING, /* in wait() */
	LWP_VFORKING, /* until a vfork child execs or exits */
	LWP_SIGSUSPENDED, /* in sigsuspend() */
	LWP_SIGWAITING, /* in sigtimedwait() */
	LWP_SLEEPING, /* in nanosleep(), or refused by fork (F13) */
	LWP_PARKED, /* in _lwp_park() */
	LWP_FUTEX, /* in a futex's queue */
	LWP_JOINING, /* in _lwp_wait() */
	LWP_STOPPED, /* at its AST: by a stop signal, or _lwp_suspend() */
	LWP_DEAD, /* has exited, and waits for _lwp_wait(); has no thread */
};

/*
 * Invariants: token is not 0 iff the state is after RUNNING and not DEAD;
 * queue_link is in a list iff the state is FUTEX.
 */
/* What a word is to all that wait for it and wake. */
struct futex_key {
	bool shared;
	uint64_t memory; /* its space; shared: vmsrv's serial */
	uint64_t at; /* its address; shared: its offset in the memory */
};

/* The lock of a condition, and the condition before that. */
#define FUTEX_WOKEN 2

struct lwp {
	struct link link; /* in its process; first: the pool clobbers it */
	struct proc *proc;
	uint32_t index;
	uint32_t generation;
	uint64_t thread; /* the kernel's object name */
	uint64_t token;
	uint32_t state; /* enum lwp_state */
	int32_t lid; /* LWP id in its process, from 1 */
	uint32_t flags; /* LWPF_* */
	int32_t vfork_pid; /* VFORKING: the child, to be returned */

	/* WAITING: what wait() asked for. */
	uint32_t wait_idtype;
	int32_t wait_id;
	uint32_t wait_options;
	int32_t join_lid; /* JOINING: for whom; 0: anyone */

	struct timer timer; /* runs in states with a deadline only */
	struct link queue_link;
	struct futex_key futex; /* FUTEX: the word */
	struct futex_key woken[FUTEX_WOKEN]; /* see futex_pass_on() */

	/* Signals: signal.h. */
	uint64_t sigmask; /* held; never SIGKILL and SIGSTOP */
	uint64_t sigpending; /* for this LWP alone */
	uint64_t sigwait; /* SIGWAITING: the set */
	uint64_t sigoldmask; /* LWPF_OLDMASK: to be put back by a handler */
	uint32_t stopped_in; /* STOPPED: enum answer of its token */
	uint32_t wait_write; /* WAITING: the status goes to the window, too */
	uint64_t altstack_sp;
	uint64_t altstack_size; /* 0: none */
	struct list siginfos; /* of sigpending, in the order of arrival */
};

/* lwp.flags */
#define LWPF_AST 0x01u /* interrupted: its AST is on its way */
#define LWPF_OLDMASK 0x02u /* sigsuspend's end: sigoldmask is good */
#define LWPF_DETACHED 0x04u /* nobody will wait for it */
#define LWPF_SUSPENDED 0x08u /* by _lwp_suspend() */
#define LWPF_UNPARKED 0x10u /* before it parked */
#define LWPF_NOINTR 0x20u /* SLEEPING in a refused fork: no signal ends it */
#define LWPF_CANCELLED 0x40u /* its call to ttysrv, before this AST */
#define LWPF_WOKEN 0x80u /* woken[0], at least, is good */

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
#define PROC_EXITING 0x200u /* exit_status is decided; see exit.h */
#define PROC_REPORT_STOP 0x1000u /* wait() has not told yet that it stopped */
#define PROC_REPORT_CONT 0x2000u /* or that it went on */
/* It takes no signals and lets no LWP go on. */
#define PROC_ENDING (PROC_DOOMED | PROC_EXITING)
/* What a child gets from its parent (F26). */
#define PROC_INHERITED \
	(PROC_SUGID | PROC_NOCLDWAIT | PROC_CLDSIGIGN | PROC_STOPFORK | \
	    PROC_STOPEXEC | PROC_NOCLDSTOP)

/*
 * A process.  Invariants (proc_check() asserts them):
 *   - every process but process 0 is in its parent's list of children;
 *   - nzombies counts the zombies among children;
 *   - nlwps and ndead count the LWPs in lwps, whose ids are all different;
 *   - a zombie has no LWP and no children, and its space is 0;
 *   - of a process that is EXITING only LWPs that are VFORKING are left;
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
	int32_t exit_status; /* DOOMED, EXITING: the status it will have */
	uint32_t nzombies;
	int32_t last_lid; /* LWP id given out last */
	uint32_t nlwps; /* in lwps, DEAD ones not counted */
	uint32_t ndead; /* DEAD ones in lwps */

	/* Signals: signal.h. */
	struct sigacts *sigacts; /* shared with SHARESIGS (F33) */
	uint64_t sigpending; /* for any of its LWPs */
	struct list siginfos; /* of sigpending, in the order of arrival */
	int32_t stop_signal; /* it stopped by, or 0 */
	int32_t nice; /* NICE_MIN to NICE_MAX; all its threads run by it */

	/* Time, in ticks of rdtime. */
	struct timer itimer; /* ITIMER_REAL */
	uint64_t itimer_interval;
	struct ptimer *ptimers; /* timer_create()'s */
	struct cputime *cputime; /* by the time that it ran, or NULL */
	uint64_t times_gone; /* of LWPs that are gone */
	uint64_t times_children; /* of children that were waited for */
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
/* Give up the record of an LWP that is in no list. */
void lwp_free(struct lwp *lwp);

/* Put a new LWP into its process, which gives it an id. */
void lwp_attach(struct lwp *lwp);

/*
 * End an LWP, whose thread is gone: it leaves its process, and whatever it
 * waits for; its identity is stale from here on.
 */
void lwp_remove(struct lwp *lwp);

static inline uint64_t
lwp_identity(const struct lwp *lwp)
{
	return lwp->index | (uint64_t)lwp->generation << 32;
}

/* Keep the token of a call that is answered when the state ends. */
void lwp_block(struct lwp *lwp, enum lwp_state state, token_t token);

/*
 * End whatever an LWP waits for: its timer stops, it leaves its queue, and is
 * RUNNING.  Returns the token, which the caller answers.
 */
token_t lwp_unblock(struct lwp *lwp);

/* Whether it waits so that no signal, SIGKILL neither, ends the wait. */
static inline bool
lwp_uninterruptible(const struct lwp *lwp)
{
	return lwp->state == LWP_VFORKING || (lwp->flags & LWPF_NOINTR) != 0;
}

/* The LWP with this identity; NULL: there is none any more, or it is DEAD. */
struct lwp *lwp_lookup(uint64_t identity);

/* The LWP of a process with an id, DEAD or not; NULL: there is none. */
struct lwp *lwp_find(const struct proc *proc, int32_t lid);

/* The only LWP of a process that is not DEAD, or the first; NULL: a zombie. */
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
