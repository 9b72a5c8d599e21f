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

/* New credentials with this real uid and 0 for the rest.  ENOMEM. */
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

/* Which of the present ids an unprivileged process may take on. */
#define MAY_REAL 1u
#define MAY_EFFECTIVE 2u
#define MAY_SAVED 4u

static bool
id_allowed(const struct ids *now, uint32_t id, uint32_t may)
{
	return id == KEEP || ((may & MAY_REAL) && id == now->real) ||
	       ((may & MAY_EFFECTIVE) && id == now->effective) ||
	       ((may & MAY_SAVED) && id == now->saved);
}

/* The three changes, as an enum proc_setid counts them for uids or gids. */
enum change {
	CHANGE_ALL = 0,
	CHANGE_EFFECTIVE = 1,
	CHANGE_REAL_EFFECTIVE = 2,
};

/*
 * What a change makes of the ids that there are now.  Returns whether it may
 * be made without being root.
 */
static bool
ids_change(const struct ids *now, enum change change, uint32_t a, uint32_t b,
    struct ids *then)
{
	*then = *now;
	switch (change) {
	case CHANGE_ALL:
		*then = (struct ids){a, a, a};
		return id_allowed(now, a, MAY_REAL);
	case CHANGE_EFFECTIVE:
		then->effective = a;
		return id_allowed(now, a, MAY_REAL | MAY_SAVED);
	case CHANGE_REAL_EFFECTIVE:
	default:
		if (a != KEEP)
			then->real = a;
		if (b != KEEP)
			then->effective = b;
		/* A changed real id saves the effective one. */
		if (then->real != now->real)
			then->saved = then->effective;
		return id_allowed(now, a, MAY_REAL | MAY_EFFECTIVE) &&
		       id_allowed(now, b, MAY_REAL | MAY_EFFECTIVE | MAY_SAVED);
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
	uint32_t change;

	if (which < PROC_SETUID || which > PROC_SETREGID)
		return TINE_EINVAL;
	change = which - (is_uid ? PROC_SETUID : PROC_SETGID);
	/* -1 means "leave it" to setreuid alone; nobody can be it. */
	if (change != CHANGE_REAL_EFFECTIVE && a == KEEP)
		return TINE_EINVAL;
	if (!ids_change(ids, change, a, b, &then) && cred->euid != 0)
		return TINE_EPERM;
	if (ids_equal(ids, &then))
		return 0;
	*ids = then;
	return cred_replace(proc, &uids, &gids);
}

int
cred_exec(struct cred *cred, struct cred **credp)
{
	struct cred *own;
	int error;

	if (cred->suid == cred->euid && cred->sgid == cred->egid) {
		*credp = cred_hold(cred);
		return 0;
	}
	error = cred_create(cred->user->uid, &own);
	if (error)
		return error;
	own->euid = own->suid = cred->euid;
	own->gid = cred->gid;
	own->egid = own->sgid = cred->egid;
	*credp = own;
	return 0;
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
