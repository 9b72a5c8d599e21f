/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * proc_sim_proc.c - requests about processes, to procsrv and its model.
 */
#include "proc_sim.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include <procsrv/pid.h>

static bool
room_for_process(void)
{
	return m_count_procs() < M_PROCS - 2;
}

/* The child's answer, which has the token after its parent's. */
static void
child_compare(struct m_lwp *parent, const struct m_proc *c)
{
	struct m_lwp *l = c->lwps.item[0];
	struct proc_fork_rep rep;

	l->identity = client_identity(c->pid);
	SIM_EQUAL(fake_token_state(parent->token + 1), FAKE_ANSWERED,
	    "the child's call");
	SIM_EQUAL(fake_answer_error(parent->token + 1), 0, "its error");
	memcpy(&rep, fake_answer(parent->token + 1), sizeof(rep));
	SIM_EQUAL(rep.pid, 0, "the child's pid");
	SIM_EQUAL(rep.second, 1, "the child's second value");
}

/* The pid of a new child: one that nobody bears, or bore as a group. */
static int32_t
child_pid(const struct m_lwp *l, uint32_t flags)
{
	int32_t pid;

	if (flags & FORK_PPWAIT) {
		SIM_EQUAL(fake_token_state(l->token), FAKE_PENDING,
		    "the vfork parent's call");
		pid = client_youngest(l->proc->pid);
	} else {
		pid = ANSWER(l, fork).pid;
	}
	if (pid <= 1 || pid > PROC_PID_MAX || m_find(pid) != NULL ||
	    m_group(pid) != NULL)
		sim_fail(__FILE__, __LINE__, "pid %d is in use", pid);
	for (int i = 0; i < M_PROCS; i++) {
		if (m.group[i].used && m.group[i].sid == pid)
			sim_fail(
			    __FILE__, __LINE__, "pid %d is a session's", pid);
	}
	return pid;
}

void
sim_fork(struct m_lwp *l, const struct sim_op *op)
{
	static const enum fake_step steps[] = {FAKE_VM_FORK, FAKE_THREAD_CLONE,
	    FAKE_VM_GROW, FAKE_THREAD_READ, FAKE_THREAD_WRITE};
	static const uint32_t kinds[] = {0, 0, 0, 0, FORK_PPWAIT,
	    FORK_PPWAIT | FORK_SHAREVM, FORK_PPWAIT | FORK_SHAREVM,
	    FORK_SHAREVM, FORK_SHAREVM | FORK_SHARESIGS, FORK_SHARESIGS,
	    FORK_SYSTEM, FORK_SHAREFILES | FORK_SHARECWD};
	uint32_t flags = kinds[op->a % 12];
	int32_t exitsig = op->b % 8 ? M_CHLD : (int32_t)(op->b / 8 % 70) - 2;
	int checked = m_fork_check(flags, exitsig);
	struct sim_failure failure;
	struct m_proc *c;

	if (!room_for_process() || (is_monitor(l) && (flags & FORK_PPWAIT)))
		return;
	sim_tell(
	    WHO "fork(flags %#x, exit signal %d)", WHOSE(l), flags, exitsig);
	failure = sim_fail_arm(op->fail, steps, 5, TINE_ENOMEM);
	ASK(l, fork, .flags = flags, .exitsig = exitsig,
	    .stack = op->c % 4 == 0 ? 0x20000 : 0);
	if (sim_failed(&failure)) {
		SIM_EQUAL(checked, 0, "a refused fork's vmsrv call");
		settle(l, TINE_ENOMEM);
	} else if (checked != 0) {
		settle(l, checked);
	} else if (m_fork_refused(l->proc) != 0) {
		settle(l, m_fork_sleeps(l));
	} else {
		c = m_fork(l, flags, exitsig, child_pid(l, flags));
		child_compare(l, c);
		if (op->c % 4 == 0)
			((struct m_lwp *)c->lwps.item[0])->no_stack = false;
		if (flags & FORK_PPWAIT)
			return;
		settle(l, 0);
		m_word(l, (uint32_t)c->pid, 0);
	}
}

void
sim_exit(struct m_lwp *l, const struct sim_op *op)
{
	if (l->proc == m_init())
		return;
	sim_tell(WHO "exit(%u)", WHOSE(l), op->a % 300);
	ASK(l, exit, .status = (int32_t)(op->a % 300));
	m_exit(l->proc, (int32_t)(op->a % 300 & 0xff) << 8);
}

void
sim_wait(struct m_lwp *l, const struct sim_op *op)
{
	static const uint32_t types[] = {
	    PROC_P_ALL, PROC_P_ALL, PROC_P_PID, PROC_P_PGID, 7};
	static const uint32_t some[] = {0, 0, 0, PROC_WAIT_UNTRACED,
	    PROC_WAIT_UNTRACED | PROC_WAIT_CONTINUED, PROC_WAIT_ALLSIG,
	    PROC_WAIT_ALTSIG, PROC_WAIT_NOWAIT, PROC_WAIT_NOZOMBIE, 0x80};
	uint32_t type = types[op->a % (op->a / 5 % 16 ? 4 : 5)];
	uint32_t options = some[op->b % 10];
	static const enum fake_step steps[] = {FAKE_REPLY};
	int32_t id = op->c % 5 ? sim_pid(op->c) : 0;
	struct sim_failure failure;

	if (op->d % 16)
		options |= CLIENT_WAIT4;
	if (op->d / 16 % 3 == 0 || is_monitor(l))
		options |= PROC_WAIT_NOHANG;
	sim_tell(WHO "wait6(type %u, id %d, options %#x)", WHOSE(l), type, id,
	    options);
	failure = sim_fail_arm(op->fail, steps, 1, TINE_ESTALE);
	ASK(l, wait, .idtype = type, .id = id, .options = options);
	if (!sim_failed(&failure)) {
		settle(l, m_wait(l, type, id, options));
		return;
	}
	/* It never hears of it, as if its call had been taken from it. */
	m_wait_lost(l, type, id, options);
	fake_token_kill(l->token);
	l->token = 0;
}

void
sim_exec(struct m_lwp *l, const struct sim_op *op)
{
	static const char path[] = "/bin/small";
	static const enum fake_step steps[] = {FAKE_COPY_IN, FAKE_OBJECT_OPEN,
	    FAKE_OBJECT_READ, FAKE_EXEC_BEGIN, FAKE_EXEC_MAP, FAKE_EXEC_TOP,
	    FAKE_EXEC_STACK, FAKE_EXEC_COMMIT, FAKE_VM_GROW};
	struct sim_failure failure;

	fake_window(path, sizeof(path));
	failure = sim_fail_arm(op->fail, steps, 9, TINE_ENOMEM);
	sim_tell(WHO "exec", WHOSE(l));
	ASK(l, exec, .bytes = sizeof(path));
	if (sim_failed(&failure))
		settle(l, TINE_ENOMEM);
	else if (m_exec_over(l->proc))
		settle(l, TINE_EAGAIN);
	else
		m_exec(l);
}

void
sim_setpgid(struct m_lwp *l, const struct sim_op *op)
{
	static const enum fake_step steps[] = {FAKE_VM_GROW};
	int32_t pid = op->a % 3 ? sim_pid(op->a / 3) : 0;
	int32_t pgid = op->b % 3 ? sim_pid(op->b / 3) : 0;
	struct sim_failure failure =
	    sim_fail_arm(op->fail, steps, 1, TINE_ENOMEM);

	sim_tell(WHO "setpgid(%d, %d)", WHOSE(l), pid, pgid);
	ASK(l, setpgid, .pid = pid, .pgid = pgid);
	if (sim_failed(&failure))
		settle(l, TINE_ENOMEM);
	else
		settle(l, m_setpgid(l, pid, pgid));
}

void
sim_setsid(struct m_lwp *l, const struct sim_op *op)
{
	static const enum fake_step steps[] = {FAKE_VM_GROW};
	struct sim_failure failure =
	    sim_fail_arm(op->fail, steps, 1, TINE_ENOMEM);

	sim_tell(WHO "setsid()", WHOSE(l));
	ASK_PLAIN(l, setsid);
	if (sim_failed(&failure))
		settle(l, TINE_ENOMEM);
	else
		settle(l, m_setsid(l));
	if (l->error == 0)
		m_word(l, (uint32_t)l->proc->pid, 0);
}

void
sim_setids(struct m_lwp *l, const struct sim_op *op)
{
	static const enum fake_step steps[] = {FAKE_VM_GROW};
	uint32_t which = PROC_SETUID + op->a % 3;
	uint32_t a = op->b % 5 == 4 ? UINT32_MAX : op->b % 5;
	uint32_t b = op->c % 5 == 4 ? UINT32_MAX : op->c % 5;
	struct sim_failure failure;

	if (l->proc == m_init())
		return;
	failure = sim_fail_arm(op->fail, steps, 1, TINE_ENOMEM);
	sim_tell(WHO "setids(%u, %d, %d)", WHOSE(l), which, (int)a, (int)b);
	ASK(l, setids, .which = which, .a = a, .b = b);
	if (sim_failed(&failure))
		settle(l, TINE_ENOMEM);
	else
		settle(l, m_setids(l->proc, which, a, b));
}

void
sim_setrlimit(struct m_lwp *l, const struct sim_op *op)
{
	static const enum fake_step steps[] = {FAKE_VM_LIMIT, FAKE_VM_GROW};
	static const uint32_t which[] = {PROC_LIMIT_NPROC, PROC_LIMIT_NPROC,
	    PROC_LIMIT_NTHR, PROC_LIMIT_DATA, PROC_LIMIT_AS, 12};
	uint32_t resource = which[op->a % 6];
	uint64_t soft = op->b % 40, hard = op->c % 3 ? 40 : op->c % 60;
	struct sim_failure failure;

	if (is_monitor(l))
		hard = soft = 1000;
	failure = sim_fail_arm(op->fail, steps, 2, TINE_ENOMEM);
	sim_tell(WHO "setrlimit(%u, %lu, %lu)", WHOSE(l), resource, soft, hard);
	ASK(l, setrlimit, .resource = resource, .soft = soft, .hard = hard);
	if (sim_failed(&failure))
		settle(l, TINE_ENOMEM);
	else
		settle(l, m_setrlimit(l->proc, resource, soft, hard));
}

/* What a variable is; -1: there is no such one. */
static int64_t
sysctl_value(uint32_t name)
{
	switch (name) {
	case SYSCTL_MAXPROC:
		return m.maxproc;
	case SYSCTL_NPROCS:
		return m_count_procs();
	case SYSCTL_FORKS:
		return m.forks;
	case SYSCTL_FORKS_PPWAIT:
		return m.forks_ppwait;
	case SYSCTL_FORKS_SHAREVM:
		return m.forks_sharevm;
	case SYSCTL_FORKFSLEEP:
		return m.forkfsleep;
	default:
		return -1;
	}
}

/* F16. */
static int
sysctl_model(const struct m_lwp *l, uint32_t name, int64_t value)
{
	int64_t most = name == SYSCTL_MAXPROC ? PROC_PID_MAX - 1 : 20000;

	if (l->proc->euid != 0)
		return TINE_EPERM;
	if (name != SYSCTL_MAXPROC && name != SYSCTL_FORKFSLEEP)
		return TINE_EPERM;
	if (value < 0 || value > most)
		return TINE_EINVAL;
	if (name == SYSCTL_MAXPROC)
		m.maxproc = value;
	else
		m.forkfsleep = value;
	return 0;
}

void
sim_sysctl(struct m_lwp *l, const struct sim_op *op)
{
	uint32_t name = op->a % 2 ? SYSCTL_MAXPROC : op->a / 2 % 8;
	bool set = op->b % 2;
	int64_t old = sysctl_value(name);
	int64_t value = op->c % 8 ? (int64_t)(op->c / 8 % 60) : (int32_t)op->d;

	sim_tell(WHO "sysctl(%u, set %d, %ld)", WHOSE(l), name, set, value);
	ASK(l, sysctl, .name = name, .set = set, .value = value);
	if (old < 0)
		settle(l, TINE_ENOENT);
	else
		settle(l, set ? sysctl_model(l, name, value) : 0);
	if (l->error == 0)
		m_word(l, (uint32_t)old, (int32_t)(old >> 32));
}

void
sim_ids(struct m_lwp *l, const struct sim_op *op)
{
	const struct m_proc *p = l->proc;
	const struct m_proc *other = m_find(sim_pid(op->a));

	ASK_PLAIN(l, ids);
	settle(l, 0);
	m_word(l, (uint32_t)p->pid, p->parent != NULL ? p->parent->pid : 0);
	SIM_EQUAL(ANSWER(l, ids).pgid, p->group->pgid, "pgid");
	SIM_EQUAL(ANSWER(l, ids).sid, p->group->sid, "sid");
	SIM_EQUAL(ANSWER(l, ids).uid, p->ruid, "uid");
	SIM_EQUAL(ANSWER(l, ids).euid, p->euid, "euid");
	SIM_EQUAL(ANSWER(l, ids).lid, l->lid, "lid");
	ASK(l, group, .pid = sim_pid(op->a));
	settle(l, 0);
	if (other == NULL || other->state == M_ZOMBIE)
		settle(l, TINE_ESRCH);
	else
		m_word(l, (uint32_t)other->group->pgid, other->group->sid);
}

/* All processes there are, as ps lists them. */
void
sim_list(struct m_lwp *l, const struct sim_op *op)
{
	static const uint32_t states[] = {
	    [M_ACTIVE] = PROC_ACTIVE,
	    [M_PSTOPPED] = PROC_STOPPED,
	    [M_ZOMBIE] = PROC_ZOMBIE,
	};
	int32_t from = 1;
	int count = 1;

	(void)op;
	for (;;) {
		const struct m_proc *p;

		ASK(l, list, .from = from);
		if (fake_answer_error(l->token) != 0)
			break;
		from = ANSWER(l, list).pid;
		p = m_find(from++);
		if (p == NULL)
			sim_fail(__FILE__, __LINE__, "no pid %d", from - 1);
		SIM_EQUAL(ANSWER(l, list).ppid,
		    p->parent != NULL ? p->parent->pid : 0, "a parent");
		SIM_EQUAL(ANSWER(l, list).uid, p->ruid, "a uid");
		SIM_EQUAL(ANSWER(l, list).state, states[p->state], "a state");
		count++;
	}
	SIM_EQUAL(count, m_count_procs(), "processes in the list");
	settle(l, TINE_ESRCH);
}

void
sim_foreground(struct m_lwp *l, const struct sim_op *op)
{
	bool set = op->a % 2;
	int32_t pgid = sim_pid(op->b);
	int32_t now = 0;

	sim_tell(WHO "foreground(set %d, %d)", WHOSE(l), set, pgid);
	ASK(l, foreground, .set = set, .pgid = pgid);
	settle(l, m_foreground(l, set, pgid, &now));
	if (l->error == 0)
		m_word(l, (uint32_t)now, 0);
}

/* Uids are few, as in sim_setids(). */
void
sim_priority(struct m_lwp *l, const struct sim_op *op)
{
	uint32_t which = op->a % 16 ? op->a / 16 % 3 : 3;
	uint32_t who = which == PROC_PRIO_USER ? op->b / 4 % 6
					       : (uint32_t)sim_pid(op->b / 4);
	bool set = op->c % 4 != 0;
	int32_t nice = (int32_t)(op->d % 60) - 30;

	if (op->b % 4 == 0)
		who = 0;
	sim_tell(WHO "priority(%u, %u, set %d, %d)", WHOSE(l), which, who, set,
	    nice);
	ASK(l, priority, .which = which, .who = who, .set = set, .nice = nice);
	settle(l, m_priority(l->proc, which, who, set, &nice));
	if (l->error == 0)
		m_word(l, (uint32_t)nice, 0);
}
