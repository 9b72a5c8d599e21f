/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cap.c - looking capabilities up; see cap.h.
 */
#include "cap.h"
#include "kassert.h"

#include <abi/errors.h>

int
cap_lookup(struct cap *slots, uint64_t slot, uint64_t rights, struct cap **capp)
{
	struct cap *cap;

	if (slots == NULL || slot >= CSPACE_SLOTS)
		return TINE_EBADF;
	cap = &slots[slot];
	if ((cap->rights & rights) == 0)
		return TINE_EBADF;
	if (cap_is_object(cap) && cap->frame->tag != cap->tag)
		return TINE_ESTALE;
	*capp = cap;
	return 0;
}

uint64_t
cap_rights_of(enum frame_kind kind)
{
	static const uint32_t rights[] = {
	    [KIND_ENDPOINT] = RIGHT_SEND | RIGHT_RECEIVE,
	    [KIND_NOTIFICATION] = RIGHT_NOTIFY | RIGHT_WAIT,
	    [KIND_CSPACE] = RIGHT_EDIT,
	    [KIND_IRQ] = RIGHT_IRQ,
	    [KIND_MEMORY] = RIGHT_OWNER | RIGHT_STEWARD | RIGHT_MAP,
	    [KIND_SYSTEM] = RIGHT_POWER | RIGHT_STAT | RIGHT_DEBUG,
	};

	return kind <= KIND_SYSTEM ? rights[kind] : 0;
}

int
cap_authority(struct cap *slots, uint64_t auth, uint64_t rights, uint64_t frame)
{
	struct cap *cap;
	uint64_t page;
	int error;

	error = cap_lookup(slots, auth, rights, &cap);
	if (error)
		return error;
	if (frame >= frames.count)
		return TINE_EINVAL;
	page = (frames.base >> PAGE_SHIFT) + frame;
	if (page < cap->first || page - cap->first >= cap->pages)
		return TINE_EINVAL;
	return 0;
}

int
cap_named(struct cap *slots, uint64_t auth, uint64_t rights, objname_t name,
    enum frame_kind kind, void **objectp)
{
	uint64_t frame = name & NAME_FRAME_MASK;
	uint64_t tag = (name & ~NAME_FRAME_MASK) | kind;
	int error;

	error = cap_authority(slots, auth, rights, frame);
	if (error)
		return error;
	if (frames.table[frame].tag != tag)
		return TINE_ESTALE;
	*objectp = object_in(frame);
	return 0;
}

void
cap_set(struct cap *cap, uint64_t frame, uint64_t rights, uint64_t badge)
{
	cap->frame = &frames.table[frame];
	cap->tag = cap->frame->tag;
	cap->badge = badge;
	cap->rights = rights;
}
