/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mem.c - the two functions that the compiler calls by itself.
 */
#include "mem.h"

void *
memset(void *to, int value, size_t length)
{
	unsigned char *p = to;

	while (length-- > 0)
		*p++ = (unsigned char)value;
	return to;
}

void *
memcpy(void *restrict to, const void *restrict from, size_t length)
{
	unsigned char *p = to;
	const unsigned char *q = from;

	while (length-- > 0)
		*p++ = *q++;
	return to;
}
