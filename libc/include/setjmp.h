/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * setjmp.h - picolibc's, with the jumps that keep the signal mask.
 */
#ifndef _TINE_SETJMP_H
#define _TINE_SETJMP_H

#include_next <setjmp.h>
#include <sys/_sigset.h>

typedef struct __sigjmp {
	jmp_buf __registers; /* first: sigsetjmp() hands it to setjmp() */
	__sigset_t __mask;
	int __saved;
} sigjmp_buf[1];

_BEGIN_STD_C

int sigsetjmp(sigjmp_buf, int) __attribute__((__returns_twice__));
void siglongjmp(sigjmp_buf, int) __attribute__((__noreturn__));

_END_STD_C

#define _setjmp(env) setjmp(env)
#define _longjmp(env, value) longjmp(env, value)

#endif
