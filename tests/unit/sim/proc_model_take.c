/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * proc_model_take.c - the model's LWPs take signals.
 */
#include <stddef.h>

#include "proc_model.h"

#define TTYSTOPS (M_BIT(M_TSTP) | M_BIT(M_TTIN) | M_BIT(M_TTOU))
#define STOPS (TTYSTOPS | M_BIT(M_STOP))
#define UNMASKABLE (M_BIT(M_KILL) | M_BIT(M_STOP))

void
m_block(struct m_lwp *l, enum m_where where, uint64_t deadline)
{
	l->where = where;
	l->deadline = deadline;
	l->deadline_set = ++m.timers_set;
}

void
m_end(struct m_lwp *l, int error)
{
	l->where = M_USER;
	l->deadline = M_FOREVER;
	l->out = M_ERROR;
	l->error = error;
	l->has_word = false;
}

void
m_word(struct m_lwp *l, uint32_t low, int32_t high)
{
	l->has_word = true;
	l->word = low | (uint64_t)(uint32_t)high << 32;
}

enum m_how
m_how_of(const struct m_lwp *l)
{
	return l->where == M_WAIT || l->where == M_JOIN || l->where == M_FUTEX
		   ? M_RESTART
		   : M_INTR;
}

void
m_wake(struct m_lwp *l, const struct m_lwp *self)
{
	enum m_how how;

	if (l == self || l->where == M_STOPPED)
		return;
	if (!m_interruptible(l)) {
		m_interrupt(l);
		return;
	}
	how = m_how_of(l);
	l->where = M_USER;
	l->deadline = M_FOREVER;
	m_answer(l, how);
}

/* Take the oldest record of a signal, or the signal without one. */
static void
queue_take(struct m_queue *q, int signal, struct m_info *info)
{
	int at = 0;

	while (at < q->n && q->info[at].signo != signal)
		at++;
	*info = (struct m_info){.signo = signal};
	q->bare &= ~M_BIT(signal);
	if (at == q->n)
		return;
	*info = q->info[at];
	q->n--;
	for (; at < q->n; at++)
		q->info[at] = q->info[at + 1];
}

/* The lowest signal of a set, first of those for the LWP alone. */
static bool
take(struct m_lwp *l, uint64_t set, struct m_info *info)
{
	struct m_queue *queues[] = {&l->pending, &l->proc->pending};

	for (int q = 0; q < 2; q++) {
		for (int signal = 1; signal < PROC_NSIG; signal++) {
			if (!(m_set(queues[q]) & set & M_BIT(signal)))
				continue;
			queue_take(queues[q], signal, info);
			return true;
		}
	}
	return false;
}

/* The stack of a handler that is entered. */
static void
stack_enter(struct m_lwp *l, const struct m_action *action)
{
	l->stack = 0;
	l->stack_flags = l->on_alt          ? PROC_SS_ONSTACK
			 : l->alt_size == 0 ? PROC_SS_DISABLE
					    : 0;
	if (l->on_alt || l->alt_size == 0 || !(action->flags & PROC_SA_ONSTACK))
		return;
	l->stack = l->alt_sp + l->alt_size;
	/* Without its answer it stays where it is. */
	if (l->lost)
		return;
	l->on_alt = true;
	l->no_stack = false;
}

/* It has got another stack pointer, to an ordinary stack. */
void
m_stack_given(struct m_lwp *l)
{
	l->no_stack = l->on_alt = false;
}

int
m_altstack(struct m_lwp *l, bool set, uint64_t sp, uint64_t size)
{
	if (!set)
		return 0;
	if (l->on_alt)
		return TINE_EPERM;
	l->alt_sp = sp;
	l->alt_size = size;
	return 0;
}

void
m_enter(struct m_lwp *l, enum m_how how, const struct m_info *info)
{
	static const struct m_action by_default;
	struct m_action *mine = &l->proc->actions->of[info->signo];
	const struct m_action action = *mine;
	bool restart = action.flags & PROC_SA_RESTART;

	m_last(NULL, false);
	/* ttysrv's "again" becomes EINTR for this handler. */
	if (l->cancelled && !restart && l->tty_label == TINE_ERESTART)
		l->tty_label = TINE_EINTR;
	l->tty_kept = l->cancelled;
	l->cancelled = false;
	l->where = M_USER;
	l->out = M_HANDLER;
	l->info = *info;
	l->saved = l->has_old ? l->old : l->mask;
	stack_enter(l, &action);
	l->label = how == M_PLAIN                ? 0
		   : how == M_RESTART && restart ? TINE_ERESTART
						 : TINE_EINTR;
	l->has_old = false;
	l->mask |= action.mask;
	if (!(action.flags & PROC_SA_NODEFER))
		l->mask |= M_BIT(info->signo);
	if (action.flags & PROC_SA_RESETHAND)
		*mine = by_default;
	l->handlers++;
	if (m_due(l) != 0)
		m_interrupt(l);
	m_last(l, l->no_stack && !l->lost);
	m_pass_on(l);
}

/* False: the signal does nothing, and the call is still to be answered. */
static bool
act(struct m_lwp *l, enum m_how how, const struct m_info *info)
{
	struct m_proc *p = l->proc;
	uint64_t bit = M_BIT(info->signo);

	if (m_caught(p, info->signo)) {
		m_enter(l, how, info);
		return true;
	}
	if (m_ignored(p, info->signo) || p == m_init() || info->signo == M_CONT)
		return false;
	if (!(bit & STOPS)) {
		m_doom(p, info->signo);
		return true;
	}
	if ((bit & TTYSTOPS) && m_orphaned(p->group, NULL))
		return false;
	l->where = M_STOPPED;
	l->stopped = how;
	m_stop_begin(p, info->signo);
	return true;
}

/* The end of a call, with whatever signals there are. */
void
m_answer(struct m_lwp *l, enum m_how how)
{
	struct m_info info;

	if (m_ending(l->proc))
		return;
	for (;;) {
		while (take(l, ~m_held(l), &info)) {
			if (act(l, how, &info))
				return;
		}
		if (!l->has_old)
			break;
		l->has_old = false;
		l->mask = l->old;
	}
	l->cancelled = false;
	m_end(l, how == M_PLAIN ? 0 : TINE_ERESTART);
}

int
m_done(struct m_lwp *l, int error)
{
	if (error != 0 || m_due(l) == 0 || l->proc->stop != 0 ||
	    m_ending(l->proc))
		return error;
	m_answer(l, M_PLAIN);
	return M_LATER;
}

void
m_resume(struct m_lwp *l)
{
	if (l->where != M_STOPPED || l->proc->stop != 0 || l->suspended)
		return;
	l->where = M_USER;
	m_answer(l, l->stopped);
}

void
m_ast(struct m_lwp *l)
{
	l->ast = false;
	if (l->proc->stop == 0 && !l->suspended) {
		m_answer(l, M_PLAIN);
		return;
	}
	l->where = M_STOPPED;
	l->stopped = M_PLAIN;
	m_stop_check(l->proc);
}

void
m_fault(struct m_lwp *l, const struct m_info *info)
{
	if (m_ending(l->proc))
		return;
	if (m_caught(l->proc, info->signo) && !(l->mask & M_BIT(info->signo)))
		m_enter(l, M_PLAIN, info);
	else
		m_doom(l->proc, info->signo);
}

int
m_sigsuspend(struct m_lwp *l, uint64_t set)
{
	l->old = l->mask;
	l->has_old = true;
	m_mask(l, set);
	if (m_due(l) != 0)
		m_answer(l, M_INTR);
	else
		m_block(l, M_SUSPEND, M_FOREVER);
	return M_LATER;
}

int
m_sigwait(struct m_lwp *l, uint64_t set, uint64_t deadline)
{
	struct m_info info;

	set &= ~UNMASKABLE;
	if (take(l, set, &info)) {
		m_end(l, 0);
		l->info = info;
		m_word(l, (uint32_t)info.signo, info.code);
		return M_LATER;
	}
	if (deadline == 0)
		return TINE_EAGAIN;
	if (m_due(l) != 0) {
		m_answer(l, M_INTR);
		return M_LATER;
	}
	m_block(l, M_SIGWAIT, deadline);
	l->sigwait = set;
	return M_LATER;
}

int
m_sigreturn(struct m_lwp *l, uint64_t mask)
{
	m_mask(l, mask);
	if (m_due(l) != 0)
		m_interrupt(l);
	if (l->handlers > 0)
		l->handlers--;
	l->no_stack = l->on_alt = false;
	l->out = M_REGS;
	return M_LATER;
}

int
m_sleep(struct m_lwp *l, uint64_t deadline)
{
	if (deadline <= m.now)
		return 0;
	if (m_due(l) != 0) {
		m_answer(l, M_INTR);
		return M_LATER;
	}
	m_block(l, M_SLEEP, deadline);
	return M_LATER;
}
