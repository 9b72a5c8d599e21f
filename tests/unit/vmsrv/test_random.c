/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_random.c - processes that do anything, against a model of memory.
 *
 * Each process has a window of pages; the model knows of each page whether it
 * is there, its protection, and what it holds.  Kernel calls fail at random,
 * too, and then nothing may have changed.
 */
#include <stdlib.h>

#include "vm_test.h"

#define BASE 0x3ff00000ul /* a window that crosses a GiB */
#define PAGES 600ul
#define PROCESSES 6
#define STEPS 6000
#define CELLS 4000 /* bytes that pages hold; shared ones are one cell */

struct page {
	bool there;
	uint8_t protection;
	bool shared;
	int cell;
};

struct model {
	bool alive;
	struct process process;
	struct page pages[PAGES];
};

static struct model models[PROCESSES];
static uint8_t cells[CELLS];
static int cell_refs[CELLS];

static int
cell_new(uint8_t value)
{
	for (int i = 0; i < CELLS; i++) {
		if (cell_refs[i] == 0) {
			cell_refs[i] = 1;
			cells[i] = value;
			return i;
		}
	}
	fail();
	return 0;
}

static void
page_drop(struct page *page)
{
	if (page->there)
		cell_refs[page->cell]--;
	page->there = false;
}

static uint64_t
va_of(uint64_t page)
{
	return BASE + page * PAGE_SIZE;
}

/* A range, more often a small one. */
static void
range_pick(uint64_t *from, uint64_t *to)
{
	uint64_t n = rand() % 4 ? 8 : 300;

	*from = (uint64_t)rand() % PAGES;
	*to = *from + 1 + (uint64_t)rand() % n;
	if (*to > PAGES)
		*to = PAGES;
}

static uint32_t
protection_pick(void)
{
	const uint32_t some[] = {
	    0, VM_PROT_READ, RW, RW, RW, VM_PROT_READ | VM_PROT_EXEC};

	return some[rand() % 6];
}

static void
step_map(struct model *m, uint64_t from, uint64_t to)
{
	uint32_t protection = protection_pick();
	bool shared = rand() % 3 == 0;
	uint64_t at;
	int error = process_map(m->process.space, va_of(from),
	    (to - from) * PAGE_SIZE, protection,
	    VM_MAP_FIXED | (shared ? VM_MAP_SHARED : VM_MAP_PRIVATE), &at);

	if (error) {
		assert_int_equal(error, TINE_ENOMEM);
		return;
	}
	for (uint64_t i = from; i < to; i++) {
		page_drop(&m->pages[i]);
		m->pages[i] = (struct page){
		    true, (uint8_t)protection, shared, cell_new(0)};
	}
}

static void
step_unmap(struct model *m, uint64_t from, uint64_t to)
{
	int error = process_unmap(
	    m->process.space, va_of(from), (to - from) * PAGE_SIZE);

	if (error) {
		assert_int_equal(error, TINE_ENOMEM);
		return;
	}
	for (uint64_t i = from; i < to; i++)
		page_drop(&m->pages[i]);
}

static void
step_protect(struct model *m, uint64_t from, uint64_t to)
{
	uint32_t protection = protection_pick();
	int error = process_protect(
	    m->process.space, va_of(from), (to - from) * PAGE_SIZE, protection);
	bool hole = false;

	for (uint64_t i = from; i < to; i++)
		hole = hole || !m->pages[i].there;
	if (error || hole) {
		assert_int_equal(error, TINE_ENOMEM);
		return;
	}
	for (uint64_t i = from; i < to; i++)
		m->pages[i].protection = (uint8_t)protection;
}

static void
step_touch(struct model *m, uint64_t from, uint64_t to)
{
	for (uint64_t i = from; i < to; i++) {
		struct page *page = &m->pages[i];
		uint8_t value = (uint8_t)(rand() % 255 + 1);
		bool writable = page->protection & VM_PROT_WRITE;
		bool readable = page->protection & VM_PROT_READ;
		uint8_t byte = 0;

		assert_int_equal(
		    process_read(m->process.space, va_of(i), &byte),
		    page->there && readable ? 0 : SIGSEGV_);
		if (page->there && readable)
			assert_int_equal(byte, cells[page->cell]);
		if (rand() % 2)
			continue;
		assert_int_equal(
		    process_write(m->process.space, va_of(i), value),
		    page->there && writable ? 0 : SIGSEGV_);
		if (page->there && writable)
			cells[page->cell] = value;
	}
}

static void
step_fork(const struct model *m)
{
	struct model *child = NULL;
	int error;

	for (int i = 0; i < PROCESSES; i++) {
		if (!models[i].alive)
			child = &models[i];
	}
	if (child == NULL)
		return;
	error = process_fork(&m->process, 0, &child->process);
	if (error) {
		assert_int_equal(error, TINE_ENOMEM);
		return;
	}
	child->alive = true;
	for (uint64_t i = 0; i < PAGES; i++) {
		const struct page *from = &m->pages[i];
		struct page *to = &child->pages[i];

		*to = *from;
		if (!from->there)
			continue;
		if (from->shared)
			cell_refs[from->cell]++;
		else
			to->cell = cell_new(cells[from->cell]);
	}
}

static void
step_exit(struct model *m)
{
	assert_int_equal(process_exit(&m->process), 0);
	for (uint64_t i = 0; i < PAGES; i++)
		page_drop(&m->pages[i]);
	m->alive = false;
}

static int
alive(void)
{
	int n = 0;

	for (int i = 0; i < PROCESSES; i++)
		n += models[i].alive;
	return n;
}

static void
random_step(void)
{
	struct model *m = &models[rand() % PROCESSES];
	uint64_t from;
	uint64_t to;

	if (!m->alive)
		return;
	range_pick(&from, &to);
	fake_kernel.batch = rand() % 2 ? 1 : 4096;
	switch (rand() % 16) {
	case 0:
		step_fork(m);
		break;
	case 1:
		if (alive() > 1)
			step_exit(m);
		break;
	case 2:
	case 3:
		step_unmap(m, from, to);
		break;
	case 4:
	case 5:
	case 6:
		step_protect(m, from, to);
		break;
	case 7:
	case 8:
	case 9:
		step_map(m, from, to);
		break;
	default:
		fake_kernel.fail_at = 0;
		step_touch(m, from, to);
		break;
	}
}

static void
memory_is_that_of_the_model_whatever_is_done(void **state)
{
	struct process first;

	(void)state;
	srand(7);
	first = process_new();
	models[0].alive = true;
	models[0].process = first;
	for (int i = 0; i < STEPS; i++) {
		fake_kernel.needing = 0;
		fake_kernel.fail_at = rand() % 8 ? 0 : 1 + rand() % 6;
		random_step();
		fake_kernel.fail_at = 0;
		if (i % 8 == 0)
			fake_check();
	}
	for (int i = 0; i < PROCESSES; i++) {
		if (models[i].alive)
			step_exit(&models[i]);
	}
	assert_nothing_promised();
	assert_int_equal(fake_live().spaces, 1 /* vmsrv's own */);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(memory_is_that_of_the_model_whatever_is_done),
	};

	return cmocka_run_group_tests_name("vmsrv_random", tests, NULL, NULL);
}
