/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sched.h - picolibc's, with NetBSD's clone().
 */
#ifndef _TINE_SCHED_H
#define _TINE_SCHED_H

#include_next <sched.h>

#define CLONE_CSIGNAL 0x000000ff /* the signal sent at exit; 0: none */
#define CLONE_VM 0x00000100 /* share memory */
#define CLONE_FS 0x00000200 /* share working directory, root, umask */
#define CLONE_FILES 0x00000400 /* share descriptors */
#define CLONE_SIGHAND 0x00000800 /* share signal actions; needs CLONE_VM */
#define CLONE_PID 0x00001000 /* refused */
#define CLONE_PTRACE 0x00002000 /* refused */
#define CLONE_VFORK 0x00004000 /* wait until the child execs or exits */

__BEGIN_DECLS

/*
 * A child that runs a function on a stack and exits with its result.  With
 * CLONE_VM it has its parent's thread-local variables, errno among them.
 */
int clone(int (*)(void *), void *, int, void *);
/*
 * As fork(); the child goes on with a stack (NULL: where its parent's is),
 * from which it can't return.
 */
int __clone(int, void *) __attribute__((__returns_twice__));
int sched_yield(void);

__END_DECLS

#endif
