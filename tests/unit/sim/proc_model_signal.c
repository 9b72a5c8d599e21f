/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * proc_model_signal.c - the model's signals: for whom, and stops (F75).
 */
#include <stddef.h>
#include <string.h>

#include "proc_model.h"

#define TTYSTOPS (M_BIT(M_TSTP) | M_BIT(M_TTIN) | M_BIT(M_TTOU))
#define STOPS (TTYSTOPS | M_BIT(M_STOP))
#define UNMASKABLE (M_BIT(M_KILL) | M_BIT(M_STOP))

/* How well an LWP suits a signal. */
enum suits {
	NEVER,
	SUSPENDED,
	LATER,
	RUNS,
	WAITS,
	ITSELF,
	AWAITS,
};

uint64_t
m_set(const struct m_queue *q)
{
	uint64_t set = q->bare;

	for (int i = 0; i < q->n; i++)
		set |= M_BIT(q->info[i].signo);
	return set;
}

static void
queue_remove(struct m_queue *q, int at)
{
	memmove(&q->info[at], &q->info[at + 1],
	    (size_t)(q->n - at - 1) * sizeof(q->info[0]));
	q->n--;
}

void
m_drop(struct m_queue *q, uint64_t set)
{
	q->bare &= ~set;
	for (int i = q->n; i-- > 0;) {
		if (M_BIT(q->info[i].signo) & set)
			queue_remove(q, i);
	}
}

/* Of sigqueue()'s none is lost: it is refused. */
static int
queue_add(struct m_queue *q, const struct m_info *info)
{
	for (int i = 0; i < q->n && info->signo < M_RT; i++) {
		if (q->info[i].signo == info->signo) {
			q->info[i] = *info;
			return 0;
		}
	}
	if (q->n == M_QUEUE) {
		if (info->code == PROC_SI_QUEUE)
			return TINE_EAGAIN;
		if (!(m_set(q) & M_BIT(info->signo)))
			q->bare |= M_BIT(info->signo);
		return 0;
	}
	q->info[q->n++] = *info;
	q->bare &= ~M_BIT(info->signo);
	return 0;
}

uint64_t
m_held(const struct m_lwp *l)
{
	/* F54. */
	return l->mask | (l->proc->is_vfork ? TTYSTOPS : 0);
}

uint64_t
m_due(const struct m_lwp *l)
{
	return (m_set(&l->pending) | m_set(&l->proc->pending)) & ~m_held(l);
}

bool
m_caught(const struct m_proc *p, int signal)
{
	return p->actions->of[signal].handler > PROC_SIG_IGN;
}

/* By default these do nothing. */
static bool
harmless(int signal)
{
	return signal == 16 || signal == M_CHLD || signal == 23 ||
	       signal == 28 || signal == 29 || signal == 32;
}

bool
m_ignored(const struct m_proc *p, int signal)
{
	uint64_t handler = p->actions->of[signal].handler;

	return signal != M_CONT &&
	       (handler == PROC_SIG_IGN ||
		   (handler == PROC_SIG_DFL && harmless(signal)));
}

bool
m_interruptible(const struct m_lwp *l)
{
	switch (l->where) {
	case M_WAIT:
	case M_SUSPEND:
	case M_SIGWAIT:
	case M_SLEEP:
	case M_PARK:
	case M_JOIN:
	case M_FUTEX:
		return true;
	default:
		return false;
	}
}

static enum suits
suits(const struct m_lwp *l, uint64_t bit, const struct m_lwp *self)
{
	if (l->where == M_SIGWAIT && (l->sigwait & bit))
		return AWAITS;
	if (l->where == M_DEAD || (m_held(l) & bit))
		return NEVER;
	if (l == self)
		return ITSELF;
	if (l->where == M_USER || l->where == M_TTY || l->where == M_VM)
		return RUNS;
	if (l->where == M_STOPPED)
		return SUSPENDED;
	return m_interruptible(l) ? WAITS : LATER;
}

/* The best LWP, of equal ones the oldest; NULL: all hold the signal. */
static struct m_lwp *
choose(const struct m_proc *p, uint64_t bit, const struct m_lwp *self,
    enum suits *howp)
{
	struct m_lwp *best = NULL;

	*howp = NEVER;
	for (int i = 0; i < p->lwps.n; i++) {
		enum suits how = suits(p->lwps.item[i], bit, self);

		if (how > *howp) {
			*howp = how;
			best = p->lwps.item[i];
		}
	}
	return best;
}

/* What a call that can be made again is to return. */
static int
cancel_error(const struct m_lwp *l)
{
	uint64_t due = m_due(l);
	int signal;

	if (due == 0 || l->proc->stop != 0)
		return TINE_ERESTART;
	for (signal = 1; !(due & M_BIT(signal)); signal++)
		;
	if (m_caught(l->proc, signal) &&
	    !(l->proc->actions->of[signal].flags & PROC_SA_RESTART))
		return TINE_EINTR;
	return TINE_ERESTART;
}

void
m_interrupt(struct m_lwp *l)
{
	l->ast = true;
	if (l->where != M_TTY)
		return;
	l->where = M_USER;
	l->out = M_ERROR;
	l->error = cancel_error(l);
	l->tty_label = l->error;
	l->cancelled = true;
}

int
m_interrupted(struct m_lwp *l)
{
	int error = cancel_error(l);

	m_interrupt(l);
	return error;
}

void
m_pass_on(struct m_lwp *l)
{
	struct m_proc *p = l->proc;
	uint64_t set = m_set(&p->pending) & m_held(l);

	for (int signal = 1; signal < PROC_NSIG; signal++) {
		struct m_lwp *other;
		enum suits how;

		if (!(set & M_BIT(signal)) || p->stop != 0)
			continue;
		other = choose(p, M_BIT(signal), NULL, &how);
		if (other != NULL && other != l && how != AWAITS)
			m_wake(other, NULL);
	}
}

/* A stop ends what SIGCONT was for, and the other way round. */
static void
opposites(struct m_proc *p, int signal)
{
	uint64_t set = 0;

	if (signal == M_CONT)
		set = STOPS;
	else if (M_BIT(signal) & STOPS)
		set = M_BIT(M_CONT);
	m_drop(&p->pending, set);
	for (int i = 0; i < p->lwps.n; i++)
		m_drop(&((struct m_lwp *)p->lwps.item[i])->pending, set);
}

static bool
dropped(const struct m_proc *p, int signal)
{
	return m_ignored(p, signal) ||
	       ((M_BIT(signal) & TTYSTOPS) && !m_caught(p, signal) &&
		   m_orphaned(p->group, NULL));
}

/* What is neither held nor caught. */
static void
by_default(struct m_proc *p, int signal)
{
	if (p == m_init() || signal == M_CONT)
		return;
	if (M_BIT(signal) & STOPS) {
		m_stop_begin(p, signal);
		return;
	}
	if (signal == M_KILL)
		m_stop_forget(p);
	m_doom(p, signal);
}

static void
awaited(struct m_lwp *l, const struct m_info *info)
{
	m_end(l, 0);
	l->info = *info;
	m_word(l, (uint32_t)info->signo, info->code);
}

int
m_send(struct m_proc *p, struct m_lwp *only, const struct m_info *info,
    struct m_lwp *self)
{
	int signal = info->signo;
	struct m_lwp *receiver = only;
	enum suits how;
	bool caught;
	int error = 0;

	if (p->state == M_ZOMBIE || m_ending(p) || dropped(p, signal))
		return 0;
	opposites(p, signal);
	if (only == NULL)
		receiver = choose(p, M_BIT(signal), self, &how);
	else if ((how = suits(only, M_BIT(signal), self)) == NEVER)
		receiver = NULL;
	if (how == AWAITS && !(M_BIT(signal) & UNMASKABLE)) {
		awaited(receiver, info);
		return 0;
	}
	caught = m_caught(p, signal);
	if (receiver != NULL && !caught && (p->stop == 0 || signal == M_KILL)) {
		by_default(p, signal);
		return 0;
	}
	if (receiver == NULL || caught || signal != M_CONT)
		error = queue_add(
		    only != NULL ? &only->pending : &p->pending, info);
	if (signal == M_CONT && p->stop != 0)
		m_stop_end(p);
	else if (error == 0 && receiver != NULL && p->stop == 0)
		m_wake(receiver, self);
	return error;
}

static bool
may_signal(const struct m_proc *from, const struct m_proc *to, int signal)
{
	return (signal == M_CONT && from->group->sid == to->group->sid) ||
	       from->euid == 0 || from->ruid == to->ruid ||
	       from->ruid == to->suid || from->euid == to->ruid ||
	       from->euid == to->suid;
}

/* Those whom kill() means, in the order in which they get it. */
static void
kill_whom(const struct m_proc *from, int32_t pid, struct m_list *whom)
{
	struct m_group *g;

	whom->n = 0;
	if (pid == -1) {
		/* By their places in the table of pids. */
		for (uint32_t slot = 0; slot < m.pid_slots; slot++) {
			for (int i = 0; i < M_PROCS; i++) {
				struct m_proc *p = &m.proc[i];

				if (p->state != M_FREE && p != from &&
				    (uint32_t)p->pid % m.pid_slots == slot)
					m_insert(whom, whom->n, p);
			}
		}
		return;
	}
	g = pid == 0 ? from->group : m_group(-pid);
	if (g != NULL)
		*whom = g->members;
}

static int
kill_many(struct m_lwp *l, int32_t pid, const struct m_info *info)
{
	struct m_list whom;
	bool found = false;
	int error = 0;

	if (pid == INT32_MIN)
		return TINE_ESRCH;
	kill_whom(l->proc, pid, &whom);
	for (int i = 0; i < whom.n; i++) {
		struct m_proc *p = whom.item[i];

		if (p == m_init() || !may_signal(l->proc, p, info->signo))
			continue;
		found = true;
		if (info->signo == 0)
			continue;
		if (error == 0)
			error = m_send(p, NULL, info, l);
		else
			(void)m_send(p, NULL, info, l);
	}
	return found ? error : TINE_ESRCH;
}

int
m_kill(
    struct m_lwp *l, int32_t pid, int32_t signal, int32_t code, uint64_t value)
{
	struct m_proc *p = m_find(pid);
	const struct m_info info = {
	    .signo = signal,
	    .code = code,
	    .pid = l->proc->pid,
	    .uid = l->proc->euid,
	    .value = value,
	};

	if (signal < 0 || signal >= PROC_NSIG)
		return TINE_EINVAL;
	if (pid <= 0)
		return kill_many(l, pid, &info);
	if (p == NULL)
		return TINE_ESRCH;
	if (p != l->proc && !may_signal(l->proc, p, signal))
		return TINE_EPERM;
	return signal != 0 ? m_send(p, NULL, &info, l) : 0;
}

/* What SIGCHLD's action says is kept with each process that shares it. */
static void
child_action(struct m_proc *p, const struct m_action *action)
{
	p->nocldstop = action->flags & PROC_SA_NOCLDSTOP;
	if (p == m_init())
		return;
	p->nocldwait = action->flags & PROC_SA_NOCLDWAIT;
	p->cldsigign = action->handler == PROC_SIG_IGN;
}

int
m_sigaction(struct m_proc *p, int signal, const struct m_action *action)
{
	struct m_action *mine = &p->actions->of[signal];

	if (signal <= 0 || signal >= PROC_NSIG ||
	    (M_BIT(signal) & UNMASKABLE) || (action->flags & ~PROC_SA_ALL))
		return TINE_EINVAL;
	*mine = *action;
	mine->mask &= ~UNMASKABLE;
	/* SIGILL, SIGTRAP and SIGPWR are not reset. */
	if (signal == M_ILL || signal == 5 || signal == 32)
		mine->flags &= ~PROC_SA_RESETHAND;
	for (int i = 0; signal == M_CHLD && i < M_PROCS; i++) {
		if (m.proc[i].state != M_FREE &&
		    m.proc[i].actions == p->actions)
			child_action(&m.proc[i], action);
	}
	if (!m_ignored(p, signal))
		return 0;
	m_drop(&p->pending, M_BIT(signal));
	for (int i = 0; i < p->lwps.n; i++)
		m_drop(
		    &((struct m_lwp *)p->lwps.item[i])->pending, M_BIT(signal));
	return 0;
}

void
m_mask(struct m_lwp *l, uint64_t mask)
{
	l->mask = mask & ~UNMASKABLE;
	m_pass_on(l);
}

/* The parent hears of a stop, or its end. */
static void
stop_tell(struct m_proc *p, int code, int status)
{
	const struct m_info info = {
	    .signo = M_CHLD,
	    .code = code,
	    .status = status,
	    .pid = p->pid,
	    .uid = p->euid,
	};

	if (!p->parent->nocldstop)
		(void)m_send(p->parent, NULL, &info, NULL);
	m_wait_again(p->parent);
}

void
m_stop_check(struct m_proc *p)
{
	if (p->stop == 0 || p->state != M_ACTIVE || m_ending(p))
		return;
	for (int i = 0; i < p->lwps.n; i++) {
		const struct m_lwp *l = p->lwps.item[i];

		if (l->where != M_STOPPED && l->where != M_DEAD)
			return;
	}
	p->state = M_PSTOPPED;
	p->report_cont = false;
	p->report_stop = true;
	stop_tell(p, 5, p->stop);
}

void
m_stop_lwp(struct m_lwp *l)
{
	if (l->where == M_STOPPED || l->where == M_DEAD)
		return;
	if (!m_interruptible(l)) {
		m_interrupt(l);
		return;
	}
	l->stopped = m_how_of(l);
	l->where = M_STOPPED;
	l->deadline = M_FOREVER;
}

void
m_stop_begin(struct m_proc *p, int signal)
{
	if (p->stop != 0)
		return;
	p->stop = signal;
	for (int i = 0; i < p->lwps.n; i++)
		m_stop_lwp(p->lwps.item[i]);
	m_stop_check(p);
}

void
m_stop_forget(struct m_proc *p)
{
	p->stop = 0;
	p->report_stop = p->report_cont = false;
	if (p->state == M_PSTOPPED)
		p->state = M_ACTIVE;
}

void
m_stop_end(struct m_proc *p)
{
	bool stopped = p->state == M_PSTOPPED;

	m_stop_forget(p);
	for (int i = 0; i < p->lwps.n; i++)
		m_resume(p->lwps.item[i]);
	if (!stopped)
		return;
	p->report_cont = true;
	stop_tell(p, 6, M_CONT);
}
