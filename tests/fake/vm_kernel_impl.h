/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vm_kernel_impl.h - what the parts of the fake kernel share.
 */
#ifndef TINE_FAKE_VM_KERNEL_IMPL_H
#define TINE_FAKE_VM_KERNEL_IMPL_H

#include <ipc/sys.h>

#include "vm_kernel.h"

#define SPAN_PAGES 512ul
#define SPAN_SHIFT 21
#define GIGA_SHIFT 30
#define OWN_BYTES 0x40000000ul
#define SLOTS 128

struct table {
	struct table *next;
	uint64_t number; /* of its span */
	uint64_t frame;
	uint64_t entries[SPAN_PAGES]; /* of a leaf table */
};

struct object {
	enum frame_kind kind;
	uint64_t generation;
	uint64_t count; /* user: references; space: threads */
	bool hold;
	/* Of a space. */
	uint64_t tag;
	uint64_t pool;
	struct table *leaves;
	struct table *gigas;
	/* Of a thread. */
	objname_t space;
	bool started;
	bool written;
	uint64_t fields[THREAD_NOTIFICATION + 1];
	struct regs regs;
};

struct slot {
	objname_t object;
	uint64_t rights;
	uint64_t badge;
};

struct vmk {
	struct object frames[FAKE_FRAMES];
	uint64_t free_list[FAKE_FRAMES];
	uint64_t free_count;
	uint64_t given;
	uint64_t reserved;
	struct slot slots[SLOTS][SLOTS]; /* [0]: vmsrv's own */
	uint64_t cspaces[SLOTS]; /* frame of the cspace in a slot of [0] */
	int ram_file;
	uint8_t *ram;
	uintptr_t own_base;
	struct boot_info info;
};
extern struct vmk vmk;

/* What a call returns; counts it, and whether it made sense. */
struct sysret vmk_result(uint64_t error, uint64_t value);

/* Whether this call, which needs memory, is one to fail. */
bool vmk_memory_fails(void);

/* A zeroed frame off the free list, or 0; back onto it; a reference less. */
uint64_t vmk_take(enum frame_kind kind);
void vmk_give(uint64_t frame);
void vmk_unref(uint64_t frame);

objname_t vmk_name(uint64_t frame);

/* The object with a name, if it is of the kind (0: any); else NULL. */
struct object *vmk_named(objname_t name, enum frame_kind kind);

/* The frame that an entry names. */
uint64_t vmk_frame(uint64_t entry);

/* The leaf entry of an address; NULL: it has no table. */
uint64_t *vmk_entry(struct object *space, uint64_t va);

/* The same, its tables made out of the pool; NULL: that is empty. */
uint64_t *vmk_entry_make(struct object *space, uint64_t va);

/* The entry that flags ask for; whether they make sense. */
uint64_t vmk_entry_of(uint64_t page, uint64_t flags);
bool vmk_flags_valid(uint64_t flags);

/* Put an entry in place of the one that is there. */
void vmk_entry_set(
    struct object *space, uint64_t va, uint64_t *at, uint64_t entry);

/* Give a table back to the pool. */
void vmk_table_end(struct object *space, struct table **list, uint64_t number);

/* Whether a space is vmsrv's own. */
bool vmk_is_own(const struct object *space);

/* Unmap all of a space.  EBUSY, EAGAIN. */
uint64_t vmk_space_end(struct object *space);

#endif
