/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * stop.h - stopped processes.
 *
 * A process has stop_signal from when it is to stop until it goes on.  Its
 * LWPs stop one by one: at once where procsrv has their call, else when they
 * arrive with their AST, and after a wait that nothing interrupts.  When the
 * last one has, the process is PROC_STOPPED and its parent is told.
 */
#ifndef TINE_PROCSRV_STOP_H
#define TINE_PROCSRV_STOP_H

#include <abi/types.h>

#include "sigdeliver.h"

struct pgrp;

/* Keep the call of an LWP that is RUNNING, to be answered when it goes on. */
void stop_lwp(struct lwp *lwp, token_t token, enum answer how);

/*
 * Stop an LWP where it is, or have it come by; for those that have a reason
 * to, which signal_ast() and signal_resume() see.
 */
void lwp_stop(struct lwp *lwp);

/* Have a process stop. */
void stop_begin(struct proc *proc, int32_t signal);

/* See whether the last LWP of a process that is to stop has. */
void stop_check(struct proc *proc);

/* SIGCONT: let a process that has stopped, or is to, go on. */
void stop_end(struct proc *proc);

/* The same for one that is to die: nothing of it goes on. */
void stop_forget(struct proc *proc);

/*
 * Whether nobody who is in the session and outside the group is parent to a
 * member; as if a process, unless it is NULL, had left already.
 */
bool pgrp_orphaned(const struct pgrp *pgrp, const struct proc *leaving);

#endif
