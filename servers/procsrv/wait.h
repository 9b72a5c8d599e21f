/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * wait.h - waiting for children.
 */
#ifndef TINE_PROCSRV_WAIT_H
#define TINE_PROCSRV_WAIT_H

#include <abi/types.h>

struct lwp;
struct proc;

/*
 * wait4() by an LWP whose call has this token.  Returns SERVE_LATER if the
 * call is answered already or will be when a child dies; 0: no child is dead
 * yet and the caller does not want to wait; ECHILD: there is none to wait
 * for; EINVAL: unknown options.
 */
int wait_call(struct lwp *lwp, token_t token, int32_t pid, uint32_t options);

/* Have those that wait in a process look again. */
void wait_wake(struct proc *proc);

#endif
