/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sigacts.h - what a process does about each signal.
 */
#ifndef TINE_PROCSRV_SIGACTS_H
#define TINE_PROCSRV_SIGACTS_H

#include <ipc/proc.h>

struct proc;

struct sigact {
	uint64_t handler; /* PROC_SIG_DFL, PROC_SIG_IGN */
	uint64_t trampoline; /* what the handler returns to */
	uint64_t mask; /* held meanwhile */
	uint64_t flags; /* PROC_SA_* */
};

/*
 * The actions of a process, or of several with SHARESIGS (F33).  Invariants:
 * a signal is in caught iff its handler is one; what is ignored is dropped
 * when it arrives: SIG_IGN or, by default, SIG_DFL, and never SIGCONT; of what
 * is not in kept the action is all zeros, whatever the array holds.
 */
struct sigacts {
	uint64_t unused; /* the pool's */
	uint64_t refs;
	uint64_t caught;
	uint64_t ignored;
	uint64_t kept;
	struct sigact of[PROC_NSIG];
};

/* All by default.  ENOMEM. */
int sigacts_create(struct sigacts **actsp);
struct sigacts *sigacts_hold(struct sigacts *acts);
void sigacts_release(struct sigacts *acts);

/* For a child: a copy or, with FORK_SHARESIGS, the same.  ENOMEM. */
int sigacts_fork(struct sigacts *acts, uint32_t flags, struct sigacts **actsp);

/*
 * For a process that is to run another program: its own if nobody shares
 * them, else a copy.  They are reset by sigacts_exec(), or given up by
 * sigacts_release() unless they are the process's.  ENOMEM.
 */
int sigacts_unshare(struct sigacts *acts, struct sigacts **actsp);

/* F74: what is caught is by default again, and SIGCHLD in any case. */
void sigacts_exec(struct sigacts *acts);

/* The action for a signal. */
void sigacts_get(
    const struct sigacts *acts, int32_t signal, struct sigact *act);
void sigacts_set(
    struct sigacts *acts, int32_t signal, const struct sigact *act);

/* In use; for tests. */
uint32_t sigacts_count(void);

#endif
