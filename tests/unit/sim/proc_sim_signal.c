/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * proc_sim_signal.c - requests about signals and LWPs, to procsrv and its
 * model.
 */
#include "proc_sim.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* An alternate stack, for more handlers than ever nest. */
#define ALT_PLACE 32u
#define ALT_BYTES 0x10000ul

void
sim_kill(struct m_lwp *l, const struct sim_op *op)
{
	int32_t pid = sim_pid(op->a);
	int32_t signal = sim_signal(op->b);

	switch (op->c % 16) {
	case 0:
		pid = 0;
		break;
	case 1:
		pid = -pid;
		break;
	case 2:
		/* Not so often all. */
		pid = op->d % 8 ? l->proc->pid : -1;
		break;
	case 3:
		pid = l->proc->pid;
		break;
	default:
		break;
	}
	sim_tell(WHO "kill(%d, %d)", WHOSE(l), pid, signal);
	ASK(l, kill, .pid = pid, .signal = signal);
	settle(l, m_done(l, m_kill(l, pid, signal, PROC_SI_USER, 0)));
}

void
sim_sigqueue(struct m_lwp *l, const struct sim_op *op)
{
	int32_t pid = sim_pid(op->a);
	int32_t signal =
	    op->b % 2 ? M_RT + (int32_t)(op->b / 2 % 3) : sim_signal(op->b / 2);

	sim_tell(WHO "sigqueue(%d, %d, %u)", WHOSE(l), pid, signal, op->c);
	ASK(l, sigqueue, .pid = pid, .signal = signal, .value = op->c);
	settle(l, m_done(l, m_kill(l, pid, signal, PROC_SI_QUEUE, op->c)));
}

void
sim_sigaction(struct m_lwp *l, const struct sim_op *op)
{
	int32_t signal = sim_signal(op->a);
	const struct m_action action = {
	    .handler = op->b % 4 == 0   ? PROC_SIG_DFL
		       : op->b % 4 == 1 ? PROC_SIG_IGN
					: CLIENT_HANDLER,
	    .mask = sim_set(op->c),
	    .flags = op->d % 32 ? op->d / 32 & PROC_SA_ALL : 0x80,
	};
	struct m_action old = {0};

	if (signal > 0 && signal < PROC_NSIG)
		old = l->proc->actions->of[signal];
	sim_tell(WHO "sigaction(%d, %#lx, mask %#lx, flags %#x)", WHOSE(l),
	    signal, action.handler, action.mask, action.flags);
	ASK(l, sigaction, .signal = (uint32_t)signal, .set = 1,
	    .handler = action.handler, .trampoline = CLIENT_TRAMPOLINE,
	    .mask = action.mask, .flags = action.flags);
	settle(l, m_sigaction(l->proc, signal, &action));
	if (l->error != 0 || fake_answer_error(l->token) != 0)
		return;
	SIM_EQUAL(ANSWER(l, sigaction).handler, old.handler, "old handler");
	SIM_EQUAL(ANSWER(l, sigaction).mask, old.mask, "old mask");
	SIM_EQUAL(ANSWER(l, sigaction).flags, old.flags, "old flags");
}

void
sim_sigmask(struct m_lwp *l, const struct sim_op *op)
{
	uint32_t how = op->a % 16 ? op->a % 4 : 4;
	uint64_t set = sim_set(op->b);
	uint64_t old = l->mask;
	int error = 0;

	sim_tell(WHO "sigmask(%u, %#lx)", WHOSE(l), how, set);
	ASK(l, sigmask, .how = how, .set = set);
	if (how == PROC_SIG_BLOCK)
		m_mask(l, l->mask | set);
	else if (how == PROC_SIG_UNBLOCK)
		m_mask(l, l->mask & ~set);
	else if (how == PROC_SIG_SETMASK)
		m_mask(l, set);
	else if (how != 0)
		error = TINE_EINVAL;
	if (error == 0 && how != 0 && m_due(l) != 0)
		m_interrupt(l);
	settle(l, error);
	if (error == 0)
		m_word(l, (uint32_t)old, (int32_t)(old >> 32));
}

void
sim_sigpending(struct m_lwp *l, const struct sim_op *op)
{
	uint64_t set = m_set(&l->pending) | m_set(&l->proc->pending);

	(void)op;
	ASK_PLAIN(l, sigpending);
	settle(l, 0);
	m_word(l, (uint32_t)set, (int32_t)(set >> 32));
}

void
sim_sigsuspend(struct m_lwp *l, const struct sim_op *op)
{
	uint64_t set = sim_set(op->a);

	if (is_monitor(l))
		return;
	sim_tell(WHO "sigsuspend(%#lx)", WHOSE(l), set);
	ASK(l, sigsuspend, .set = set);
	settle(l, m_sigsuspend(l, set));
}

void
sim_sigwait(struct m_lwp *l, const struct sim_op *op)
{
	uint64_t set = sim_set(op->a) | M_BIT(M_USR1);
	uint64_t deadline = op->b % 4 ? sim_deadline(op->b / 4) : 0;

	if (is_monitor(l))
		deadline = 0;
	sim_tell(
	    WHO "sigtimedwait(%#lx, until %ld)", WHOSE(l), set, (long)deadline);
	ASK(l, sigwait, .set = set, .deadline = deadline);
	settle(l, m_sigwait(l, set, deadline));
}

void
sim_sigreturn(struct m_lwp *l, const struct sim_op *op)
{
	static struct regs regs = {.x[0] = 0x10440};
	bool bad = op->b % 16 == 0 && l->proc != m_init();
	uint64_t mask = sim_set(op->a);

	if (l->handlers == 0 && op->c % 8)
		return;
	regs.x[2] = sim_stack_pointer(l, 3);
	sim_tell(WHO "sigreturn(mask %#lx%s)", WHOSE(l), mask,
	    bad ? ", no registers" : "");
	fake_window(&regs, bad ? 8 : sizeof(regs));
	ASK(l, sigreturn, .mask = mask);
	(void)m_sigreturn(l, mask);
	m_last(l, bad);
	m_doomed();
}

/* It loses its stack, or was never given one. */
void
sim_stack(struct m_lwp *l, const struct sim_op *op)
{
	(void)op;
	if (l->proc == m_init())
		return;
	sim_tell(WHO "has no stack any more", WHOSE(l));
	fake_regs(l->identity)->x[2] = FAKE_NO_STACK;
	l->no_stack = true;
	l->on_alt = false;
}

void
sim_altstack(struct m_lwp *l, const struct sim_op *op)
{
	const struct proc_sigaltstack_req req = {
	    .sp = sim_stack_pointer(l, ALT_PLACE),
	    .size = ALT_BYTES,
	    .flags = op->a % 8 == 0 ? PROC_SS_DISABLE : 0,
	    .set = op->a / 8 % 4 != 0,
	};
	bool none = req.flags != 0;
	struct m_lwp was = *l;

	sim_tell(
	    WHO "sigaltstack(set %u, flags %u)", WHOSE(l), req.set, req.flags);
	ASK(l, sigaltstack, .sp = req.sp, .size = req.size, .flags = req.flags,
	    .set = req.set);
	settle(
	    l, m_altstack(l, req.set, none ? 0 : req.sp, none ? 0 : req.size));
	if (l->error != 0 || fake_answer_error(l->token) != 0)
		return;
	SIM_EQUAL(ANSWER(l, sigaltstack).sp, was.alt_sp, "old stack");
	SIM_EQUAL(ANSWER(l, sigaltstack).size, was.alt_size, "its size");
	SIM_EQUAL(ANSWER(l, sigaltstack).flags,
	    was.on_alt          ? PROC_SS_ONSTACK
	    : was.alt_size == 0 ? PROC_SS_DISABLE
				: 0,
	    "its flags");
}

void
sim_sleep(struct m_lwp *l, const struct sim_op *op)
{
	uint64_t deadline = sim_deadline(op->a);

	if (is_monitor(l))
		return;
	sim_tell(WHO "sleep(until %ld)", WHOSE(l), (long)deadline);
	ASK(l, sleep, .deadline = deadline);
	settle(l, m_sleep(l, deadline));
}

void
sim_itimer(struct m_lwp *l, const struct sim_op *op)
{
	struct m_proc *p = l->proc;
	uint64_t value = op->a % 3 ? op->a / 3 % 50 : 0;
	uint64_t interval = op->b % 3 ? 0 : op->b / 3 % 50;
	uint64_t left = p->alarm == M_FOREVER ? 0
			: p->alarm > m.now    ? p->alarm - m.now
					      : 1;

	sim_tell(WHO "setitimer(%lu, %lu)", WHOSE(l), value, interval);
	ASK(l, itimer, .set = 1, .value = value, .interval = interval);
	SIM_EQUAL(ANSWER(l, itimer).interval, p->interval, "old interval");
	settle(l, 0);
	m_word(l, (uint32_t)left, (int32_t)(left >> 32));
	p->alarm = value != 0 ? m.now + value : M_FOREVER;
	p->alarm_set = ++m.timers_set;
	p->interval = value != 0 ? interval : 0;
}

void
sim_exception(struct m_lwp *l, const struct sim_op *op)
{
	struct m_info info = {.signo = M_ILL, .code = 1};
	uint64_t cause = 2;

	if (op->a % 2) {
		info = (struct m_info){.signo = M_BUS, .code = 2};
		cause = 5;
	}
	if (l->proc == m_init())
		return;
	sim_tell(WHO "exception %lu", WHOSE(l), cause);
	l->out = M_PENDING;
	l->token =
	    client_kernel(l->identity, MSG_EXCEPTION, cause, 0x5000, 0x10440);
	m_fault(l, &info);
}

void
sim_lwp_create(struct m_lwp *l, const struct sim_op *op)
{
	static const enum fake_step steps[] = {FAKE_THREAD_NEW,
	    FAKE_THREAD_CLONE, FAKE_COPY_IN, FAKE_VM_GROW, FAKE_REPLY_REGS};
	struct regs regs = {
	    .x[0] = CLIENT_LWP_PC, .x[2] = sim_stack_pointer(l, 4)};
	uint32_t flags = op->a % 32 == 0 ? 1 : op->a / 32 & 0xc0;
	int error = m_lwp_create_check(l, flags);
	struct sim_failure failure;
	struct m_lwp *l2;

	if (l->proc->lwps.n >= M_LWPS)
		return;
	failure = sim_fail_arm(op->fail, steps, 5, TINE_ENOMEM);
	fake_window(&regs, sizeof(regs));
	sim_tell(WHO "lwp_create(%#x)", WHOSE(l), flags);
	ASK(l, lwp_create, .flags = flags);
	settle(l, sim_failed(&failure) ? TINE_ENOMEM : error);
	if (l->error != 0 || fake_answer_error(l->token) != 0)
		return;
	l2 = m_lwp_create(l, flags);
	/* Which id is free next is the process's affair. */
	l2->lid = ANSWER(l, lwp_create).lid;
	for (int i = 0; i < l->proc->lwps.n; i++) {
		const struct m_lwp *other = l->proc->lwps.item[i];

		if (other != l2 && other->lid == l2->lid)
			sim_fail(
			    __FILE__, __LINE__, "lid %d is in use", l2->lid);
	}
	l2->identity = client_lwp_identity(l->proc->pid, l2->lid);
}

void
sim_lwp_exit(struct m_lwp *l, const struct sim_op *op)
{
	(void)op;
	if (is_monitor(l) ||
	    (l->proc == m_init() && m_lwps_alive(l->proc) == 1))
		return;
	sim_tell(WHO "lwp_exit()", WHOSE(l));
	ASK_PLAIN(l, lwp_exit);
	m_lwp_exit(l);
}

void
sim_lwp_wait(struct m_lwp *l, const struct sim_op *op)
{
	int32_t lid = op->a % 2 ? sim_lid(l, op->a / 2) : 0;
	int32_t ended = 0;

	if (is_monitor(l))
		return;
	sim_tell(WHO "lwp_wait(%d)", WHOSE(l), lid);
	ASK(l, lwp_wait, .lid = lid);
	settle(l, m_lwp_wait(l, lid, &ended));
	if (ended != 0)
		m_word(l, (uint32_t)ended, 0);
}

void
sim_lwp_detach(struct m_lwp *l, const struct sim_op *op)
{
	int32_t lid = sim_lid(l, op->a);

	sim_tell(WHO "lwp_detach(%d)", WHOSE(l), lid);
	ASK(l, lwp_detach, .lid = lid);
	settle(l, m_lwp_detach(l, lid));
}

void
sim_lwp_suspend(struct m_lwp *l, const struct sim_op *op)
{
	int32_t lid = sim_lid(l, op->a);

	/* Somebody in init has to go on. */
	if (l->proc == m_init())
		return;
	sim_tell(WHO "lwp_%s(%d)", WHOSE(l), op->b % 2 ? "continue" : "suspend",
	    lid);
	ASK(l, lwp_suspend, .lid = lid, .resume = op->b % 2);
	settle(l, op->b % 2 ? m_lwp_continue(l, lid) : m_lwp_suspend(l, lid));
}

void
sim_lwp_kill(struct m_lwp *l, const struct sim_op *op)
{
	int32_t lid = op->a % 3 ? sim_lid(l, op->a / 3) : 0;
	int32_t signal = sim_signal(op->b);

	sim_tell(WHO "lwp_kill(%d, %d)", WHOSE(l), lid, signal);
	ASK(l, lwp_kill, .lid = lid, .signal = signal);
	settle(l, m_done(l, m_lwp_kill(l, lid, signal)));
}

void
sim_lwp_park(struct m_lwp *l, const struct sim_op *op)
{
	int32_t unpark = op->a % 2 ? sim_lid(l, op->a / 2) : 0;
	uint64_t deadline = sim_deadline(op->b);

	if (is_monitor(l))
		return;
	sim_tell(
	    WHO "lwp_park(until %ld, %d)", WHOSE(l), (long)deadline, unpark);
	ASK(l, lwp_park, .deadline = deadline, .unpark = unpark);
	settle(l, m_lwp_park(l, deadline, unpark));
}

void
sim_lwp_unpark(struct m_lwp *l, const struct sim_op *op)
{
	int32_t lid = sim_lid(l, op->a);

	sim_tell(WHO "lwp_unpark(%d)", WHOSE(l), lid);
	ASK(l, lwp_unpark, .lid = lid);
	settle(l, m_lwp_unpark(l->proc, lid));
}

/* One of few words, seldom one that can't be. */
static uint64_t
futex_address(uint32_t random)
{
	return 0x20000 + random / 16 % 3 * 4 + (random % 16 == 0);
}

void
sim_futex_wait(struct m_lwp *l, const struct sim_op *op)
{
	static const enum fake_step steps[] = {FAKE_COPY_IN};
	static const uint32_t word = 7;
	uint64_t address = futex_address(op->a);
	uint64_t deadline = sim_deadline(op->b);
	uint32_t value = op->c % 8 ? word : 8;
	bool shared = op->c / 8 % 16 == 0;
	struct sim_failure failure;

	if (is_monitor(l))
		return;
	failure = sim_fail_arm(op->fail, steps, 1, TINE_EFAULT);
	fake_window(&word, sizeof(word));
	sim_tell(WHO "futex_wait(%#lx, until %ld, %u)", WHOSE(l), address,
	    (long)deadline, value);
	ASK(l, futex_wait, .address = address, .deadline = deadline,
	    .value = value, .shared = shared);
	/* All its memory is private. */
	if (sim_failed(&failure) || (shared && address % sizeof(word) == 0))
		settle(l, TINE_EFAULT);
	else
		settle(l, m_futex_wait(l, address, deadline, value == word));
}

void
sim_futex_wake(struct m_lwp *l, const struct sim_op *op)
{
	uint64_t address = futex_address(op->a);
	uint32_t count = op->b % 4;
	bool shared = op->b / 4 % 16 == 0;
	uint32_t woken = 0;

	sim_tell(WHO "futex_wake(%#lx, %u)", WHOSE(l), address, count);
	ASK(l, futex_wake, .address = address, .count = count,
	    .shared = shared);
	if (shared && address % sizeof(uint32_t) == 0)
		settle(l, TINE_EFAULT);
	else
		settle(l, m_futex_wake(l, address, count, &woken));
	if (l->error == 0)
		m_word(l, woken, 0);
}
