/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * types.h - the scalars that kernel and user space agree on.
 *
 * A frame is one 4 KiB page of RAM.  Frames are numbered from the first
 * page of the lowest RAM range that the device tree describes.
 *
 * An object name is how the owner of memory speaks of a kernel object: the
 * number of the frame that the object is, and the generation of that frame
 * when the object was created.  Destroying the object ends the generation,
 * so an old name never means a new object.
 *
 *	 63                      24 23             0
 *	+--------------------------+----------------+
 *	|        generation        |  frame number  |
 *	+--------------------------+----------------+
 *
 * A reply token looks the same, with the caller's frame and a sequence
 * number.  Names and tokens of one frame are drawn from one ever-growing
 * counter, so no value is ever given out twice for a frame.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint64_t vaddr_t; /* a virtual address */
typedef uint64_t paddr_t; /* a physical address */
typedef uint32_t cap_t; /* a slot of the caller's capability space */
typedef uint64_t objname_t; /* generation << 24 | frame */
typedef uint64_t token_t; /* sequence << 24 | frame of the caller */

#define PAGE_SHIFT 12
#define PAGE_SIZE 4096ul
#define PAGE_MASK (PAGE_SIZE - 1)

#define NAME_FRAME_BITS 24
#define NAME_FRAME_MASK ((1ul << NAME_FRAME_BITS) - 1)
#define NAME_GENERATION_ONE (1ul << NAME_FRAME_BITS)

/* User space is the lower half of Sv39 (Priv. ISA 4.4). */
#define USER_TOP 0x4000000000ul

/* Who computes has to let its equals run after one such part of a second. */
#define SLICES_PER_SECOND 100

/* What a frame holds; objects are created with one of the KIND_ numbers. */
enum frame_kind {
	FRAME_RESERVED = 0, /* never handed out: firmware, kernel, tables */
	FRAME_FREE = 1, /* on the owner's free list */
	FRAME_USER = 2, /* a page of user memory */
	FRAME_TABLE = 3, /* a page table below the root */
	KIND_THREAD = 4,
	KIND_SPACE = 5,
	KIND_CSPACE = 6,
	KIND_ENDPOINT = 7,
	KIND_NOTIFICATION = 8,
	KIND_IRQ = 9,
	/* Capabilities to these name no frame: */
	KIND_MEMORY = 16, /* authority over a range of physical memory */
	KIND_SYSTEM = 17, /* power, counters, the debug console */
};

/* Slots of a capability space. */
#define CSPACE_SLOTS 128

/* Rights in a capability. */
#define RIGHT_SEND 0x01u /* endpoint: call, send, forward to it */
#define RIGHT_RECEIVE 0x02u /* endpoint: receive from it */
#define RIGHT_NOTIFY 0x04u /* notification: set bits */
#define RIGHT_WAIT 0x08u /* notification: bind, set its timer */
#define RIGHT_EDIT 0x10u /* capability space: copy into, delete from */
#define RIGHT_OWNER 0x20u /* memory: all objects and mappings in it */
#define RIGHT_STEWARD 0x40u /* memory: run and stop its threads */
#define RIGHT_MAP 0x80u /* memory: map it (devices) */
#define RIGHT_POWER 0x100u /* system: power off, reset */
#define RIGHT_STAT 0x200u /* system: read counters */
#define RIGHT_DEBUG 0x400u /* system: write to the firmware's console */
#define RIGHT_IRQ 0x800u /* irq: bind, acknowledge */
#define RIGHT_ALL 0xfffu

#define PRIORITIES 62 /* 0 lowest, 61 highest */

/*
 * The registers of a thread, as thread_read, thread_write and reply_regs
 * move them.  x[0] is the program counter, x[1]..x[31] are x1..x31.
 */
struct regs {
	uint64_t x[32];
	uint64_t f[32];
	uint64_t fcsr;
};

/*
 * How reply_signal lets a thread enter a handler.  What goes on its stack,
 * aligned to 16 bytes:
 *
 *	base			head, of head_bytes
 *	base + head_bytes	struct regs: to be gone on with later
 *
 * Then sp is base, a1 and a2 are base plus offsets, and all registers that are
 * not named keep their values.  The registers that are saved are those of the
 * thread after a reply with this label and no words; after a call that the
 * kernel made for it, they are as they were.
 */
#define SIGNAL_HEAD_MAX 384
struct signal_delivery {
	/* Aligned so that it lies in one page, where the kernel reads it. */
	_Alignas(512) uint64_t pc; /* the handler */
	uint64_t ra; /* what it returns to */
	uint64_t sp; /* the end of the stack to use; 0: the thread's sp */
	uint64_t a0;
	uint64_t a1_offset;
	uint64_t a2_offset;
	uint64_t label;
	uint64_t head_bytes; /* a multiple of 16, at most SIGNAL_HEAD_MAX */
	uint8_t head[SIGNAL_HEAD_MAX];
};
#define SIGNAL_HEADER_BYTES offsetof(struct signal_delivery, head)
