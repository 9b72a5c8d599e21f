/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * object.h - anonymous memory that several spaces share.
 *
 * An object owns its pages: frames that it holds, so that a count of one
 * mapping does not mean private.  It is what MAP_SHARED maps and what
 * inheritance "share" turns private memory into.  All its pages are charged
 * when it is made, and each is allocated at its first touch.
 *
 * Invariants:
 *   - references are the regions that map it;
 *   - every frame in it is held.
 */
#ifndef TINE_VMSRV_OBJECT_H
#define TINE_VMSRV_OBJECT_H

#include <abi/types.h>

void object_init(void);

/* A new object with one reference.  ENOMEM; then nothing was taken. */
int object_create(uint64_t pages, uint32_t *object)
    __attribute__((warn_unused_result));

/* A number that no other object had before or will have. */
uint64_t object_serial(uint32_t object);

void object_ref(uint32_t object);

/* The last reference gone, its frames are freed by object_step(). */
void object_unref(uint32_t object);

/* The frame of a page, or 0: not touched yet. */
uint64_t object_peek(uint32_t object, uint64_t page);

/* The frame of a page, allocated if need be.  ENOMEM: a bug or a leak. */
int object_frame(uint32_t object, uint64_t page, uint64_t *frame)
    __attribute__((warn_unused_result));

/*
 * Between these two, dead objects keep their frames: regions are gone whose
 * pages the kernel still maps.
 */
void object_defer(void);
void object_undefer(void);

/* Whether dead objects wait to be freed; free some pages of them. */
bool object_dying(void);
void object_step(void);

#endif
