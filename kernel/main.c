/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * main.c - from the device tree to the first thread.
 */
#include "arch/riscv/kmap.h"
#include "arch/riscv/offsets.h"
#include "arch/riscv/sbi.h"
#include "arch/riscv/semihost.h"
#include "frame.h"
#include "hart.h"
#include "irq.h"
#include "memory.h"
#include "notify.h"
#include "panic.h"
#include "platform/platform.h"
#include "printk.h"
#include "root.h"
#include "sched.h"
#include "space.h"
#include "text.h"

_Static_assert(KERNEL_STACK_BYTES == KERNEL_STACK_SIZE, "entry.S");

/* A device tree is not larger than the memory that firmware puts it in. */
#define FDT_BYTES_MAX 0x200000

extern char kernel_text[], kernel_end[], kernel_stacks[];

/* Boot only: too large for the stack. */
static struct machine machine;

/* For head.S: the satp that harts begin with. */
uint64_t hart_satp;
extern char hart_entry[];

static void
hart_init(struct hart *hart, uint64_t index, uint64_t id)
{
	hart->stack =
	    (uint64_t)kernel_stacks + (index + 1) * KERNEL_STACK_BYTES;
	hart->index = index;
	hart->id = id;
	hart->deadline = TIMER_NEVER;
	hart->fp_holder = FP_NOBODY;
	prioq_init(&hart->ready);
	list_init(&hart->timers);
}

/* Read what the kernel needs to know from the device tree. */
static void
machine_init(paddr_t where)
{
	if (machine_describe(dmap(where), FDT_BYTES_MAX, where, &machine) != 0)
		panic("device tree: %s", machine.error);
	printk_quiet = bootargs_has(machine.bootargs, "quiet");
	semihost_allowed = bootargs_has(machine.bootargs, "semihosting");
}

static void
board_init(void) LOCKED
{
	if (machine.finisher.size != 0)
		platform_finisher =
		    kmap_device(machine.finisher.base, machine.finisher.size);
	if (machine.plic.size != 0)
		plic_init((uintptr_t)kmap_device(
			      machine.plic.base, machine.plic.size),
		    machine.plic.size, machine.plic_sources);
	printk("tine: %lu MiB of RAM\n", frames.count >> (20 - PAGE_SHIFT));
}

/* What each hart does for itself before its first thread. */
static void
hart_begin(struct hart *hart) LOCKED
{
	hart->satp = csr_read(satp);
	hart->cycles = arch_cycles();
	plic_hart_init(machine_hart(&machine, hart->id)->context);
	csr_write(sie, SIE_ENABLED);
	hart->tick = arch_now() + slice_ticks;
	sched_rearm();
}

/* A further hart, from head.S; returns its first thread. */
struct thread *hart_main(void);

struct thread *
hart_main(void) UNCHECKED
{
	struct thread *first;

	lock_acquire(&kernel_lock);
	hart_begin(hart_self());
	first = sched_leave(NULL);
	lock_release(&kernel_lock);
	return first;
}

/* Start the others that can run the kernel; they wait for the lock. */
static void
harts_start(uint64_t boot) LOCKED
{
	hart_satp = harts[0].satp;
	for (uint32_t i = 0; i < machine.nharts && nharts < HARTS_MAX; i++) {
		struct hart *hart = &harts[nharts];
		uint64_t id = machine.harts[i].id;

		if (id == boot || machine_hart(&machine, id) == NULL)
			continue;
		hart_init(hart, nharts, id);
		if (sbi_call3(SBI_HART_START, id,
			kmap_image_address(hart_entry), (uint64_t)hart) == 0)
			nharts++;
		else
			printk("tine: hart %lu does not start\n", id);
	}
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
	slice_ticks = machine.timebase / SLICES_PER_SECOND;
	arch_timer_init(boot->sstc);
	hart_begin(&harts[0]);
	harts_start(hartid);
	printk("tine: hart %lu of %lu, %lu ASID bits, %s timer, "
	       "%lu frames free\n",
	    hartid, nharts, asid_bits, boot->sstc ? "Sstc" : "SBI",
	    frames.free_count);
	root_create(&machine);
}

/* Memory: the frame table, the kernel's mappings, what is left over. */
static void
frames_init(void) LOCKED
{
	const char *error = memory_init(&machine,
	    kmap_image_address(kernel_text), kmap_image_address(kernel_end));

	if (error != NULL)
		panic("memory: %s", error);
	kmap_init();
	frames.given = frames.free_count;
}

/*
 * Boot on this hart with the device tree at a physical address (head.S);
 * returns the first thread to run.
 */
struct thread *boot_main(uint64_t hartid, paddr_t fdt);

struct thread *
boot_main(uint64_t hartid, paddr_t fdt) UNCHECKED
{
	struct thread *first;

	nharts = 1;
	hart_init(&harts[0], 0, hartid);
	lock_acquire(&kernel_lock);
	/* The device tree is mapped only now: later it is the firmware's. */
	machine_init(fdt);
	frames_init();
	board_init();
	system_init(hartid);
	first = sched_leave(NULL);
	lock_release(&kernel_lock);
	return first;
}
