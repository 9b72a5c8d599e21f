/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * report.c - last words over the firmware's console.
 */
#include "report.h"

#include <ipc/sys.h>

#include "root.h"

static void
put(const char *text)
{
	while (*text != '\0')
		(void)sys_system_putc(ROOT_SYSTEM, (uint8_t)*text++);
}

static void
put_hex(uint64_t word)
{
	put("0x");
	for (int shift = 60; shift >= 0; shift -= 4) {
		uint64_t rest = word >> shift;

		if (rest != 0 || shift == 0)
			(void)sys_system_putc(ROOT_SYSTEM,
			    (uint8_t) "0123456789abcdef"[rest & 15]);
	}
}

_Noreturn void
report_fatal(
    const char *what, const char *name, const uint64_t *words, size_t count)
{
	put("vmsrv: ");
	put(name);
	put(" ");
	put(what);
	put(":");
	for (size_t i = 0; i < count; i++) {
		put(" ");
		put_hex(words[i]);
	}
	put("\n");
	/* A board that cannot power off goes no further either. */
	for (;;)
		(void)sys_system_power(ROOT_SYSTEM, POWER_OFF, STATUS_PANIC);
}

_Noreturn void
report_assertion(const char *expression, uint64_t line)
{
	report_fatal(expression, "assertion failed", &line, 1);
}

_Noreturn void
report_boot(const char *what, uint64_t error)
{
	report_fatal(what, "cannot boot", &error, 1);
}
