/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * reply.h - answers given later than the call's handler returns.
 */
#ifndef TINE_PROCSRV_REPLY_H
#define TINE_PROCSRV_REPLY_H

#include <abi/types.h>

struct proc_siginfo;
struct proc_sigwait_rep;

/* Answer a fork.  Returns 0 or ESTALE: the caller is gone. */
int reply_fork(token_t token, int32_t pid, int32_t second);

/* Answer a wait.  Returns 0 or ESTALE: the caller is gone. */
struct proc_wait_rep;
int reply_wait(token_t token, const struct proc_wait_rep *rep);

/* Answer a sigtimedwait.  Returns 0 or ESTALE: the caller is gone. */
int reply_siginfo(token_t token, const struct proc_siginfo *info);
void sigwait_fill(
    const struct proc_siginfo *info, struct proc_sigwait_rep *rep);

/* Answer _lwp_wait() with who ended.  Returns 0 or ESTALE. */
int reply_lwp(token_t token, int32_t lid);

/* Answer any call with an error.  Returns 0 or ESTALE. */
int reply_error(token_t token, int error);

#endif
