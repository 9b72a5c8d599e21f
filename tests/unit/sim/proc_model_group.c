/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * proc_model_group.c - the model's groups, sessions, terminal, ids, limits,
 * nice values.
 */
#include <assert.h>
#include <stddef.h>

#include "proc_model.h"

struct m_group *
m_group(int32_t pgid)
{
	for (int i = 0; i < M_PROCS; i++) {
		if (m.group[i].used && m.group[i].pgid == pgid)
			return &m.group[i];
	}
	return NULL;
}

static struct m_group *
group_new(int32_t pgid, int32_t sid)
{
	for (int i = 0; i < M_PROCS; i++) {
		struct m_group *g = &m.group[i];

		if (g->used)
			continue;
		*g = (struct m_group){.used = true, .pgid = pgid, .sid = sid};
		return g;
	}
	assert(!"room for another group");
	return NULL;
}

void
m_leave_group(struct m_proc *p)
{
	struct m_group *g = p->group;

	m_remove(&g->members, p);
	p->group = NULL;
	if (g->members.n > 0)
		return;
	g->used = false;
	if (m.foreground == g->pgid && g->sid == 1)
		m.foreground = 0;
}

/* Whether a parent looks after its child's group. */
static bool
cares(const struct m_proc *parent, const struct m_group *g)
{
	return parent != NULL && parent->group != g &&
	       parent->group->sid == g->sid;
}

/* As if a process had left already, and its children were init's. */
bool
m_orphaned(const struct m_group *g, const struct m_proc *leaving)
{
	for (int i = 0; i < g->members.n; i++) {
		const struct m_proc *p = g->members.item[i];

		if (p == leaving || p->state == M_ZOMBIE)
			continue;
		if (leaving != NULL && p->parent == leaving) {
			if (cares(m_init(), g))
				return false;
		} else if (cares(p->parent, g)) {
			return false;
		}
	}
	return true;
}

/* A group that may be orphaned now: SIGHUP, SIGCONT if some have stopped. */
static void
orphans_tell(struct m_group *g, const struct m_proc *leaving)
{
	const struct m_info hangup = {.signo = M_HUP};
	const struct m_info go_on = {.signo = M_CONT};
	bool stopped = false;

	for (int i = 0; i < g->members.n; i++) {
		const struct m_proc *p = g->members.item[i];

		stopped = stopped || (p != leaving && p->state == M_PSTOPPED);
	}
	if (!stopped || !m_orphaned(g, leaving))
		return;
	for (int i = 0; i < g->members.n; i++) {
		if (g->members.item[i] != m_init())
			(void)m_send(g->members.item[i], NULL, &hangup, NULL);
	}
	for (int i = 0; i < g->members.n; i++) {
		if (g->members.item[i] != m_init())
			(void)m_send(g->members.item[i], NULL, &go_on, NULL);
	}
}

/* Those of a process's children that it looked after, in that session. */
static void
orphans_children(const struct m_proc *p, const struct m_group *own, int32_t sid,
    const struct m_proc *leaving)
{
	for (int i = 0; i < p->children.n; i++) {
		const struct m_proc *c = p->children.item[i];

		if (c->state != M_ZOMBIE && c->group != own &&
		    c->group->sid == sid)
			orphans_tell(c->group, leaving);
	}
}

void
m_orphans_exit(const struct m_proc *p)
{
	if (cares(p->parent, p->group))
		orphans_tell(p->group, p);
	orphans_children(p, p->group, p->group->sid, p);
}

/* A process goes to another group. */
static void
group_move(struct m_proc *p, struct m_group *g)
{
	struct m_group *from = p->group;
	bool cared = cares(p->parent, from);
	int32_t sid = from->sid;
	int32_t pgid = from->pgid;

	m_leave_group(p);
	p->group = g;
	m_insert(&g->members, 0, p);
	from = m_group(pgid);
	if (from != NULL && cared)
		orphans_tell(from, NULL);
	orphans_children(p, from, sid, NULL);
}

/* F76: whom setpgid() is about. */
static int
group_target(const struct m_proc *p, int32_t pid, struct m_proc **targetp)
{
	struct m_proc *t = m_find(pid);
	const struct m_proc *up = t;

	*targetp = t;
	if (t == p)
		return 0;
	while (up != NULL && up != p)
		up = up->parent;
	if (t == NULL || t->state == M_ZOMBIE || up == NULL)
		return TINE_ESRCH;
	if (t->group->sid != p->group->sid)
		return TINE_EPERM;
	return t->afork ? 0 : TINE_EACCES;
}

int
m_setpgid(struct m_lwp *l, int32_t pid, int32_t pgid)
{
	struct m_proc *t;
	struct m_group *g;
	int error;

	if (pgid < 0)
		return TINE_EINVAL;
	error = group_target(l->proc, pid != 0 ? pid : l->proc->pid, &t);
	if (error)
		return error;
	if (pgid == 0)
		pgid = t->pid;
	if (t->group->pgid == pgid)
		return 0;
	/* A session's leader stays; no group is made for another, or taken
	 * from another session. */
	g = m_group(pgid);
	if (t->pid == t->group->sid || (g == NULL && pgid != t->pid) ||
	    (g != NULL && g->sid != t->group->sid))
		return TINE_EPERM;
	group_move(t, g != NULL ? g : group_new(pgid, t->group->sid));
	return 0;
}

int
m_setsid(struct m_lwp *l)
{
	struct m_proc *p = l->proc;

	if (m_group(p->pid) != NULL)
		return TINE_EPERM;
	group_move(p, group_new(p->pid, p->pid));
	return 0;
}

/* The terminal is that of init's session. */
int
m_foreground(const struct m_lwp *l, bool set, int32_t pgid, int32_t *now)
{
	const struct m_group *g = m_group(pgid);

	if (l->proc->group->sid != 1)
		return TINE_ENOTTY;
	if (set && pgid <= 0)
		return TINE_EINVAL;
	if (set && (g == NULL || g->sid != 1))
		return TINE_EPERM;
	if (set)
		m.foreground = pgid;
	*now = m.foreground != 0 ? m.foreground : INT32_MAX;
	return 0;
}

void
m_key(int signal)
{
	const struct m_info info = {.signo = signal};
	const struct m_group *g = m_group(m.foreground);

	for (int i = 0; g != NULL && i < g->members.n; i++) {
		if (g->members.item[i] != m_init())
			(void)m_send(g->members.item[i], NULL, &info, NULL);
	}
}

/* setuid(), seteuid(), setreuid(). */
int
m_setids(struct m_proc *p, uint32_t which, uint32_t a, uint32_t b)
{
	const uint32_t keep = UINT32_MAX;
	uint32_t r = p->ruid, e = p->euid, s = p->suid;
	bool may = p->euid == 0;

	if (which != PROC_SETREUID && a == keep)
		return TINE_EINVAL;
	switch (which) {
	case PROC_SETUID:
		may = may || a == p->ruid;
		r = e = s = a;
		break;
	case PROC_SETEUID:
		may = may || a == p->ruid || a == p->suid;
		e = a;
		break;
	default:
		may = may || ((a == keep || a == p->ruid || a == p->euid) &&
				 (b == keep || b == p->ruid || b == p->euid ||
				     b == p->suid));
		r = a != keep ? a : r;
		e = b != keep ? b : e;
		s = r != p->ruid ? e : s;
		break;
	}
	if (!may)
		return TINE_EPERM;
	if (r != p->ruid || e != p->euid || s != p->suid)
		p->sugid = true;
	p->ruid = r;
	p->euid = e;
	p->suid = s;
	return 0;
}

/* F77. */
int
m_setrlimit(struct m_proc *p, uint32_t resource, uint64_t soft, uint64_t hard)
{
	uint64_t most = resource == PROC_LIMIT_NPROC ? (uint64_t)m.maxproc
						     : PROC_LIMIT_INFINITY;

	if (resource >= PROC_LIMIT_COUNT || soft > hard)
		return TINE_EINVAL;
	if (soft > most)
		soft = most;
	if (hard > most)
		hard = most;
	if (hard > p->hard[resource] && p->euid != 0)
		return TINE_EPERM;
	p->soft[resource] = soft;
	p->hard[resource] = hard;
	return 0;
}

/* Those whom getpriority() and setpriority() mean, in an order that matters. */
static struct m_list
priority_targets(const struct m_proc *p, uint32_t which, uint32_t who)
{
	const struct m_group *g = who == 0 ? p->group : m_group((int32_t)who);
	struct m_list targets = {0};

	/* A zombie is in its group still, but is not found otherwise. */
	if (which == PROC_PRIO_PGRP)
		return g != NULL ? g->members : targets;
	for (int i = 0; i < M_PROCS; i++) {
		struct m_proc *t = &m.proc[i];
		uint32_t uid = who == 0 ? p->euid : who;
		bool meant = which == PROC_PRIO_USER ? t->euid == uid
			     : who == 0              ? t == p
						     : t->pid == (int32_t)who;

		if (meant && (t->state == M_ACTIVE || t->state == M_PSTOPPED))
			m_insert(&targets, targets.n, t);
	}
	return targets;
}

/* What setpriority() says of one that it may not change, and why. */
static int
priority_refused(const struct m_proc *p, const struct m_proc *t, int32_t nice)
{
	if (p->euid == 0)
		return 0;
	if (t->euid == p->euid || t->euid == p->ruid)
		return nice < t->nice ? TINE_EACCES : 0;
	return p->ruid != 0 ? TINE_EPERM : TINE_EACCES;
}

int
m_priority(const struct m_proc *p, uint32_t which, uint32_t who, bool set,
    int32_t *nicep)
{
	const struct m_list targets = priority_targets(p, which, who);
	int32_t nice = *nicep < -20 ? -20 : *nicep > 20 ? 20 : *nicep;
	int first = 0;

	if (which > PROC_PRIO_USER)
		return TINE_EINVAL;
	if (targets.n == 0)
		return TINE_ESRCH;
	*nicep = 20;
	for (int i = 0; i < targets.n; i++) {
		struct m_proc *t = targets.item[i];
		int error = set ? priority_refused(p, t, nice) : 0;

		if (set && error == 0)
			t->nice = nice;
		if (first == 0)
			first = error;
		if (t->nice < *nicep)
			*nicep = t->nice;
	}
	return first;
}
