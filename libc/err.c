/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * err.c - messages about errors.
 */
#include "internal.h"

#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
message(const char *reason, const char *format, va_list arguments)
{
	fflush(stdout);
	fprintf(stderr, "%s: ", __tine_progname);
	if (format) {
		vfprintf(stderr, format, arguments);
		if (reason)
			fputs(": ", stderr);
	}
	if (reason)
		fputs(reason, stderr);
	fputc('\n', stderr);
}

void
vwarn(const char *format, va_list arguments)
{
	message(strerror(errno), format, arguments);
}

void
vwarnx(const char *format, va_list arguments)
{
	message(NULL, format, arguments);
}

void
verr(int status, const char *format, va_list arguments)
{
	vwarn(format, arguments);
	exit(status);
}

void
verrx(int status, const char *format, va_list arguments)
{
	vwarnx(format, arguments);
	exit(status);
}

void
warn(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vwarn(format, arguments);
	va_end(arguments);
}

void
warnx(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vwarnx(format, arguments);
	va_end(arguments);
}

void
err(int status, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	verr(status, format, arguments);
}

void
errx(int status, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	verrx(status, format, arguments);
}
