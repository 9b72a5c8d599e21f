/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sched.h - scheduling, with NetBSD's clone().
 */
#ifndef _TINE_SCHED_H
#define _TINE_SCHED_H

#include <sys/cdefs.h>
#include <sys/sched.h>
#include <sys/types.h>
#include <time.h>

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

/* The only policy is SCHED_OTHER, whose only priority is 0. */
int sched_yield(void);
int sched_get_priority_max(int);
int sched_get_priority_min(int);
int sched_getparam(pid_t, struct sched_param *);
int sched_getscheduler(pid_t);
int sched_rr_get_interval(pid_t, struct timespec *);
int sched_setparam(pid_t, const struct sched_param *);
int sched_setscheduler(pid_t, int, const struct sched_param *);

__END_DECLS

#endif
