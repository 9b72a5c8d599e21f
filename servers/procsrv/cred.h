/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cred.h - who a process is, and how many processes each user has.
 */
#ifndef TINE_PROCSRV_CRED_H
#define TINE_PROCSRV_CRED_H

#include "list.h"

struct proc;

/*
 * A user.  Invariants: creds is not 0; procs is the number of processes,
 * zombies included, whose credentials have this as their real uid.
 */
struct user {
	struct link link; /* in its hash chain */
	uint32_t uid;
	uint32_t procs;
	uint32_t creds; /* credentials with this real uid */
	uint32_t unused;
};

/* Credentials: shared by count, never changed while anyone else has them. */
struct cred {
	uint64_t unused; /* the pool's */
	struct user *user; /* of the real uid */
	uint32_t refs;
	uint32_t euid;
	uint32_t suid;
	uint32_t gid;
	uint32_t egid;
	uint32_t sgid;
};

void cred_init(void);

/* Root's, for process 0.  ENOMEM. */
int cred_create_root(struct cred **credp);

/* One more, or one fewer, user of the same credentials. */
struct cred *cred_hold(struct cred *cred);
void cred_release(struct cred *cred);

/*
 * The changes of setuid() and its kin, with NetBSD's rules; which is an enum
 * proc_setid.  The count of processes moves to the new real uid, whatever
 * RLIMIT_NPROC says (F78); a change makes the process SUGID.  Returns 0;
 * EPERM not allowed; EINVAL no such change; ENOMEM.
 */
int cred_set(struct proc *proc, uint32_t which, uint32_t a, uint32_t b);

/*
 * What exec makes of credentials: the saved ids are the effective ones, so
 * that what was given up for good cannot be taken back by the new program.
 * One more user of the same if they are already.  ENOMEM.
 */
int cred_exec(struct cred *cred, struct cred **credp);

/* Whether a process with these credentials may signal one with those. */
bool cred_may_signal(const struct cred *from, const struct cred *to);

/* Credentials and users in use; for tests. */
uint32_t cred_count(void);
uint32_t user_count(void);

/* Processes of this user, 0 for an unknown one; for tests. */
uint32_t user_procs(uint32_t uid);

#endif
