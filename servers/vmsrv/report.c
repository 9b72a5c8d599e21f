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

/* What happened, and its details. */
static void
put_words(const char *what, const uint64_t *words, size_t count)
{
	put(what);
	if (count > 0)
		put(":");
	for (size_t i = 0; i < count; i++) {
		put(" ");
		put_hex(words[i]);
	}
}

void
report_failure(const char *name, const char *why, const uint64_t *words,
    size_t count, const char *then)
{
	put("vmsrv: server ");
	put(name);
	put(" failed (");
	put_words(why, words, count);
	put("); ");
	put(then);
	put("\n");
}

_Noreturn void
report_end(void)
{
	/* A board that cannot power off goes no further either. */
	for (;;)
		(void)sys_system_power(ROOT_SYSTEM, POWER_OFF, STATUS_PANIC);
}

_Noreturn void
report_fatal(
    const char *what, const char *name, const uint64_t *words, size_t count)
{
	put("vmsrv: ");
	put(name);
	put(" ");
	put_words(what, words, count);
	put("\n");
	report_end();
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
