/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * proc_model_lwp.c - the model's LWPs, as their process sees them.
 */
#include <stddef.h>

#include "proc_model.h"

struct m_lwp *
m_lwp(const struct m_proc *p, int32_t lid)
{
	for (int i = 0; i < p->lwps.n; i++) {
		struct m_lwp *l = p->lwps.item[i];

		if (l->lid == lid)
			return l;
	}
	return NULL;
}

static struct m_lwp *
alive(const struct m_proc *p, int32_t lid)
{
	struct m_lwp *l = m_lwp(p, lid);

	return l != NULL && l->where != M_DEAD ? l : NULL;
}

int
m_lwp_create_check(const struct m_lwp *l, uint32_t flags)
{
	if (flags & ~(PROC_LWP_DETACHED | PROC_LWP_SUSPENDED))
		return TINE_EINVAL;
	if ((uint64_t)l->proc->lwps.n >= l->proc->soft[PROC_LIMIT_NTHR])
		return TINE_EAGAIN;
	return 0;
}

struct m_lwp *
m_lwp_create(struct m_lwp *l, uint32_t flags)
{
	struct m_lwp *l2 = m_lwp_new(l->proc);

	l2->mask = l->mask;
	l2->detached = flags & PROC_LWP_DETACHED;
	l2->suspended = l2->ast = flags & PROC_LWP_SUSPENDED;
	return l2;
}

/* What there is to be waited for: an error, or 0 and perhaps one. */
static int
look(const struct m_lwp *l, int32_t lid, struct m_lwp **deadp)
{
	const struct m_proc *p = l->proc;
	int error = TINE_ESRCH;
	bool all_wait = true;

	*deadp = NULL;
	for (int i = 0; i < p->lwps.n; i++) {
		struct m_lwp *o = p->lwps.item[i];

		if (o != l && o->where != M_JOIN)
			all_wait = false;
		if (lid != 0 ? o->lid != lid : o == l || o->detached)
			continue;
		if (lid != 0 && o->detached)
			return TINE_EINVAL;
		if (lid != 0 &&
		    (o == l || (o->where == M_JOIN && o->join == l->lid)))
			return TINE_EDEADLK;
		error = 0;
		if (*deadp == NULL && o->where == M_DEAD)
			*deadp = o;
	}
	if (error == 0 && *deadp == NULL && all_wait)
		error = TINE_EDEADLK;
	return error;
}

static void
look_again(struct m_lwp *l)
{
	struct m_lwp *dead;
	int error = look(l, l->join, &dead);

	if (error == 0 && dead == NULL)
		return;
	m_end(l, error);
	if (error == 0) {
		m_word(l, (uint32_t)dead->lid, 0);
		m_lwp_gone(dead);
	}
}

/* An LWP has ended or was detached: first who waits for it in particular. */
static void
wait_wake(struct m_proc *p, int32_t lid)
{
	struct m_lwp *first = NULL;

	for (int any = 0; any < 2; any++) {
		for (int i = 0; i < p->lwps.n; i++) {
			struct m_lwp *l = p->lwps.item[i];
			int n = p->lwps.n;

			if (l->where != M_JOIN || l->join != (any ? 0 : lid))
				continue;
			look_again(l);
			/* The list may be shorter, before this one. */
			if (p->lwps.n < n)
				i = m_index(&p->lwps, l);
		}
	}
	for (int i = 0; i < p->lwps.n && first == NULL; i++) {
		struct m_lwp *l = p->lwps.item[i];

		if (l->where != M_DEAD)
			first = l;
	}
	if (first != NULL && first->where == M_JOIN)
		look_again(first);
}

void
m_lwp_exit(struct m_lwp *l)
{
	struct m_proc *p = l->proc;
	int32_t lid = l->lid;

	if (m_lwps_alive(p) == 1) {
		m_exit(p, 0);
		return;
	}
	/* What it was to take is for the others. */
	m_drop(&l->pending, ~0ul);
	l->mask = ~0ul;
	m_pass_on(l);
	if (l->detached) {
		m_lwp_gone(l);
	} else {
		m.gone[m.ngone++] = l->token;
		l->token = 0;
		l->where = M_DEAD;
		l->ast = false;
		for (int i = 0; i < M_PROCS; i++) {
			if (m.proc[i].vforker == l)
				m.proc[i].vforker = NULL;
		}
	}
	wait_wake(p, lid);
	/* The others may all have stopped already. */
	m_stop_check(p);
}

int
m_lwp_wait(struct m_lwp *l, int32_t lid, int32_t *endedp)
{
	struct m_lwp *dead;
	int error = look(l, lid, &dead);

	if (error)
		return error;
	if (dead != NULL) {
		*endedp = dead->lid;
		m_lwp_gone(dead);
		wait_wake(l->proc, *endedp);
		return 0;
	}
	if (m_due(l) != 0)
		return m_interrupted(l);
	l->join = lid;
	m_block(l, M_JOIN, M_FOREVER);
	return M_LATER;
}

int
m_lwp_detach(struct m_lwp *l, int32_t lid)
{
	struct m_proc *p = l->proc;
	struct m_lwp *o = m_lwp(p, lid);

	if (o == NULL)
		return TINE_ESRCH;
	if (o->detached)
		return TINE_EINVAL;
	o->detached = true;
	if (o->where == M_DEAD)
		m_lwp_gone(o);
	wait_wake(p, lid);
	return 0;
}

int
m_lwp_suspend(struct m_lwp *l, int32_t lid)
{
	const struct m_proc *p = l->proc;
	struct m_lwp *o = alive(p, lid);
	bool last = true;

	if (o == NULL)
		return TINE_ESRCH;
	for (int i = 0; i < p->lwps.n; i++) {
		const struct m_lwp *other = p->lwps.item[i];

		if (other != l && other->where != M_DEAD && !other->suspended)
			last = false;
	}
	if (o == l && last)
		return TINE_EDEADLK;
	if (o->suspended)
		return 0;
	o->suspended = true;
	m_stop_lwp(o);
	return 0;
}

int
m_lwp_continue(struct m_lwp *l, int32_t lid)
{
	struct m_lwp *o = alive(l->proc, lid);

	if (o == NULL)
		return TINE_ESRCH;
	o->suspended = false;
	m_resume(o);
	return 0;
}

int
m_lwp_kill(struct m_lwp *l, int32_t lid, int32_t signal)
{
	struct m_lwp *o = alive(l->proc, lid != 0 ? lid : l->lid);
	const struct m_info info = {
	    .signo = signal,
	    .code = PROC_SI_LWP,
	    .pid = l->proc->pid,
	    .uid = l->proc->euid,
	};

	if (signal < 0 || signal >= PROC_NSIG)
		return TINE_EINVAL;
	if (o == NULL)
		return TINE_ESRCH;
	return signal != 0 ? m_send(l->proc, o, &info, l) : 0;
}

int
m_lwp_unpark(struct m_proc *p, int32_t lid)
{
	struct m_lwp *o = alive(p, lid);

	if (o == NULL)
		return TINE_ESRCH;
	if (o->where == M_PARK)
		m_end(o, 0);
	else
		o->unparked = true;
	return 0;
}

int
m_lwp_park(struct m_lwp *l, uint64_t deadline, int32_t unpark)
{
	int error = unpark != 0 ? m_lwp_unpark(l->proc, unpark) : 0;

	if (error)
		return error;
	if (deadline <= m.now)
		return TINE_ETIMEDOUT;
	if (l->unparked) {
		l->unparked = false;
		return TINE_EALREADY;
	}
	if (m_due(l) != 0) {
		m_answer(l, M_INTR);
		return M_LATER;
	}
	m_block(l, M_PARK, deadline);
	return M_LATER;
}

int
m_futex_wait(struct m_lwp *l, uint64_t address, uint64_t deadline, bool same)
{
	if (address % 4 != 0)
		return TINE_EINVAL;
	if (!same)
		return TINE_EAGAIN;
	if (deadline <= m.now)
		return TINE_ETIMEDOUT;
	if (m_due(l) != 0)
		return m_interrupted(l);
	m_block(l, M_FUTEX, deadline);
	l->futex = address;
	return M_LATER;
}

/* Of those that wait for a word of a space the one that has waited longest. */
static struct m_lwp *
futex_first(int space, uint64_t address)
{
	struct m_lwp *first = NULL;

	for (int i = 0; i < M_PROCS * M_LWPS; i++) {
		struct m_lwp *l = &m.lwp[i];

		if (l->used && l->where == M_FUTEX && l->futex == address &&
		    l->proc->space == space &&
		    (first == NULL || l->deadline_set < first->deadline_set))
			first = l;
	}
	return first;
}

int
m_futex_wake(
    struct m_lwp *l, uint64_t address, uint32_t count, uint32_t *wokenp)
{
	struct m_lwp *waiter;

	if (address % 4 != 0)
		return TINE_EINVAL;
	for (*wokenp = 0; *wokenp < count; (*wokenp)++) {
		waiter = futex_first(l->proc->space, address);
		if (waiter == NULL)
			break;
		m_end(waiter, 0);
	}
	return 0;
}
