/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fwrite.c - picolibc's fwrite(), with the stream locked.
 */
#include "streamlock.h"

size_t __picolibc_fwrite(
    const void *data, size_t size, size_t count, FILE *stream);

size_t
fwrite(const void *data, size_t size, size_t count, FILE *stream)
{
	size_t result;

	stream_enter(stream);
	result = __picolibc_fwrite(data, size, count, stream);
	stream_leave(stream);
	return result;
}
