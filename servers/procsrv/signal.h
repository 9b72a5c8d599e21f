/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * signal.h - signals with their default actions.
 *
 * There are no handlers yet: what ends a process by default ends it, what is
 * ignored by default is ignored, and what would stop it is refused (ENOSYS).
 */
#ifndef TINE_PROCSRV_SIGNAL_H
#define TINE_PROCSRV_SIGNAL_H

#include <abi/types.h>

struct lwp;
struct proc;

/* NetBSD's numbers, of those that procsrv speaks of. */
#define SIGILL 4
#define SIGTRAP 5
#define SIGABRT 6
#define SIGBUS 10
#define SIGSEGV 11
#define SIGURG 16
#define SIGSTOP 17
#define SIGTSTP 18
#define SIGCONT 19
#define SIGCHLD 20
#define SIGTTIN 21
#define SIGTTOU 22
#define SIGIO 23
#define SIGWINCH 28
#define SIGINFO 29
#define SIGPWR 32

/*
 * kill() by a process; signal 0 only checks.  A zombie takes any signal and
 * nothing happens.  Returns 0; EINVAL no such signal; ESRCH nobody there, and
 * for groups nobody who may be signalled; EPERM; ENOSYS it would stop them.
 */
int signal_kill(struct proc *sender, int32_t pid, int32_t signal);

/* A thread did what can't be gone on from: its process dies, init too. */
void signal_fault(struct lwp *lwp, int32_t signal);

/* The signal for an exception, by its scause (Priv. ISA, table 4.2). */
int32_t signal_of_exception(uint64_t scause);

#endif
