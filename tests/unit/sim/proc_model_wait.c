/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * proc_model_wait.c - the model's wait6() (F70).
 */
#include <stddef.h>

#include "proc_model.h"

static bool
selected(const struct m_lwp *l, const struct m_proc *c)
{
	bool alternate = l->options & PROC_WAIT_ALTSIG;

	if (!(l->options & PROC_WAIT_ALLSIG) &&
	    alternate == (c->exitsig == M_CHLD))
		return false;
	if (c->state == M_ZOMBIE && !(l->options & PROC_WAIT_EXITED))
		return false;
	if (l->idtype == PROC_P_PID)
		return c->pid == l->id;
	if (l->idtype == PROC_P_PGID)
		return c->group->pgid == l->id;
	return true;
}

/* Whether there is something to tell, and which status. */
static bool
news(const struct m_lwp *l, const struct m_proc *c, int32_t *statusp)
{
	if (c->state == M_ZOMBIE) {
		*statusp = c->status;
		return !(l->options & PROC_WAIT_NOZOMBIE);
	}
	if ((l->options & PROC_WAIT_CONTINUED) && c->report_cont) {
		*statusp = 0xffff;
		return true;
	}
	*statusp = c->stop << 8 | 0x7f;
	return (l->options & PROC_WAIT_UNTRACED) && c->state == M_PSTOPPED &&
	       c->report_stop;
}

/* Tell, and forget what was told; whether a zombie is gone with it. */
static bool
collect(struct m_lwp *l, struct m_proc *c, int32_t status)
{
	bool dead = c->state == M_ZOMBIE;

	m_end(l, 0);
	m_word(l, (uint32_t)c->pid, status);
	/* Nothing is consumed by an answer that nobody has. */
	if ((l->options & PROC_WAIT_NOWAIT) || l->lost)
		return false;
	if (dead)
		m_reap(c);
	else if (status == 0xffff)
		c->report_cont = false;
	else
		c->report_stop = false;
	return dead;
}

/* One look: ECHILD, 0 with NULL or the child in *childp. */
static int
look(const struct m_lwp *l, struct m_proc **childp, int32_t *statusp)
{
	const struct m_list *children = &l->proc->children;
	int error = TINE_ECHILD;

	*childp = NULL;
	for (int i = 0; i < children->n && *childp == NULL; i++) {
		struct m_proc *c = children->item[i];

		if (!selected(l, c))
			continue;
		error = 0;
		if (news(l, c, statusp))
			*childp = c;
	}
	return error;
}

int
m_wait(struct m_lwp *l, uint32_t idtype, int32_t id, uint32_t options)
{
	const uint32_t select = PROC_WAIT_EXITED | PROC_WAIT_UNTRACED |
				PROC_WAIT_CONTINUED | PROC_WAIT_TRAPPED;
	struct m_proc *c;
	int32_t status;
	int error;

	if (!(options & select) ||
	    (options & ~(select | PROC_WAIT_NOHANG | PROC_WAIT_ALTSIG |
			   PROC_WAIT_ALLSIG | PROC_WAIT_NOWAIT |
			   PROC_WAIT_NOZOMBIE)) ||
	    (idtype != PROC_P_ALL && idtype != PROC_P_PID &&
		idtype != PROC_P_PGID))
		return TINE_EINVAL;
	l->idtype = idtype;
	l->id = idtype == PROC_P_PGID && id == 0 ? l->proc->group->pgid : id;
	l->options = options;
	error = look(l, &c, &status);
	if (error)
		return error;
	if (c != NULL) {
		if (collect(l, c, status))
			m_wait_again(l->proc);
		return M_LATER;
	}
	if (options & PROC_WAIT_NOHANG)
		return 0;
	if (m_due(l) != 0)
		return m_interrupted(l);
	m_block(l, M_WAIT, M_FOREVER);
	return M_LATER;
}

void
m_wait_lost(struct m_lwp *l, uint32_t idtype, int32_t id, uint32_t options)
{
	(void)m_wait(l, idtype, id, options | PROC_WAIT_NOWAIT);
	m_end(l, 0);
}

void
m_wait_again(struct m_proc *p)
{
	bool reaped;

	do {
		reaped = false;
		for (int i = 0; i < p->lwps.n; i++) {
			struct m_lwp *l = p->lwps.item[i];
			struct m_proc *c;
			int32_t status;
			int error;

			if (l->where != M_WAIT)
				continue;
			error = look(l, &c, &status);
			if (error)
				m_end(l, error);
			else if (c != NULL && collect(l, c, status))
				reaped = true;
		}
	} while (reaped);
}
