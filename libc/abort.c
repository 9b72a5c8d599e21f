/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * abort.c - ending a process by SIGABRT.
 *
 * A handler runs, but cannot keep the process alive unless it jumps out.
 * Nothing is flushed: abort() may be called from handlers.
 */
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

#define ABORTED 127

void
abort(void)
{
	const struct sigaction action = {.sa_handler = SIG_DFL};
	sigset_t all_but_abort;

	(void)sigfillset(&all_but_abort);
	(void)sigdelset(&all_but_abort, SIGABRT);
	(void)sigprocmask(SIG_SETMASK, &all_but_abort, NULL);
	(void)raise(SIGABRT);
	/* It was ignored, or a handler has returned. */
	(void)sigaction(SIGABRT, &action, NULL);
	(void)sigprocmask(SIG_SETMASK, &all_but_abort, NULL);
	(void)raise(SIGABRT);
	_exit(ABORTED);
}
