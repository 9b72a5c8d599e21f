/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pool.h - records of one size, in memory that grows and never moves.
 *
 * Each pool has an address range of its own (an area), which vmsrv fills page
 * by page as records are needed.  Freed records are kept for the next use;
 * their first 8 bytes hold the link, the rest stays as it was left.
 *
 * Invariants: records 0 to count - 1 have been handed out at least once;
 * of them, all but `used` are on the free list.
 */
#ifndef TINE_PROCSRV_POOL_H
#define TINE_PROCSRV_POOL_H

#include <abi/types.h>

/* Areas of the address space; room for many more records than PID_MAX. */
enum area {
	AREA_PIDS,
	AREA_PROCS,
	AREA_LWPS,
	AREA_CREDS,
	AREA_UIDS,
	AREA_LIMITS,
	AREA_PGRPS,
	AREA_SESSIONS,
	AREA_SIGACTS,
	AREA_SIGINFOS,
	AREA_PTIMERS,
	AREA_CPUTIMES,
	AREA_COUNT
};
#define AREA_BYTES 0x4000000ul
#define AREAS_BASE 0x2000000000ul

/* Where the areas begin; tests set it before anything else. */
extern uintptr_t area_base;

struct pool {
	enum area area;
	uint32_t size; /* bytes of a record, a multiple of 8 */
	uint32_t count; /* records ever handed out */
	uint32_t used; /* records in use now */
	uint64_t bytes; /* of the area that have memory */
	void *free; /* linked through their first 8 bytes */
};

#define POOL_INIT(in_area, type) \
	{ \
		.area = (in_area), .size = sizeof(type) \
	}

static inline void *
area_start(enum area area)
{
	return (void *)(area_base + (uintptr_t)area * AREA_BYTES);
}

/*
 * Have memory up to needed bytes of an area that has *bytes now.  Returns 0,
 * or ENOMEM with *bytes as it was.
 */
int area_grow(enum area area, uint64_t *bytes, uint64_t needed);

/*
 * Hand out a record: zeroed if never used before, else as it was left behind
 * its first 8 bytes.  Returns 0 or ENOMEM.
 */
int pool_get(struct pool *pool, void **itemp);

/* Take a record back. */
void pool_put(struct pool *pool, void *item);

/* The record with this number; NULL: never handed out. */
static inline void *
pool_item(const struct pool *pool, uint32_t index)
{
	if (index >= pool->count)
		return NULL;
	return (char *)area_start(pool->area) + (uint64_t)index * pool->size;
}

#endif
