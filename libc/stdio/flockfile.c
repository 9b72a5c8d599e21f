/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * flockfile.c - having a stream for several calls.
 */
#include "streamlock.h"

void
flockfile(FILE *stream)
{
	stream_enter(stream);
}

/* Returns 0, or -1: another thread has it. */
int
ftrylockfile(FILE *stream)
{
	return stream_try(stream) ? 0 : -1;
}

void
funlockfile(FILE *stream)
{
	stream_leave(stream);
}
