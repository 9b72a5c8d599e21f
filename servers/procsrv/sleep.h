/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sleep.h - LWPs that wait for a time, and the process's interval timer.
 */
#ifndef TINE_PROCSRV_SLEEP_H
#define TINE_PROCSRV_SLEEP_H

#include <abi/types.h>

struct lwp;
struct proc;
struct proc_itimer_rep;
struct proc_itimer_req;

/* kern.forkfsleep, in milliseconds; 0: a refused fork does not sleep. */
#define FORKFSLEEP_MAX 20000
extern uint32_t forkfsleep;

/*
 * nanosleep() by an LWP whose call has this token.  Returns 0 if the deadline
 * (in ticks of rdtime) has passed; SERVE_LATER; EINTR, ERESTART: a signal is
 * there already.
 */
int sleep_call(struct lwp *lwp, token_t token, uint64_t deadline);

/*
 * A fork was refused for there being too many processes.  Returns EAGAIN, or
 * SERVE_LATER if the caller has to wait for that (F13).
 */
int sleep_refused(struct lwp *lwp, token_t token);

/*
 * setitimer() and getitimer().  EINVAL: there is no such timer; ENOMEM.
 * What is less than a millisecond is one: signals must not be all that there
 * is time for.
 */
int itimer_call(struct proc *proc, const struct proc_itimer_req *req,
    struct proc_itimer_rep *rep);

#endif
