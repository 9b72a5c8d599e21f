/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pthread_signal.c - signals to threads.
 */
#include "thread.h"

#include <errno.h>
#include <pthread.h>

/*
 * Send a signal (0: none) to a thread of this process.  Returns 0 or
 *	ESRCH	there is no such thread (any more)
 *	EINVAL	no such signal
 */
int
pthread_kill(pthread_t thread, int signal)
{
	struct proc_lwp_kill_req req = {
	    .lid = __tine_thread_lid(thread),
	    .signal = signal,
	};
	struct proc_lwp_kill_rep rep;

	/* Without the list's lock: a handler may run before this returns. */
	return req.lid == 0 ? ESRCH : proc_lwp_kill(SLOT_PROC, &req, &rep);
}
