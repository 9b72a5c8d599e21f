/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fake_panic.c - panics, the log and the firmware, for tests.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "arch/riscv/sbi.h"
#include "fake_arch.h"
#include "panic.h"
#include "platform/platform.h"
#include "printk.h"

struct fake_panic fake_panic;
char fake_log[4096];
struct fake_power fake_power;
uint64_t sbi_calls;

void
panic(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(
	    fake_panic.message, sizeof(fake_panic.message), format, arguments);
	va_end(arguments);
	if (fake_panic.armed) {
		fake_panic.armed = false;
		longjmp(fake_panic.expected, 1);
	}
	fail_msg("panic: %s", fake_panic.message);
	abort();
}

void
vprintk(const char *format, va_list arguments)
{
	size_t length = strlen(fake_log);

	(void)vsnprintf(
	    fake_log + length, sizeof(fake_log) - length, format, arguments);
}

void
printk(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vprintk(format, arguments);
	va_end(arguments);
}

void
platform_off(int status)
{
	fake_power.offs++;
	fake_power.status = status;
}

long
sbi_call3(enum sbi_extension extension, uint64_t first, uint64_t second,
    uint64_t third)
{
	assert_int_equal(second | third, 0);
	switch (extension) {
	case SBI_PUTCHAR:
		fake_power.console[fake_power.printed++ %
				   sizeof(fake_power.console)] = (char)first;
		return 0;
	case SBI_SYSTEM_RESET:
		assert_int_equal(first, SBI_COLD_REBOOT);
		fake_power.resets++;
		return -2; /* not supported */
	default:
		fail_msg("the firmware is asked for %x", extension);
		return -2;
	}
}
