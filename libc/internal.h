/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * internal.h - what the files of the POSIX layer share.
 */
#ifndef TINE_LIBC_INTERNAL_H
#define TINE_LIBC_INTERNAL_H

#include <stddef.h>
#include <stdint.h>

#include <abi/errors.h>

/* Set errno to error and return -1. */
int __tine_fail(int error);

/* 0 for 0; otherwise as __tine_fail(). */
static inline int
tine_result(int error)
{
	return error ? __tine_fail(error) : 0;
}

/*
 * The error of a call to a server, which is made again while the answer is
 * ERESTART: it was cancelled, by a stop or a handler with SA_RESTART, and
 * nothing has happened.  Programs never see that error.
 */
#define TINE_RESTARTED(call) \
	__extension__({ \
		int tine_error; \
\
		do { \
			tine_error = (call); \
		} while (tine_error == TINE_ERESTART); \
		tine_error; \
	})

/* Ticks of rdtime in a second; 0 if vmsrv does not answer. */
uint64_t __tine_timebase(void);

/* Ticks of rdtime now. */
uint64_t __tine_now(void);

/*
 * The size of a block of thread-local variables, and how one starts.  An
 * address that is aligned to TLS_ALIGN is what goes into tp.
 */
size_t __tine_tls_bytes(void);
void __tine_tls_init(char *tls);
/* Twice what tine.ld allows, so that lock.h can tell blocks apart. */
#define TLS_ALIGN 128ul

/* The last component of argv[0]. */
extern const char *__tine_progname;

#endif
