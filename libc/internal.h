/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * internal.h - what the files of the POSIX layer share.
 */
#ifndef TINE_LIBC_INTERNAL_H
#define TINE_LIBC_INTERNAL_H

#include <stdint.h>

/* Set errno to error and return -1. */
int __tine_fail(int error);

/* 0 for 0; otherwise as __tine_fail(). */
static inline int
tine_result(int error)
{
	return error ? __tine_fail(error) : 0;
}

/* Ticks of rdtime in a second; 0 if vmsrv does not answer. */
uint64_t __tine_timebase(void);

/* The last component of argv[0]. */
extern const char *__tine_progname;

#endif
