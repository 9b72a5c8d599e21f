/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * printk.c - the kernel's log.
 *
 * A call formats into a small buffer on the stack, which goes to the sinks
 * whenever it is full: the firmware's console always, the host's log only
 * in a panic.  There is no other state than the switches.
 */
#include "printk.h"

#include "arch/riscv/sbi.h"
#include "arch/riscv/semihost.h"

#define PRINTER_BYTES 64
#define NUMBER_DIGITS_MAX 20 /* of a 64-bit number in decimal */

struct printer {
	char buffer[PRINTER_BYTES + 1]; /* and a NUL */
	unsigned int used;
	/* Of the conversion at hand: what stands between % and the letter. */
	char pad;
	bool wide; /* l or z: 64 bits */
	unsigned int width;
};

static bool quiet;
static bool panicking;
static bool semihosting;

static void
printer_flush(struct printer *printer)
{
	for (unsigned int i = 0; i < printer->used; i++)
		sbi_putchar(printer->buffer[i]);
	printer->buffer[printer->used] = '\0';
	if (panicking && semihosting)
		semihost_write(printer->buffer);
	printer->used = 0;
}

static void
printer_put(struct printer *printer, char c)
{
	if (printer->used == PRINTER_BYTES)
		printer_flush(printer);
	printer->buffer[printer->used++] = c;
}

/* Print a string, padded on the left to the conversion's width. */
static void
printer_string(struct printer *printer, const char *text)
{
	unsigned int length = 0;

	if (text == NULL)
		text = "(null)";
	while (text[length] != '\0')
		length++;
	for (; length < printer->width; printer->width--)
		printer_put(printer, printer->pad);
	for (; *text != '\0'; text++)
		printer_put(printer, *text);
}

static void
printer_number(struct printer *printer, uint64_t number, unsigned int base)
{
	char digits[NUMBER_DIGITS_MAX + 1];
	char *first = &digits[NUMBER_DIGITS_MAX];

	*first = '\0';
	do {
		*--first = "0123456789abcdef"[number % base];
		number /= base;
	} while (number != 0);
	printer_string(printer, first);
}

static void
printer_signed(struct printer *printer, int64_t number)
{
	if (number < 0)
		printer_put(printer, '-');
	printer_number(
	    printer, number < 0 ? -(uint64_t)number : (uint64_t)number, 10);
}

/* Read width and size at format; returns where the letter is. */
static const char *
conversion_parse(struct printer *printer, const char *format)
{
	printer->pad = *format == '0' ? '0' : ' ';
	printer->wide = false;
	printer->width = 0;
	for (; *format >= '0' && *format <= '9'; format++)
		printer->width =
		    printer->width * 10 + (unsigned int)(*format - '0');
	for (; *format == 'l' || *format == 'z'; format++)
		printer->wide = true;
	return format;
}

/* Print one conversion; false for a letter that is not known. */
static bool
conversion_print(struct printer *printer, char letter, va_list *arguments)
{
	switch (letter) {
	case '%':
		printer_put(printer, '%');
		return true;
	case 'c':
		printer_put(printer, (char)va_arg(*arguments, int));
		return true;
	case 's':
		printer_string(printer, va_arg(*arguments, char *));
		return true;
	case 'd':
		printer_signed(printer, printer->wide
					    ? va_arg(*arguments, int64_t)
					    : va_arg(*arguments, int));
		return true;
	case 'u':
	case 'x':
		printer_number(printer,
		    printer->wide ? va_arg(*arguments, uint64_t)
				  : va_arg(*arguments, unsigned int),
		    letter == 'u' ? 10 : 16);
		return true;
	case 'p':
		printer_string(printer, "0x");
		printer_number(printer, va_arg(*arguments, uintptr_t), 16);
		return true;
	default:
		return false;
	}
}

void
vprintk(const char *format, va_list arguments)
{
	struct printer printer = {.used = 0};
	va_list rest;

	if (quiet && !panicking)
		return;
	va_copy(rest, arguments);
	for (; *format != '\0'; format++) {
		if (*format != '%') {
			printer_put(&printer, *format);
			continue;
		}
		format = conversion_parse(&printer, format + 1);
		/* What comes after an unknown letter can't be told. */
		if (!conversion_print(&printer, *format, &rest))
			break;
	}
	va_end(rest);
	printer_flush(&printer);
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
printk_set_quiet(bool value)
{
	quiet = value;
}

void
printk_set_panicking(bool allow_semihosting)
{
	panicking = true;
	semihosting = allow_semihosting;
}
