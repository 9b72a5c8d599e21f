/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * power.c - what the kernel asks of the firmware and the board; see power.h.
 */
#include "power.h"
#include "arch/riscv/sbi.h"
#include "power_init.h"

static struct platform_power ways;

void
power_init(const struct platform_power *allowed)
{
	ways = *allowed;
}

void
power_off(int status)
{
	platform_power_off(&ways, status);
}

void
power_reset(void)
{
	(void)sbi_call(SBI_SYSTEM_RESET, SBI_COLD_REBOOT);
}

void
power_putc(char c)
{
	(void)sbi_call(SBI_PUTCHAR, (uint8_t)c);
}

uint64_t
power_sbi_calls(void)
{
	return sbi_calls;
}
