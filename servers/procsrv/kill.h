/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kill.h - who may send what to whom.
 *
 * What the sender sends itself, it takes by signal_done().
 */
#ifndef TINE_PROCSRV_KILL_H
#define TINE_PROCSRV_KILL_H

#include <abi/types.h>

struct lwp;

/*
 * kill() by an LWP; signal 0 only checks.  A zombie takes any signal and
 * nothing happens.  Returns 0; EINVAL no such signal; ESRCH nobody there, and
 * for groups nobody who may be signalled; EPERM.
 */
int signal_kill(struct lwp *sender, int32_t pid, int32_t signal);

/*
 * The same for all processes of a real user id but the sender's own, between
 * which none of them runs: none is born meanwhile.
 */
int signal_kill_user(struct lwp *sender, uint32_t uid, int32_t signal);

/* The same for sigqueue().  EAGAIN: too many are queued. */
int signal_queue(
    struct lwp *sender, int32_t pid, int32_t signal, uint64_t value);

/* _lwp_kill(), within the process; 0: itself.  EINVAL; ESRCH: no such LWP. */
int signal_lwp_kill(struct lwp *sender, int32_t lid, int32_t signal);

#endif
