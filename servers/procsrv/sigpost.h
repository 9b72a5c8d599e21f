/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sigpost.h - a signal arrives; what is behind signal_proc() and signal_lwp().
 */
#ifndef TINE_PROCSRV_SIGPOST_H
#define TINE_PROCSRV_SIGPOST_H

#include <abi/types.h>

struct lwp;
struct proc;
struct proc_siginfo;

/*
 * Send a signal to a process or, if lwp is not NULL, to that LWP of it.  Self
 * is the LWP whose call is being served: it is left alone, and takes what it
 * got by signal_done().  EAGAIN: too many are queued, for sigqueue() only.
 */
int signal_post(struct proc *proc, struct lwp *lwp,
    const struct proc_siginfo *info, struct lwp *self);

/* What the process has pending and an LWP holds by now goes to its others. */
void signal_pass_on(struct lwp *lwp);

#endif
