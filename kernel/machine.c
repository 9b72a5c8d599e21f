/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * machine.c - what the device tree says about the machine.
 *
 * One walk in tree order looks at each node once.  What refers to nodes that
 * may come later is kept until all have been seen: the contexts of the PLIC
 * name the harts' own controllers, and the console is named by a path.
 *
 * The functions that read a node can't fail; they leave machine->error.
 */
#include "machine.h"

#include <string.h>

#include <abi/errors.h>

#include "fdt.h"
#include "text.h"

/* Sv39 has 56 bits of a physical address; so no sum of a few wraps. */
#define PADDR_END (1ul << 56)
/* Supervisor external interrupt (Priv. ISA 4.1.3, scause). */
#define CAUSE_SUPERVISOR_EXTERNAL 9u
/* Of /cpus, or of a hart that differs. */
#define TIMEBASE "timebase-frequency"

/* What can be made sense of only after the walk. */
struct pending {
	struct fdt_prop contexts; /* the PLIC's, {phandle, cause} each */
	struct fdt aliases;
	const char *console; /* a path, or an alias */
};

/* Append a range to one of the machine's lists; an empty one is left out. */
static void
range_add(struct machine *machine, bool reserved, paddr_t base, uint64_t size)
{
	struct machine_range *list =
	    reserved ? machine->reserved : machine->memory;
	uint32_t *count = reserved ? &machine->reserves : &machine->memories;

	if (size == 0)
		return;
	if (base >= PADDR_END || size > PADDR_END - base)
		machine->error = "memory beyond all physical addresses";
	else if (*count == MACHINE_RANGES_MAX)
		machine->error = "too many memory ranges";
	else
		list[(*count)++] = (struct machine_range){base, size};
}

static void
memory_read(const struct fdt *fdt, struct machine *machine, bool reserved)
{
	uint64_t base, size;

	for (uint32_t i = 0; fdt_reg(fdt, i, &base, &size); i++)
		range_add(machine, reserved, base, size);
}

/* The isa is one string, or (newer trees) a list of extensions. */
static void
hart_read(const struct fdt *fdt, struct machine *machine)
{
	struct machine_hart *hart = &machine->harts[machine->nharts];
	uint64_t size;

	if (machine->nharts == MACHINE_HARTS_MAX ||
	    !fdt_reg(fdt, 0, &hart->id, &size)) {
		machine->error = "too many harts, or one without a number";
		return;
	}
	/* Hart 0 of the FU540 has no MMU and must be left alone. */
	hart->usable = fdt_prop(fdt, "mmu-type").name != NULL &&
		       !fdt_has(fdt, "mmu-type", '\0', "riscv,none") &&
		       (fdt_prop(fdt, "status").name == NULL ||
			   fdt_has(fdt, "status", '\0', "okay"));
	hart->sstc = fdt_has(fdt, "riscv,isa", '_', "sstc") ||
		     fdt_has(fdt, "riscv,isa-extensions", '\0', "sstc");
	hart->context = MACHINE_NO_CONTEXT;
	machine->timebase = fdt_number(fdt, TIMEBASE, machine->timebase);
	machine->nharts++;
}

static void
chosen_read(const struct fdt *fdt, struct machine *machine)
{
	const char *args = fdt_string(fdt, "bootargs");

	machine->initrd_start = fdt_number(fdt, "linux,initrd-start", 0);
	machine->initrd_end = fdt_number(fdt, "linux,initrd-end", 0);
	if (machine->initrd_end > PADDR_END ||
	    machine->initrd_start > machine->initrd_end)
		machine->error = "the initrd ends before it starts";
	if (strlen(args) < BOOT_ARGS_MAX)
		memcpy(machine->bootargs, args, strlen(args));
	else
		machine->error = "the boot arguments are too long";
}

static void
device_read(
    const struct fdt *fdt, struct machine *machine, struct pending *pending)
{
	static const char name[] = "compatible";

	if (fdt_has(fdt, name, '\0', "riscv,cpu-intc") && machine->nharts > 0) {
		machine->harts[machine->nharts - 1].phandle =
		    (uint32_t)fdt_number(fdt, "phandle", 0);
	} else if (fdt_has(fdt, name, '\0', "sifive,plic-1.0.0")) {
		(void)fdt_reg(fdt, 0, &machine->plic.base, &machine->plic.size);
		machine->plic_sources =
		    (uint32_t)fdt_number(fdt, "riscv,ndev", 0);
		pending->contexts = fdt_prop(fdt, "interrupts-extended");
	} else if (fdt_has(fdt, name, '\0', "sifive,test0")) {
		(void)fdt_reg(
		    fdt, 0, &machine->finisher.base, &machine->finisher.size);
	}
}

static void
node_read(
    const struct fdt *fdt, struct machine *machine, struct pending *pending)
{
	static const char type[] = "device_type";

	if (fdt_is_at(fdt, "/aliases")) {
		pending->aliases = *fdt;
	} else if (fdt_is_at(fdt, "/chosen")) {
		chosen_read(fdt, machine);
		pending->console = fdt_string(fdt, "stdout-path");
	} else if (fdt_is_at(fdt, "/cpus")) {
		machine->timebase = fdt_number(fdt, TIMEBASE, 0);
	} else if (fdt_has(fdt, type, '\0', "cpu")) {
		hart_read(fdt, machine);
	} else if (fdt_has(fdt, type, '\0', "memory")) {
		memory_read(fdt, machine, false);
	} else if (fdt->depth == 3 &&
		   text_after(fdt->names[2], "reserved-memory") != NULL) {
		memory_read(fdt, machine, true);
	} else {
		device_read(fdt, machine, pending);
	}
}

/* The contexts are numbered in the order of interrupts-extended. */
static void
contexts_read(const struct fdt_prop *contexts, struct machine *machine)
{
	uint64_t phandle, cause;

	for (uint32_t i = 0; fdt_pair(contexts, i, 1, 1, &phandle, &cause); i++)
		for (uint32_t h = 0; h < machine->nharts; h++)
			if (machine->harts[h].phandle == phandle &&
			    cause == CAUSE_SUPERVISOR_EXTERNAL)
				machine->harts[h].context = i;
}

static void
console_read(const struct fdt *fdt, struct machine_console *console)
{
	static const char name[] = "compatible";
	uint64_t shift = fdt_number(fdt, "reg-shift", 0);
	uint64_t width = fdt_number(fdt, "reg-io-width", 1);
	uint64_t size;

	if (!fdt_reg(fdt, 0, &console->base, &size) ||
	    shift > CONSOLE_REG_SHIFT_MAX ||
	    (width != 1 && width != 2 && width != 4))
		return;
	if (fdt_has(fdt, name, '\0', "sifive,uart0"))
		console->kind = CONSOLE_SIFIVE;
	else if (fdt_has(fdt, name, '\0', "ns16550a") ||
		 fdt_has(fdt, name, '\0', "ns16550") ||
		 fdt_has(fdt, name, '\0', "snps,dw-apb-uart"))
		console->kind = CONSOLE_NS16550;
	console->layout = CONSOLE_LAYOUT(shift, width / 2);
	/* One cell; or the second after the controller's phandle. */
	console->irq = (uint32_t)fdt_number(
	    fdt, "interrupts", fdt_number(fdt, "interrupts-extended", 0));
}

/* From before the root, go to the console by its path or an alias of it. */
static void
console_find(struct fdt *at, const struct pending *pending,
    struct machine_console *console)
{
	const char *path = pending->console;

	/* An alias of an alias might lead round in circles. */
	if (*path != '/')
		path = fdt_string(&pending->aliases, path);
	while (*path == '/' && fdt_next(at) == 0)
		if (fdt_is_at(at, path))
			console_read(at, console);
}

int
machine_describe(
    const void *blob, size_t limit, paddr_t where, struct machine *machine)
{
	struct pending pending = {.console = ""};
	struct fdt start, at;
	uint64_t base, size;
	int error;

	*machine = (struct machine){.error = "there is no device tree"};
	if (fdt_init(&start, blob, limit) != 0)
		return TINE_EINVAL;
	machine->error = NULL;
	range_add(machine, true, where, start.size);
	for (uint32_t i = 0; fdt_pair(&start.reserved, i, 2, 2, &base, &size) &&
			     (base != 0 || size != 0);
	     i++)
		range_add(machine, true, base, size);
	pending.aliases = start;
	at = start;
	while ((error = fdt_next(&at)) == 0)
		node_read(&at, machine, &pending);
	contexts_read(&pending.contexts, machine);
	at = start;
	console_find(&at, &pending, &machine->console);
	if (error != TINE_ENOENT)
		machine->error = "the device tree is damaged";
	if (machine->memories == 0)
		machine->error = "there is no memory";
	if (machine->timebase == 0)
		machine->error = "the timebase is not given";
	return machine->error != NULL ? TINE_EINVAL : 0;
}

const struct machine_hart *
machine_hart(const struct machine *machine, uint64_t id)
{
	for (uint32_t i = 0; i < machine->nharts; i++)
		if (machine->harts[i].id == id && machine->harts[i].usable)
			return &machine->harts[i];
	return NULL;
}
