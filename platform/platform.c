/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * platform.c - switching the board off.
 */
#include "platform.h"

#include "arch/riscv/sbi.h"
#include "arch/riscv/semihost.h"

/* What to write to a sifive,test1 device. */
#define FINISHER_END(status) ((uint32_t)(status) << 16 | 0x3333u)

void
platform_power_off(const struct platform_power *power, int status)
{
	if (power->semihosting)
		semihost_exit(status);
	if (power->finisher != NULL)
		*power->finisher = FINISHER_END(status);
	(void)sbi_call(SBI_SYSTEM_RESET, SBI_SHUTDOWN);
}
