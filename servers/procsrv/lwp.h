/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lwp.h - LWPs as their own process sees them: NetBSD's _lwp_*(2).
 *
 * The calls take the LWP that makes them, and return 0, an error, or
 * SERVE_LATER when they keep the token.  A signal that ends a wait here does
 * it by lwp_unblock() and an answer of EINTR or ERESTART; _lwp_park() is not
 * restarted after a handler ran.
 */
#ifndef TINE_PROCSRV_LWP_H
#define TINE_PROCSRV_LWP_H

#include <abi/types.h>

#include "proc.h"

/*
 * As lwp_block(), and at the deadline, in ticks, the call fails with
 * ETIMEDOUT.  PROC_FOREVER: there is none.
 */
void lwp_block_until(
    struct lwp *lwp, enum lwp_state state, token_t token, uint64_t deadline);

/* The LWP of a process with an id; NULL: there is none, or it is DEAD. */
struct lwp *lwp_find_live(const struct proc *proc, int32_t lid);

/*
 * One more LWP in the process of l1, a caller: it has l1's signal mask and
 * starts with these registers.  flags: PROC_LWP_*.  Returns 0 and its id;
 * EINVAL flags, or a pc that can't be; EAGAIN as many as RLIMIT_NTHR allows,
 * those included that nobody has waited for; ENOMEM; ESTALE l1 is gone.
 * After an error all is as before.
 */
int lwp_create(struct lwp *l1, token_t token, const struct regs *regs,
    uint32_t flags, int32_t *lidp);

/* End the caller; if it is the last one, its process. */
void lwp_exit(struct lwp *lwp);

/* Stop, and let go on.  ESRCH; EDEADLK it is the last that runs. */
int lwp_suspend(struct lwp *lwp, int32_t lid);
int lwp_continue(struct lwp *lwp, int32_t lid);

/*
 * Wait for the end of an LWP that is not detached, or (0) of any.  Returns 0
 * with *lidp the one that ended, which is forgotten then; ESRCH there is no
 * such one; EINVAL it is detached; EDEADLK it waits for the caller, is the
 * caller, or all others wait already; SERVE_LATER.
 */
int lwp_wait(struct lwp *lwp, token_t token, int32_t lid, int32_t *lidp);

/* Nobody will wait for an LWP.  ESRCH; EINVAL it is so already. */
int lwp_detach(struct lwp *lwp, int32_t lid);

/* An LWP with this id ended or was detached: who waits looks again. */
void lwp_wait_wake(struct proc *proc, int32_t lid);

/*
 * Let another LWP go on (0: none), then wait until somebody does the same
 * for the caller.  ESRCH; ETIMEDOUT; EALREADY somebody did before.
 */
int lwp_park(struct lwp *lwp, token_t token, uint64_t deadline, int32_t unpark);
int lwp_unpark(const struct proc *proc, int32_t lid);

#endif
