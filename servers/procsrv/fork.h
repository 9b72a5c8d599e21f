/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fork.h - process creation.
 */
#ifndef TINE_PROCSRV_FORK_H
#define TINE_PROCSRV_FORK_H

#include <abi/types.h>

struct lwp;
struct proc;

struct fork_args {
	token_t token; /* the caller's, blocked in its call */
	uint32_t flags; /* FORK_* */
	int32_t exitsig; /* to the parent at exit; 0: none */
	uint64_t stack; /* the child's sp; 0: as the caller's */
};

/* Successful forks: all, with PPWAIT, with SHAREVM (F41). */
struct fork_statistics {
	uint64_t forks;
	uint64_t ppwait;
	uint64_t sharevm;
};
extern struct fork_statistics fork_statistics;

/*
 * Make a copy of the process of l1, with one LWP, a copy of l1, and let it
 * run: in it the call that l1 makes returns 0.  The caller answers l1 itself,
 * with PPWAIT not before the child execs or exits (exit.h).  Returns 0 with
 * the child in *childp; EAGAIN too many processes, for the system or the
 * user; ENOMEM; ESTALE l1 is gone.  After an error all is as before.
 */
int fork1(struct lwp *l1, const struct fork_args *args, struct proc **childp);

/*
 * Fill in a new process as a copy of its parent, and make it known: shared
 * by fork1() and by the birth of init.  Neither can fail.
 */
void fork_inherit(const struct proc *parent, struct proc *child,
    const struct fork_args *args);
void fork_link(struct proc *forker, struct proc *child, uint32_t flags);

#endif
