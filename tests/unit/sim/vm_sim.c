/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vm_sim.c - who does what next, to vmsrv and its model; see vm_sim.h.
 *
 * Kernel calls that need memory fail at random, long calls are cut into pieces
 * of any size, and others go on before what one asked for has been done.
 */
#include "vm_sim.h"

/* A range, more often a small one. */
static void
range_pick(const struct sim_op *op, uint32_t *from, uint32_t *to)
{
	*from = op->a % PAGES;
	*to = *from + 1 + op->b % (op->c % 2 ? 8u : 300u);
	if (*to > PAGES)
		*to = PAGES;
}

static uint32_t
protection_pick(uint32_t random)
{
	static const uint32_t some[] = {
	    0, VM_PROT_READ, RW, RW, RW, VM_PROT_READ | VM_PROT_EXEC};

	return some[random % 6];
}

static void
ask_tell(const struct ask *ask)
{
	static const char *const names[] = {
	    "", "map", "unmap", "protect", "inherit", "fork", "fault"};

	sim_tell("space %#lx thread %#lx: %s %u-%u, %u%s", ask->p->space,
	    ask->thread, names[ask->what], ask->from, ask->to, ask->value,
	    ask->shared ? " shared" : "");
}

/* Ask, and wait for the end or not. */
static void
begin(const struct ask *ask, const struct sim_op *op)
{
	ask_tell(ask);
	call_begin(ask);
	if (op->c / 64 % 8 == 0)
		call_wait(ask->thread);
}

/* A request of a thread, or a fault. */
static void
do_ask(struct model *p, const struct sim_op *op, enum ask_what what)
{
	static const uint8_t some[] = {VM_INHERIT_SHARE, VM_INHERIT_COPY,
	    VM_INHERIT_NONE, VM_INHERIT_ZERO};
	struct ask ask = {.what = what, .p = p};

	ask.thread = p->threads[op->c / 512 % (uint32_t)p->nthreads];
	if (call_of(ask.thread)) {
		call_turn();
		return;
	}
	range_pick(op, &ask.from, &ask.to);
	/* There is nothing between runs, and never will be. */
	if ((what == ASK_MAP || what == ASK_PROTECT) &&
	    ask.to > run_end(ask.from))
		ask.to = run_end(ask.from);
	if (what == ASK_MAP) {
		ask.value = protection_pick(op->d);
		ask.shared = op->d / 6 % 3 == 0;
	} else if (what == ASK_PROTECT) {
		ask.value = protection_pick(op->d);
	} else if (what == ASK_INHERIT) {
		ask.value = some[op->d % 4];
	} else if (what == ASK_FAULT) {
		ask.value = op->d % 2 ? ACCESS_WRITE : ACCESS_READ;
		ask.to = ask.from + 1;
	}
	begin(&ask, op);
}

/* procsrv waits for one answer before it asks for another thing. */
static void
do_fork(struct model *p, const struct sim_op *op)
{
	bool share = op->d % 2 == 0;
	struct ask ask = {.what = ASK_FORK, .p = p};

	if (share ? p->nthreads == THREADS : models_alive() == PROCESSES)
		return;
	ask.value = share ? VM_FORK_SHARE : 0;
	begin(&ask, op);
}

static void
do_touch(struct model *p, const struct sim_op *op)
{
	uint32_t from, to;

	range_pick(op, &from, &to);
	/* Others that go on meanwhile would be heard of too late. */
	if (call_in(p))
		return;
	call_note();
	fake_kernel.fail_at = 0;
	sim_tell("space %#lx: touch %u-%u", p->space, from, to);
	for (uint32_t i = from; i < to; i++) {
		const struct page *page = &p->pages[i];
		bool reads = page->there && (page->protection & VM_PROT_READ);
		bool writes = page->there && (page->protection & VM_PROT_WRITE);
		uint8_t value = (uint8_t)(op->d + i) | 1;
		uint8_t byte = 0;

		SIM_EQUAL(process_read(p->space, va_of(i), &byte),
		    reads ? 0 : SIGSEGV_, "signal for a read");
		if (reads)
			SIM_EQUAL(byte, cells[page->cell], "byte");
		if ((op->d >> i % 16 & 1) == 0)
			continue;
		/* What a fork finds in shared pages is anybody's guess. */
		if (page->shared && call_of(0))
			continue;
		SIM_EQUAL(process_write(p->space, va_of(i), value),
		    writes ? 0 : SIGSEGV_, "signal for a write");
		if (writes)
			cells[page->cell] = value;
	}
}

/* A thread exits, or is killed; procsrv ends it before it tells. */
static void
do_exit(struct model *p)
{
	struct process one = {.space = p->space};
	int at = p->nthreads - 1;

	/* Rather one that waits for an answer. */
	for (int i = 0; i < p->nthreads; i++) {
		if (call_of(p->threads[i]))
			at = i;
	}
	one.thread = p->threads[at];
	p->threads[at] = p->threads[p->nthreads - 1];
	sim_tell("space %#lx thread %#lx: exit", one.space, one.thread);
	call_kill(one.thread);
	SIM_EQUAL(process_exit(&one), 0, "exit");
	/* What it asked for is done by now, or never. */
	call_forget(p);
	if (--p->nthreads == 0)
		model_end(p);
}

/* RLIMIT_AS, of what a process has beside its program. */
static void
do_limit(struct model *p, const struct sim_op *op)
{
	struct vm_limit_req req = {.space = p->space, .limit = VM_LIMIT_AS};
	struct vm_limit_rep rep;

	if (call_in(p))
		return;
	p->limit = op->d % 2 ? NO_LIMIT : op->a % (2 * PAGES);
	req.bytes = p->limit == NO_LIMIT
			? NO_LIMIT
			: (p->limit + program_pages) * PAGE_SIZE;
	sim_tell("space %#lx: limit %ld", p->space, (long)p->limit);
	SIM_EQUAL(PROC_REQUEST(limit, &req, &rep), 0, "limit");
}

/* What procsrv asks for, one thing at a time. */
static void
do_proc(struct model *p, const struct sim_op *op, uint32_t kind)
{
	call_wait(0);
	if (kind < 2)
		do_fork(p, op);
	else if ((kind == 2 || kind == 14) &&
		 (models_alive() > 1 || p->nthreads > 1))
		do_exit(p);
	else if (kind == 12)
		do_limit(p, op);
}

static void
sim_step(const struct sim_op *op)
{
	static const enum ask_what asks[18] = {[3] = ASK_UNMAP,
	    ASK_UNMAP,
	    ASK_PROTECT,
	    ASK_PROTECT,
	    ASK_PROTECT,
	    ASK_MAP,
	    ASK_MAP,
	    ASK_MAP,
	    ASK_INHERIT,
	    [13] = ASK_FAULT};
	static uint32_t steps;
	struct model *p = &models[op->who % PROCESSES];
	uint32_t kind = op->kind % 18;

	while (!p->alive)
		p = p == models ? &models[PROCESSES - 1] : p - 1;
	fake_kernel.needing = 0;
	fake_kernel.fail_at = op->fail % 8 ? 0 : 1 + op->fail / 8 % 6;
	fake_kernel.batch = op->fail / 64 % 4 ? 1 : 4096;
	if (op->fail / 256 % 2)
		call_turn();
	if (asks[kind] != ASK_NONE)
		do_ask(p, op, asks[kind]);
	else if (kind < 3 || kind == 14 || (kind == 12 && op->b % 4 == 0))
		do_proc(p, op, kind);
	else
		do_touch(p, op);
	call_note();
	fake_kernel.fail_at = 0;
	if (++steps % 32 == 0) {
		call_settle();
		compare_promises();
	}
	if (steps % 64 == 0)
		fake_check();
}

static void
sim_start(void)
{
	struct process first;

	fake_start(FREE_FRAMES);
	vm_frames = ledger_available();
	first = process_new();
	models[0] = (struct model){.alive = true,
	    .space = first.space,
	    .threads = {first.thread},
	    .nthreads = 1,
	    .limit = NO_LIMIT};
	program_pages = space_lookup(first.space)->map.pages;
}

/* All exit, and every promise and every object is back. */
static void
sim_finish(void)
{
	call_wait(0);
	for (int i = 0; i < PROCESSES; i++) {
		while (models[i].alive)
			do_exit(&models[i]);
	}
	call_settle();
	fake_check();
	SIM_EQUAL(fake_live().spaces, 1, "spaces at the end: vmsrv's");
	SIM_EQUAL(ledger_available(), fake_unreserved(), "frames promised");
	compare_cells();
}

static const struct sim sim = {
    .name = "vmsrv_sim",
    .length = 1000,
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
