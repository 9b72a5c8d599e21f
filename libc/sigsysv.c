/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sigsysv.c - signals as System V had them, and POSIX's XSI option has.
 */
#include "internal.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>

/* Hold one signal, or let it go.  Returns 0, or -1 with errno EINVAL. */
static int
change(int how, int signal, sigset_t *old)
{
	sigset_t set = {{0}};

	if (sigaddset(&set, signal) != 0)
		return -1;
	return sigprocmask(how, &set, old);
}

int
sighold(int signal)
{
	return change(SIG_BLOCK, signal, NULL);
}

int
sigrelse(int signal)
{
	return change(SIG_UNBLOCK, signal, NULL);
}

/* Returns 0, or -1 with errno EINVAL. */
int
sigignore(int signal)
{
	const struct sigaction action = {.sa_handler = SIG_IGN};

	return sigaction(signal, &action, NULL);
}

/* Let a signal through until a handler has run.  Returns -1: EINTR, EINVAL. */
int
sigpause(int signal)
{
	sigset_t mask = {{0}};

	if (sigprocmask(SIG_BLOCK, NULL, &mask) != 0 ||
	    sigdelset(&mask, signal) != 0)
		return -1;
	return sigsuspend(&mask);
}

/*
 * With SIG_HOLD: hold a signal.  Otherwise set what it does, and let it go.
 * Returns what it did, SIG_HOLD if it was held, or SIG_ERR with errno EINVAL.
 */
_sig_func_ptr
sigset(int signal, _sig_func_ptr handler)
{
	const struct sigaction action = {.sa_handler = handler};
	struct sigaction old = {0};
	sigset_t mask = {{0}};
	int hold = handler == SIG_HOLD;

	if (sigaction(signal, hold ? NULL : &action, &old) != 0 ||
	    change(hold ? SIG_BLOCK : SIG_UNBLOCK, signal, &mask) != 0)
		return SIG_ERR;
	return sigismember(&mask, signal) > 0 ? SIG_HOLD : old.sa_handler;
}
