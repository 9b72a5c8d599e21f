/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sigaction.c - what signals do, and the stack that handlers run on.
 *
 * Actions are kept by procsrv: a table here would be wrong in a vfork child.
 */
#include "context.h"
#include "internal.h"
#include "sigset.h"

#include <errno.h>
#include <signal.h>
#include <string.h>

#include <ipc/proc.h>

_Static_assert(SA_ONSTACK == PROC_SA_ONSTACK, "signal.h");
_Static_assert(SA_RESTART == PROC_SA_RESTART, "signal.h");
_Static_assert(SA_RESETHAND == PROC_SA_RESETHAND, "signal.h");
_Static_assert(SA_NOCLDSTOP == PROC_SA_NOCLDSTOP, "signal.h");
_Static_assert(SA_NODEFER == PROC_SA_NODEFER, "signal.h");
_Static_assert(SA_NOCLDWAIT == PROC_SA_NOCLDWAIT, "signal.h");
_Static_assert(SA_SIGINFO == PROC_SA_SIGINFO, "signal.h");
_Static_assert(SS_ONSTACK == PROC_SS_ONSTACK, "signal.h");
_Static_assert(SS_DISABLE == PROC_SS_DISABLE, "signal.h");
_Static_assert(MINSIGSTKSZ >= PROC_MINSIGSTKSZ, "signal.h");
#ifndef __clang__ /* to which a cast pointer is no constant */
_Static_assert((uintptr_t)SIG_DFL == PROC_SIG_DFL, "signal.h");
_Static_assert((uintptr_t)SIG_IGN == PROC_SIG_IGN, "signal.h");
#endif

/* Signals that interrupt calls for good: siginterrupt(). */
static sigset_t interrupting;

/*
 * Set (unless NULL) and tell (unless NULL) what a signal does.  Returns 0, or
 * -1 with errno EINVAL: no such signal, it is SIGKILL or SIGSTOP, or flags
 * that there are not.
 */
int
sigaction(int signal, const struct sigaction *restrict action,
    struct sigaction *restrict old)
{
	struct proc_sigaction_req req = {.signal = (uint32_t)signal};
	struct proc_sigaction_rep rep;
	int error;

	if (action != NULL) {
		req.set = 1;
		req.handler = (uintptr_t)action->sa_handler;
		req.trampoline = (uintptr_t)__tine_sigtramp;
		req.mask = sigset_pack(&action->sa_mask);
		req.flags = (uint32_t)action->sa_flags;
	}
	error = proc_sigaction(SLOT_PROC, &req, &rep);
	if (error)
		return __tine_fail(error);
	if (old != NULL) {
		old->sa_handler = (_sig_func_ptr)rep.handler;
		old->sa_mask = sigset_unpack(rep.mask);
		old->sa_flags = (int)rep.flags;
	}
	return 0;
}

/*
 * Set a handler as BSD does: it stays, its signal is held while it runs, and
 * calls that it interrupts go on.  Returns the old one, or SIG_ERR with errno
 * EINVAL.
 */
_sig_func_ptr
signal(int number, _sig_func_ptr handler)
{
	struct sigaction action = {.sa_handler = handler}, old = {0};

	if (sigismember(&interrupting, number) == 0)
		action.sa_flags = SA_RESTART;
	if (sigaction(number, &action, &old) != 0)
		return SIG_ERR;
	return old.sa_handler;
}

/* Whether a signal's handler interrupts calls for good.  -1 and EINVAL. */
int
siginterrupt(int signal, int interrupt)
{
	struct sigaction action = {0};

	if (sigaction(signal, NULL, &action) != 0)
		return -1;
	if (interrupt) {
		action.sa_flags &= ~SA_RESTART;
		(void)sigaddset(&interrupting, signal);
	} else {
		action.sa_flags |= SA_RESTART;
		(void)sigdelset(&interrupting, signal);
	}
	return sigaction(signal, &action, NULL);
}

/*
 * Set and tell where handlers with SA_ONSTACK run.  Returns 0, or -1 with
 * errno
 *	EPERM	the stack is in use
 *	EINVAL	a flag other than SS_DISABLE
 *	ENOMEM	less than MINSIGSTKSZ
 */
int
sigaltstack(const stack_t *restrict stack, stack_t *restrict old)
{
	struct proc_sigaltstack_req req = {.set = stack != NULL};
	struct proc_sigaltstack_rep rep;
	int error;

	if (stack != NULL) {
		if (stack->ss_flags == 0 && stack->ss_size < MINSIGSTKSZ)
			return __tine_fail(ENOMEM);
		req.sp = (uintptr_t)stack->ss_sp;
		req.size = stack->ss_size;
		req.flags = (uint32_t)stack->ss_flags;
	}
	error = proc_sigaltstack(SLOT_PROC, &req, &rep);
	if (error)
		return __tine_fail(error);
	if (old != NULL) {
		memset(old, 0, sizeof(*old));
		old->ss_sp = (void *)rep.sp;
		old->ss_size = rep.size;
		old->ss_flags = (int)rep.flags;
	}
	return 0;
}
