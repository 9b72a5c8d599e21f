/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * printk.c - the kernel's log.
 *
 * Each character goes to the firmware's console at once, and in a panic to
 * the host's log.  There is no other state than the switches.
 */
#include "printk.h"

#include "arch/riscv/sbi.h"
#include "arch/riscv/semihost.h"

#define NUMBER_DIGITS_MAX 20 /* of a 64-bit number in decimal */

bool printk_quiet;
bool printk_panicking;

static void
put(char c)
{
	if (printk_quiet && !printk_panicking)
		return;
	(void)sbi_call(SBI_PUTCHAR, (uint8_t)c);
	if (printk_panicking && semihost_allowed)
		semihost_call(SYS_WRITEC, &c);
}

static void
put_text(const char *text)
{
	for (; *text != '\0'; text++)
		put(*text);
}

static void
put_number(uint64_t number, unsigned int base)
{
	char digits[NUMBER_DIGITS_MAX + 1];
	char *first = &digits[NUMBER_DIGITS_MAX];

	*first = '\0';
	do {
		*--first = "0123456789abcdef"[number % base];
		number /= base;
	} while (number != 0);
	put_text(first);
}

void
vprintk(const char *format, va_list arguments)
{
	bool wide;

	for (; *format != '\0'; format++) {
		if (*format != '%') {
			put(*format);
			continue;
		}
		format++;
		wide = *format == 'l';
		format += wide;
		switch (*format) {
		case 's':
			put_text(va_arg(arguments, const char *));
			break;
		case 'u':
		case 'x':
			put_number(wide ? va_arg(arguments, uint64_t)
					: va_arg(arguments, uint32_t),
			    *format == 'u' ? 10 : 16);
			break;
		default:
			/* What comes after an unknown letter can't be told. */
			return;
		}
	}
}

void
printk(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vprintk(format, arguments);
	va_end(arguments);
}
