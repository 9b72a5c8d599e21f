/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * power.c - what the kernel asks of the firmware and the board; see power.h.
 */
#include "power.h"
#include "arch/riscv/sbi.h"
#include "power_init.h"

static const struct platform *platform;
static struct platform_power ways;

void
power_init(const struct platform *board, const struct platform_power *allowed)
{
	platform = board;
	ways = *allowed;
}

void
power_off(int status)
{
	platform_power_off(platform, &ways, status);
}

void
power_reset(void)
{
	(void)sbi_system_reset(SBI_COLD_REBOOT);
}

void
power_putc(char c)
{
	sbi_putchar(c);
}

uint64_t
power_sbi_calls(void)
{
	return sbi_calls;
}
