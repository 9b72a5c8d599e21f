/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sigdeliver.h - an LWP takes its signals.
 */
#ifndef TINE_PROCSRV_SIGDELIVER_H
#define TINE_PROCSRV_SIGDELIVER_H

#include <abi/types.h>

struct lwp;
struct proc;
struct proc_siginfo;

/* How a call is answered whose LWP takes a signal. */
enum answer {
	ANSWER_PLAIN, /* with success; or it was the kernel's call */
	ANSWER_RESTART, /* EINTR, or with SA_RESTART ERESTART */
	ANSWER_INTR, /* EINTR: it is never made again after a handler */
};

/*
 * Answer the call of an LWP that is RUNNING: let it enter the handler of the
 * next signal it is to take, stop, or die.  Without a signal the answer is,
 * by how, success or ERESTART.
 */
void signal_answer(struct lwp *lwp, token_t token, enum answer how);

/* How to answer the call that an interruptible LWP waits in. */
enum answer signal_answer_of(const struct lwp *lwp);

/*
 * An LWP has made a call that was done, without results but this error, and
 * may have sent itself a signal.  Returns the error, or SERVE_LATER if the
 * call is answered.
 */
int signal_done(struct lwp *lwp, token_t token, int error);

/* Take the next signal of a set; its number, or 0: none is pending. */
int32_t signal_take(struct lwp *lwp, uint64_t set, struct proc_siginfo *info);

/* Let the handler of a signal that is caught and not held be entered. */
void signal_enter(struct lwp *lwp, token_t token, enum answer how,
    const struct proc_siginfo *info);

/* Whether an LWP whose call is not answered is on its alternate stack. */
bool signal_on_altstack(const struct lwp *lwp);

/* End an LWP's sigtimedwait() with a signal. */
void signal_awaited(struct lwp *lwp, const struct proc_siginfo *info);

#endif
