/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pool.c - records of one size.
 */
#include "pool.h"

#include <abi/errors.h>
#include <ipc/slots.h>
#include <ipc/vm.h>

uintptr_t area_base = AREAS_BASE;

int
area_grow(enum area area, uint64_t *bytes, uint64_t needed)
{
	struct vm_grow_rep rep;
	struct vm_grow_req req;
	int error;

	if (needed <= *bytes)
		return 0;
	if (needed > AREA_BYTES)
		return TINE_ENOMEM;
	req.address = (uintptr_t)area_start(area) + *bytes;
	req.length = ((needed + PAGE_MASK) & ~PAGE_MASK) - *bytes;
	error = vm_grow(SLOT_VM, &req, &rep);
	if (error)
		return TINE_ENOMEM;
	*bytes += req.length;
	return 0;
}

int
pool_get(struct pool *pool, void **itemp)
{
	void **item = pool->free;
	uint64_t end;
	int error;

	if (item != NULL) {
		pool->free = *item;
	} else {
		end = ((uint64_t)pool->count + 1) * pool->size;
		error = area_grow(pool->area, &pool->bytes, end);
		if (error)
			return error;
		pool->count++;
		item = pool_item(pool, pool->count - 1);
	}
	*item = NULL;
	pool->used++;
	*itemp = item;
	return 0;
}

void
pool_put(struct pool *pool, void *item)
{
	*(void **)item = pool->free;
	pool->free = item;
	pool->used--;
}
