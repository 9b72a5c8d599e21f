/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * subject.h - the space that a test is about.
 */
#ifndef TINE_TEST_SUBJECT_H
#define TINE_TEST_SUBJECT_H

#include "world.h"

#define MAP_RW (MAP_PAGE_READ | MAP_PAGE_WRITE)
#define SUBJECT_POOL 12ul /* frames for tables that it was fed */
#define SUBJECT_VA 0x40000000ul /* a gigapage of its own */

extern objname_t subject_name;
extern struct space *subject;

/* world_start(), and the space, empty. */
int subject_start(void **state);

/*
 * space_map, by root: its error.  Asserts that whatever happens the pool and
 * the tables in use are what was fed.
 */
int subject_map(vaddr_t va, uint64_t source, uint64_t flags, uint64_t expect);

/* The entry of a page, as space_query tells it; the page's contents. */
uint64_t subject_entry(vaddr_t va);
uint8_t *subject_page(vaddr_t va);

/* Unmap or protect pages, whatever interrupts. */
void subject_unmap(vaddr_t va, uint64_t pages);
void subject_protect(vaddr_t va, uint64_t pages, uint64_t flags);

#endif
