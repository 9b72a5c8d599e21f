/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * root.c - making the root task; see root.h and abi/boot.h.
 *
 * Of the boot archive the kernel reads only the header of the flat image,
 * which is in a known place.  Whatever is wrong with it is found here and is
 * the end of the boot.
 */
#include "root.h"
#include "kassert.h"
#include "object.h"
#include "sched.h"
#include "space.h"

#include <string.h>

#include <abi/boot.h>
#include <abi/errors.h>

struct thread *root_thread;

#define ROOT_PRIORITY 56
/* Its own growth later is fed by itself. */
#define ROOT_TABLES 16

static void
must(int error, const char *what)
{
	if (error)
		panic("root task: %s: error %u", what, (uint32_t)error);
}

static void
root_map(struct space *space, vaddr_t va, uint64_t frame, uint64_t flags) LOCKED
{
	must(space_map(space, va, frame, flags, 0), "mapping");
}

/* The image's pages, where they lie; data is copied, bss made. */
static void
root_map_image(
    struct space *space, const struct boot_image *image, uint64_t frame) LOCKED
{
	const struct {
		vaddr_t end;
		uint64_t flags;
	} parts[] = {
	    {image->rodata, MAP_PAGE_READ | MAP_PAGE_EXEC | MAP_PAGE_SHARED},
	    {image->data, MAP_PAGE_READ | MAP_PAGE_SHARED},
	    {image->bss, MAP_PAGE_READ | MAP_PAGE_WRITE | MAP_PAGE_COPY |
			     MAP_PAGE_BYTES(PAGE_SIZE)},
	    {image->bss_end, MAP_PAGE_READ | MAP_PAGE_WRITE | MAP_PAGE_ZERO},
	};
	vaddr_t va = ROOT_BASE;

	for (unsigned int i = 0; i < 4; i++) {
		for (; va < parts[i].end; va += PAGE_SIZE)
			root_map(space, va, frame++, parts[i].flags);
	}
}

static void
root_check_image(const struct boot_image *image, uint64_t size)
{
	if (size < sizeof(*image) || image->magic != BOOT_IMAGE_MAGIC)
		panic("root task: not a boot image");
	if (image->rodata < ROOT_BASE || image->data < image->rodata ||
	    image->bss < image->data || image->bss_end < image->bss ||
	    ((image->rodata | image->data | image->bss) & PAGE_MASK) != 0 ||
	    image->bss - ROOT_BASE > ((size + PAGE_MASK) & ~PAGE_MASK) ||
	    image->bss_end >= ROOT_ARCHIVE)
		panic("root task: image damaged");
}

static void
root_fill_info(struct boot_info *info, const struct machine *machine,
    const struct space *space) LOCKED
{
	*info = (struct boot_info){
	    .space = frame_name(frame_of(dmap_address(space))),
	    .thread = root_thread->name,
	    .frames = frames.count,
	    .ram_base = frames.base,
	    .archive_frame = frame_of(machine->initrd_start),
	    .archive_size = machine->initrd_end - machine->initrd_start,
	    .timebase = machine->timebase,
	    .harts = nharts,
	    .console_kind = machine->console.kind,
	    .console_irq = machine->console.irq,
	    .console_base = machine->console.base,
	    .console_shift = machine->console.layout,
	};
	memcpy(info->args, machine->bootargs, BOOT_ARGS_MAX);
}

/* The stack, the information and the archive. */
static void
root_map_rest(struct space *space, const struct machine *machine,
    uint64_t archive_pages) LOCKED
{
	uint64_t frame = frame_of(machine->initrd_start);
	vaddr_t va = ROOT_STACK_TOP - ROOT_STACK_PAGES * PAGE_SIZE;
	uint64_t *entry;

	for (; va < ROOT_STACK_TOP; va += PAGE_SIZE)
		root_map(space, va, 0,
		    MAP_PAGE_READ | MAP_PAGE_WRITE | MAP_PAGE_ZERO);
	root_map(space, ROOT_INFO, 0, MAP_PAGE_READ | MAP_PAGE_ZERO);
	entry = space_entry(space, ROOT_INFO);
	root_fill_info(object_in(pte_frame(*entry)), machine, space);
	for (uint64_t i = 0; i < archive_pages; i++)
		root_map(space, ROOT_ARCHIVE + i * PAGE_SIZE, frame + i,
		    MAP_PAGE_READ | MAP_PAGE_SHARED);
}

/* A capability to physical pages. */
static struct cap
memory_cap(paddr_t start, uint64_t pages, uint64_t rights)
{
	return (struct cap){
	    {.first = start >> PAGE_SHIFT}, KIND_MEMORY, {pages}, rights};
}

/* Its capabilities: all memory, all devices, the system. */
static void
root_endow(void) LOCKED
{
	uint64_t frame = object_new(KIND_CSPACE);
	struct cap *slots = object_in(frame);

	if (frame == FRAME_NONE)
		panic("root task: no memory");
	cap_set(&slots[ROOT_CSPACE], frame, RIGHT_EDIT, 0);
	slots[ROOT_MEMORY] =
	    memory_cap(frames.base, frames.count, RIGHT_OWNER | RIGHT_STEWARD);
	/* Device trees put devices below RAM. */
	slots[ROOT_DEVICES] =
	    memory_cap(0, frames.base >> PAGE_SHIFT, RIGHT_MAP);
	slots[ROOT_SYSTEM] = (struct cap){
	    .tag = KIND_SYSTEM,
	    .rights = RIGHT_POWER | RIGHT_STAT | RIGHT_DEBUG,
	};
	thread_set_cspace(root_thread, slots);
}

void
root_create(const struct machine *machine)
{
	uint64_t size = machine->initrd_end - machine->initrd_start;
	const struct boot_image *image =
	    dmap(machine->initrd_start + ROOT_IMAGE_OFFSET);
	struct space *space;
	objname_t name;
	uint64_t pages;

	if ((machine->initrd_start & PAGE_MASK) != 0 ||
	    size < ROOT_IMAGE_OFFSET + sizeof(*image))
		panic("no boot archive (-initrd), or not page aligned");
	root_check_image(image, size - ROOT_IMAGE_OFFSET);
	pages = (size + PAGE_MASK) >> PAGE_SHIFT;
	must(object_create(KIND_SPACE, NULL, 0,
		 ROOT_TABLES + (pages >> SV39_BITS), &name),
	    "space");
	space = object_in(name & NAME_FRAME_MASK);
	must(object_create(KIND_THREAD, space, 0, 0, &name), "thread");
	root_thread = object_in(name & NAME_FRAME_MASK);
	root_map_image(space, image, frame_of(dmap_address(image)));
	root_map_rest(space, machine, pages);
	root_endow();
	root_thread->priority = ROOT_PRIORITY;
	root_thread->regs[REG_PC] = image->entry;
	root_thread->regs[REG_SP] = ROOT_STACK_TOP;
	root_thread->regs[REG_A0] = ROOT_INFO;
	sched_ready(root_thread);
}
