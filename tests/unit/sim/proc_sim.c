/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * proc_sim.c - who does what next, and the comparison; see proc_sim.h.
 */
#include "proc_sim.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <ipc/slots.h>
#include <procsrv/cred.h>
#include <procsrv/pid.h>

#include "proc_fake_time.h"

/* What an LWP that runs asks for, and how often. */
static const struct {
	sim_request *request;
	uint32_t often;
} requests[] = {
    {sim_fork, 30},
    {sim_exit, 8},
    {sim_wait, 24},
    {sim_exec, 6},
    {sim_setpgid, 10},
    {sim_setsid, 2},
    {sim_setids, 4},
    {sim_setrlimit, 3},
    {sim_sysctl, 3},
    {sim_ids, 3},
    {sim_list, 1},
    {sim_foreground, 3},
    {sim_priority, 8},
    {sim_kill, 30},
    {sim_sigqueue, 6},
    {sim_sigaction, 24},
    {sim_sigmask, 12},
    {sim_sigpending, 3},
    {sim_sigsuspend, 6},
    {sim_sigwait, 6},
    {sim_sigreturn, 30},
    {sim_stack, 4},
    {sim_sleep, 5},
    {sim_itimer, 3},
    {sim_exception, 2},
    {sim_lwp_create, 16},
    {sim_lwp_exit, 5},
    {sim_lwp_wait, 6},
    {sim_lwp_detach, 2},
    {sim_lwp_suspend, 8},
    {sim_lwp_kill, 8},
    {sim_lwp_park, 4},
    {sim_lwp_unpark, 3},
    {sim_futex_wait, 6},
    {sim_futex_wake, 6},
};
#define REQUESTS (sizeof(requests) / sizeof(requests[0]))

static struct snapshot base;
static uint64_t departed; /* identity of an LWP that is gone */

/* What the random numbers of an operation mean. */

int32_t
sim_pid(uint32_t random)
{
	int alive = m_count_procs() - 1;
	int at = (int)(random / 16 % (uint32_t)alive);

	if (random % 16 == 0)
		return 29999;
	for (int i = 0; i < M_PROCS; i++) {
		if (m.proc[i].state != M_FREE && at-- == 0)
			return m.proc[i].pid;
	}
	return 1;
}

int32_t
sim_lid(const struct m_lwp *l, uint32_t random)
{
	const struct m_list *lwps = &l->proc->lwps;
	const struct m_lwp *other = lwps->item[random / 16 % (uint32_t)lwps->n];

	return random % 16 ? other->lid : 77;
}

int32_t
sim_signal(uint32_t random)
{
	static const int32_t signals[] = {M_KILL, M_TERM, M_HUP, M_STOP, M_STOP,
	    M_CONT, M_CONT, M_CONT, M_TSTP, M_TTIN, M_TTOU, M_CHLD, M_CHLD,
	    M_USR1, M_USR1, M_USR1, 31, 31, M_ALRM, M_RT, M_RT + 1, 23, 32,
	    M_ILL, M_BUS, 63, 0, 64, -1};

	return signals[random % (sizeof(signals) / sizeof(signals[0]))];
}

/* Some signals, often none; sometimes all. */
uint64_t
sim_set(uint32_t random)
{
	uint64_t set = 0;

	if (random % 8 == 0)
		return ~0ul;
	for (uint32_t left = random / 8; left % 4 != 0; left /= 32) {
		int32_t signal = sim_signal(left / 4);

		if (signal > 0 && signal < PROC_NSIG)
			set |= M_BIT(signal);
	}
	return set;
}

uint64_t
sim_deadline(uint32_t random)
{
	if (random % 8 == 0)
		return PROC_FOREVER;
	return m.now + random / 8 % 100;
}

struct sim_failure
sim_fail_arm(
    uint32_t random, const enum fake_step *steps, uint32_t count, int error)
{
	struct sim_failure failure = {.step = steps[random / 8 % count]};

	if (random % 8 != 0)
		return failure;
	failure.error = error;
	fake_fail_after(failure.step, random / 1024 % 2, error);
	return failure;
}

bool
sim_failed(const struct sim_failure *failure)
{
	bool failed = failure->error != 0 && !fake_fail_cancel(failure->step);

	if (failed)
		sim_tell("\tstep %d failed", (int)failure->step);
	return failed;
}

/* The comparison. */

static void
compare_handler(const struct m_lwp *l)
{
	struct proc_siginfo info;

	SIM_EQUAL(client_handled(l->token), l->info.signo, "signal handled");
	info = client_info(l->token);
	SIM_EQUAL(info.code, l->info.code, "si_code");
	SIM_EQUAL(info.pid, l->info.pid, "si_pid");
	SIM_EQUAL(info.uid, l->info.uid, "si_uid");
	SIM_EQUAL(info.status, l->info.status, "si_status");
	SIM_EQUAL(info.value, l->info.value, "si_value");
	SIM_EQUAL(client_saved_mask(l->token), l->saved, "saved mask");
	SIM_EQUAL(
	    fake_answer_signal(l->token)->label, l->label, "interrupted call");
	if (l->tty_kept)
		SIM_EQUAL(MSG_LABEL(fake_saved_regs(l->token)->x[11]),
		    l->tty_label, "interrupted call of ttysrv");
}

/* What became of the call of an LWP. */
static void
compare_call(struct m_lwp *l)
{
	static const enum fake_token_state states[] = {
	    [M_PENDING] = FAKE_PENDING,
	    [M_ERROR] = FAKE_ANSWERED,
	    [M_HANDLER] = FAKE_ANSWERED_SIGNAL,
	    [M_REGS] = FAKE_ANSWERED_REGS,
	};
	char what[64];

	snprintf(what, sizeof(what), "the call of " WHO "state", WHOSE(l));
	SIM_EQUAL(fake_token_state(l->token), states[l->out], what);
	if (l->out == M_ERROR) {
		SIM_EQUAL(fake_answer_error(l->token), l->error, "its error");
		if (l->error == 0 && l->has_word)
			SIM_EQUAL(
			    fake_answer(l->token)[0], l->word, "its result");
	} else if (l->out == M_HANDLER) {
		compare_handler(l);
	}
	if (l->out != M_PENDING)
		l->token = 0;
	l->has_word = false;
}

static void
compare_lwps(void)
{
	for (int i = 0; i < M_PROCS * M_LWPS; i++) {
		struct m_lwp *l = &m.lwp[i];

		if (!l->used || l->where == M_DEAD)
			continue;
		if (l->token != 0)
			compare_call(l);
		SIM_EQUAL(l->token != 0, l->where != M_USER, "waits");
		SIM_EQUAL(fake_interrupted(l->identity), l->ast, "interrupted");
		SIM_EQUAL(fake_priority(l->identity),
		    PRIORITY_USER - l->proc->nice, "a priority");
	}
	for (int i = 0; i < m.ngone; i++)
		SIM_EQUAL(fake_token_state(m.gone[i]), FAKE_STALE,
		    "the call of one that is gone");
	m.ngone = 0;
}

/* Records and objects, all told. */
static struct snapshot
books_expected(void)
{
	struct snapshot books = base;

	books.nprocs += (uint32_t)m_count_procs() - 2;
	books.procs += (uint32_t)m_count_procs() - 2;
	books.root_procs = (uint32_t)m_count_user(0);
	books.lwps--;
	books.live.threads--;
	books.live.spaces--;
	books.live.space_users--;
	books.pgrps--;
	books.sessions--;
	books.sigacts--;
	for (int i = 0; i < M_PROCS * M_LWPS; i++) {
		const struct m_lwp *l = &m.lwp[i];

		books.lwps += l->used;
		books.live.threads += l->used && l->where != M_DEAD;
		books.siginfos += l->used ? (uint32_t)l->pending.n : 0;
	}
	for (int i = 0; i < M_PROCS; i++) {
		const struct m_proc *p = &m.proc[i];
		bool other = false, session = false;

		for (int j = 0; j < i; j++) {
			other = other || (m.proc[j].state != M_FREE &&
					     m.proc[j].space == p->space);
			session =
			    session || (m.group[j].used &&
					   m.group[j].sid == m.group[i].sid);
		}
		books.pgrps += m.group[i].used;
		books.sessions += m.group[i].used && !session;
		books.sigacts += m_actions_refs(&m.actions[i]) > 0;
		if (p->state == M_FREE || p->state == M_ZOMBIE)
			continue;
		books.siginfos += (uint32_t)p->pending.n;
		books.live.space_users++;
		books.live.spaces += !other;
	}
	return books;
}

static void
compare_books(void)
{
	struct snapshot is = snapshot_take();
	struct snapshot should = books_expected();

	SIM_EQUAL(is.procs, should.procs, "processes");
	SIM_EQUAL(is.nprocs, should.nprocs, "nprocs");
	SIM_EQUAL(is.lwps, should.lwps, "LWPs");
	SIM_EQUAL(is.live.threads, should.live.threads, "threads");
	SIM_EQUAL(is.live.spaces, should.live.spaces, "spaces");
	SIM_EQUAL(
	    is.live.space_users, should.live.space_users, "users of spaces");
	SIM_EQUAL(is.live.programs, should.live.programs, "half-made spaces");
	SIM_EQUAL(is.pgrps, should.pgrps, "groups");
	SIM_EQUAL(is.sessions, should.sessions, "sessions");
	SIM_EQUAL(is.sigacts, should.sigacts, "sets of actions");
	SIM_EQUAL(is.siginfos, should.siginfos, "queued signals");
	for (uint32_t uid = 0; uid < 4; uid++)
		SIM_EQUAL(user_procs(uid), m_count_user(uid), "a user's count");
}

static void
compare(void)
{
	m_doomed();
	compare_lwps();
	compare_books();
	client_check();
}

/* Events that no LWP brings about. */

static void
do_time(uint64_t ticks)
{
	sim_tell("%lu ticks pass", ticks);
	fake_time_pass(fake_now + ticks);
	m_time(m.now + ticks);
}

static void
do_key(uint32_t random)
{
	static const int signals[] = {2, 3, M_TSTP};

	sim_tell("key for signal %d", signals[random % 3]);
	fake_typed(signals[random % 3]);
	fake_tty_notify();
	m_key(signals[random % 3]);
}

/* A message of a thread that was there when it was sent. */
static void
do_stale(uint32_t random)
{
	const struct proc_kill_req kill = {.pid = 1};
	token_t token;

	for (int i = 0; i < M_PROCS * M_LWPS; i++) {
		if (m.lwp[i].used && m.lwp[i].where != M_DEAD &&
		    m.lwp[i].identity == departed)
			return;
	}
	if (departed == 0)
		return;
	sim_tell("a message from one that is gone");
	if (random % 2) {
		token = client_kernel(departed, MSG_AST, 0, 0, 0);
		SIM_EQUAL(fake_token_state(token), FAKE_PENDING, "its AST");
		return;
	}
	token = client_call_as(departed, proc_kill_call, &kill, sizeof(kill));
	SIM_EQUAL(fake_answer_error(token), TINE_ESTALE, "its kill()");
}

static void
do_tty(struct m_lwp *l)
{
	sim_tell(WHO "ttysrv answers", WHOSE(l));
	fake_tty_answer(l->identity);
	m_end(l, 0);
}

/* vmsrv answers a fault, or hands it on. */
static void
do_vm(struct m_lwp *l, const struct sim_op *op)
{
	const struct m_info info = {.signo = M_SEGV, .code = 1};
	const struct proc_fault_req req = {.signal = M_SEGV, .code = 1};
	struct ipc_msg msg = {
	    .sender = l->identity,
	    .kind = SENDER_KERNEL_THREAD | SENDER_FORWARDED |
		    (uint64_t)BADGE_VM << 32,
	};

	l->where = M_USER;
	if (op->a % 8 != 0 || l->proc == m_init()) {
		sim_tell(WHO "vmsrv answers", WHOSE(l));
		fake_vm_answer(l->identity);
		m_end(l, 0);
		return;
	}
	sim_tell(WHO "vmsrv hands a fault on", WHOSE(l));
	msg.token = fake_vm_forward(l->identity);
	ipc_pack(&msg, proc_fault_call, &req, sizeof(req));
	fake_serve(&msg);
	m_fault(l, &info);
}

/* An LWP whose program runs calls somebody, or comes by. */
static void
do_user(struct m_lwp *l, const struct sim_op *op)
{
	uint32_t sum = 0, at;

	if (l->ast) {
		sim_tell(WHO "AST", WHOSE(l));
		l->out = M_PENDING;
		l->token = client_ast(l->identity);
		m_ast(l);
		return;
	}
	l->out = M_PENDING;
	if (op->kind % 32 == 0) {
		sim_tell(WHO "reads from the terminal", WHOSE(l));
		l->token = fake_tty_read(l->identity);
		l->where = M_TTY;
		return;
	}
	if (op->kind % 32 == 1) {
		sim_tell(WHO "faults", WHOSE(l));
		l->token = fake_vm_call(l->identity);
		l->where = M_VM;
		return;
	}
	for (uint32_t i = 0; i < REQUESTS; i++)
		sum += requests[i].often;
	at = op->kind / 32 % sum;
	for (uint32_t i = 0;; i++) {
		if (at < requests[i].often) {
			requests[i].request(l, op);
			return;
		}
		at -= requests[i].often;
	}
}

/* One of those that can do something now; NULL: nobody can. */
static struct m_lwp *
lwp_pick(uint32_t random)
{
	struct m_lwp *can[M_PROCS * M_LWPS];
	uint32_t n = 0;

	for (int i = 0; i < M_PROCS * M_LWPS; i++) {
		struct m_lwp *l = &m.lwp[i];

		if (l->used && (l->where == M_USER || l->where == M_TTY ||
				   l->where == M_VM))
			can[n++] = l;
	}
	if (n == 0)
		return NULL;
	/* Whoever is left after all others wait is init, now and then. */
	return can[random % 8 == 0 ? 0 : random / 8 % n];
}

static void
sim_step(const struct sim_op *op)
{
	struct m_lwp *l = lwp_pick(op->who);

	m.pid_slots = pid_table_size();
	if (l == NULL || op->kind % 64 == 2) {
		do_time(op->a % 40 + 1);
	} else if (op->kind % 64 == 3) {
		do_key(op->a);
	} else if (op->kind % 64 == 4) {
		do_stale(op->a);
	} else if (l->where == M_TTY) {
		do_tty(l);
	} else if (l->where == M_VM) {
		do_vm(l, op);
	} else {
		if (l->proc != m_init())
			departed = l->identity;
		do_user(l, op);
	}
	compare();
}

static void
sim_start(void)
{
	(void)client_start(NULL);
	base = snapshot_take();
	m_start();
	m.now = fake_now;
	m.lwp[0].identity = client_identity(1);
}

/* Init kills all, waits for all, and nothing is left but itself. */
static void
sim_finish(void)
{
	const struct sim_op all = {.c = 2};
	const struct sim_op any = {.a = 0, .b = 5, .d = 1, .fail = 1};
	const struct sim_op plain = {.a = 1, .fail = 1};

	sim_tell("init ends all");
	for (int round = 0; round < 400; round++) {
		struct m_lwp *l = m_lwp(m_init(), 1);

		m.pid_slots = pid_table_size();
		if (l->where == M_REFUSED || round % 8 == 1)
			do_time(20000);
		else if (l->where == M_TTY)
			do_tty(l);
		else if (l->where == M_VM)
			do_vm(l, &plain);
		else if (l->ast)
			do_user(l, &all);
		else if (m_init()->lwps.n > 1)
			sim_exec(l, &plain);
		else if (round % 8 == 0)
			sim_kill(l, &all);
		else
			sim_wait(l, &any);
		compare();
	}
	SIM_EQUAL(m_count_procs(), 2, "processes at the end");
	client_check();
}

static const struct sim sim = {
    .name = "procsrv_sim",
    .length = 2000,
    .operations = 200000,
    .start = sim_start,
    .step = sim_step,
    .finish = sim_finish,
};

int
main(int argc, char **argv)
{
	return sim_main(&sim, argc, argv);
}
