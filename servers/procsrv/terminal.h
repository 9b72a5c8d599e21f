/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * terminal.h - the console as the controlling terminal of a session.
 *
 * There is one terminal, and it is the session's that init leads; sessions
 * that are made later have none.  As init can't end, it never loses it.
 */
#ifndef TINE_PROCSRV_TERMINAL_H
#define TINE_PROCSRV_TERMINAL_H

#include <abi/types.h>

struct pgrp;
struct proc;

/* Give the terminal to a process's session, its group in the foreground. */
void terminal_open(const struct proc *proc);

/*
 * tcgetpgrp() by a process: the foreground group, or if it is gone a number
 * that is no group's.  ENOTTY: its session has no terminal.
 */
int terminal_group(const struct proc *proc, int32_t *pgidp);

/*
 * tcsetpgrp().  ENOTTY; EINVAL: no such number; EPERM: no group of the
 * caller's session.
 */
int terminal_set_group(const struct proc *proc, int32_t pgid);

/* A group is about to end: nobody is in the foreground if it was. */
void terminal_forget(const struct pgrp *pgrp);

/* EVENT_TTY came: have what was typed do to processes what it should. */
void terminal_event(void);

#endif
