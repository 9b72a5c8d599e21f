/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lwp.h - NetBSD's LWPs: what threads are made of.
 *
 * The private pointer of an LWP is its tp.  The C library takes for granted
 * that its thread-local variables are there, errno among them, and tells the
 * owners of its locks apart by it, without the lowest seven bits.
 */
#ifndef _LWP_H_
#define _LWP_H_

#include <sys/cdefs.h>
#include <sys/types.h>
#include <time.h>
#include <ucontext.h>

#define LWP_DETACHED 0x00000040 /* nobody waits for it */
#define LWP_SUSPENDED 0x00000080 /* it begins when it is told to go on */

#ifndef _LWPID_T_DECLARED
#define _LWPID_T_DECLARED
typedef __int32_t lwpid_t;
#endif

__BEGIN_DECLS

lwpid_t _lwp_self(void);
int _lwp_create(const ucontext_t *, unsigned long, lwpid_t *);
void _lwp_makecontext(
    ucontext_t *, void (*)(void *), void *, void *, void *, size_t);
int _lwp_exit(void);
int _lwp_wait(lwpid_t, lwpid_t *);
int _lwp_detach(lwpid_t);
int _lwp_suspend(lwpid_t);
int _lwp_continue(lwpid_t);
int _lwp_kill(lwpid_t, int);
int _lwp_park(
    clockid_t, int, struct timespec *, lwpid_t, const void *, const void *);
int _lwp_unpark(lwpid_t, const void *);
void *_lwp_getprivate(void);
void _lwp_setprivate(void *);

__END_DECLS

#endif
