/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vm_sim.h - vmsrv and a model of memory, side by side.
 *
 *	vm_model.c	pages and cells: what requests do to them
 *	vm_sim_call.c	calls under way
 *	vm_sim.c	who does what next; the comparison
 *
 * Each process has some pages; the model knows of each page whether it
 * is there, its protection and inheritance, and the cell that it is: a byte,
 * which shared pages have in common.  Every request's answer, every byte read
 * and every refusal is compared.
 *
 * Each thread may have a call under way, and procsrv one.  What a call does,
 * it does to the model when it is answered: a space serves one at a time, so
 * calls take effect in the order of their answers.
 */
#ifndef TINE_TESTS_VM_SIM_H
#define TINE_TESTS_VM_SIM_H

#include "sim.h"
#include "vm_test.h"

/*
 * A window of pages: those up to DENSE, which cross a GiB, and then runs of
 * them 2 MiB apart, each in a table of its own, so that what concerns many
 * takes many calls of the kernel.
 */
#define BASE 0x3ff00000ul
#define PAGES 600u
#define DENSE 300u
#define RUN 15u
#define RUN_DISTANCE 0x200000ul
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

enum ask_what {
	ASK_NONE,
	ASK_MAP,
	ASK_UNMAP,
	ASK_PROTECT,
	ASK_INHERIT,
	ASK_FORK, /* by procsrv; value: VM_FORK_* */
	ASK_FAULT, /* value: ACCESS_READ or ACCESS_WRITE, of the first page */
};

/* What is asked for: pages, and what they are to be. */
struct ask {
	enum ask_what what;
	struct model *p;
	uint64_t thread; /* whose call it is; 0: procsrv's */
	uint32_t from, to;
	uint32_t value;
	bool shared;
	bool lacked; /* memory was short, or refused, while it was served */
};

extern struct model models[PROCESSES];
extern uint8_t cells[CELLS];
extern uint64_t program_pages; /* of a process, beside its window */
extern uint64_t vm_frames; /* free ones, before there was a process */

/* vm_model.c */
uint64_t va_of(uint32_t page);
uint32_t run_end(uint32_t page); /* of those next to each other */
uint32_t pages_in(const struct model *p, uint32_t from, uint32_t to);
int models_alive(void);
void model_end(struct model *p);
/* Pages that it may take to do what is asked for. */
uint64_t ask_pages(const struct ask *ask);
/* A call is answered so: compare, and do it to the model, too. */
void ask_answered(const struct ask *ask, const struct fake_answer *answer);
/* Frames promised, as far as the model can tell. */
void compare_promises(void);
void compare_cells(void); /* no process is left: no cell either */

/* vm_sim_call.c */
bool call_of(uint64_t thread); /* whether it has one under way; 0: procsrv */
bool call_in(const struct model *p); /* whether one concerns its space */
void call_begin(const struct ask *ask);
/* The kernel ends a thread: its call, too. */
void call_kill(uint64_t thread);
void call_turn(void);
void call_wait(uint64_t thread); /* until it is answered */
void call_settle(void); /* until all are */
void call_forget(const struct model *p); /* those of the dead */
void call_note(void); /* whether memory was short just now */

#endif
