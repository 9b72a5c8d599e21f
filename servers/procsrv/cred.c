/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cred.c - credentials and users.
 */
#include "cred.h"

#include <abi/errors.h>
#include <ipc/proc.h>

#include "check.h"
#include "pool.h"
#include "proc.h"

#define USER_CHAINS 64u
#define KEEP (~0u) /* setreuid's -1: leave this id */

/* The three ids of one kind, as they are or as they shall be. */
struct ids {
	uint32_t real;
	uint32_t effective;
	uint32_t saved;
};

static struct pool creds = POOL_INIT(AREA_CREDS, struct cred);
static struct pool users = POOL_INIT(AREA_UIDS, struct user);
static struct list chains[USER_CHAINS];

void
cred_init(void)
{
	for (uint32_t i = 0; i < USER_CHAINS; i++)
		list_init(&chains[i]);
}

static struct user *
user_lookup(uint32_t uid)
{
	LIST_FOREACH(link, &chains[uid % USER_CHAINS])
	{
		struct user *user = LIST_ENTRY(link, struct user, link);

		if (user->uid == uid)
			return user;
	}
	return NULL;
}

/* The record of a user, for one more credential.  ENOMEM. */
static int
user_hold(uint32_t uid, struct user **userp)
{
	struct user *user = user_lookup(uid);
	void *item;
	int error;

	if (user == NULL) {
		error = pool_get(&users, &item);
		if (error)
			return error;
		user = item;
		user->uid = uid;
		user->procs = 0;
		user->creds = 0;
		list_insert_head(&chains[uid % USER_CHAINS], &user->link);
	}
	user->creds++;
	*userp = user;
	return 0;
}

static void
user_release(struct user *user)
{
	PROC_ASSERT(user->creds > 0);
	if (--user->creds > 0)
		return;
	PROC_ASSERT(user->procs == 0);
	list_remove(&user->link);
	pool_put(&users, user);
}

/* New credentials, root's in all but the real uid.  ENOMEM. */
static int
cred_create(uint32_t uid, struct cred **credp)
{
	struct user *user;
	struct cred *cred;
	void *item;
	int error;

	error = user_hold(uid, &user);
	if (error)
		return error;
	error = pool_get(&creds, &item);
	if (error)
		goto undo_user;
	cred = item;
	*cred = (struct cred){.user = user, .refs = 1};
	*credp = cred;
	return 0;

undo_user:
	user_release(user);
	return error;
}

int
cred_create_root(struct cred **credp)
{
	return cred_create(0, credp);
}

struct cred *
cred_hold(struct cred *cred)
{
	cred->refs++;
	return cred;
}

void
cred_release(struct cred *cred)
{
	PROC_ASSERT(cred->refs > 0);
	if (--cred->refs > 0)
		return;
	user_release(cred->user);
	pool_put(&creds, cred);
}

/* An id that an unprivileged process may take on, or none at all. */
static bool
id_allowed(uint32_t id, bool first, uint32_t a, bool second, uint32_t b,
    bool third, uint32_t c)
{
	return id == KEEP || (first && id == a) || (second && id == b) ||
	       (third && id == c);
}

/*
 * What a call makes of the ids that are there, and whether it takes root to
 * do so.  change counts from PROC_SETUID for uids, PROC_SETGID for gids.
 */
static bool
ids_change(const struct ids *now, uint32_t change, uint32_t a, uint32_t b,
    struct ids *then)
{
	uint32_t real = now->real;
	uint32_t effective = now->effective;
	uint32_t saved = now->saved;

	*then = *now;
	switch (change) {
	case 0: /* setuid: all three */
		*then = (struct ids){a, a, a};
		return id_allowed(a, true, real, false, 0, false, 0);
	case 1: /* seteuid */
		then->effective = a;
		return id_allowed(a, true, real, false, 0, true, saved);
	default: /* setreuid: a changed real uid saves the effective one */
		if (a != KEEP)
			then->real = a;
		if (b != KEEP)
			then->effective = b;
		if (then->real != real)
			then->saved = then->effective;
		return id_allowed(a, true, real, true, effective, false, 0) &&
		       id_allowed(b, true, real, true, effective, true, saved);
	}
}

/* Replace a process's credentials by a changed copy.  ENOMEM. */
static int
cred_replace(struct proc *proc, const struct ids *uids, const struct ids *gids)
{
	struct cred *old = proc->cred;
	struct cred *cred;
	int error;

	error = cred_create(uids->real, &cred);
	if (error)
		return error;

	/* Committed: nothing below can fail. */
	cred->euid = uids->effective;
	cred->suid = uids->saved;
	cred->gid = gids->real;
	cred->egid = gids->effective;
	cred->sgid = gids->saved;
	old->user->procs--;
	cred->user->procs++;
	proc->cred = cred;
	proc->flags |= PROC_SUGID;
	cred_release(old);
	return 0;
}

static bool
ids_equal(const struct ids *a, const struct ids *b)
{
	return a->real == b->real && a->effective == b->effective &&
	       a->saved == b->saved;
}

int
cred_set(struct proc *proc, uint32_t which, uint32_t a, uint32_t b)
{
	const struct cred *cred = proc->cred;
	struct ids uids = {cred->user->uid, cred->euid, cred->suid};
	struct ids gids = {cred->gid, cred->egid, cred->sgid};
	bool is_uid = which < PROC_SETGID;
	struct ids *ids = is_uid ? &uids : &gids;
	struct ids then;
	bool allowed;

	if (which < PROC_SETUID || which > PROC_SETREGID)
		return TINE_EINVAL;
	which -= is_uid ? PROC_SETUID : PROC_SETGID;
	/* -1 means "leave it" to setreuid alone; nobody can be it. */
	if (which < 2 && a == KEEP)
		return TINE_EINVAL;
	allowed = ids_change(ids, which, a, b, &then);
	if (!allowed && cred->euid != 0)
		return TINE_EPERM;
	if (ids_equal(ids, &then))
		return 0;
	*ids = then;
	return cred_replace(proc, &uids, &gids);
}

bool
cred_may_signal(const struct cred *from, const struct cred *to)
{
	uint32_t real = from->user->uid;

	return from->euid == 0 || real == to->user->uid || real == to->suid ||
	       from->euid == to->user->uid || from->euid == to->suid;
}

uint32_t
cred_count(void)
{
	return creds.used;
}

uint32_t
user_count(void)
{
	return users.used;
}

uint32_t
user_procs(uint32_t uid)
{
	const struct user *user = user_lookup(uid);

	return user != NULL ? user->procs : 0;
}
