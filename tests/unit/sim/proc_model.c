/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * proc_model.c - the model's tables; fork, exit, exec, time.
 */
#include "proc_model.h"

#include <assert.h>
#include <string.h>

struct m_world m;

void
m_insert(struct m_list *list, int at, void *item)
{
	assert(list->n < M_PROCS + 2 && at <= list->n);
	for (int i = list->n; i > at; i--)
		list->item[i] = list->item[i - 1];
	list->item[at] = item;
	list->n++;
}

int
m_index(const struct m_list *list, const void *item)
{
	for (int i = 0; i < list->n; i++) {
		if (list->item[i] == item)
			return i;
	}
	return -1;
}

void
m_remove(struct m_list *list, const void *item)
{
	int at = m_index(list, item);

	assert(at >= 0);
	for (int i = at; i + 1 < list->n; i++)
		list->item[i] = list->item[i + 1];
	list->n--;
}

struct m_proc *
m_init(void)
{
	return &m.proc[0];
}

struct m_proc *
m_find(int32_t pid)
{
	for (int i = 0; i < M_PROCS; i++) {
		if (m.proc[i].state != M_FREE && m.proc[i].pid == pid)
			return &m.proc[i];
	}
	return NULL;
}

static struct m_proc *
proc_new(void)
{
	for (int i = 0; i < M_PROCS; i++) {
		struct m_proc *p = &m.proc[i];

		if (p->state != M_FREE)
			continue;
		memset(p, 0, sizeof(*p));
		p->state = M_ACTIVE;
		p->alarm = M_FOREVER;
		return p;
	}
	assert(!"room for another process");
	return NULL;
}

struct m_lwp *
m_lwp_new(struct m_proc *p)
{
	for (int i = 0; i < M_PROCS * M_LWPS; i++) {
		struct m_lwp *l = &m.lwp[i];

		if (l->used)
			continue;
		memset(l, 0, sizeof(*l));
		l->used = true;
		l->proc = p;
		l->lid = ++p->last_lid;
		l->deadline = M_FOREVER;
		m_insert(&p->lwps, p->lwps.n, l);
		return l;
	}
	assert(!"room for another LWP");
	return NULL;
}

void
m_lwp_gone(struct m_lwp *l)
{
	/* It may have had its answer a moment ago. */
	if (l->token != 0 && l->out == M_PENDING)
		m.gone[m.ngone++] = l->token;
	for (int i = 0; i < M_PROCS; i++) {
		if (m.proc[i].vforker == l)
			m.proc[i].vforker = NULL;
	}
	m_remove(&l->proc->lwps, l);
	l->used = false;
}

int
m_lwps_alive(const struct m_proc *p)
{
	int count = 0;

	for (int i = 0; i < p->lwps.n; i++)
		count += ((struct m_lwp *)p->lwps.item[i])->where != M_DEAD;
	return count;
}

bool
m_ending(const struct m_proc *p)
{
	return p->doomed || p->exiting;
}

int
m_actions_refs(const struct m_actions *actions)
{
	int count = 0;

	for (int i = 0; i < M_PROCS; i++)
		count +=
		    m.proc[i].state != M_FREE && m.proc[i].actions == actions;
	return count;
}

struct m_actions *
m_actions_new(const struct m_actions *from)
{
	for (int i = 0; i < M_PROCS; i++) {
		if (m_actions_refs(&m.actions[i]) > 0)
			continue;
		m.actions[i] = *from;
		return &m.actions[i];
	}
	assert(!"room for more actions");
	return NULL;
}

/* Processes, zombies and process 0 included. */
int
m_count_procs(void)
{
	int count = 1;

	for (int i = 0; i < M_PROCS; i++)
		count += m.proc[i].state != M_FREE;
	return count;
}

int
m_count_user(uint32_t uid)
{
	int count = uid == 0;

	for (int i = 0; i < M_PROCS; i++)
		count += m.proc[i].state != M_FREE && m.proc[i].ruid == uid;
	return count;
}

void
m_start(void)
{
	static const struct m_actions none;
	struct m_group *g = &m.group[0];
	struct m_proc *p;

	memset(&m, 0, sizeof(m));
	m.maxproc = 1044;
	p = proc_new();
	p->pid = 1;
	p->exitsig = M_CHLD;
	p->actions = m_actions_new(&none);
	*g = (struct m_group){.used = true, .pgid = 1, .sid = 1};
	m_insert(&g->members, 0, p);
	p->group = g;
	p->space = ++m.spaces_made;
	for (int i = 0; i < PROC_LIMIT_COUNT; i++)
		p->soft[i] = p->hard[i] = PROC_LIMIT_INFINITY;
	p->soft[PROC_LIMIT_STACK] = 8ul << 20;
	p->hard[PROC_LIMIT_STACK] = 64ul << 20;
	p->soft[PROC_LIMIT_NTHR] = 1024;
	p->hard[PROC_LIMIT_NTHR] = 2048;
	p->soft[PROC_LIMIT_NPROC] = 160;
	p->hard[PROC_LIMIT_NPROC] = 1044;
	m.foreground = 1;
	(void)m_lwp_new(p);
}

/* F10, F12. */
int
m_fork_refused(const struct m_proc *p)
{
	int after = m_count_procs() + 1;

	if (after >= m.maxproc || (after + 5 >= m.maxproc && p->euid != 0))
		return TINE_EAGAIN;
	if (p->euid != 0 &&
	    (uint64_t)m_count_user(p->ruid) + 1 > p->soft[PROC_LIMIT_NPROC])
		return TINE_EAGAIN;
	return 0;
}

/* F05, of what procsrv is asked. */
int
m_fork_check(uint32_t flags, int32_t exitsig)
{
	if (flags & ~(FORK_PPWAIT | FORK_SHAREVM | FORK_SHARECWD |
			FORK_SHAREFILES | FORK_SHARESIGS))
		return TINE_EINVAL;
	if (exitsig < 0 || exitsig >= PROC_NSIG)
		return TINE_EINVAL;
	if ((flags & FORK_SHARESIGS) && !(flags & FORK_SHAREVM))
		return TINE_EINVAL;
	return 0;
}

/* F13; a millisecond is a tick. */
int
m_fork_sleeps(struct m_lwp *l)
{
	if (m.forkfsleep == 0)
		return TINE_EAGAIN;
	m_block(l, M_REFUSED, m.now + (uint64_t)m.forkfsleep);
	return M_LATER;
}

struct m_proc *
m_fork(struct m_lwp *l, uint32_t flags, int32_t exitsig, int32_t pid)
{
	struct m_proc *p = l->proc;
	struct m_proc *c = proc_new();
	struct m_lwp *first = m_lwp_new(c);

	c->pid = pid;
	c->exitsig = exitsig;
	c->parent = p;
	m_insert(&p->children, 0, c);
	c->group = p->group;
	m_insert(&p->group->members, m_index(&p->group->members, p) + 1, c);
	c->ruid = p->ruid;
	c->euid = p->euid;
	c->suid = p->suid;
	c->nice = p->nice;
	c->sugid = p->sugid;
	c->nocldwait = p->nocldwait;
	c->cldsigign = p->cldsigign;
	c->nocldstop = p->nocldstop;
	c->afork = true;
	c->actions =
	    (flags & FORK_SHARESIGS) ? p->actions : m_actions_new(p->actions);
	memcpy(c->soft, p->soft, sizeof(c->soft));
	memcpy(c->hard, p->hard, sizeof(c->hard));
	c->space = (flags & FORK_SHAREVM) ? p->space : ++m.spaces_made;
	first->mask = l->mask;
	first->handlers = l->handlers;
	first->no_stack = l->no_stack;
	m.forks++;
	m.forks_ppwait += (flags & FORK_PPWAIT) != 0;
	m.forks_sharevm += (flags & FORK_SHAREVM) != 0;
	if (flags & FORK_PPWAIT) {
		c->is_vfork = true;
		c->vforker = l;
		l->vfork_pid = pid;
		m_block(l, M_VFORK, M_FOREVER);
	}
	return c;
}

/* F51, F52: who waits for this child goes on. */
static void
vfork_over(struct m_proc *p)
{
	struct m_lwp *l = p->vforker;

	p->is_vfork = false;
	p->vforker = NULL;
	if (l == NULL)
		return;
	l->where = M_USER;
	if (m_resumed(l->proc))
		return;
	m_end(l, 0);
	m_word(l, (uint32_t)l->vfork_pid, 0);
}

bool
m_resumed(struct m_proc *p)
{
	if (!m_ending(p))
		return false;
	if (!p->doomed) {
		p->doomed = true;
		m_insert(&m.doomed, m.doomed.n, p);
	}
	return true;
}

/* Children go to init, one by one. */
static void
children_leave(struct m_proc *p)
{
	bool dead = false;

	while (p->children.n > 0) {
		struct m_proc *c = p->children.item[0];

		dead = dead || c->state == M_ZOMBIE;
		m_remove(&p->children, c);
		c->exitsig = M_CHLD;
		c->parent = m_init();
		m_insert(&m_init()->children, 0, c);
	}
	if (dead)
		m_wait_again(m_init());
}

/* The parent learns, or init if the parent does not want to (F71). */
static void
zombie_tell(struct m_proc *p)
{
	struct m_proc *parent = p->parent;
	int signal = p->status & 0x7f;
	struct m_info info = {
	    .code = signal != 0 ? 2 : 1,
	    .status = signal != 0 ? signal : p->status >> 8 & 0xff,
	    .pid = p->pid,
	    .uid = p->euid,
	};

	m_remove(&parent->children, p);
	if (parent->nocldwait || parent->cldsigign) {
		p->exitsig = M_CHLD;
		p->parent = m_init();
		m_insert(&m_init()->children, 0, p);
		m_wait_again(parent);
	} else {
		m_insert(&parent->children, 0, p);
	}
	info.signo = p->exitsig;
	if (p->exitsig != 0)
		(void)m_send(p->parent, NULL, &info, NULL);
	m_wait_again(p->parent);
}

void
m_exit(struct m_proc *p, int32_t status)
{
	assert(p != m_init() && p->state != M_ZOMBIE);
	if (!p->exiting)
		p->exit_status = status;
	p->exiting = true;
	/* F50, F13: these waits can't be ended. */
	for (int i = 0; i < p->lwps.n;) {
		struct m_lwp *l = p->lwps.item[i];

		if (l->where == M_VFORK || l->where == M_REFUSED)
			i++;
		else
			m_lwp_gone(l);
	}
	if (p->lwps.n > 0)
		return;
	p->alarm = M_FOREVER;
	p->space = 0;
	vfork_over(p);
	m_orphans_exit(p);
	m_drop(&p->pending, ~0ul);
	m_stop_forget(p);
	p->actions = NULL;
	children_leave(p);
	p->status = p->exit_status;
	p->state = M_ZOMBIE;
	zombie_tell(p);
}

void
m_doom(struct m_proc *p, int signal)
{
	if (m_ending(p))
		return;
	p->exit_status = signal;
	p->doomed = true;
	m_insert(&m.doomed, m.doomed.n, p);
}

/*
 * Have an LWP enter its handler, or leave it, when another one does or the
 * request has been served.  If that can't be, it dies of it.
 */
void
m_last(struct m_lwp *l, bool bad)
{
	struct m_lwp *before = m.last;

	m.last = NULL;
	if (before != NULL && before->used && m.last_bad) {
		before->out = M_PENDING;
		m_doom(before->proc, M_SEGV);
	}
	m.last = l;
	m.last_bad = bad;
}

void
m_doomed(void)
{
	while (m.doomed.n > 0 || m.last != NULL) {
		struct m_proc *p = m.doomed.item[0];

		if (m.doomed.n == 0) {
			m_last(NULL, false);
			continue;
		}
		m_remove(&m.doomed, p);
		p->doomed = false;
		m_exit(p, p->exit_status);
	}
}

void
m_reap(struct m_proc *p)
{
	m_remove(&p->parent->children, p);
	m_leave_group(p);
	p->state = M_FREE;
}

/* F78. */
bool
m_exec_over(const struct m_proc *p)
{
	return p->sugid && p->euid != 0 &&
	       (uint64_t)m_count_user(p->ruid) > p->soft[PROC_LIMIT_NPROC];
}

/* F74: what is caught is by default, and SIGCHLD. */
static void
actions_exec(struct m_proc *p)
{
	static const struct m_action by_default;

	if (m_actions_refs(p->actions) > 1)
		p->actions = m_actions_new(p->actions);
	for (int i = 1; i < PROC_NSIG; i++) {
		if (m_caught(p, i) || i == M_CHLD)
			p->actions->of[i] = by_default;
	}
	p->nocldwait = false;
	p->cldsigign = false;
}

void
m_exec(struct m_lwp *l)
{
	struct m_proc *p = l->proc;

	for (int i = 0; i < p->lwps.n;) {
		if (p->lwps.item[i] == l)
			i++;
		else
			m_lwp_gone(p->lwps.item[i]);
	}
	p->space = ++m.spaces_made;
	p->suid = p->euid;
	actions_exec(p);
	m_drop(&p->pending, ~0ul);
	m_drop(&l->pending, ~0ul);
	p->afork = false;
	if (p->euid == p->ruid)
		p->sugid = false;
	l->detached = l->suspended = l->unparked = false;
	l->handlers = 0;
	l->no_stack = false;
	l->lid = p->last_lid = 1;
	vfork_over(p);
	l->out = M_REGS;
}

/* One deadline that has come. */
static void
time_lwp(struct m_lwp *l)
{
	switch (l->where) {
	case M_SLEEP:
		m_end(l, 0);
		break;
	case M_SIGWAIT:
		m_end(l, TINE_EAGAIN);
		break;
	case M_REFUSED:
		l->where = M_USER;
		l->deadline = M_FOREVER;
		if (!m_resumed(l->proc))
			m_end(l, TINE_EAGAIN);
		break;
	default:
		m_end(l, TINE_ETIMEDOUT);
		break;
	}
}

static void
time_alarm(struct m_proc *p)
{
	const struct m_info info = {.signo = M_ALRM, .code = PROC_SI_TIMER};
	uint64_t due = p->alarm;

	p->alarm = M_FOREVER;
	if (p->interval != 0) {
		do
			due += p->interval;
		while (due <= m.now);
		p->alarm = due;
		p->alarm_set = ++m.timers_set;
	}
	(void)m_send(p, NULL, &info, NULL);
}

/* The earliest deadline of all; *lp or *pp says whose. */
static uint64_t
time_next(struct m_lwp **lp, struct m_proc **pp)
{
	uint64_t best = M_FOREVER, set = 0;

	*lp = NULL;
	*pp = NULL;
	for (int i = 0; i < M_PROCS * M_LWPS; i++) {
		struct m_lwp *l = &m.lwp[i];

		if (!l->used || l->deadline > best ||
		    (l->deadline == best && l->deadline_set >= set))
			continue;
		best = l->deadline;
		set = l->deadline_set;
		*lp = l;
	}
	for (int i = 0; i < M_PROCS; i++) {
		struct m_proc *p = &m.proc[i];

		if (p->state == M_FREE || p->alarm > best ||
		    (p->alarm == best && p->alarm_set >= set))
			continue;
		best = p->alarm;
		set = p->alarm_set;
		*lp = NULL;
		*pp = p;
	}
	return best;
}

void
m_time(uint64_t now)
{
	struct m_lwp *l;
	struct m_proc *p;
	uint64_t next;

	while ((next = time_next(&l, &p)) <= now) {
		/* What is due at the same time is one event. */
		if (next > m.now)
			m.now = next;
		while (next <= m.now) {
			if (l != NULL)
				time_lwp(l);
			else
				time_alarm(p);
			next = time_next(&l, &p);
		}
		m_doomed();
	}
	m.now = now;
}
