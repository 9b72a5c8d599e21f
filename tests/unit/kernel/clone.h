/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * clone.h - a space with a page of each sort, and one to copy it into.
 */
#ifndef TINE_TEST_CLONE_H
#define TINE_TEST_CLONE_H

#include "world.h"

#define CLONE_RW (MAP_PAGE_READ | MAP_PAGE_WRITE)
#define CLONE_POOL 20ul

/* Pages of the source, in order; several tables and gigapages. */
enum place {
	P_PRIVATE,
	P_READ,
	P_EXEC,
	P_SHARED,
	P_NONE, /* no permissions */
	P_COW,
	P_HELD, /* a page of a file, copied on write */
	P_DEVICE,
	P_FAR,
	P_TOP,
	P_COUNT
};

extern const vaddr_t clone_at[P_COUNT];
extern objname_t src_name, dst_name;
extern struct space *src, *dst;

/* world_start(), the source with all its pages, and the empty copy. */
int clone_start(void **state);

/* The entry of a page in either; how many references its frame has. */
uint64_t clone_in(const struct space *space, enum place place);
uint64_t clone_references(uint64_t entry);

/*
 * One call: its error.  Asserts that the pools and the tables in use are what
 * was fed.
 */
int clone_step(vaddr_t va);

/* All of it, in how many steps. */
uint64_t clone_all(void);

/* Assert what each page is in both. */
void clone_assert_whole(void);

#endif
