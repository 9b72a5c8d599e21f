/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sigmask.c - signals that are held, and the jumps that keep the mask.
 */
#include "internal.h"
#include "point.h"
#include "sigset.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stddef.h>
#include <unistd.h>

#include <ipc/proc.h>

_Static_assert(SIG_BLOCK == PROC_SIG_BLOCK, "signal.h");
_Static_assert(SIG_UNBLOCK == PROC_SIG_UNBLOCK, "signal.h");
_Static_assert(SIG_SETMASK == PROC_SIG_SETMASK, "signal.h");

/* Called by sigsetjmp() alone. */
void __tine_sigjmp_save(sigjmp_buf environment);

/*
 * Change (set not NULL) and tell (old not NULL) which signals the calling
 * thread holds.  Returns 0, or -1 with errno EINVAL: no such change.
 */
int
sigprocmask(int how, const sigset_t *restrict set, sigset_t *restrict old)
{
	struct proc_sigmask_req req = {};
	struct proc_sigmask_rep rep;
	int error;

	if (set != NULL) {
		/* To the server, 0 is a question. */
		if (how == 0)
			return __tine_fail(EINVAL);
		req.how = (uint32_t)how;
		req.set = sigset_pack(set);
	}
	error = proc_sigmask(SLOT_PROC, &req, &rep);
	if (error)
		return __tine_fail(error);
	if (old != NULL)
		*old = sigset_unpack(rep.old);
	return 0;
}

/* Which signals are held and have come. */
int
sigpending(sigset_t *set)
{
	struct proc_sigpending_req req = {};
	struct proc_sigpending_rep rep;
	int error;

	error = proc_sigpending(SLOT_PROC, &req, &rep);
	if (error)
		return __tine_fail(error);
	*set = sigset_unpack(rep.set);
	return 0;
}

/*
 * Hold these signals and no others until a handler has run.  Returns -1 with
 * errno EINTR.
 */
int
sigsuspend(const sigset_t *mask)
{
	struct proc_sigsuspend_req req = {.set = sigset_pack(mask)};
	struct proc_sigsuspend_rep rep;

	return tine_result(
	    POINT(TINE_RESTARTED(proc_sigsuspend(SLOT_PROC, &req, &rep))));
}

/* Wait until a handler has run.  Returns -1 with errno EINTR. */
int
pause(void)
{
	sigset_t mask = {{0}};

	if (sigprocmask(SIG_BLOCK, NULL, &mask) != 0)
		return -1;
	return sigsuspend(&mask);
}

/* Of sigsetjmp(), when the mask is to be saved. */
void
__tine_sigjmp_save(sigjmp_buf environment)
{
	(void)sigprocmask(SIG_BLOCK, NULL, &environment->__mask);
}

void
siglongjmp(sigjmp_buf environment, int value)
{
	/* While the frames of a handler are still there: one may come now. */
	if (environment->__saved)
		(void)sigprocmask(SIG_SETMASK, &environment->__mask, NULL);
	longjmp(environment->__registers, value);
}
