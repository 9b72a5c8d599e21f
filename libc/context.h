/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * context.h - what assembly and C share of signal frames and contexts.
 */
#ifndef TINE_LIBC_CONTEXT_H
#define TINE_LIBC_CONTEXT_H

#include <stdint.h>
#include <ucontext.h>

/* Where handlers return to; not to be called. */
void __tine_sigtramp(void);

/* Go on with these registers and this mask. */
void __tine_sigreturn(const mcontext_t *registers, uint64_t mask)
    __attribute__((noreturn));

/* Of getcontext(): its last step. */
int __tine_getcontext_mask(ucontext_t *context);

/* Where the functions of makecontext() return to, and go on. */
void __tine_context_end(void);
void __tine_context_next(const ucontext_t *next) __attribute__((noreturn));

#endif
