/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vm_sim.c - vmsrv and a model of memory, side by side.
 *
 * Each process has a window of pages; the model knows of each page whether it
 * is there, its protection and inheritance, and the cell that it is: a byte,
 * which shared pages have in common.  Every request's answer, every byte read
 * and every refusal is compared.  Kernel calls that need memory fail at
 * random, long calls are cut into pieces of any size, and a process may go on
 * before what it asked for has been done.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim.h"
#include "vm_test.h"

#define BASE 0x3ff00000ul /* a window that crosses a GiB */
#define PAGES 600u
#define PROCESSES 6
#define THREADS 3 /* of those that share a space */
#define CELLS 4000
#define NO_LIMIT (~0ul)
/* What a request may take beside its pages: tables, records. */
#define SLACK 64u

struct page {
	bool there;
	uint8_t protection;
	uint8_t inheritance;
	bool shared; /* it is a part of an object */
	int cell;
};

struct model {
	uint64_t space;
	uint64_t threads[THREADS];
	uint64_t limit; /* of pages in the window */
	int nthreads;
	bool alive;
	struct page pages[PAGES];
};

static struct model models[PROCESSES];
static uint8_t cells[CELLS];
static int cell_refs[CELLS];
/* Cells of what became an object together, and how many those were. */
static int cell_lumps[CELLS];
static uint32_t lump_pages[CELLS];
static uint64_t program_pages; /* of a process, beside its window */
static uint64_t frames; /* free ones, before there was a process */

static int
cell_new(uint8_t value)
{
	static int last;

	for (int i = 0; i < CELLS; i++) {
		last = (last + 1) % CELLS;
		if (cell_refs[last] == 0) {
			cell_refs[last] = 1;
			cells[last] = value;
			return last;
		}
	}
	assert(!"room for another cell");
	return 0;
}

/* A number for an object of so many pages, or for several made at once. */
static int
lump_new(uint32_t pages)
{
	static int last;

	last = (last + 1) % CELLS;
	lump_pages[last] = pages;
	return last;
}

static void
page_drop(struct page *page)
{
	if (page->there)
		cell_refs[page->cell]--;
	page->there = false;
}

static uint64_t
va_of(uint32_t page)
{
	return BASE + (uint64_t)page * PAGE_SIZE;
}

static uint32_t
pages_in(const struct model *p, uint32_t from, uint32_t to)
{
	uint32_t count = 0;

	for (uint32_t i = from; i < to; i++)
		count += p->pages[i].there;
	return count;
}

/* A range, more often a small one. */
static void
range_pick(const struct sim_op *op, uint32_t *from, uint32_t *to)
{
	*from = op->a % PAGES;
	*to = *from + 1 + op->b % (op->c % 16 ? 8u : 300u);
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

/* The kernel had to refuse something, or memory for so many is short. */
static bool
may_lack(uint64_t pages)
{
	return (fake_kernel.fail_at != 0 &&
		   fake_kernel.needing >= fake_kernel.fail_at) ||
	       ledger_available() < pages + SLACK;
}

/* The error must be the one expected; without one, ENOMEM if memory lacks. */
static bool
refused(int error, int expected, uint64_t pages, const char *what)
{
	if (expected == 0 && error == TINE_ENOMEM && may_lack(pages))
		return true;
	SIM_EQUAL(error, expected, what);
	return error != 0;
}

static void
do_map(struct model *p, const struct sim_op *op)
{
	uint32_t protection = protection_pick(op->d);
	bool shared = op->d / 6 % 3 == 0;
	uint32_t from, to;
	uint64_t at;
	int error, lump;

	range_pick(op, &from, &to);
	sim_tell("space %#lx: map %u-%u protection %u%s", p->space, from, to,
	    protection, shared ? " shared" : "");
	error = process_map(p->space, va_of(from),
	    (uint64_t)(to - from) * PAGE_SIZE, protection,
	    VM_MAP_FIXED | (shared ? VM_MAP_SHARED : VM_MAP_PRIVATE), &at);
	if (refused(error,
		pages_in(p, 0, from) + (to - from) + pages_in(p, to, PAGES) >
			p->limit
		    ? TINE_ENOMEM
		    : 0,
		to - from, "map"))
		return;
	SIM_EQUAL(at, va_of(from), "address mapped");
	lump = lump_new(to - from);
	for (uint32_t i = from; i < to; i++) {
		page_drop(&p->pages[i]);
		p->pages[i] = (struct page){.there = true,
		    .shared = shared,
		    .protection = (uint8_t)protection,
		    .inheritance = shared ? VM_INHERIT_SHARE : VM_INHERIT_COPY,
		    .cell = cell_new(0)};
		cell_lumps[p->pages[i].cell] = lump;
	}
}

/* The caller may not wait for the end: its answer goes nowhere then. */
static void
do_unmap(struct model *p, const struct sim_op *op)
{
	bool late = op->d % 3 == 0 && fake_kernel.fail_at == 0;
	struct vm_unmap_req req;
	struct vm_unmap_rep rep;
	uint32_t from, to;
	int error;

	range_pick(op, &from, &to);
	req = (struct vm_unmap_req){.address = va_of(from),
	    .length = (uint64_t)(to - from) * PAGE_SIZE};
	sim_tell("space %#lx: unmap %u-%u%s", p->space, from, to,
	    late ? ", and go on" : "");
	error = fake_request(&(struct request){
	    .kind = SENDER_SPACE,
	    .sender = p->space,
	    .label = vm_unmap_call,
	    .req = &req,
	    .req_bytes = sizeof(req),
	    .rep = &rep,
	    .rep_bytes = sizeof(rep),
	    .once = late,
	});
	if (error == -1)
		error = 0;
	if (refused(error, 0, 2, "unmap"))
		return;
	for (uint32_t i = from; i < to; i++)
		page_drop(&p->pages[i]);
}

static void
do_protect(struct model *p, const struct sim_op *op)
{
	uint32_t protection = protection_pick(op->d);
	uint32_t from, to;
	bool hole;

	range_pick(op, &from, &to);
	hole = pages_in(p, from, to) < to - from;
	sim_tell(
	    "space %#lx: protect %u-%u %u", p->space, from, to, protection);
	if (refused(process_protect(p->space, va_of(from),
			(uint64_t)(to - from) * PAGE_SIZE, protection),
		hole ? TINE_ENOMEM : 0, to - from, "protect"))
		return;
	for (uint32_t i = from; i < to; i++)
		p->pages[i].protection = (uint8_t)protection;
}

static void
do_inherit(struct model *p, const struct sim_op *op)
{
	static const uint8_t some[] = {VM_INHERIT_SHARE, VM_INHERIT_COPY,
	    VM_INHERIT_NONE, VM_INHERIT_ZERO};
	uint8_t inheritance = some[op->d % 4];
	uint32_t from, to;
	int lump;

	range_pick(op, &from, &to);
	sim_tell(
	    "space %#lx: inherit %u-%u %u", p->space, from, to, inheritance);
	if (refused(process_inherit(p->space, va_of(from),
			(uint64_t)(to - from) * PAGE_SIZE, inheritance),
		0, to - from, "inherit"))
		return;
	lump = lump_new(to - from);
	for (uint32_t i = from; i < to; i++) {
		struct page *page = &p->pages[i];

		page->inheritance = inheritance;
		if (!page->there || page->shared ||
		    inheritance != VM_INHERIT_SHARE)
			continue;
		page->shared = true;
		cell_lumps[page->cell] = lump;
	}
}

static void
do_touch(struct model *p, const struct sim_op *op)
{
	uint32_t from, to;

	range_pick(op, &from, &to);
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
		SIM_EQUAL(process_write(p->space, va_of(i), value),
		    writes ? 0 : SIGSEGV_, "signal for a write");
		if (writes)
			cells[page->cell] = value;
	}
}

/* What a child gets of a page. */
static struct page
page_inherit(const struct page *from)
{
	struct page to = *from;

	if (!from->there || from->inheritance == VM_INHERIT_NONE)
		return (struct page){.there = false};
	if (from->inheritance == VM_INHERIT_SHARE) {
		cell_refs[to.cell]++;
		return to;
	}
	to.shared = false;
	if (from->inheritance == VM_INHERIT_COPY)
		to.cell = cell_new(cells[from->cell]);
	else
		to.cell = cell_new(0);
	return to;
}

static void
do_fork(struct model *p, const struct sim_op *op)
{
	bool share = op->d % 4 == 0;
	const struct process parent = {p->space, p->threads[0]};
	struct model *c = NULL;
	struct process child;

	for (int i = 0; i < PROCESSES; i++) {
		if (!models[i].alive)
			c = &models[i];
	}
	if (share ? p->nthreads == THREADS : c == NULL)
		return;
	sim_tell("space %#lx: fork%s", p->space, share ? ", sharing it" : "");
	if (refused(process_fork(&parent, share ? VM_FORK_SHARE : 0, &child), 0,
		share ? 2 : pages_in(p, 0, PAGES) + program_pages, "fork"))
		return;
	if (share) {
		SIM_EQUAL(child.space, p->space, "shared space");
		p->threads[p->nthreads++] = child.thread;
		return;
	}
	*c = (struct model){.alive = true,
	    .space = child.space,
	    .threads = {child.thread},
	    .nthreads = 1,
	    .limit = p->limit};
	for (uint32_t i = 0; i < PAGES; i++)
		c->pages[i] = page_inherit(&p->pages[i]);
}

static void
do_exit(struct model *p)
{
	const struct process one = {p->space, p->threads[p->nthreads - 1]};

	sim_tell("space %#lx: exit", p->space);
	SIM_EQUAL(process_exit(&one), 0, "exit");
	if (--p->nthreads > 0)
		return;
	for (uint32_t i = 0; i < PAGES; i++)
		page_drop(&p->pages[i]);
	p->alive = false;
}

/* RLIMIT_AS, of what a process has beside its program. */
static void
do_limit(struct model *p, const struct sim_op *op)
{
	struct vm_limit_req req = {.space = p->space, .limit = VM_LIMIT_AS};
	struct vm_limit_rep rep;

	p->limit = op->d % 2 ? NO_LIMIT : op->a % (2 * PAGES);
	req.bytes = p->limit == NO_LIMIT
			? NO_LIMIT
			: (p->limit + program_pages) * PAGE_SIZE;
	sim_tell("space %#lx: limit %ld", p->space, (long)p->limit);
	SIM_EQUAL(PROC_REQUEST(limit, &req, &rep), 0, "limit");
}

static int
count_alive(void)
{
	int n = 0;

	for (int i = 0; i < PROCESSES; i++)
		n += models[i].alive;
	return n;
}

/*
 * Frames promised: at least one for each private page and each page of an
 * object that is mapped; at most those of whole objects, and what a process
 * takes beside its window.
 */
static void
compare_promises(void)
{
	static bool mapped[CELLS], alive[CELLS];
	uint64_t least = 0, most = SLACK;
	uint64_t promised = frames - ledger_available();

	memset(mapped, 0, sizeof(mapped));
	memset(alive, 0, sizeof(alive));
	for (int i = 0; i < PROCESSES; i++) {
		const struct model *p = &models[i];

		for (uint32_t j = 0; p->alive && j < PAGES; j++) {
			const struct page *page = &p->pages[j];

			least += page->there && !page->shared;
			if (!page->there || !page->shared)
				continue;
			mapped[page->cell] = true;
			alive[cell_lumps[page->cell]] = true;
		}
		most += p->alive ? program_pages + SLACK : 0;
	}
	most += least;
	for (int i = 0; i < CELLS; i++) {
		least += mapped[i];
		most += alive[i] ? lump_pages[i] : 0;
	}
	if (promised < least || promised > most)
		sim_fail(__FILE__, __LINE__,
		    "%lu frames are promised, should be %lu to %lu", promised,
		    least, most);
}

static void
sim_step(const struct sim_op *op)
{
	static uint32_t steps;
	struct model *p = &models[op->who % PROCESSES];
	uint32_t kind = op->kind % 18;

	while (!p->alive)
		p = p == models ? &models[PROCESSES - 1] : p - 1;
	fake_kernel.needing = 0;
	fake_kernel.fail_at = op->fail % 8 ? 0 : 1 + op->fail / 8 % 6;
	fake_kernel.batch = op->fail % 2 ? 1 : 4096;
	if (kind == 0 || kind == 1)
		do_fork(p, op);
	else if (kind == 2 && (count_alive() > 1 || p->nthreads > 1))
		do_exit(p);
	else if (kind == 3 || kind == 4)
		do_unmap(p, op);
	else if (kind >= 5 && kind <= 7)
		do_protect(p, op);
	else if (kind >= 8 && kind <= 10)
		do_map(p, op);
	else if (kind == 11)
		do_inherit(p, op);
	else if (kind == 12 && op->b % 4 == 0)
		do_limit(p, op);
	else
		do_touch(p, op);
	fake_kernel.fail_at = 0;
	if (++steps % 16 == 0) {
		fake_settle();
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
	frames = ledger_available();
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
	for (int i = 0; i < PROCESSES; i++) {
		while (models[i].alive)
			do_exit(&models[i]);
	}
	fake_settle();
	fake_check();
	SIM_EQUAL(fake_live().spaces, 1, "spaces at the end: vmsrv's");
	SIM_EQUAL(ledger_available(), fake_unreserved(), "frames promised");
	for (int i = 0; i < CELLS; i++)
		assert(cell_refs[i] == 0);
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
