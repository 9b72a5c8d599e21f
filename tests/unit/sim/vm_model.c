/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vm_model.c - pages and cells, and what requests do to them; see vm_sim.h.
 */
#include "vm_sim.h"

#include <assert.h>

/* Frames of parts of ranges, which the model does not know of. */
#define PARTS 64u

struct model models[PROCESSES];
uint8_t cells[CELLS];
uint64_t program_pages, vm_frames;
static int cell_refs[CELLS];
/* Cells of what became an object together, and how many those were. */
static int cell_lumps[CELLS];
static uint32_t lump_pages[CELLS];
/* Lists of pages, a page each, that those objects have at most. */
static uint32_t lump_lists[CELLS];

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
	lump_lists[last] = 1;
	return last;
}

static void
page_drop(struct page *page)
{
	if (page->there)
		cell_refs[page->cell]--;
	page->there = false;
}

uint64_t
va_of(uint32_t page)
{
	uint32_t run = (page - DENSE) / RUN;

	if (page < DENSE)
		return BASE + (uint64_t)page * PAGE_SIZE;
	return BASE + (2ul + run) * RUN_DISTANCE +
	       (uint64_t)((page - DENSE) % RUN) * PAGE_SIZE;
}

uint32_t
run_end(uint32_t page)
{
	return page < DENSE ? DENSE : page - (page - DENSE) % RUN + RUN;
}

uint32_t
pages_in(const struct model *p, uint32_t from, uint32_t to)
{
	uint32_t count = 0;

	for (uint32_t i = from; i < to; i++)
		count += p->pages[i].there;
	return count;
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

int
models_alive(void)
{
	int n = 0;

	for (int i = 0; i < PROCESSES; i++)
		n += models[i].alive;
	return n;
}

void
model_end(struct model *p)
{
	for (uint32_t i = 0; i < PAGES; i++)
		page_drop(&p->pages[i]);
	p->alive = false;
}

uint64_t
ask_pages(const struct ask *ask)
{
	switch (ask->what) {
	case ASK_UNMAP:
		return 2;
	case ASK_FORK:
		return ask->value == VM_FORK_SHARE
			   ? 2
			   : pages_in(ask->p, 0, PAGES) + program_pages;
	default:
		return ask->to - ask->from;
	}
}

/* The error must be the one expected; without one, ENOMEM if memory lacked. */
static bool
refused(const struct ask *ask, int error, int expected, const char *what)
{
	if (expected == 0 && error == TINE_ENOMEM && ask->lacked)
		return true;
	SIM_EQUAL(error, expected, what);
	return error != 0;
}

static void
mapped(const struct ask *ask, const struct fake_answer *answer)
{
	struct model *p = ask->p;
	uint64_t pages = pages_in(p, 0, ask->from) + (ask->to - ask->from) +
			 pages_in(p, ask->to, PAGES);
	int lump;

	if (refused(
		ask, answer->error, pages > p->limit ? TINE_ENOMEM : 0, "map"))
		return;
	SIM_EQUAL(answer->words[0], va_of(ask->from), "address mapped");
	lump = lump_new(ask->to - ask->from);
	for (uint32_t i = ask->from; i < ask->to; i++) {
		page_drop(&p->pages[i]);
		p->pages[i] = (struct page){.there = true,
		    .shared = ask->shared,
		    .protection = (uint8_t)ask->value,
		    .inheritance =
			ask->shared ? VM_INHERIT_SHARE : VM_INHERIT_COPY,
		    .cell = cell_new(0)};
		cell_lumps[p->pages[i].cell] = lump;
	}
}

static void
unmapped(const struct ask *ask, const struct fake_answer *answer)
{
	if (refused(ask, answer->error, 0, "unmap"))
		return;
	for (uint32_t i = ask->from; i < ask->to; i++)
		page_drop(&ask->p->pages[i]);
}

static void protected(const struct ask *ask, const struct fake_answer *answer)
{
	bool hole = pages_in(ask->p, ask->from, ask->to) < ask->to - ask->from;

	if (refused(ask, answer->error, hole ? TINE_ENOMEM : 0, "protect"))
		return;
	for (uint32_t i = ask->from; i < ask->to; i++)
		ask->p->pages[i].protection = (uint8_t)ask->value;
}

static void
inherits(const struct ask *ask, const struct fake_answer *answer)
{
	int lump;

	if (refused(ask, answer->error, 0, "inherit"))
		return;
	lump = lump_new(ask->to - ask->from);
	for (uint32_t i = ask->from; i < ask->to; i++) {
		struct page *page = &ask->p->pages[i];

		page->inheritance = (uint8_t)ask->value;
		if (!page->there || page->shared ||
		    ask->value != VM_INHERIT_SHARE)
			continue;
		page->shared = true;
		cell_lumps[page->cell] = lump;
		lump_lists[lump]++;
	}
}

static void
forked(const struct ask *ask, const struct fake_answer *answer)
{
	struct vm_fork_rep child;
	struct model *p = ask->p;
	struct model *c = models;

	if (refused(ask, answer->error, 0, "fork"))
		return;
	memcpy(&child, answer->words, sizeof(child));
	if (ask->value == VM_FORK_SHARE) {
		SIM_EQUAL(child.space, p->space, "shared space");
		p->threads[p->nthreads++] = child.thread;
		return;
	}
	while (c->alive)
		c++;
	*c = (struct model){.alive = true,
	    .space = child.space,
	    .threads = {child.thread},
	    .nthreads = 1,
	    .limit = p->limit};
	for (uint32_t i = 0; i < PAGES; i++)
		c->pages[i] = page_inherit(&p->pages[i]);
}

/* A thread goes on exactly if it may do what it tried to. */
static void
faulted(const struct ask *ask, const struct fake_answer *answer)
{
	const struct page *page = &ask->p->pages[ask->from];
	uint32_t needs =
	    ask->value == ACCESS_WRITE ? VM_PROT_WRITE : VM_PROT_READ;
	bool may = page->there && (page->protection & needs) != 0;

	if (answer->signal == 0 || answer->signal == SIGSEGV_ || !ask->lacked)
		SIM_EQUAL(
		    answer->signal, may ? 0 : SIGSEGV_, "signal for a fault");
}

void
ask_answered(const struct ask *ask, const struct fake_answer *answer)
{
	static void (*const answered[])(
	    const struct ask *, const struct fake_answer *) = {
	    [ASK_MAP] = mapped,
	    [ASK_UNMAP] = unmapped,
	    [ASK_PROTECT] = protected,
	    [ASK_INHERIT] = inherits,
	    [ASK_FORK] = forked,
	    [ASK_FAULT] = faulted,
	};

	answered[ask->what](ask, answer);
}

/*
 * Frames promised: at least one for each private page and each page of an
 * object that is mapped; at most those of whole objects, and what a process
 * takes beside its window.
 */
void
compare_promises(void)
{
	static bool used[CELLS], alive[CELLS];
	uint64_t least = 0, most = SLACK;
	uint64_t promised = vm_frames - ledger_available();

	memset(used, 0, sizeof(used));
	memset(alive, 0, sizeof(alive));
	for (int i = 0; i < PROCESSES; i++) {
		const struct model *p = &models[i];

		for (uint32_t j = 0; p->alive && j < PAGES; j++) {
			const struct page *page = &p->pages[j];

			least += page->there && !page->shared;
			if (!page->there || !page->shared)
				continue;
			used[page->cell] = true;
			alive[cell_lumps[page->cell]] = true;
		}
		most += p->alive ? program_pages + SLACK : 0;
	}
	/* And what has become objects before an inherit() failed. */
	most += least + PARTS;
	for (int i = 0; i < CELLS; i++) {
		least += used[i];
		most += alive[i] ? lump_pages[i] + lump_lists[i] : 0;
	}
	if (promised < least || promised > most)
		sim_fail(__FILE__, __LINE__,
		    "%lu frames are promised, should be %lu to %lu", promised,
		    least, most);
}

void
compare_cells(void)
{
	for (int i = 0; i < CELLS; i++)
		SIM_EQUAL(cell_refs[i], 0, "pages of a cell at the end");
}
