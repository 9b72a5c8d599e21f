/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * platform.c - switching the board off.
 */
#include "platform.h"

#include "arch/riscv/sbi.h"
#include "arch/riscv/semihost.h"
#include "power.h"

/* What a sifive,test1 device takes as the end, with an exit status. */
#define FINISHER_END(status) ((uint32_t)(status) << 16 | 0x3333u)

static struct platform_power ways;

void
platform_init(const struct platform_power *allowed)
{
	ways = *allowed;
}

void
power_off(int status)
{
	if (ways.semihosting)
		semihost_exit(status);
	if (ways.finisher != NULL)
		*ways.finisher = FINISHER_END(status);
	(void)sbi_call(SBI_SYSTEM_RESET, SBI_SHUTDOWN);
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
