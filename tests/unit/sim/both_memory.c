/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * both_memory.c - what is in a few pages of each space, written plainly.
 *
 * A page that is there is a cell, a byte; pages that share have one cell.
 */
#include "both_sim.h"

#include <assert.h>
#include <string.h>

#include <abi/page.h>
#include <ipc/vm.h>

#include "proc_elf.h"

#define MEMORIES 64
#define CELLS 4000
#define OFFSET 8u /* of the byte in its page */
#define WINDOW_BASE (0x40200000ul - WINDOW / 2 * PAGE_SIZE)
#define DATA_BASE 0x11000ul
#define STACK_BELOW 0x8000ul

static struct memory memories[MEMORIES];
uint8_t cells[CELLS];
static int cell_refs[CELLS];

static int
cell_new(uint8_t value)
{
	for (int i = 0; i < CELLS; i++) {
		if (cell_refs[i] != 0)
			continue;
		cell_refs[i] = 1;
		cells[i] = value;
		return i;
	}
	assert(!"room for another cell");
	return 0;
}

static void
mark_drop(struct mark *mark)
{
	if (mark->there)
		cell_refs[mark->cell]--;
	mark->there = false;
}

struct memory *
memory_find(uint64_t tag)
{
	for (int i = 0; i < MEMORIES; i++) {
		if (tag != 0 && memories[i].tag == tag)
			return &memories[i];
	}
	return NULL;
}

/* A program that was just loaded. */
struct memory *
memory_new(uint64_t tag)
{
	const uint8_t *file = (const uint8_t *)&elf_small;
	struct memory *memory = memories;

	while (memory->tag != 0)
		assert(++memory < memories + MEMORIES);
	memset(memory, 0, sizeof(*memory));
	memory->tag = tag;
	memory->users = 1;
	for (uint32_t i = WINDOW; i < MARKS; i++)
		memory->marks[i] = (struct mark){.there = true,
		    .protection = VM_PROT_READ | VM_PROT_WRITE,
		    .inheritance = VM_INHERIT_COPY,
		    .cell =
			cell_new(i == MARK_DATA ? file[0x1000 + OFFSET] : 0)};
	return memory;
}

void
memory_drop(struct memory *memory)
{
	for (uint32_t i = 0; i < MARKS; i++)
		mark_drop(&memory->marks[i]);
	memory->tag = 0;
}

static struct mark
mark_inherit(const struct mark *from)
{
	struct mark to = *from;

	if (!from->there || from->inheritance == VM_INHERIT_NONE)
		return (struct mark){.there = false};
	if (from->inheritance == VM_INHERIT_SHARE) {
		cell_refs[to.cell]++;
		return to;
	}
	to.shared = false;
	to.cell = cell_new(
	    from->inheritance == VM_INHERIT_COPY ? cells[from->cell] : 0);
	return to;
}

void
memory_fork(const struct memory *from, struct memory *to)
{
	to->top = from->top;
	for (uint32_t i = 0; i < MARKS; i++) {
		mark_drop(&to->marks[i]);
		to->marks[i] = mark_inherit(&from->marks[i]);
	}
}

uint64_t
memory_va(const struct memory *memory, uint32_t mark)
{
	if (mark < WINDOW)
		return WINDOW_BASE + mark * PAGE_SIZE + OFFSET;
	if (mark == MARK_STACK)
		return memory->top - STACK_BELOW + OFFSET;
	return DATA_BASE + (mark - MARK_DATA) * PAGE_SIZE + OFFSET;
}

bool
memory_permits(const struct memory *memory, uint32_t mark, uint32_t access)
{
	const struct mark *m1 = &memory->marks[mark];
	uint32_t needs = access == ACCESS_WRITE ? VM_PROT_WRITE : VM_PROT_READ;

	return m1->there && (m1->protection & needs) != 0;
}

/* What an answered call does to one page. */
static void
mark_change(struct mark *mark, const struct flight *flight)
{
	switch (flight->what) {
	case FLIGHT_MAP:
		mark_drop(mark);
		*mark = (struct mark){.there = true,
		    .shared = flight->shared,
		    .protection = (uint8_t)flight->value,
		    .inheritance =
			flight->shared ? VM_INHERIT_SHARE : VM_INHERIT_COPY,
		    .cell = cell_new(0)};
		break;
	case FLIGHT_UNMAP:
		mark_drop(mark);
		break;
	case FLIGHT_PROTECT:
		mark->protection = (uint8_t)flight->value;
		break;
	case FLIGHT_INHERIT:
		mark->inheritance = (uint8_t)flight->value;
		mark->shared =
		    mark->shared || flight->value == VM_INHERIT_SHARE;
		break;
	default:
		break;
	}
}

void
memory_answered(const struct flight *flight, int error)
{
	struct memory *memory = memory_find(flight->tag);
	int expected = 0;

	if (flight->what == FLIGHT_TOUCH)
		return;
	if (memory == NULL)
		sim_fail(__FILE__, __LINE__, "an answer of a dead space");
	for (uint32_t i = flight->from; i < flight->to; i++) {
		if (flight->what == FLIGHT_PROTECT && !memory->marks[i].there)
			expected = TINE_ENOMEM;
	}
	if (error != TINE_ENOMEM || !flight->lacked)
		SIM_EQUAL(error, expected, "vmsrv's answer");
	for (uint32_t i = flight->from; error == 0 && i < flight->to; i++)
		mark_change(&memory->marks[i], flight);
}

void
memory_check_empty(void)
{
	for (int i = 0; i < MEMORIES; i++)
		SIM_EQUAL(memories[i].tag, 0, "spaces at the end");
	for (int i = 0; i < CELLS; i++)
		SIM_EQUAL(cell_refs[i], 0, "pages at the end");
}
