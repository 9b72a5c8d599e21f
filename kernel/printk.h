/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * printk.h - the kernel's log.
 *
 * Conversions: %s, and %u %x with an optional l.  Others end the message.
 */
#pragma once

#include <stdarg.h>

#include <abi/types.h>

#define PRINTF_LIKE(string, first) \
	__attribute__((format(printf, string, first)))

/* Print to the firmware's console, unless the log is quiet. */
void printk(const char *format, ...) PRINTF_LIKE(1, 2);
void vprintk(const char *format, va_list arguments) PRINTF_LIKE(1, 0);

/* Whether printk() shall print nothing. */
extern bool printk_quiet;

/*
 * The kernel is about to stop: print whatever happens, and, if semihosting is
 * allowed, to the host's log too.
 */
extern bool printk_panicking;
