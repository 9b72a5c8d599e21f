/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * wait.h - waiting for children (F70).
 */
#ifndef TINE_PROCSRV_WAIT_H
#define TINE_PROCSRV_WAIT_H

#include <abi/types.h>

struct lwp;
struct proc;
struct proc_wait_req;

/* wait()'s status of a child that has stopped, or goes on. */
#define STATUS_STOPPED(signal) ((signal) << 8 | 0177)
#define STATUS_CONTINUED 0xffff

/*
 * wait6() by an LWP whose call has this token.  Returns SERVE_LATER if the
 * call is answered already or will be when there is news of a child; 0: there
 * is none yet and the caller does not want to wait; ECHILD: there is no child
 * to wait for; EINVAL: unknown options, none that selects anything, or an
 * unknown idtype; EINTR, ERESTART: a signal is there already.
 */
int wait_call(struct lwp *lwp, token_t token, const struct proc_wait_req *req);

/*
 * Have those that wait in a process look again: a child of its has died, has
 * stopped or gone on (PROC_REPORT_STOP, _CONT), or is its child no more.
 */
void wait_wake(struct proc *proc);

#endif
