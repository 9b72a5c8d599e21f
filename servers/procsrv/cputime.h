/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cputime.h - what happens when a process has run for some time: RLIMIT_CPU,
 * ITIMER_VIRTUAL and ITIMER_PROF.
 *
 * Nobody tells procsrv how long a process has run: it looks when that can be
 * the time at the earliest, and then again, but not more often than each
 * 10 ms.  A process without such a limit or timer costs nothing.
 */
#ifndef TINE_PROCSRV_CPUTIME_H
#define TINE_PROCSRV_CPUTIME_H

#include <abi/types.h>

struct proc;
struct proc_itimer_req;
struct proc_itimer_rep;

/* fork: the child gets the parent's limit, with all time to itself.  ENOMEM. */
int cputime_fork(const struct proc *parent, struct proc *child);

/* Make it possible that a process gets a limit.  ENOMEM. */
int cputime_reserve(struct proc *proc);

/* The limit of a process with such a record may be another now. */
void cputime_limit(struct proc *proc);

/* setitimer() and getitimer(), of those two.  EINVAL, ENOMEM. */
int cputime_itimer(struct proc *proc, const struct proc_itimer_req *req,
    struct proc_itimer_rep *rep);

/* Free the record, if there is one. */
void cputime_free(struct proc *proc);

/* Records in use; for tests. */
uint32_t cputime_count(void);

#endif
