/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * object.h - creating and destroying kernel objects.
 *
 * An object is one frame.  Creating one takes a frame from the free list and
 * can fail only before anything is changed; destroying one puts it back and
 * ends its generation.
 */
#ifndef TINE_OBJECT_H
#define TINE_OBJECT_H

#include <abi/types.h>
#include "frame.h"
#include "lock.h"
#include "space.h"

/* A zeroed frame of a kind, or FRAME_NONE. */
uint64_t object_new(enum frame_kind kind) LOCKED MUST_CHECK;

/*
 * Create an object; *namep is its name.
 *	ENOMEM	no free frame (or not enough for the pool of a space)
 *	EINVAL	kind, tag (63 bits), or mode
 */
int object_create_thread(struct space *space, uint64_t identity,
    objname_t *namep) LOCKED MUST_CHECK;
int object_create_space(uint64_t tag, uint64_t pool, objname_t *namep) LOCKED MUST_CHECK;
int object_create_plain(enum frame_kind kind, uint64_t mode,
    objname_t *namep) LOCKED MUST_CHECK;

/*
 * Destroy an object.  EBUSY: others refer to it, or it is the running
 * thread; EAGAIN: call again to go on; EINVAL: not an object.
 */
int object_destroy(uint64_t frame) LOCKED MUST_CHECK;

#endif
