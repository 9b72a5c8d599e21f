/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fake_firmware.c - firmware and semihosting that remember what was asked.
 */
#include "fake_firmware.h"

#include <string.h>

#include "arch/riscv/sbi.h"
#include "arch/riscv/semihost.h"

struct fake_firmware fake_firmware;
uint64_t sbi_calls;
bool semihost_allowed;

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

static void
append(char *text, size_t size, char c)
{
	size_t length = strlen(text);

	if (length < size - 1)
		text[length] = c;
}

long
sbi_call3(enum sbi_extension extension, uint64_t argument, uint64_t second,
    uint64_t third)
{
	(void)second;
	(void)third;
	switch (extension) {
	case SBI_PUTCHAR:
		append(fake_firmware.console, sizeof(fake_firmware.console),
		    (char)argument);
		return 0;
	case SBI_SYSTEM_RESET:
		note(argument == SBI_SHUTDOWN ? 'o' : 'r');
		break;
	default:
		break;
	}
	return -2; /* not supported */
}

void
semihost_call(uint64_t operation, const void *argument)
{
	const uint64_t *block = argument;

	if (operation == SYS_WRITEC) {
		append(fake_firmware.log, sizeof(fake_firmware.log),
		    *(const char *)argument);
	} else if (operation == SYS_EXIT_EXTENDED &&
		   block[0] == ADP_STOPPED_APPLICATION_EXIT) {
		note('s');
		fake_firmware.status = (int)block[1];
	}
}
