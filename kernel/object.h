/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * object.h - creating and destroying kernel objects.
 *
 * An object is one frame.  Creating one takes a frame from the free list and
 * can fail only before anything is changed; destroying one puts it back and
 * ends its generation.
 */
#pragma once

#include <abi/types.h>
#include "frame.h"
#include "lock.h"
#include "space.h"

/* A zeroed frame of a kind, or FRAME_NONE. */
uint64_t object_new(enum frame_kind kind) LOCKED MUST_CHECK;

/*
 * Create an object; *namep is its name.  THREAD: in a space, with an
 * identity.  SPACE: a its tag, b its pool.  ENDPOINT: a its mode.
 * IRQ: a its line.
 *	ENOMEM	no free frame (or not enough for the pool of a space)
 *	EINVAL	kind, tag (63 bits), mode, or line
 *	EBUSY	the line is taken
 */
int object_create(enum frame_kind kind, struct space *space, uint64_t a,
    uint64_t b, objname_t *namep) LOCKED MUST_CHECK;

/*
 * Destroy an object.  EBUSY: others refer to it, or it is the running
 * thread; EAGAIN: call again to go on; EINVAL: not an object.
 */
int object_destroy(uint64_t frame) LOCKED MUST_CHECK;
