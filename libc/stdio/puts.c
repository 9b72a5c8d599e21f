/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * puts.c - picolibc's puts(), with the stream locked.
 */
#include "streamlock.h"

int __picolibc_puts(const char *string);

int
puts(const char *string)
{
	int result;

	stream_enter(stdout);
	result = __picolibc_puts(string);
	stream_leave(stdout);
	return result;
}
