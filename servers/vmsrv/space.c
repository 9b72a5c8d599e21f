/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * space.c - the table of address spaces.
 */
#include "space.h"

#include <ipc/message.h>
#include <ipc/sys.h>

#include "ledger.h"
#include "object.h"
#include "own.h"
#include "park.h"
#include "report.h"
#include "root.h"

#define TAG_GENERATION_SHIFT 32
/* The kernel keeps 63 bits of a tag. */
#define GENERATION_MAX 0x7ffffffful
#define STACK_LIMIT_DEFAULT 0x800000ul

static struct pool spaces;
static struct space *dying_first;
static struct space *dying_last;

void
space_init(void)
{
	pool_init(&spaces, OWN_SPACES, sizeof(struct space));
	dying_first = NULL;
	dying_last = NULL;
}

/* A free entry of the table with a tag that was never used.  ENOMEM. */
static struct space *
entry_take(void)
{
	uint32_t fresh = spaces.made;
	struct space *space = pool_alloc(&spaces);

	if (space == NULL)
		return NULL;
	/* Memory is only made for the one that is asked for. */
	if (space->generation == 0)
		space->number = fresh;
	space->generation++;
	space->tag =
	    (uint64_t)space->generation << TAG_GENERATION_SHIFT | space->number;
	return space;
}

static void
entry_free(struct space *space)
{
	space->state = SPACE_FREE;
	space->tag = 0;
	/* An entry whose generations are used up is not used again. */
	if (space->generation < GENERATION_MAX)
		pool_free(&spaces, space);
}

/* What is not the caller's to set. */
static void
entry_init(struct space *space, uint64_t tables, uint64_t pages)
{
	space->state = SPACE_LOADING;
	space->users = 0;
	space->server = NULL;
	space->threads = NULL;
	space->nthreads = 0;
	space->held = pages;
	space->fed = tables;
	space->busy.token = 0;
	space->waiting = 0;
	space->low = 0;
	space->heap = 0;
	space->brk = 0;
	space->stack_top = 0;
	space->stack_low = 0;
	space->map_base = 0;
	space->limits[VM_LIMIT_DATA] = UNLIMITED;
	space->limits[VM_LIMIT_STACK] = STACK_LIMIT_DEFAULT;
	space->limits[VM_LIMIT_AS] = UNLIMITED;
	region_map_init(&space->map);
}

int
space_create(uint64_t tables, uint64_t pages, struct space **spacep)
{
	struct space *space;
	struct sysret made;
	int error;

	/* One frame more for the root. */
	error = ledger_charge(1 + tables + pages);
	if (error)
		return error;
	space = entry_take();
	if (space == NULL) {
		error = TINE_ENOMEM;
		goto undo_charge;
	}
	made = sys_create(ROOT_MEMORY, KIND_SPACE, space->tag, tables);
	if (made.error != 0) {
		error = TINE_ENOMEM;
		goto undo_entry;
	}

	/* Committed: nothing below can fail. */
	space->name = made.value;
	entry_init(space, tables, pages);
	*spacep = space;
	return 0;

undo_entry:
	entry_free(space);
undo_charge:
	ledger_release(1 + tables + pages);
	return error;
}

void
space_use(struct space *space)
{
	space->state = SPACE_ALIVE;
	space->users++;
}

void
space_unuse(struct space *space)
{
	ASSERT(space->users > 0);
	if (--space->users == 0)
		space_retire(space);
}

void
space_retire(struct space *space)
{
	space->state = SPACE_DYING;
	ASSERT(space->nthreads == 0);
	CHECK(space_check(space));
	object_defer();
	region_map_destroy(&space->map);
	space->tag = 0;
	space->users = 0;
	space->next = NULL;
	if (dying_last != NULL)
		dying_last->next = space;
	else
		dying_first = space;
	dying_last = space;
	space_step();
}

bool
space_dying(void)
{
	return dying_first != NULL;
}

void
space_step(void)
{
	struct space *space = dying_first;
	struct sysret gone;

	if (space == NULL)
		return;
	gone = sys_destroy(ROOT_MEMORY, space->name);
	if (gone.error == TINE_EAGAIN)
		return;
	dying_first = space->next;
	if (dying_first == NULL)
		dying_last = NULL;
	object_undefer();
	/* procsrv left a thread in it: it stays, and so does its charge. */
	if (gone.error != 0)
		return;
	ledger_release(1 + space->fed + space->held);
	entry_free(space);
}

struct space *
space_lookup(uint64_t tag)
{
	uint32_t number = (uint32_t)tag;
	struct space *space;

	if (number >= spaces.made || tag == 0)
		return NULL;
	space = pool_item(&spaces, number);
	return space->tag == tag ? space : NULL;
}

int
space_claim(uint64_t tag, const struct ipc_msg *msg, struct space **spacep)
{
	struct space *space = space_lookup(tag);
	bool later;

	if (space == NULL)
		return TINE_ESRCH;
	later = space->waiting > 0 && !park_is_due(msg);
	if (space_busy(space))
		later = space->busy.token != msg->token;
	if (later)
		return park_for(space, msg);
	*spacep = space;
	return 0;
}

int
space_claim_process(
    uint64_t tag, const struct ipc_msg *msg, struct space **spacep)
{
	int error = space_claim(tag, msg, spacep);

	if (error)
		return error;
	if ((*spacep)->state != SPACE_ALIVE || (*spacep)->server != NULL)
		return TINE_ESRCH;
	return 0;
}

int
space_reserve(struct space *space, uint64_t pages, uint64_t tables)
{
	uint64_t held = space->map.charged + pages;
	uint64_t fed = space->map.tables + tables;
	uint64_t more_held = held > space->held ? held - space->held : 0;
	uint64_t more_fed = fed > space->fed ? fed - space->fed : 0;
	struct sysret given;
	int error;

	error = ledger_charge(more_held + more_fed);
	if (error)
		return error;
	if (more_fed > 0) {
		given =
		    sys_space_feed(ROOT_MEMORY, space->name, (int64_t)more_fed);
		if (given.error != 0) {
			ledger_release(more_held + more_fed);
			return TINE_ENOMEM;
		}
	}
	space->held += more_held;
	space->fed += more_fed;
	return 0;
}

void
space_settle(struct space *space)
{
	uint64_t held = space->held - space->map.charged;
	uint64_t fed = space->fed - space->map.tables;

	if (fed > 0) {
		struct sysret taken =
		    sys_space_feed(ROOT_MEMORY, space->name, -(int64_t)fed);

		/* No table is in use that no region needs. */
		ASSERT(taken.error == 0);
		if (taken.error != 0)
			fed = 0;
	}
	space->held -= held;
	space->fed -= fed;
	if (held + fed > 0)
		ledger_release(held + fed);
}

int
space_unmap(struct space *space, uint64_t start, uint64_t end)
{
	while (start < end) {
		struct sysret done = sys_space_unmap(ROOT_MEMORY, space->name,
		    start, (end - start) >> PAGE_SHIFT);

		if (done.error != 0)
			return TINE_ENOMEM;
		start = done.value;
	}
	return 0;
}

uint64_t
space_entry(struct space *space, uint64_t va)
{
	return sys_space_query(ROOT_MEMORY, space->name, va).value;
}

void
space_check(const struct space *space)
{
	region_check(&space->map);
	ASSERT(space->held >= space->map.charged);
	ASSERT(space->fed >= space->map.tables);
	ASSERT((space->users > 0) == (space->state == SPACE_ALIVE));
	ASSERT(space->nthreads >= space->users);
	(void)space;
}
