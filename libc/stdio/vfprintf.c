/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vfprintf.c - picolibc's vfprintf(), with the stream locked.
 */
#include "streamlock.h"

int __picolibc_vfprintf(FILE *stream, const char *format, va_list arguments);

int
vfprintf(FILE *stream, const char *format, va_list arguments)
{
	int result;

	stream_enter(stream);
	result = __picolibc_vfprintf(stream, format, arguments);
	stream_leave(stream);
	return result;
}
