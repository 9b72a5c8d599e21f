/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fread.c - picolibc's fread(), with the stream locked.
 */
#include "streamlock.h"

size_t __picolibc_fread(void *data, size_t size, size_t count, FILE *stream);

size_t
fread(void *data, size_t size, size_t count, FILE *stream)
{
	size_t result;

	stream_enter(stream);
	result = __picolibc_fread(data, size, count, stream);
	stream_leave(stream);
	return result;
}
