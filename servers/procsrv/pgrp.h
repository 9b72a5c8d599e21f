/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pgrp.h - process groups and sessions.
 */
#ifndef TINE_PROCSRV_PGRP_H
#define TINE_PROCSRV_PGRP_H

#include "list.h"

struct proc;

/* Invariant: groups counts the groups in it, and is not 0. */
struct session {
	struct link unused; /* the pool's */
	int32_t sid;
	uint32_t groups;
};

/* Invariant: members has the pgrp_link of each process in it; not empty. */
struct pgrp {
	struct link unused; /* the pool's */
	int32_t pgid;
	struct session *session;
	struct list members; /* zombies too, until they are reaped */
};

/*
 * A new session with one group, both with this pid, and its first member.
 * ENOMEM.
 */
int session_create(struct proc *leader);

/* Put a new process right after another one in its group (F23). */
void pgrp_join(struct proc *proc, struct proc *after);

/* Take a process out; an empty group ends, and with its last a session. */
void pgrp_leave(struct proc *proc);

/*
 * setpgid() by a caller, pid and pgid as there (F76).  EINVAL: pgid is
 * negative; ESRCH: pid is neither the caller nor a descendant, or dead; EPERM:
 * another session's, a session's leader, or no such group; EACCES: it has
 * executed a program; ENOMEM.
 */
int pgrp_set(struct proc *caller, int32_t pid, int32_t pgid);

/*
 * setsid(): a new session and group, both with the caller's pid, without a
 * terminal.  EPERM: there is a group with that number; ENOMEM.
 */
int pgrp_set_session(struct proc *caller);

/* Groups and sessions alive; for tests. */
uint32_t pgrp_count(void);
uint32_t session_count(void);

#endif
