/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * signal.c - sending signals, and sets of them.
 */
#include "internal.h"
#include "point.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include <ipc/proc.h>

_Static_assert(NSIG == PROC_NSIG, "signal.h");

/*
 * Send a signal (0: only see if one could).  Returns 0, or -1 with errno
 *	EINVAL	no such signal
 *	ESRCH	nobody there
 *	EPERM	not allowed
 */
int
kill(pid_t pid, int signal)
{
	struct proc_kill_req req = {.pid = pid, .signal = signal};
	struct proc_kill_rep rep;

	return tine_result(proc_kill(SLOT_PROC, &req, &rep));
}

int
killpg(pid_t pgid, int signal)
{
	if (pgid < 0)
		return __tine_fail(EINVAL);
	return kill(-pgid, signal);
}

/*
 * Send a signal to the calling thread, in one request: LWP 0 is the caller
 * itself.  Returns 0, or -1 with errno EINVAL.
 */
int
raise(int signal)
{
	struct proc_lwp_kill_req req = {.lid = 0, .signal = signal};
	struct proc_lwp_kill_rep rep;

	return tine_result(proc_lwp_kill(SLOT_PROC, &req, &rep));
}

static bool
valid(int signal)
{
	return signal > 0 && signal < NSIG && signal != SIGCANCEL;
}

static uint32_t
bit(int signal)
{
	return (uint32_t)1 << (signal - 1) % 32;
}

int
sigemptyset(sigset_t *set)
{
	memset(set, 0, sizeof(*set));
	return 0;
}

int
sigfillset(sigset_t *set)
{
	memset(set, 0xff, sizeof(*set));
	set->__bits[(SIGCANCEL - 1) / 32] &= ~bit(SIGCANCEL);
	return 0;
}

int
sigaddset(sigset_t *set, int signal)
{
	if (!valid(signal))
		return __tine_fail(EINVAL);
	set->__bits[(signal - 1) / 32] |= bit(signal);
	return 0;
}

int
sigdelset(sigset_t *set, int signal)
{
	if (!valid(signal))
		return __tine_fail(EINVAL);
	set->__bits[(signal - 1) / 32] &= ~bit(signal);
	return 0;
}

int
sigismember(const sigset_t *set, int signal)
{
	if (!valid(signal))
		return __tine_fail(EINVAL);
	return (set->__bits[(signal - 1) / 32] & bit(signal)) != 0;
}
