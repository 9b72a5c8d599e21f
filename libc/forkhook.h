/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * forkhook.h - what fork() does besides in a program that may have threads.
 */
#ifndef TINE_LIBC_FORKHOOK_H
#define TINE_LIBC_FORKHOOK_H

#include <sys/types.h>

enum fork_phase {
	FORK_PREPARE, /* before it */
	FORK_PARENT, /* after it, or when it has failed */
	FORK_CHILD,
};

/* fork() in programs that this is linked into: fork.S. */
pid_t __tine_fork_hooked(void);
/* fork() in others. */
pid_t __tine_fork(void);

/* Its parts, each of which a program may lack. */
void __tine_fork_handlers(enum fork_phase phase);
void __tine_fork_threads(enum fork_phase phase);
void __tine_fork_streams(enum fork_phase phase);
void __tine_fork_locks(enum fork_phase phase);
void __tine_fork_owner(enum fork_phase phase);

/*
 * For files whose programs need the hook: makes the linker take it.  A weak
 * reference, as fork.S has, does not.
 */
#define NEEDS_FORK_HOOK \
	static pid_t (*const fork_hook)(void) __attribute__((used)) = \
	    __tine_fork_hooked

#endif
