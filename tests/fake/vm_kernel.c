/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vm_kernel.c - a kernel for vmsrv's tests: frames and the system.
 */
#define _GNU_SOURCE /* memfd_create */
#include "vm_kernel_impl.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define ROOT_POOL 3 /* frames that the kernel leaves in vmsrv's pool */

struct fake_kernel fake_kernel;
struct vmk vmk;

struct sysret
vmk_result(uint64_t error, uint64_t value)
{
	fake_kernel.calls++;
	if (error == TINE_EINVAL || error == TINE_EBADF)
		fake_kernel.refused++;
	return (struct sysret){.error = error, .value = value};
}

bool
vmk_memory_fails(void)
{
	fake_kernel.needing++;
	return fake_kernel.fail_at != 0 &&
	       fake_kernel.needing >= fake_kernel.fail_at;
}

uint64_t
vmk_take(enum frame_kind kind)
{
	uint64_t frame;

	if (vmk.free_count == 0)
		return 0;
	frame = vmk.free_list[--vmk.free_count];
	vmk.frames[frame].kind = kind;
	vmk.frames[frame].count = kind == FRAME_USER;
	memset(vmk.ram + frame * PAGE_SIZE, 0, PAGE_SIZE);
	return frame;
}

void
vmk_give(uint64_t frame)
{
	uint64_t generation = vmk.frames[frame].generation + 1;

	memset(&vmk.frames[frame], 0, sizeof(vmk.frames[frame]));
	vmk.frames[frame].kind = FRAME_FREE;
	vmk.frames[frame].generation = generation;
	vmk.free_list[vmk.free_count++] = frame;
}

void
vmk_unref(uint64_t frame)
{
	if (--vmk.frames[frame].count == 0)
		vmk_give(frame);
}

objname_t
vmk_name(uint64_t frame)
{
	return vmk.frames[frame].generation << NAME_FRAME_BITS | frame;
}

struct object *
vmk_named(objname_t name, enum frame_kind kind)
{
	uint64_t frame = name & NAME_FRAME_MASK;
	struct object *object;

	if (frame >= FAKE_FRAMES || vmk_name(frame) != name)
		return NULL;
	object = &vmk.frames[frame];
	if (object->kind < KIND_THREAD ||
	    (kind != FRAME_RESERVED && object->kind != kind))
		return NULL;
	return object;
}

uint64_t
vmk_frame(uint64_t entry)
{
	return (entry >> PTE_PPN_SHIFT) - (FAKE_RAM_BASE >> PAGE_SHIFT);
}

/* The system. */

struct sysret
sys_system_stat(uint64_t system, uint64_t index)
{
	if (system != ROOT_SYSTEM)
		return vmk_result(TINE_EBADF, 0);
	if (index == STAT_FREE_FRAMES)
		return vmk_result(0, vmk.free_count);
	return vmk_result(0, index == STAT_FRAMES ? vmk.given : 0);
}

struct sysret
sys_system_putc(uint64_t system, uint64_t character)
{
	size_t at = fake_kernel.console_bytes;

	(void)system;
	if (at + 1 < sizeof(fake_kernel.console)) {
		fake_kernel.console[at] = (char)character;
		fake_kernel.console_bytes++;
	}
	return vmk_result(0, 0);
}

/* What the tests see. */

struct fake_live
fake_live(void)
{
	struct fake_live live = {
	    .used = vmk.given - vmk.free_count, .reserved = vmk.reserved};

	for (uint64_t i = 0; i < FAKE_FRAMES; i++) {
		live.spaces += vmk.frames[i].kind == KIND_SPACE;
		live.threads += vmk.frames[i].kind == KIND_THREAD;
		live.held += vmk.frames[i].hold;
	}
	return live;
}

uint64_t
fake_unreserved(void)
{
	return vmk.free_count - vmk.reserved;
}

const struct boot_info *
fake_info(void)
{
	return &vmk.info;
}

uintptr_t
fake_own(void)
{
	return vmk.own_base;
}

const uint8_t *
fake_archive(void)
{
	return vmk.ram + FAKE_ARCHIVE_FRAME * PAGE_SIZE;
}

/* Start. */

static void
tables_forget(void)
{
	for (uint64_t i = 0; i < FAKE_FRAMES; i++) {
		struct table *lists[] = {
		    vmk.frames[i].leaves, vmk.frames[i].gigas};

		for (size_t k = 0; k < 2; k++) {
			while (lists[k] != NULL) {
				struct table *next = lists[k]->next;

				free(lists[k]);
				lists[k] = next;
			}
		}
	}
}

static void
ram_make(void)
{
	uint64_t bytes = FAKE_FRAMES * PAGE_SIZE;

	if (vmk.ram != NULL)
		return;
	vmk.ram_file = memfd_create("ram", 0);
	if (vmk.ram_file < 0 || ftruncate(vmk.ram_file, (off_t)bytes) != 0)
		abort();
	vmk.ram = mmap(
	    NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, vmk.ram_file, 0);
	/* Aligned to what a table spans, as vmsrv's own range is. */
	vmk.own_base = (uintptr_t)mmap(NULL, 2 * OWN_BYTES, PROT_NONE,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	vmk.own_base = (vmk.own_base + OWN_BYTES - 1) & ~(OWN_BYTES - 1);
}

void
fake_kernel_start(const void *archive, uint64_t size, uint64_t free)
{
	uint64_t first = FAKE_ARCHIVE_FRAME + (size + PAGE_MASK) / PAGE_SIZE;
	struct object *space;

	tables_forget();
	ram_make();
	memset(vmk.frames, 0, sizeof(vmk.frames));
	memset(vmk.slots, 0, sizeof(vmk.slots));
	memset(vmk.cspaces, 0, sizeof(vmk.cspaces));
	memset(&fake_kernel, 0, sizeof(fake_kernel));
	fake_kernel.batch = SPAN_PAGES * 8;
	memcpy(vmk.ram + FAKE_ARCHIVE_FRAME * PAGE_SIZE, archive, size);
	for (uint64_t i = FAKE_ARCHIVE_FRAME; i < first; i++) {
		vmk.frames[i].kind = FRAME_USER;
		vmk.frames[i].hold = true;
		vmk.frames[i].count = 1;
	}
	vmk.free_count = 0;
	vmk.reserved = 0;
	for (uint64_t i = first; i < first + free; i++) {
		vmk.frames[i].kind = FRAME_FREE;
		vmk.frames[i].generation = 1;
		vmk.free_list[vmk.free_count++] = i;
	}
	vmk.given = vmk.free_count;
	memset(&vmk.info, 0, sizeof(vmk.info));
	space = &vmk.frames[vmk_take(KIND_SPACE)];
	space->pool = ROOT_POOL;
	vmk.reserved = ROOT_POOL;
	vmk.info.space = vmk_name((uint64_t)(space - vmk.frames));
	vmk.info.frames = FAKE_FRAMES;
	vmk.info.ram_base = FAKE_RAM_BASE;
	vmk.info.archive_frame = FAKE_ARCHIVE_FRAME;
	vmk.info.archive_size = size;
	vmk.info.timebase = 10000000;
	vmk.info.harts = 4;
	strcpy(vmk.info.args, "quiet -- /bin/true a");
	if (mmap((void *)vmk.own_base, OWN_BYTES, PROT_NONE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1,
		0) == MAP_FAILED)
		abort();
}
