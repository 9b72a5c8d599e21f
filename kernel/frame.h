/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * frame.h - the frame table: what each 4 KiB page of RAM is.
 *
 * The table is the type system of memory.  A frame has one kind at a time,
 * and every change of kind goes through this file, so whatever a server asks
 * for, a page table is never also a user page, nor an object a page table.
 *
 *	 tag  63         24 23       9  8   7      0
 *	     +-------------+-----------+---+--------+
 *	     | generation  |     0     | H |  kind  |
 *	     +-------------+-----------+---+--------+
 *
 * H, the hold, is a reference by the owner itself (a page of a memory object,
 * a buffer for DMA); it is counted.  A frame whose generation is exhausted is
 * retired: it stays RESERVED for ever.
 *
 * Invariants (frame_check() asserts them):
 *   - free_count is the length of the free list;
 *   - reserved_count <= free_count: it is the sum of the pools of all spaces;
 *   - FREE iff on the free list;
 *   - the count of a USER frame is its mappings plus its hold; it is not 0;
 *   - the count of an object is the number of objects that refer to it.
 */
#pragma once

#include <abi/types.h>
#include "kassert.h"
#include "lock.h"

#define FRAME_NONE 0xfffffffful
#define FRAME_KIND_MASK 0xfful
#define FRAME_HOLD 0x100ul
#define FRAME_GENERATION_MAX ((1ul << 40) - 1)

struct frame {
	uint64_t tag;
	uint32_t count; /* references, see above */
	/* FREE: the next free frame, or FRAME_NONE; a table: table_groups() */
	uint32_t link;
};

/* An entry's offset in the table, times 256, is its page's in RAM. */
#define FRAME_ENTRY_TO_PAGE 8
_Static_assert(sizeof(struct frame) << FRAME_ENTRY_TO_PAGE == PAGE_SIZE,
    "frame-table entries are 16 bytes");

/* Field guards:  k kernel_lock   ! set at boot, constant after. */
struct frame_state {
	struct frame *table; /* !: of count entries */
	uint64_t count; /* !: frames that the table spans */
	paddr_t base; /* !: physical address of frame 0 */
	uint64_t bias; /* !: see object_of() */
	uint64_t given; /* !: frames that were free after boot */
	uint64_t free_count GUARDED_BY(kernel_lock); /* k */
	uint64_t reserved_count GUARDED_BY(kernel_lock); /* k */
	uint32_t free_head GUARDED_BY(kernel_lock); /* k */
};

extern struct frame_state frames;

/*
 * Set up the table over zeroed memory of count entries, for RAM from base on.
 * Every frame is RESERVED.
 */
void frame_init(struct frame *table, paddr_t base, uint64_t count);

/* Make the frames [first, end), as far as the table goes, a kind; boot only. */
void frame_mark(uint64_t first, uint64_t end, uint64_t tag) LOCKED;

/* Put all that is marked FREE on the free list, lowest first; boot only. */
void frame_link(void) LOCKED;

/*
 * Take a frame off the free list for a kind; its count is 1 for a USER frame
 * and 0 for any other.  Its contents are whatever they were.  FRAME_NONE if
 * none is free that is not reserved.
 */
uint64_t frame_take(enum frame_kind kind) LOCKED MUST_CHECK;

/* The same out of the caller's reservation, which shrinks by one. */
uint64_t frame_take_reserved(enum frame_kind kind) LOCKED;

/* Set frames aside for frame_take_reserved().  ENOMEM: not so many. */
int frame_reserve(uint64_t n) LOCKED MUST_CHECK;
void frame_unreserve(uint64_t n) LOCKED;

/*
 * End what the frame is and put it on the free list.  For an object, its
 * generation ends, and at least after that of last (a token or name).
 */
void frame_free(uint64_t frame, uint64_t last) LOCKED;

/* One mapping more, or fewer, of a USER frame; the last one frees it. */
static inline void
frame_ref(uint64_t frame) LOCKED
{
	KASSERT((frames.table[frame].tag & FRAME_KIND_MASK) == FRAME_USER);
	frames.table[frame].count++;
}

static inline void
frame_unref(uint64_t frame) LOCKED
{
	KASSERT((frames.table[frame].tag & FRAME_KIND_MASK) == FRAME_USER);
	if (--frames.table[frame].count == 0)
		frame_free(frame, 0);
}

/* Frames that frame_take() can still give. */
uint64_t frame_available(void) LOCKED;

static inline uint64_t
frame_kind(uint64_t frame)
{
	return frames.table[frame].tag & FRAME_KIND_MASK;
}

/* The frame of a physical address; >= frames.count if that is not RAM. */
static inline uint64_t
frame_of(paddr_t pa)
{
	return (pa - frames.base) >> PAGE_SHIFT;
}

static inline paddr_t
frame_address(uint64_t frame)
{
	return frames.base + (frame << PAGE_SHIFT);
}

/* The name of the object in a frame. */
static inline objname_t
frame_name(uint64_t frame)
{
	return (frames.table[frame].tag & ~NAME_FRAME_MASK) | frame;
}
