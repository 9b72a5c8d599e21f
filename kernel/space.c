/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * space.c - address spaces: tables, mapping, faults; see space.h.
 *
 * Each function that takes a right away, or changes a valid entry, flushes
 * what it changed on all harts before it returns, so no translation outlives
 * the call that removed it.  Making an entry valid flushes too, as Priv. ISA
 * 4.2.1 lets a hart keep an invalid one, but here only: elsewhere a fault
 * finds it, space_access().
 */
#include "space.h"
#include "cap.h"
#include "hart.h"
#include "kassert.h"
#include "space_impl.h"

#include <string.h>

#include <abi/errors.h>

struct space *kernel_space;

/* 1: the hardware has no ASIDs, or they are not to be used. */
static uint64_t asid_count = 1; /* constant after boot */

void
space_set_asid_bits(uint64_t bits)
{
	asid_count = 1ul << bits;
}

void
space_init(struct space *space, uint64_t tag, uint64_t pool)
{
	for (unsigned int i = 0; i < ROOT_DMAP_SLOTS; i++)
		space->dmap[i] = kernel_space->dmap[i];
	for (unsigned int i = 0; i < 3; i++)
		space->kernel[i] = kernel_space->kernel[i];
	space->tag.value = SPACE_WORD(tag);
	space->pool.value = SPACE_WORD(pool);
	/* The number of its frame, which no other space has. */
	space->asid.value = SPACE_WORD(frame_of(dmap_address(space)) + 1);
	if (space->asid.value >= asid_count)
		space->asid.value = 0;
	count(STAT_SPACES);
}

int
space_feed(struct space *space, int64_t delta)
{
	uint64_t n = delta < 0 ? 0 - (uint64_t)delta : (uint64_t)delta;

	if (delta < 0 && n > space->pool.value)
		return TINE_EINVAL;
	if (delta >= 0 && frame_reserve(n) != 0)
		return TINE_ENOMEM;
	if (delta < 0)
		frame_unreserve(n);
	space->pool.value = SPACE_WORD(space->pool.value + (uint64_t)delta);
	return 0;
}

/*
 * A core without ASIDs gets the one flush that works on all: on early SiFive
 * cores code may stay cached after any other (CIP-1200 in the FU740's errata).
 */
void
space_flush(struct space *space)
{
	if (space->asid.value == 0)
		arch_flush_all();
	else
		arch_flush_space(space->asid.value);
	count(STAT_FLUSHES);
	space_flush_others(space);
}

void
space_flush_page(struct space *space, vaddr_t va)
{
	if (space->asid.value == 0)
		arch_flush_all();
	else
		arch_flush_page(space->asid.value, va);
	count(STAT_FLUSHES);
}

/* Have all harts fetch code anew before they run it, those in space now. */
static void
space_sync_code(const struct space *space) LOCKED
{
	arch_sync_icache();
	if (nharts > 1)
		harts_flush(space, ~0ul);
}

uint64_t *
space_entry(const struct space *space, vaddr_t va)
{
	uint64_t entry = space->user[va >> 30];

	if (entry == 0)
		return NULL;
	entry = pte_table(entry)[va >> 21 & (SV39_ENTRIES - 1)];
	if (entry == 0)
		return NULL;
	return &pte_table(entry)[va >> 12 & (SV39_ENTRIES - 1)];
}

uint64_t *
table_new(struct space *space, bool clear)
{
	uint64_t *table;

	if (space->pool.value == 0)
		return NULL;
	space->pool.value--;
	space->tables.value++;
	table = object_in(frame_take_reserved(FRAME_TABLE));
	if (clear)
		page_zero(table);
	return table;
}

void
table_free(struct space *space, uint64_t entry)
{
	frame_free(pte_frame(entry), 0);
	frames.reserved_count++;
	space->pool.value++;
	space->tables.value--;
}

uint64_t *
table_below(struct space *space, uint64_t *entry)
{
	if (*entry == 0) {
		uint64_t *table = table_new(space, true);

		if (table == NULL)
			return NULL;
		table_set(entry, pte_to_table(table));
	}
	return pte_table(*entry);
}

/* How many tables there are not yet on the way to the entry of va. */
static uint64_t
tables_missing(const struct space *space, vaddr_t va) LOCKED
{
	uint64_t entry = space->user[va >> 30];

	if (entry == 0)
		return 2;
	return pte_table(entry)[va >> 21 & (SV39_ENTRIES - 1)] == 0;
}

/* The leaf entry, its tables made if need be; NULL: the pool is empty. */
static uint64_t *
space_entry_make(struct space *space, vaddr_t va) LOCKED
{
	uint64_t *table;

	table = table_below(space, &space->user[va >> 30]);
	if (table == NULL)
		return NULL;
	table = table_below(space, &table[va >> 21 & (SV39_ENTRIES - 1)]);
	if (table == NULL)
		return NULL;
	return &table[va >> 12 & (SV39_ENTRIES - 1)];
}

/*
 * The entry that flags ask for, with a frame of RAM or a device's page;
 * PROT_NONE is an entry that is not valid.
 */
static uint64_t
pte_make(uint64_t page, uint64_t flags)
{
	uint64_t entry = page << PTE_PPN_SHIFT | PTE_V | PTE_U | PTE_A | PTE_D;

	entry |= (flags & MAP_PAGE_PROT) << 1;
	if (flags & (MAP_PAGE_SHARED | MAP_PAGE_DEVICE))
		entry |= PTE_SHARED;
	else if (flags & MAP_PAGE_COW)
		entry = (entry & ~PTE_W) | (entry & PTE_W) << 6;
	return (flags & MAP_PAGE_PROT) == 0 ? entry & ~PTE_V : entry;
}
_Static_assert(PTE_W << 6 == PTE_COW, "pte_make shifts W to COW");

bool
map_flags_valid(uint64_t flags)
{
	uint64_t prot = flags & MAP_PAGE_PROT;

	if ((flags & MAP_PAGE_UNUSED) != 0 ||
	    ((flags & MAP_PAGE_ZERO) && (flags & MAP_PAGE_COPY)))
		return false;
	if ((flags & MAP_PAGE_WRITE) && (flags & MAP_PAGE_EXEC))
		return false;
	if (prot == MAP_PAGE_WRITE)
		return false; /* reserved, Priv. ISA 4.3.1 */
	return (flags & MAP_PAGE_COW) == 0 || (flags & MAP_PAGE_SHARED) == 0;
}

/* The first bytes of a page from another one, then zeros. */
static void
page_fill(void *page, const void *source, uint64_t bytes)
{
	if (bytes == PAGE_SIZE) {
		page_copy(page, source);
		return;
	}
	page_zero(page);
	memcpy(page, source, bytes);
}

/*
 * A frame for the page: the source itself, one reference more, or a fresh
 * one.  old is the entry there now.
 */
static int
map_source(
    uint64_t source, uint64_t flags, uint64_t old, uint64_t *pagep) LOCKED
{
	uint64_t bytes = flags >> MAP_PAGE_BYTES_SHIFT;
	uint64_t frame;

	if ((flags & MAP_PAGE_ZERO) == 0) {
		if (source == ~0ul && old != 0)
			source = pte_frame(old);
		if (source >= frames.count || frame_kind(source) != FRAME_USER)
			return TINE_EINVAL;
	}
	if ((flags & (MAP_PAGE_ZERO | MAP_PAGE_COPY)) == 0) {
		frame_ref(source);
		*pagep = frame_address(source) >> PAGE_SHIFT;
		return 0;
	}
	frame = frame_take(FRAME_USER);
	if (frame == FRAME_NONE)
		return TINE_ENOMEM;
	if (flags & MAP_PAGE_ZERO) {
		page_zero(object_in(frame));
	} else {
		page_fill(object_in(frame), object_in(source), bytes);
		count(STAT_COPIES);
	}
	*pagep = frame_address(frame) >> PAGE_SHIFT;
	return 0;
}

int
space_map(struct space *space, vaddr_t va, uint64_t source, uint64_t flags,
    uint64_t expect)
{
	uint64_t *entry, page, old;
	int error;

	if (va >= USER_TOP || (va & PAGE_MASK) != 0 ||
	    !map_flags_valid(flags) ||
	    flags >> MAP_PAGE_BYTES_SHIFT > PAGE_SIZE)
		return TINE_EINVAL;
	entry = space_entry(space, va);
	old = entry == NULL ? 0 : *entry;
	if (old != expect)
		return TINE_ECHANGED;
	if (entry == NULL && tables_missing(space, va) > space->pool.value)
		return TINE_ENOTABLE;
	page = source;
	if ((flags & MAP_PAGE_DEVICE) == 0) {
		error = map_source(source, flags, old, &page);
		if (error)
			return error;
	}

	/* Committed: nothing below can fail. */
	if (entry == NULL) {
		entry = space_entry_make(space, va);
		space_flush(space);
	}
	/* First: what is valid another hart may run at once. */
	if (flags & MAP_PAGE_EXEC)
		space_sync_code(space);
	table_set(entry, pte_make(page, flags));
	space_flush_page(space, va);
	if (old != 0) {
		space_flush_others(space);
		pte_release(old);
	}
	return 0;
}

static void
pte_protect(uint64_t *entry, uint64_t flags)
{
	uint64_t page = *entry >> PTE_PPN_SHIFT;
	uint64_t shared = *entry & PTE_SHARED;

	if (shared)
		flags = (flags & ~(uint64_t)MAP_PAGE_COW) | MAP_PAGE_SHARED;
	else
		flags |= MAP_PAGE_COW;
	*entry = pte_make(page, flags);
}

/*
 * The next address with a leaf table from va on, or end; or, when an interrupt
 * waits, how far the search came.
 */
static vaddr_t
space_skip(const struct space *space, vaddr_t va, vaddr_t end) LOCKED
{
	while (va < end && space_entry(space, va) == NULL) {
		uint64_t size =
		    space->user[va >> 30] == 0 ? GIGAPAGE : MEGAPAGE;

		va = (va & ~(size - 1)) + size;
		if (arch_interrupt_pending())
			break;
	}
	return va < end ? va : end;
}

void
space_protect(struct space *space, vaddr_t *va, vaddr_t end, uint64_t flags)
{
	vaddr_t at = *va;

	/* As in space_map(). */
	if (flags & MAP_PAGE_EXEC)
		space_sync_code(space);
	while ((at = space_skip(space, at, end)) < end) {
		uint64_t *entry = space_entry(space, at);

		if (entry == NULL)
			break;
		do {
			if (*entry != 0)
				pte_protect(entry, flags);
			entry++;
			at += PAGE_SIZE;
		} while (at < end && (at & (MEGAPAGE - 1)) != 0);
		if (arch_interrupt_pending())
			break;
	}
	*va = at;
	space_flush(space);
}

bool
space_access(struct space *space, vaddr_t va, uint64_t access, uint64_t *entryp)
{
	const uint64_t cow = PTE_V | PTE_COW;
	uint64_t *entry = va < USER_TOP ? space_entry(space, va) : NULL;
	struct frame *frame;

	*entryp = entry == NULL ? 0 : *entry;
	if (entry == NULL)
		return false;
	if (!pte_permits(*entry, access)) {
		if (access != ACCESS_WRITE || (*entry & cow) != cow)
			return false;
		frame = &frames.table[pte_frame(*entry)];
		if (frame->count != 1 || (frame->tag & FRAME_HOLD) != 0)
			return false;
		*entry = (*entry & ~PTE_COW) | PTE_W;
		*entryp = *entry;
		count(STAT_UPGRADES);
	}
	space_flush_page(space, va);
	return true;
}

void
space_end(struct space *space)
{
	struct hart *hart = hart_self();

	/* The hart must not walk a table that becomes something else. */
	if (hart->satp == space_satp(space)) {
		hart->satp = space_satp(kernel_space);
		arch_set_satp(hart->satp);
	}
	/* The next space in this frame has the same ASID. */
	space_flush(space);
	frame_unreserve(space->pool.value);
	hart->counters[STAT_SPACES]--;
	frame_free(frame_of(dmap_address(space)), 0);
}
