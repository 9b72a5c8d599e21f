/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fputs.c - picolibc's fputs(), with the stream locked.
 */
#include "streamlock.h"

int __picolibc_fputs(const char *string, FILE *stream);

int
fputs(const char *string, FILE *stream)
{
	int result;

	stream_enter(stream);
	result = __picolibc_fputs(string, stream);
	stream_leave(stream);
	return result;
}
