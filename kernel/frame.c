/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * frame.c - the frame table; see frame.h.
 */
#include "frame.h"
#include "arch.h"
#include "kassert.h"

#include <abi/errors.h>

struct frame_state frames;

void
frame_init(struct frame *table, paddr_t base, uint64_t count)
{
	frames = (struct frame_state){
	    .table = table,
	    .base = base,
	    .bias = (uintptr_t)dmap(base) -
		    ((uintptr_t)table << FRAME_ENTRY_TO_PAGE),
	    .count = count,
	    .free_head = FRAME_NONE,
	};
}

void
frame_mark(uint64_t first, uint64_t end, uint64_t tag)
{
	for (; first < end && first < frames.count; first++) {
		frames.table[first].tag = tag;
		frames.table[first].count = tag == (FRAME_USER | FRAME_HOLD);
	}
}

void
frame_link(void)
{
	for (uint64_t i = frames.count; i-- > 0;) {
		if (frame_kind(i) == FRAME_FREE)
			frame_free(i, 0);
	}
}

static uint64_t
frame_take_any(enum frame_kind kind) LOCKED
{
	uint64_t frame = frames.free_head;
	struct frame *f;

	KASSERT(frame != FRAME_NONE);
	f = &frames.table[frame];
	frames.free_head = f->link;
	f->link = 0;
	frames.free_count--;
	f->tag = (f->tag & ~NAME_FRAME_MASK) | kind;
	if (kind >= KIND_THREAD)
		f->tag += NAME_GENERATION_ONE;
	f->count = kind == FRAME_USER;
	return frame;
}

uint64_t
frame_available(void)
{
	return frames.free_count - frames.reserved_count;
}

uint64_t
frame_take(enum frame_kind kind)
{
	if (frame_available() == 0)
		return FRAME_NONE;
	return frame_take_any(kind);
}

uint64_t
frame_take_reserved(enum frame_kind kind)
{
	KASSERT(frames.reserved_count > 0);
	frames.reserved_count--;
	return frame_take_any(kind);
}

int
frame_reserve(uint64_t n)
{
	if (n > frame_available())
		return TINE_ENOMEM;
	frames.reserved_count += n;
	return 0;
}

void
frame_unreserve(uint64_t n)
{
	KASSERT(n <= frames.reserved_count);
	frames.reserved_count -= n;
}

void
frame_free(uint64_t frame, uint64_t last)
{
	struct frame *f = &frames.table[frame];
	uint64_t tag = f->tag & ~NAME_FRAME_MASK;

	last &= ~NAME_FRAME_MASK;
	if (last > tag)
		tag = last;
	f->count = 0;
	/* One generation for the next object, one for its end. */
	if (tag >> NAME_FRAME_BITS >= FRAME_GENERATION_MAX - 2) {
		f->tag = tag | FRAME_RESERVED;
		return;
	}
	f->tag = tag | FRAME_FREE;
	f->link = (uint32_t)frames.free_head;
	frames.free_head = (uint32_t)frame;
	frames.free_count++;
}
