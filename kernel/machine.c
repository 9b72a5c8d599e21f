/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * machine.c - what the device tree says about the machine.
 *
 * One walk in tree order looks at each node once.  What is at a known place
 * is fetched afterwards, and so is what refers to other nodes: the contexts
 * of the PLIC are phandles of the harts' own controllers.
 *
 * The helpers that can fail return NULL, or what is wrong.
 */
#include "machine.h"

#include <abi/errors.h>

#include "fdt.h"

/* Supervisor external interrupt (Priv. ISA 4.1.3, scause). */
#define CAUSE_SUPERVISOR_EXTERNAL 9u

struct walk {
	struct fdt fdt;
	struct fdt_node node; /* where the walk is */
	const char *section; /* the name of the node at depth 1 */
	struct machine_hart *hart; /* the last one seen */
	struct fdt_node plic; /* body 0: none seen */
};

/* Append a range to a list; an empty one is left out. */
static const char *
range_add(struct machine_range *list, uint32_t *count, uint32_t max,
    paddr_t base, uint64_t size)
{
	if (size == 0)
		return NULL;
	if (base + size < base)
		return "a memory range wraps";
	if (*count == max)
		return "too many memory ranges";
	list[*count] = (struct machine_range){.base = base, .size = size};
	(*count)++;
	return NULL;
}

static const char *
reserve(struct machine *machine, paddr_t base, uint64_t size)
{
	return range_add(machine->reserved, &machine->reserves,
	    MACHINE_RESERVED_MAX, base, size);
}

/* Add the entries of the node's reg to memory, or to what is reserved. */
static const char *
memory_read(struct walk *walk, struct machine *machine, bool reserved)
{
	const char *error = NULL;
	uint64_t base, size;

	for (uint32_t i = 0;
	     error == NULL && fdt_reg(&walk->fdt, &walk->node, i, &base, &size);
	     i++)
		error = reserved
			    ? reserve(machine, base, size)
			    : range_add(machine->memory, &machine->memories,
				  MACHINE_MEMORY_MAX, base, size);
	return error;
}

static const char *
reservations_read(const struct fdt *fdt, struct machine *machine, paddr_t where)
{
	const char *error = reserve(machine, where, fdt->size);
	uint64_t base, size;

	for (uint32_t i = 0;
	     error == NULL && fdt_reservation(fdt, i, &base, &size); i++)
		error = reserve(machine, base, size);
	return error;
}

/* Whether an isa string names a multi-letter extension. */
static bool
isa_has(const char *isa, const char *extension)
{
	const char *want = extension;

	while (*isa != '\0') {
		if (*isa++ != '_')
			continue;
		for (want = extension; *want != '\0' && *want == *isa; want++)
			isa++;
		if (*want == '\0' && (*isa == '\0' || *isa == '_'))
			return true;
	}
	return false;
}

/* The isa is one string, or (newer trees) a list of extensions. */
static bool
hart_has_sstc(const struct walk *walk)
{
	const char *isa = fdt_string(&walk->fdt, &walk->node, "riscv,isa");

	return (isa != NULL && isa_has(isa, "sstc")) ||
	       fdt_has(&walk->fdt, &walk->node, "riscv,isa-extensions", "sstc");
}

static bool
node_is_okay(const struct fdt *fdt, const struct fdt_node *node)
{
	struct fdt_prop status;

	return !fdt_prop_find(fdt, node, "status", &status) ||
	       fdt_has(fdt, node, "status", "okay");
}

static const char *
hart_read(struct walk *walk, struct machine *machine)
{
	struct machine_hart *hart = &machine->harts[machine->nharts];
	const char *mmu = fdt_string(&walk->fdt, &walk->node, "mmu-type");
	uint64_t size;

	if (machine->nharts == MACHINE_HARTS_MAX)
		return "too many harts";
	if (!fdt_reg(&walk->fdt, &walk->node, 0, &hart->id, &size))
		return "a hart has no number";
	/* Hart 0 of the FU540 has no MMU and must be left alone. */
	hart->usable = node_is_okay(&walk->fdt, &walk->node) && mmu != NULL &&
		       !fdt_strings_equal(mmu, "riscv,none");
	hart->sstc = hart_has_sstc(walk);
	hart->context = MACHINE_NO_CONTEXT;
	machine->timebase = fdt_number(
	    &walk->fdt, &walk->node, "timebase-frequency", machine->timebase);
	machine->nharts++;
	walk->hart = hart;
	return NULL;
}

static void
device_read(struct walk *walk, struct machine *machine)
{
	static const char name[] = "compatible";
	const struct fdt_node *node = &walk->node;
	const struct fdt *fdt = &walk->fdt;

	if (fdt_has(fdt, node, name, "riscv,cpu-intc") && walk->hart != NULL)
		walk->hart->phandle =
		    (uint32_t)fdt_number(fdt, node, "phandle", 0);
	else if (fdt_has(fdt, node, name, "riscv,plic0"))
		walk->plic = *node;
	else if (fdt_has(fdt, node, name, "sifive,test0"))
		(void)fdt_reg(fdt, node, 0, &machine->finisher.base,
		    &machine->finisher.size);
}

static const char *
node_read(struct walk *walk, struct machine *machine)
{
	const struct fdt *fdt = &walk->fdt;
	const struct fdt_node *node = &walk->node;

	if (node->depth == 1)
		walk->section = node->name;
	if (node->depth == 2 &&
	    fdt_strings_equal(walk->section, "reserved-memory"))
		return memory_read(walk, machine, true);
	if (fdt_has(fdt, node, "device_type", "memory"))
		return memory_read(walk, machine, false);
	if (fdt_has(fdt, node, "device_type", "cpu"))
		return hart_read(walk, machine);
	device_read(walk, machine);
	return NULL;
}

static const char *
chosen_read(const struct fdt *fdt, const struct fdt_node *chosen,
    struct machine *machine)
{
	const char *args = fdt_string(fdt, chosen, "bootargs");
	uint64_t start = fdt_number(fdt, chosen, "linux,initrd-start", 0);
	uint64_t end = fdt_number(fdt, chosen, "linux,initrd-end", 0);

	if (end < start)
		return "the initrd ends before it starts";
	if (end > start) {
		machine->initrd_start = start;
		machine->initrd_end = end;
	}
	for (uint32_t i = 0; args != NULL && args[i] != '\0'; i++) {
		if (i == BOOT_ARGS_MAX - 1)
			return "the boot arguments are too long";
		machine->bootargs[i] = args[i];
	}
	return NULL;
}

/* The contexts are numbered in the order of interrupts-extended. */
static void
plic_read(const struct walk *walk, struct machine *machine)
{
	struct machine_plic *plic = &machine->plic;
	struct fdt_prop prop;
	uint32_t phandle, cause;

	if (walk->plic.body == 0 ||
	    !fdt_reg(&walk->fdt, &walk->plic, 0, &plic->base, &plic->size))
		return;
	plic->sources =
	    (uint32_t)fdt_number(&walk->fdt, &walk->plic, "riscv,ndev", 0);
	if (!fdt_prop_find(
		&walk->fdt, &walk->plic, "interrupts-extended", &prop))
		return;
	for (uint32_t i = 0; fdt_prop_cell(&prop, 2 * i, &phandle) &&
			     fdt_prop_cell(&prop, 2 * i + 1, &cause);
	     i++)
		for (uint32_t h = 0; h < machine->nharts; h++)
			if (machine->harts[h].phandle == phandle &&
			    cause == CAUSE_SUPERVISOR_EXTERNAL)
				machine->harts[h].context = i;
}

static uint32_t
console_kind(const struct fdt *fdt, const struct fdt_node *node)
{
	static const struct {
		const char *compatible;
		uint32_t kind;
	} kinds[] = {
	    {"ns16550a", CONSOLE_NS16550},
	    {"ns16550", CONSOLE_NS16550},
	    {"snps,dw-apb-uart", CONSOLE_NS16550},
	    {"sifive,uart0", CONSOLE_SIFIVE},
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (fdt_has(fdt, node, "compatible", kinds[i].compatible))
			return kinds[i].kind;
	return CONSOLE_NONE;
}

static const char *
console_read(const struct fdt *fdt, const struct fdt_node *node,
    struct machine_console *console)
{
	uint64_t shift = fdt_number(fdt, node, "reg-shift", 0);
	uint64_t width = fdt_number(fdt, node, "reg-io-width", 1);
	struct fdt_prop prop;

	console->kind = console_kind(fdt, node);
	if (console->kind == CONSOLE_NONE)
		return NULL;
	if (!fdt_reg(fdt, node, 0, &console->base, &console->size))
		return "the console has no registers";
	if (shift > CONSOLE_REG_SHIFT_MAX ||
	    (width != 1 && width != 2 && width != 4))
		return "the console's registers are laid out absurdly";
	console->layout = CONSOLE_LAYOUT(shift, width / 2);
	console->clock = fdt_number(fdt, node, "clock-frequency", 0);
	/* One cell; or the controller's phandle before it. */
	if (fdt_prop_find(fdt, node, "interrupts", &prop))
		(void)fdt_prop_cell(&prop, 0, &console->irq);
	else if (fdt_prop_find(fdt, node, "interrupts-extended", &prop))
		(void)fdt_prop_cell(&prop, 1, &console->irq);
	return NULL;
}

/* What is at known places, and what the walk has prepared. */
static const char *
places_read(const struct walk *walk, struct machine *machine)
{
	const struct fdt *fdt = &walk->fdt;
	const char *error, *stdout_path;
	struct fdt_node node;

	plic_read(walk, machine);
	if (fdt_node_find(fdt, "/cpus", &node))
		machine->timebase = fdt_number(
		    fdt, &node, "timebase-frequency", machine->timebase);
	if (!fdt_node_find(fdt, "/chosen", &node))
		return NULL;
	error = chosen_read(fdt, &node, machine);
	if (error != NULL)
		return error;
	stdout_path = fdt_string(fdt, &node, "stdout-path");
	if (stdout_path == NULL || !fdt_node_find(fdt, stdout_path, &node))
		return NULL;
	return console_read(fdt, &node, &machine->console);
}

static const char *
machine_check(const struct machine *machine)
{
	if (machine->memories == 0)
		return "there is no memory";
	if (machine->timebase == 0)
		return "the timebase is not given";
	for (uint32_t i = 0; i < machine->nharts; i++)
		if (machine->harts[i].usable)
			return NULL;
	return "there is no hart with an MMU";
}

/* The whole of machine_describe(). */
static const char *
machine_read(struct walk *walk, struct machine *machine, paddr_t where)
{
	const char *why = reservations_read(&walk->fdt, machine, where);
	int error = 0;

	while (why == NULL && error == 0) {
		error = fdt_node_next(&walk->fdt, &walk->node);
		if (error == 0)
			why = node_read(walk, machine);
	}
	if (why == NULL && error != TINE_ENOENT)
		why = "the device tree is damaged";
	if (why == NULL)
		why = places_read(walk, machine);
	return why != NULL ? why : machine_check(machine);
}

int
machine_describe(
    const void *fdt, size_t limit, paddr_t where, struct machine *machine)
{
	struct walk walk = {.hart = NULL};

	*machine = (struct machine){.error = "there is no device tree"};
	if (fdt_init(&walk.fdt, fdt, limit) == 0)
		machine->error = machine_read(&walk, machine, where);
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
