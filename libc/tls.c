/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tls.c - blocks of thread-local variables, one a thread.
 */
#include "internal.h"

#include <string.h>

/* The image of a block, and sizes as addresses: tine.ld. */
extern const char __tdata_start[];
extern const char __tdata_size[];
extern const char __tls_size[];

size_t
__tine_tls_bytes(void)
{
	return (uintptr_t)__tls_size;
}

void
__tine_tls_init(char *tls)
{
	size_t data = (uintptr_t)__tdata_size;

	memcpy(tls, __tdata_start, data);
	memset(tls + data, 0, __tine_tls_bytes() - data);
}
