/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fgets.c - picolibc's fgets(), with the stream locked.
 */
#include "streamlock.h"

char *__picolibc_fgets(char *string, int size, FILE *stream);

char *
fgets(char *string, int size, FILE *stream)
{
	char *result;

	stream_enter(stream);
	result = __picolibc_fgets(string, size, stream);
	stream_leave(stream);
	return result;
}
