/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * machine.h - what the device tree says about the machine.
 *
 * All addresses are physical.  Ranges are as the tree gives them: neither
 * sorted nor page aligned, reserved ones inside memory or not.
 */
#pragma once

#include <abi/boot.h>
#include <abi/types.h>

#define MACHINE_RANGES_MAX 16
#define MACHINE_HARTS_MAX 8
#define MACHINE_NO_CONTEXT (~0u)

struct machine_range {
	paddr_t base;
	uint64_t size; /* bytes, not 0; base + size does not wrap */
};

struct machine_hart {
	uint64_t id;
	bool usable; /* status okay and with an MMU */
	bool sstc; /* has stimecmp */
	uint32_t phandle; /* of its own interrupt controller; 0: none */
	uint32_t context; /* of the PLIC for S-mode, or NO_CONTEXT */
};

/*
 * How a UART's registers lie: reg-shift in the low byte, above it the log2
 * of reg-io-width.  With byte registers it is simply reg-shift.
 */
#define CONSOLE_LAYOUT(shift, width) ((uint32_t)((shift) | (width) << 8))
#define CONSOLE_REG_SHIFT_MAX 8

struct machine_console {
	uint32_t kind; /* enum console_kind; NONE: none, or not understood */
	uint32_t irq;
	paddr_t base;
	uint32_t layout; /* CONSOLE_LAYOUT(): boot_info.console_shift */
};

struct machine {
	struct machine_range memory[MACHINE_RANGES_MAX];
	uint32_t memories;
	/* The tree itself, /memreserve/, /reserved-memory; not the initrd. */
	struct machine_range reserved[MACHINE_RANGES_MAX];
	uint32_t reserves;
	paddr_t initrd_start; /* 0 and 0: none */
	paddr_t initrd_end;
	uint64_t timebase; /* ticks of rdtime in a second */
	struct machine_hart harts[MACHINE_HARTS_MAX];
	uint32_t nharts;
	struct machine_range plic; /* size 0: there is none */
	uint32_t plic_sources; /* riscv,ndev: the highest interrupt number */
	struct machine_console console;
	struct machine_range finisher; /* sifive,test1; size 0: none */
	char bootargs[BOOT_ARGS_MAX];
	const char *error; /* what is wrong; NULL: nothing */
};

/*
 * Fill in *machine from the tree at fdt, of which limit bytes may be read
 * and which lies at physical address where.  EINVAL if the tree is damaged,
 * lacks what the kernel can't do without, or has more than fits; then
 * machine->error says why and the rest is not defined.
 */
int machine_describe(
    const void *fdt, size_t limit, paddr_t where, struct machine *machine);

/* The hart with this id, if the kernel may run on it; else NULL. */
const struct machine_hart *machine_hart(
    const struct machine *machine, uint64_t id);
