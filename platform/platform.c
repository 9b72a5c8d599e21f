/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * platform.c - choosing the board's description, and acting on it.
 */
#include "platform.h"

#include "arch/riscv/sbi.h"
#include "arch/riscv/semihost.h"

/* What to write to a sifive,test1 device. */
#define FINISHER_END(status) ((uint32_t)(status) << 16 | 0x3333u)

static const struct platform generic = {
    .name = "generic RISC-V",
    .compatible = NULL,
    .power = {POWER_WAY_SEMIHOSTING, POWER_WAY_FINISHER, POWER_WAY_SRST},
};

static const struct platform *const boards[] = {
    &platform_qemu_virt,
    &platform_hifive_unleashed,
};

const struct platform *
platform_match(const struct fdt *fdt)
{
	struct fdt_node root = {0};

	if (fdt_node_next(fdt, &root) != 0)
		return &generic;
	for (size_t i = 0; i < sizeof(boards) / sizeof(boards[0]); i++)
		if (fdt_has(fdt, &root, "compatible", boards[i]->compatible))
			return boards[i];
	return &generic;
}

void
platform_power_off(const struct platform *platform,
    const struct platform_power *power, int status)
{
	for (size_t i = 0; i < POWER_WAYS_MAX; i++) {
		switch (platform->power[i]) {
		case POWER_WAY_SEMIHOSTING:
			if (power->semihosting)
				semihost_exit(status);
			break;
		case POWER_WAY_FINISHER:
			if (power->finisher != NULL)
				*power->finisher = FINISHER_END(status);
			break;
		case POWER_WAY_SRST:
			(void)sbi_system_reset(SBI_SHUTDOWN);
			break;
		default:
			return;
		}
	}
}
