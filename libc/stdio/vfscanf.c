/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vfscanf.c - picolibc's vfscanf(), with the stream locked.
 */
#include "streamlock.h"

int __picolibc_vfscanf(FILE *stream, const char *format, va_list arguments);

int
vfscanf(FILE *stream, const char *format, va_list arguments)
{
	int result;

	stream_enter(stream);
	result = __picolibc_vfscanf(stream, format, arguments);
	stream_leave(stream);
	return result;
}
