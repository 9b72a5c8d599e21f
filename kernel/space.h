/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * space.h - address spaces: Sv39 page tables and what belongs to them.
 *
 * A space is the frame of its root table.  The lower half of the root is
 * user memory; the upper half has the kernel's own mappings, the same in all
 * spaces, and, in slots that stay invalid for the MMU because their lowest
 * bit is 0, the bookkeeping of the space.  So a space costs one frame.
 *
 * User leaves are pages of 4 KiB.  An entry is one of
 *
 *	0			nothing was ever mapped
 *	V = 1			a page; A and D are preset, since the U54 would
 *				fault to have them set (Priv. ISA 4.3.1)
 *	V = 0, PPN != 0		PROT_NONE: the page keeps its frame
 *
 * with two software bits: COW, the page is private and its region writable,
 * but a write must find out first whether the frame has other users; and
 * SHARED, it is never made copy-on-write.
 *
 * Table frames come from the space's pool and go back to it, so that pool
 * plus tables in use is what the owner fed.  The pool is a number: that many
 * free frames are reserved.
 *
 * Invariants (space_check() asserts them):
 *   - every valid leaf has U, A and D; W only without COW; never W with X;
 *   - every leaf to RAM names a USER frame, which counts it;
 *   - the frame-table count of the space is the number of threads in it.
 */
#pragma once

#include <abi/msg.h>
#include <abi/page.h>
#include <abi/types.h>
#include "arch.h"
#include "frame.h"
#include "hart.h"
#include "lock.h"

#define SV39_ENTRIES 512
#define SV39_BITS 9
#define ROOT_USER_ENTRIES 256
/* Root slots of the kernel: direct map of RAM, then devices and image. */
#define ROOT_DMAP_SLOTS 64
#define ROOT_META_SLOT 384
#define ROOT_DEVICE_SLOT 509

/* A value that the MMU reads as an invalid entry. */
struct space_word {
	uint64_t invalid : 1; /* always 0 */
	uint64_t value : 63;
};
#define SPACE_WORD(number) ((number) & ((1ul << 63) - 1))

/* Field guards:  k kernel_lock   ! constant after creation. */
struct space {
	uint64_t user[ROOT_USER_ENTRIES]; /* k */
	uint64_t dmap[ROOT_DMAP_SLOTS]; /* ! */
	uint64_t unused[64];
	struct space_word tag; /* !: what endpoints of mode SPACE deliver */
	struct space_word asid; /* !: 0: none; flush on every entry */
	struct space_word pool; /* k: frames reserved for tables */
	struct space_word tables; /* k: table frames in use, without root */
	struct space_word harts; /* k: bit h: hart h may hold translations */
	uint64_t unused2[120];
	uint64_t kernel[3]; /* !: devices, image, the last */
};
_Static_assert(sizeof(struct space) == PAGE_SIZE, "a space is a frame");
_Static_assert(offsetof(struct space, tag) == ROOT_META_SLOT * 8, "slots");
_Static_assert(offsetof(struct space, kernel) == ROOT_DEVICE_SLOT * 8, "slots");

/* The root that holds the kernel's own mappings; boot fills it in. */
extern struct space *kernel_space;

/* ASID bits of the hardware; 0 turns ASIDs off.  Boot only. */
void space_set_asid_bits(uint64_t bits);

static inline uint64_t
space_satp_asid(uint64_t satp)
{
	return satp << 4 >> 48;
}

static inline uint64_t
space_satp(const struct space *space)
{
	return arch_satp(dmap_address(space), space->asid.value);
}

/* A hart may hold translations of the space from now on. */
static inline void
space_enter(struct space *space, const struct hart *hart) LOCKED
{
	space->harts.value =
	    SPACE_WORD(space->harts.value | 1ul << hart->index);
}

/* Set up a new space in a zeroed frame; its pool was reserved. */
void space_init(struct space *space, uint64_t tag, uint64_t pool) LOCKED;

/* Move frames into the pool, or out.  ENOMEM, EINVAL: not so many. */
int space_feed(struct space *space, int64_t delta) LOCKED MUST_CHECK;

/* The leaf entry of a user address; NULL if its table does not exist. */
uint64_t *space_entry(const struct space *space, vaddr_t va) LOCKED;

/*
 * Map one page if its entry is still what the caller expects.
 *	source	a frame, or a physical page number with MAP_PAGE_DEVICE
 *	ECHANGED, ENOTABLE, ENOMEM (no frame for ZERO or COPY)
 *	EINVAL	flags, address, or not a user frame
 */
int space_map(struct space *space, vaddr_t va, uint64_t source, uint64_t flags,
    uint64_t expect) LOCKED MUST_CHECK;

/* Whether a combination of MAP_PAGE_ flags makes sense. */
bool map_flags_valid(uint64_t flags);

/*
 * Unmap up to pages pages from *va on, which moves on; whole tables go back
 * to the pool.  Stops early when an interrupt waits.
 */
void space_unmap(struct space *space, vaddr_t *va, vaddr_t end) LOCKED;

/* Set the protection of the pages that are there; flags as for space_map. */
void space_protect(
    struct space *space, vaddr_t *va, vaddr_t end, uint64_t flags) LOCKED;

/*
 * Copy the user half of src from *va on into dst, which must have nothing
 * there.  *va moves on, to USER_TOP at the end; it stops early when an
 * interrupt waits.  ENOTABLE: dst's pool is empty; EEXIST: dst has a table
 * there.  What was copied stays, for the owner to go on or to destroy.
 */
int space_clone(
    struct space *dst, struct space *src, vaddr_t *va) LOCKED MUST_CHECK;

/*
 * End a space without threads: true.  False: an interrupt waits, and there
 * is more to do.
 */
bool space_destroy(struct space *space) LOCKED MUST_CHECK;

/*
 * See to an access that faulted: true if it is permitted by now, or because a
 * page copied on write had one user left and was made writable; then it is
 * flushed.  False: the pager must see to it.  *entryp is the entry, or 0.
 */
bool space_access(
    struct space *space, vaddr_t va, uint64_t access, uint64_t *entryp) LOCKED;

/* Whether an entry permits an ACCESS_ by user mode. */
static inline bool
pte_permits(uint64_t entry, uint64_t access)
{
	/* R, W, X are bits 1 to 3 of an entry, and 0 to 2 of an access. */
	return (entry & PTE_V) != 0 && (entry >> 1 & access) == access;
}

static inline uint64_t
pte_frame(uint64_t entry)
{
	return (entry >> PTE_PPN_SHIFT) - (frames.base >> PAGE_SHIFT);
}
