/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ucontext.h - switching between contexts in a thread.
 */
#ifndef _UCONTEXT_H_
#define _UCONTEXT_H_

#include <sys/cdefs.h>
#include <sys/ucontext.h>

__BEGIN_DECLS

int getcontext(ucontext_t *) __attribute__((__returns_twice__));
int setcontext(const ucontext_t *);
void makecontext(ucontext_t *, void (*)(void), int, ...);
int swapcontext(ucontext_t *__restrict, const ucontext_t *__restrict);

__END_DECLS

#endif
