/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fake_firmware.c - firmware and semihosting that remember what was asked.
 */
#include "fake_firmware.h"

#include <string.h>

#include "arch/riscv/sbi.h"
#include "arch/riscv/semihost.h"

struct fake_firmware fake_firmware;

void
fake_firmware_reset(void)
{
	memset(&fake_firmware, 0, sizeof(fake_firmware));
}

static void
note(char what)
{
	size_t length = strlen(fake_firmware.order);

	if (length < sizeof(fake_firmware.order) - 1)
		fake_firmware.order[length] = what;
}

void
sbi_putchar(char c)
{
	size_t length = strlen(fake_firmware.console);

	if (length < sizeof(fake_firmware.console) - 1)
		fake_firmware.console[length] = c;
}

long
sbi_system_reset(enum sbi_reset type)
{
	note(type == SBI_SHUTDOWN ? 'o' : 'r');
	return -2; /* not supported */
}

void
sbi_hart_halt(void)
{
	note('h');
	longjmp(fake_firmware.end, 1);
}

void
semihost_write(const char *string)
{
	size_t room = sizeof(fake_firmware.log) - strlen(fake_firmware.log) - 1;

	strncat(fake_firmware.log, string, room);
}

void
semihost_exit(int status)
{
	note('s');
	fake_firmware.status = status;
	if (fake_firmware.ends)
		longjmp(fake_firmware.end, 1);
}
