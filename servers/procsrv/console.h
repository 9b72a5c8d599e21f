/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * console.h - what procsrv has to say to whoever watches the machine.
 *
 * It goes through the firmware's console, not through ttysrv: procsrv waits
 * for nobody.
 */
#ifndef TINE_PROCSRV_CONSOLE_H
#define TINE_PROCSRV_CONSOLE_H

#include <abi/types.h>

/* The status of a machine that can't go on, as after a kernel panic. */
#define STATUS_PANIC 125

void console_write(const char *text);
void console_write_number(int64_t number);

/*
 * "NAME: table is full - REMEDY", the first time and then at most once in
 * 10 seconds (F11).
 */
void console_table_full(const char *name, const char *remedy);

/* Say that the machine can't go on, and power it off with STATUS_PANIC. */
void console_panic(const char *why);
void console_assert_failed(const char *truth, const char *file, int line);

/* Take the clock's rate; nothing has been said yet. */
void console_init(uint64_t ticks_in_a_second);

/* Ticks of rdtime; clock.c, or a fake. */
uint64_t now_ticks(void);

#endif
