/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_model.c - what programs see of their memory, against a plain model.
 *
 * The model knows for each page of each space whether it is there, what may
 * be done with it, and the number that is in it; nothing of frames, counts or
 * copies on write.  Spaces are cloned, pages mapped, protected and unmapped,
 * and programs load and store through the TLB, with a pager that copies what
 * it is told of.  No program may ever see another number than the model's, or
 * get at a page that the model denies it.
 */
#include "world.h"
#include "fake_arch.h"
#include "space_impl.h"

#define SEEDS 5
#define STEPS 2500
#define SPACES 6u
#define PAGES 16u
#define CELLS 4096u
#define RW (MAP_PAGE_READ | MAP_PAGE_WRITE)
#define COPY_WHOLE (MAP_PAGE_COPY | MAP_PAGE_BYTES(PAGE_SIZE))
#define FILE_NUMBER 0x4646464646464646ul

struct page {
	bool present;
	bool shared; /* its number is in a cell */
	uint64_t prot; /* MAP_PAGE_PROT bits */
	uint64_t number;
	unsigned int cell;
};

struct program {
	bool alive;
	objname_t space_name;
	objname_t thread_name;
	struct page pages[PAGES];
};

static struct program programs[SPACES];
static uint64_t cells[CELLS];
static unsigned int ncells;
static uint64_t seed;
static uint64_t file; /* a held frame, full of FILE_NUMBER */
static uint64_t shared_frame;
static unsigned int shared_cell;
static uint64_t copies, upgrades; /* of all runs */

static uint64_t
pick(uint64_t n)
{
	return world_pick(&seed, n);
}

/* Four tables, the last one at the end of user memory. */
static vaddr_t
page_va(unsigned int page)
{
	static const vaddr_t bases[] = {0x10000, 2 * MEGAPAGE - 2 * PAGE_SIZE,
	    5 * GIGAPAGE, USER_TOP - 4 * PAGE_SIZE};

	return bases[page / 4] + page % 4 * PAGE_SIZE;
}

static uint64_t *
page_number(struct page *page)
{
	return page->shared ? &cells[page->cell] : &page->number;
}

static bool
page_permits(const struct page *page, uint64_t access)
{
	return page->present && (page->prot & access) == access;
}

/* Programs. */

static void
program_start(struct program *program)
{
	*program = (struct program){.alive = true};
	program->space_name = world_space(16);
	program->thread_name = world_new(KIND_THREAD, program->space_name, 1);
	ASSERT_CALL(thread_configure, W_MEMORY, program->thread_name,
	    THREAD_FAULT_ENDPOINT, W_ENDPOINT2);
	ASSERT_CALL(thread_start, W_STEWARD, program->thread_name);
}

static void
program_end(struct program *program)
{
	int error;

	ASSERT_CALL(destroy, W_MEMORY, program->thread_name);
	do {
		error = CALL(destroy, W_MEMORY, program->space_name);
	} while (error == TINE_EAGAIN);
	assert_int_equal(error, 0);
	program->alive = false;
}

static uint64_t
entry(const struct program *program, unsigned int page)
{
	return world_entry(world_space_at(program->space_name), page_va(page));
}

/* Loads and stores. */

/*
 * The pager's turn: it has a fault of the program's.  True: the page is as
 * it has to be; false: the program may not have it.
 */
static bool
pager_serve(struct program *program, unsigned int page, uint64_t access)
{
	struct message got;

	(void)IPC_BY(world.root, recv, .slot = W_ENDPOINT2, .info = RECV_POLL);
	got = world_message(world.root);
	assert_int_equal(got.t2, SENDER_KERNEL_SPACE);
	assert_int_equal(got.words[0] & ~PAGE_MASK, page_va(page));
	assert_int_equal(got.words[1], access);
	assert_int_equal(got.words[3], entry(program, page));
	if (!page_permits(&program->pages[page], access)) {
		ASSERT_CALL(thread_stop, W_STEWARD, program->thread_name);
		ASSERT_CALL(thread_start, W_STEWARD, program->thread_name);
		return false;
	}
	/* Only one thing can be missing: a copy of its own. */
	assert_int_equal(access, ACCESS_WRITE);
	assert_int_equal(got.words[3] & (PTE_V | PTE_COW), PTE_V | PTE_COW);
	(void)IPC_BY(world.root, fault_map, .slot = W_MEMORY,
	    .words = {~0ul, RW | COPY_WHOLE}, .t1 = got.t1);
	assert_int_equal(world_message(world.root).slot, 0);
	return true;
}

/* Where the program finds the page, or NULL. */
static uint64_t *
program_access(struct program *program, unsigned int page, uint64_t access)
{
	struct thread *thread = world_thread_at(program->thread_name);
	vaddr_t va = page_va(page);

	for (unsigned int tries = 0; tries < 3; tries++) {
		struct thread *next;
		void *found;

		world_run(thread);
		if (fake_translate(va, access, &found))
			return found;
		next = world_page_fault(thread, va + pick(PAGE_SIZE), access);
		if (thread->state == THREAD_RUNNING)
			continue;
		(void)sched_leave(next);
		if (!pager_serve(program, page, access))
			return NULL;
	}
	fail_msg("page %u is not got", page);
	return NULL;
}

static void
program_load(struct program *program, unsigned int page)
{
	struct page *model = &program->pages[page];
	const uint64_t *found = program_access(program, page, ACCESS_READ);

	assert_int_equal(found != NULL, page_permits(model, ACCESS_READ));
	if (found != NULL)
		assert_int_equal(*found, *page_number(model));
}

static void
program_store(struct program *program, unsigned int page)
{
	struct page *model = &program->pages[page];
	uint64_t *found = program_access(program, page, ACCESS_WRITE);

	assert_int_equal(found != NULL, page_permits(model, ACCESS_WRITE));
	if (found == NULL)
		return;
	assert_int_equal(*found, *page_number(model));
	*found = world_random(&seed);
	*page_number(model) = *found;
}

/* Mappings. */

static int
map(struct program *program, unsigned int page, uint64_t source, uint64_t flags)
{
	return CALL(space_map, W_MEMORY, program->space_name, page_va(page),
	    source, flags, 0);
}

static void
program_map(struct program *program, unsigned int page)
{
	struct page *model = &program->pages[page];
	struct page made = {.present = true, .prot = RW};
	int error;

	if (model->present)
		return;
	switch (pick(5)) {
	case 0:
		error = map(program, page, 0, RW | MAP_PAGE_ZERO);
		break;
	case 1:
		made.number = FILE_NUMBER;
		error = map(program, page, file, RW | MAP_PAGE_COW);
		break;
	case 2:
		made.number = FILE_NUMBER;
		made.prot = MAP_PAGE_READ | MAP_PAGE_EXEC;
		error = map(program, page, file, made.prot);
		break;
	case 3:
		made.number = FILE_NUMBER & 0xffffff;
		error = map(program, page, file,
		    RW | MAP_PAGE_COPY | MAP_PAGE_BYTES(3));
		break;
	default:
		made.shared = true;
		made.cell = shared_cell;
		error = map(program, page, shared_frame, RW | MAP_PAGE_SHARED);
		break;
	}
	assert_int_equal(error, 0);
	*model = made;
}

/* Go on with a call until it has done all of [va, end). */
static void
program_unmap(struct program *program, unsigned int first, unsigned int n)
{
	vaddr_t va = page_va(first), end = va + n * PAGE_SIZE;

	while (va < end) {
		ASSERT_CALL(space_unmap, W_MEMORY, program->space_name, va,
		    (end - va) >> PAGE_SHIFT);
		va = RESULT(1);
	}
	for (unsigned int i = 0; i < n; i++)
		program->pages[first + i] = (struct page){0};
}

static void
program_protect(struct program *program, unsigned int first, unsigned int n)
{
	static const uint64_t prots[] = {
	    0, MAP_PAGE_READ, RW, RW, MAP_PAGE_READ | MAP_PAGE_EXEC};
	uint64_t prot = prots[pick(5)];
	vaddr_t va = page_va(first), end = va + n * PAGE_SIZE;

	while (va < end) {
		ASSERT_CALL(space_protect, W_MEMORY, program->space_name, va,
		    (end - va) >> PAGE_SHIFT, prot);
		va = RESULT(1);
	}
	for (unsigned int i = 0; i < n; i++)
		program->pages[first + i].prot = prot;
}

/* Clones. */

/* In steps, between which the parent goes on storing. */
static void
program_clone(struct program *parent, struct program *child)
{
	vaddr_t va = 0;

	program_start(child);
	while (va < USER_TOP) {
		vaddr_t done = va;

		ASSERT_CALL(space_clone, W_MEMORY, child->space_name,
		    parent->space_name, va);
		va = RESULT(1);
		for (unsigned int i = 0; i < PAGES; i++) {
			if (page_va(i) >= done && page_va(i) < va)
				child->pages[i] = parent->pages[i];
		}
		program_store(parent, (unsigned int)pick(PAGES));
	}
}

/* At most one range of each table is taken out of the child. */
static void
program_except(struct program *parent, struct program *child)
{
	for (unsigned int i = 0; i < PAGES; i += 4) {
		unsigned int first = (unsigned int)pick(4);

		if (pick(4) != 0)
			continue;
		program_unmap(
		    child, i + first, 1 + (unsigned int)pick(4 - first));
		program_store(parent, (unsigned int)pick(PAGES));
	}
}

/* Steps. */

/* A page, rather one that is there. */
static unsigned int
pick_page(const struct program *program)
{
	unsigned int page = (unsigned int)pick(PAGES);

	for (unsigned int i = 0; i < 3 && !program->pages[page].present; i++)
		page = (unsigned int)pick(PAGES);
	return page;
}

/* A program that is not there, or else any. */
static struct program *
pick_dead(void)
{
	for (unsigned int i = 0; i < SPACES; i++) {
		if (!programs[i].alive)
			return &programs[i];
	}
	return &programs[pick(SPACES)];
}

static void
step_program(struct program *program)
{
	unsigned int page = (unsigned int)pick(PAGES);
	unsigned int n = 1 + (unsigned int)pick(4 - page % 4);
	struct program *other = pick_dead();

	switch (pick(16)) {
	case 0:
	case 1:
	case 2:
		program_map(program, page);
		break;
	case 3:
		program_unmap(program, page, n);
		break;
	case 4:
	case 5:
		program_protect(program, page, n);
		break;
	case 6:
		if (other->alive)
			break;
		program_clone(program, other);
		if (pick(2) == 0)
			program_except(program, other);
		break;
	case 7:
		if (pick(2) == 0)
			program_end(program);
		break;
	case 8:
	case 9:
	case 10:
	case 11:
		program_load(program, pick_page(program));
		break;
	default:
		program_store(program, pick_page(program));
		break;
	}
}

static void
step(void)
{
	struct program *program = &programs[pick(SPACES)];

	fake_arch.interrupts = pick(4) == 0;
	if (pick(4) == 0)
		fake_interrupt_at(1 + pick(4));
	if (program->alive)
		step_program(program);
	else if (pick(8) == 0)
		program_start(program);
	world_check();
}

static void
run_start(uint64_t first)
{
	seed = first;
	memset(programs, 0, sizeof(programs));
	(void)world_start(NULL);
	space_set_asid_bits(first % 2 * 10);
	file = world_frame((uint8_t)FILE_NUMBER);
	shared_frame = world_frame(0);
	shared_cell = 0;
	cells[0] = 0;
	ncells = 1;
	program_start(&programs[0]);
}

static void
run_end(void)
{
	/* In the end everybody looks at everything once more. */
	for (unsigned int i = 0; i < SPACES * PAGES; i++) {
		if (programs[i / PAGES].alive)
			program_load(&programs[i / PAGES], i % PAGES);
	}
	copies += hart_self()->counters[STAT_COPIES];
	upgrades += hart_self()->counters[STAT_UPGRADES];
	(void)world_end(NULL);
}

static void
run(uint64_t first)
{
	run_start(first);
	for (unsigned int n = 0; n < STEPS; n++)
		step();
	run_end();
}

static void
every_program_sees_its_own_memory_whatever_others_do(void **state)
{
	(void)state;
	for (uint64_t i = 1; i <= SEEDS; i++)
		run(i);
	/* It is worth something only if there were such pages. */
	assert_true(copies > 50);
	assert_true(upgrades > 50);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		every_program_sees_its_own_memory_whatever_others_do),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
