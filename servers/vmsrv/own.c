/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * own.c - vmsrv's own pages.
 *
 * Table frames of the own space are fed when the first page of a 2 MiB span
 * is mapped, and kept.
 */
#include "own.h"

#include <string.h>

#include <ipc/sys.h>

#include "ledger.h"
#include "report.h"
#include "root.h"

#define SPAN_SHIFT 21
#define SPANS (OWN_SIZE >> SPAN_SHIFT)
#define WORD_BITS 64
#define PAGES_WORDS (OWN_RANGE_SIZE / PAGE_SIZE / WORD_BITS)
#define PAGE_FLAGS (MAP_PAGE_READ | MAP_PAGE_WRITE | MAP_PAGE_ZERO)

_Static_assert(
    (uint64_t)OWN_RANGES *OWN_RANGE_SIZE <= OWN_SIZE, "the ranges fit");

static struct {
	uintptr_t base;
	objname_t space;
	uint64_t fed[SPANS / WORD_BITS]; /* bit: the span has its table */
	uint64_t pages[PAGES_WORDS]; /* bit: the page of OWN_PAGES is used */
} own;

int
own_init(uintptr_t base, objname_t space)
{
	int error;

	memset(&own, 0, sizeof(own));
	own.base = base;
	own.space = space;
	/* What the kernel put into the pool at boot counts as free. */
	while (sys_space_feed(ROOT_MEMORY, space, -1).error == 0)
		;
	/* The table of this GiB. */
	error = ledger_charge(1);
	if (error)
		return error;
	if (sys_space_feed(ROOT_MEMORY, space, 1).error != 0) {
		ledger_release(1);
		return TINE_ENOMEM;
	}
	return 0;
}

uintptr_t
own_address(enum own_range range)
{
	return own.base + (uintptr_t)range * OWN_RANGE_SIZE;
}

/* See to the table of an address.  ENOMEM. */
static int
span_feed(uintptr_t va)
{
	uint64_t span = (va - own.base) >> SPAN_SHIFT;
	uint64_t bit = 1ul << span % WORD_BITS;
	int error;

	if (own.fed[span / WORD_BITS] & bit)
		return 0;
	error = ledger_charge(1);
	if (error)
		return error;
	if (sys_space_feed(ROOT_MEMORY, own.space, 1).error != 0) {
		ledger_release(1);
		return TINE_ENOMEM;
	}
	own.fed[span / WORD_BITS] |= bit;
	return 0;
}

/* Map a frame, or a fresh one.  ENOMEM. */
static int
page_map(uintptr_t va, uint64_t frame, uint64_t flags)
{
	int error = span_feed(va);

	if (error)
		return error;
	if (sys_space_map(ROOT_MEMORY, own.space, va, frame, flags, 0).error)
		return TINE_ENOMEM;
	return 0;
}

static void
page_unmap(uintptr_t va)
{
	struct sysret done = sys_space_unmap(ROOT_MEMORY, own.space, va, 1);

	ASSERT(done.error == 0);
	(void)done;
}

int
own_map(uintptr_t va)
{
	int error = ledger_charge(1);

	if (error)
		return error;
	error = page_map(va, 0, PAGE_FLAGS);
	if (error)
		ledger_release(1);
	return error;
}

void
own_unmap(uintptr_t va)
{
	page_unmap(va);
	ledger_release(1);
}

void *
own_page_alloc(void)
{
	for (size_t i = 0; i < PAGES_WORDS; i++) {
		uint64_t clear = ~own.pages[i];
		uint64_t number;
		uintptr_t va;

		if (clear == 0)
			continue;
		number = i * WORD_BITS + (uint64_t)__builtin_ctzl(clear);
		va = own_address(OWN_PAGES) + number * PAGE_SIZE;
		if (own_map(va) != 0)
			return NULL;
		own.pages[i] |= clear & -clear;
		return (void *)va;
	}
	return NULL;
}

void
own_page_free(void *page)
{
	uint64_t number =
	    ((uintptr_t)page - own_address(OWN_PAGES)) / PAGE_SIZE;

	own_unmap((uintptr_t)page);
	own.pages[number / WORD_BITS] &= ~(1ul << number % WORD_BITS);
}

int
own_frame_copy(uint64_t to, uint64_t from, size_t bytes)
{
	uintptr_t a = own_address(OWN_SCRATCH);
	uintptr_t b = a + PAGE_SIZE;
	int error;

	error =
	    page_map(a, to, MAP_PAGE_READ | MAP_PAGE_WRITE | MAP_PAGE_SHARED);
	if (error)
		return error;
	error = page_map(b, from, MAP_PAGE_READ | MAP_PAGE_SHARED);
	if (error == 0) {
		memcpy((void *)a, (const void *)b, bytes);
		page_unmap(b);
	}
	page_unmap(a);
	return error;
}

/* Pools. */

void
pool_init(struct pool *pool, enum own_range range, size_t item_size)
{
	memset(pool, 0, sizeof(*pool));
	pool->base = own_address(range);
	pool->end = pool->base;
	pool->item_size = (uint32_t)item_size;
}

/* The link of a free item: its last word, since the others may be kept. */
static void **
item_link(const struct pool *pool, void *item)
{
	return (void **)((uintptr_t)item + pool->item_size - sizeof(void *));
}

int
pool_reserve(struct pool *pool, uint32_t items)
{
	while (pool->made < items) {
		uintptr_t next =
		    pool->base + (uintptr_t)pool->made * pool->item_size;
		int error;

		while (pool->end < next + pool->item_size) {
			if (pool->end == pool->base + OWN_RANGE_SIZE)
				return TINE_ENOMEM;
			error = own_map(pool->end);
			if (error)
				return error;
			pool->end += PAGE_SIZE;
		}
		*item_link(pool, (void *)next) = pool->free;
		pool->free = (void *)next;
		pool->made++;
	}
	return 0;
}

void *
pool_alloc(struct pool *pool)
{
	void *item;

	if (pool->free == NULL && pool_reserve(pool, pool->made + 1) != 0)
		return NULL;
	item = pool->free;
	pool->free = *item_link(pool, item);
	*item_link(pool, item) = NULL;
	pool->used++;
	return item;
}

void
pool_free(struct pool *pool, void *item)
{
	*item_link(pool, item) = pool->free;
	pool->free = item;
	pool->used--;
}
