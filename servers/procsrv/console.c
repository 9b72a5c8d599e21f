/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * console.c - messages by way of the firmware's console.
 */
#include "console.h"

#include <abi/page.h>
#include <ipc/slots.h>
#include <ipc/sys.h>

#define TABLE_FULL_SECONDS 10
#define DIGITS_MAX 20

static uint64_t table_full_interval; /* in ticks */
static uint64_t table_full_last;
static bool table_full_said;

void
console_write(const char *text)
{
	for (; *text != '\0'; text++)
		sys_system_putc(SLOT_SYSTEM, (uint8_t)*text);
}

void
console_write_number(int64_t number)
{
	char text[DIGITS_MAX + 1];
	char *digit = text + DIGITS_MAX;
	uint64_t rest = number < 0 ? -(uint64_t)number : (uint64_t)number;

	if (number < 0)
		console_write("-");
	*digit = '\0';
	do {
		*--digit = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest != 0);
	console_write(digit);
}

void
console_table_full(const char *name, const char *remedy)
{
	uint64_t now = now_ticks();

	if (table_full_said && now - table_full_last < table_full_interval)
		return;
	table_full_said = true;
	table_full_last = now;
	console_write(name);
	console_write(": table is full - ");
	console_write(remedy);
	console_write("\n");
}

void
console_panic(const char *why)
{
	console_write("procsrv: panic: ");
	console_write(why);
	console_write("\n");
	sys_system_power(SLOT_SYSTEM, POWER_OFF, STATUS_PANIC);
}

void
console_assert_failed(const char *truth, const char *file, int line)
{
	console_write(file);
	console_write(":");
	console_write_number(line);
	console_write(": ");
	console_panic(truth);
}

void
console_init(uint64_t ticks_in_a_second)
{
	table_full_interval = TABLE_FULL_SECONDS * ticks_in_a_second;
	table_full_said = false;
}
