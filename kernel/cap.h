/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cap.h - capabilities: what a thread can name, and what it may do with it.
 *
 * A capability space is one frame of CSPACE_SLOTS slots.  A capability to an
 * object keeps the object's frame-table entry and the tag that the entry had
 * when the capability was made: when the object is destroyed the tags differ
 * and the capability is stale, wherever copies of it are.
 *
 * Invariants (cap_check() asserts them):
 *   - an empty slot has no rights;
 *   - the rights are among those that make sense for the kind, so a right
 *     alone tells the kind: SEND means an endpoint.
 */
#pragma once

#include <abi/types.h>
#include "arch.h"
#include "frame.h"
#include "lock.h"

struct cap {
	union {
		struct frame *frame; /* of an object */
		uint64_t first; /* MEMORY: the first physical page */
	};
	uint64_t tag; /* of an object: what frame->tag must be; else kind */
	union {
		uint64_t badge; /* of an object */
		uint64_t pages; /* MEMORY: how many */
	};
	uint64_t rights; /* RIGHT_*; 0: the slot is empty */
};
_Static_assert(sizeof(struct cap) * CSPACE_SLOTS == PAGE_SIZE,
    "a capability space is a frame");

/* The object in a frame. */
static inline void *
object_in(uint64_t frame)
{
	return dmap(frame_address(frame));
}

/* The object that a frame-table entry stands for. */
static inline void *
object_of(const struct frame *frame)
{
	uintptr_t address =
	    ((uintptr_t)frame << FRAME_ENTRY_TO_PAGE) + frames.bias;

	if (address == 0)
		__builtin_unreachable();
	return (void *)address;
}

/* The frame-table entry of an object. */
static inline struct frame *
object_frame(const void *object)
{
	return &frames.table[frame_of(dmap_address(object))];
}

/* Whether a capability is to an object rather than to memory or system. */
static inline bool
cap_is_object(const struct cap *cap)
{
	return cap->tag < KIND_MEMORY || cap->tag > KIND_SYSTEM;
}

/*
 * Find a capability with at least one of these rights.  EBADF: no such slot,
 * empty, or none of the rights; ESTALE: the object is gone.
 */
int cap_lookup(struct cap *slots, uint64_t slot, uint64_t rights,
    struct cap **capp) LOCKED MUST_CHECK;

/* The rights that a kind can have. */
uint64_t cap_rights_of(enum frame_kind kind);

/*
 * Find an object of a kind that a memory capability with at least one of
 * these rights covers, by its name.  EBADF: no such authority; EINVAL: not
 * the name of anything there; ESTALE: it is gone, or of another kind.
 */
int cap_named(struct cap *slots, uint64_t auth, uint64_t rights, objname_t name,
    enum frame_kind kind, void **objectp) LOCKED MUST_CHECK;

/* Check for authority over a frame.  EBADF; EINVAL: not covered. */
int cap_authority(struct cap *slots, uint64_t auth, uint64_t rights,
    uint64_t frame) LOCKED MUST_CHECK;

/* Put a capability to an object into a slot, over whatever was there. */
void cap_set(
    struct cap *cap, uint64_t frame, uint64_t rights, uint64_t badge) LOCKED;
