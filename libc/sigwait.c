/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sigwait.c - waiting for signals without a handler, and signals that carry
 * a value.
 */
#include "internal.h"
#include "point.h"
#include "sigset.h"
#include "ticks.h"

#include <errno.h>
#include <signal.h>
#include <string.h>

#include <ipc/proc.h>

/* Wait until a deadline, 0: not at all.  Returns an error, or 0. */
static int
wait_until(const sigset_t *set, siginfo_t *info, uint64_t deadline)
{
	struct proc_sigwait_req req = {
	    .set = sigset_pack(set),
	    .deadline = deadline,
	};
	struct proc_sigwait_rep rep = {0};
	int error;

	error = POINT(TINE_RESTARTED(proc_sigwait(SLOT_PROC, &req, &rep)));
	if (error)
		return error;
	memset(info, 0, sizeof(*info));
	info->si_signo = rep.signal;
	info->si_code = rep.code;
	info->si_status = rep.status;
	info->si_pid = rep.pid;
	info->si_uid = rep.uid;
	info->si_value.sival_ptr = (void *)rep.value;
	return 0;
}

/*
 * Take one of these signals, which are held, once it comes.  NULL as timeout:
 * however long that takes.  Returns its number, or -1 with errno
 *	EAGAIN	none came in time
 *	EINTR	a handler ran for another one
 *	EINVAL	timeout
 */
int
sigtimedwait(const sigset_t *restrict set, siginfo_t *restrict info,
    const struct timespec *restrict timeout)
{
	uint64_t deadline = PROC_FOREVER;
	siginfo_t ours;
	int error;

	if (timeout != NULL) {
		if (!timespec_valid(timeout))
			return __tine_fail(EINVAL);
		deadline = ticks_of_timespec(timeout, __tine_timebase());
		if (deadline != 0)
			deadline = ticks_add(__tine_now(), deadline);
	}
	error = wait_until(set, &ours, deadline);
	if (error)
		return __tine_fail(error);
	if (info != NULL)
		*info = ours;
	return ours.si_signo;
}

int
sigwaitinfo(const sigset_t *restrict set, siginfo_t *restrict info)
{
	return sigtimedwait(set, info, NULL);
}

/* The same, but returns an error, and handlers of others do not end it. */
int
sigwait(const sigset_t *restrict set, int *restrict number)
{
	siginfo_t info;
	int error;

	do {
		error = wait_until(set, &info, PROC_FOREVER);
	} while (error == EINTR);
	if (error)
		return error;
	*number = info.si_signo;
	return 0;
}

/*
 * Send a signal with a value.  Returns 0, or -1 with errno
 *	EAGAIN	too many are queued
 *	EINVAL	no such signal
 *	ESRCH	no such process
 *	EPERM	not allowed
 */
int
sigqueue(pid_t pid, int signal, const union sigval value)
{
	struct proc_sigqueue_req req = {
	    .pid = pid,
	    .signal = signal,
	    .value = (uintptr_t)value.sival_ptr,
	};
	struct proc_sigqueue_rep rep;

	return tine_result(proc_sigqueue(SLOT_PROC, &req, &rep));
}
