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

/* Groups and sessions alive; for tests. */
uint32_t pgrp_count(void);
uint32_t session_count(void);

#endif
