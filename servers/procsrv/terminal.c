/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * terminal.c - the console as the controlling terminal of a session.
 */
#include "terminal.h"

#include <abi/errors.h>
#include <ipc/proc.h>
#include <ipc/slots.h>
#include <ipc/tty.h>

#include "pgrp.h"
#include "pid.h"
#include "proc.h"
#include "signal.h"

/* What tcgetpgrp() says when there is no foreground group: POSIX. */
#define PGID_NONE INT32_MAX

static const struct session *owner;
static struct pgrp *foreground; /* NULL: the group that was is gone */

void
terminal_open(const struct proc *proc)
{
	owner = proc->pgrp->session;
	foreground = proc->pgrp;
}

int
terminal_group(const struct proc *proc, int32_t *pgidp)
{
	if (proc->pgrp->session != owner)
		return TINE_ENOTTY;
	*pgidp = foreground != NULL ? foreground->pgid : PGID_NONE;
	return 0;
}

int
terminal_set_group(const struct proc *proc, int32_t pgid)
{
	struct pgrp *pgrp;

	if (proc->pgrp->session != owner)
		return TINE_ENOTTY;
	if (pgid <= 0)
		return TINE_EINVAL;
	pgrp = pid_pgrp(pgid);
	if (pgrp == NULL || pgrp->session != owner)
		return TINE_EPERM;
	foreground = pgrp;
	return 0;
}

void
terminal_forget(const struct pgrp *pgrp)
{
	if (foreground == pgrp)
		foreground = NULL;
}

void
terminal_event(void)
{
	const struct tty_event_req req = {};
	struct proc_siginfo info = {};
	struct tty_event_rep rep;

	while (tty_event(SLOT_TTY, &req, &rep) == 0) {
		info.signo = rep.signal;
		if (foreground != NULL)
			signal_pgrp(foreground, &info);
	}
}
