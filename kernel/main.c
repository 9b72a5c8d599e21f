/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * main.c - from the device tree to the first thread.
 */
#include "arch/riscv/kmap.h"
#include "arch/riscv/offsets.h"
#include "arch/riscv/sbi.h"
#include "arch/riscv/timer.h"
#include "bootargs.h"
#include "fdt.h"
#include "frame.h"
#include "hart.h"
#include "main.h"
#include "notify.h"
#include "panic.h"
#include "power_init.h"
#include "printk.h"
#include "root.h"
#include "sched.h"
#include "space.h"

#include <abi/errors.h>

_Static_assert(KERNEL_STACK_BYTES == KERNEL_STACK_SIZE, "entry.S");

#define SLICES_PER_SECOND 100
/* A device tree is not larger than the memory that firmware puts it in. */
#define FDT_BYTES_MAX 0x200000

extern char kernel_text[], kernel_end[], kernel_stacks[];

/* Boot only: too large for the stack. */
static struct machine machine;
static struct memmap map;

static void
hart_init(struct hart *hart, uint64_t index, uint64_t id)
{
	hart->stack =
	    (uint64_t)kernel_stacks + (index + 1) * KERNEL_STACK_BYTES;
	hart->index = index;
	hart->id = id;
	hart->satp = csr_read(satp);
	hart->deadline = TIMER_NEVER;
	hart->fp_holder = FP_NOBODY;
	prioq_init(&hart->ready);
	list_init(&hart->timers);
}

/* What the boot arguments say to the kernel. */
static void
options_read(const char *args)
{
	printk_set_quiet(bootargs_has(args, "quiet"));
	panic_set_semihosting(bootargs_has(args, "semihosting"));
}

/* A frame table for all RAM, and everything that is left over as free. */
static void
frames_init(void) LOCKED
{
	paddr_t base = map.ram.span[0].start;
	paddr_t end = map.ram.span[map.ram.n - 1].end;
	uint64_t n = (end - base) >> PAGE_SHIFT;
	uint64_t pages = (n * sizeof(struct frame) + PAGE_MASK) >> PAGE_SHIFT;
	paddr_t table;

	if (n > NAME_FRAME_MASK)
		panic("more than %lu MiB of RAM", NAME_FRAME_MASK >> 8);
	table = memmap_take(&map, pages);
	if (table == 0)
		panic("no room for the frame table, %lu pages", pages);
	for (uint64_t i = 0; i < pages; i++)
		page_zero(dmap(table + (i << PAGE_SHIFT)));
	frame_init(dmap(table), base, n);
	for (uint32_t i = 0; i < map.free.n; i++)
		frame_give(frame_of(map.free.span[i].start),
		    frame_of(map.free.span[i].end));
}

/* Read what the kernel needs to know from the device tree. */
static const struct platform *
machine_init(paddr_t where)
{
	const void *blob = dmap(where);
	struct fdt fdt;

	if (fdt_init(&fdt, blob, FDT_BYTES_MAX) != 0)
		panic("no device tree, or damaged");
	if (machine_describe(blob, FDT_BYTES_MAX, where, &machine) != 0)
		panic("device tree: %s", machine.error);
	options_read(machine.bootargs);
	return platform_match(&fdt);
}

static void
platform_init(const struct platform *platform)
{
	struct platform_power ways = {
	    .semihosting = bootargs_has(machine.bootargs, "semihosting"),
	};

	if (machine.finisher.size != 0)
		ways.finisher = kmap_device(&map, machine.finisher.base);
	power_init(platform, &ways);
	printk("tine: %s, %lu MiB of RAM\n", platform->name,
	    (map.ram.span[map.ram.n - 1].end - map.ram.span[0].start) >> 20);
}

/* The root task and the kernel's own state, once memory is known. */
static void
system_init(uint64_t hartid) LOCKED
{
	const struct machine_hart *boot = machine_hart(&machine, hartid);
	uint64_t asid_bits = kmap_asid_bits();

	if (boot == NULL)
		panic("hart %lu is not one to run on", hartid);
	if (bootargs_has(machine.bootargs, "noasid"))
		asid_bits = 0;
	space_set_asid_bits(asid_bits);
	harts[0].satp = csr_read(satp);
	timebase = machine.timebase;
	slice_ticks = timebase / SLICES_PER_SECOND;
	frames_init();
	timer_init(boot->sstc);
	printk("tine: hart %lu, %lu ASID bits, %s timer, %lu frames free\n",
	    hartid, asid_bits, boot->sstc ? "Sstc" : "SBI", frames.free_count);
	root_create(&machine);
}

struct thread *
boot_main(uint64_t hartid, paddr_t fdt) UNCHECKED
{
	const struct platform *platform;
	struct thread *first;
	int error;

	nharts = 1;
	hart_init(&harts[0], 0, hartid);
	/* The device tree is mapped only now: later it is the firmware's. */
	platform = machine_init(fdt);
	error = memmap_describe(&machine, kmap_image_address(kernel_text),
	    kmap_image_address(kernel_end), &map);
	if (error == 0)
		error = kmap_init(&map);
	if (error)
		panic("memory: error %d", error);
	platform_init(platform);
	lock_acquire(&kernel_lock);
	system_init(hartid);
	harts[0].tick = arch_now() + slice_ticks;
	sched_rearm();
	first = sched_leave(NULL);
	lock_release(&kernel_lock);
	return first;
}
