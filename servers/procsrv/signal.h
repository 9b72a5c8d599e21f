/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * signal.h - sending signals.
 *
 *	signal.c	a signal arrives: for whom, and what it does at once
 *	sigdeliver.c	an LWP takes one: handlers, the end of waits, ASTs
 *	stop.c		stopped processes
 *	sigacts.c	what a process does about each signal
 *	siginfo.c	what is pending, with what is known of it
 *	kill.c		who may send what to whom
 *	sigchild.c	what a process's end means for its kin
 *	sigfault.c	what threads do that is a signal
 *	sigserve.c	requests
 *
 * Invariant: an LWP that is RUNNING, or waits for what only a signal or its
 * server ends, has no signal that it does not hold, unless it was interrupted
 * and its AST is on its way.
 */
#ifndef TINE_PROCSRV_SIGNAL_H
#define TINE_PROCSRV_SIGNAL_H

#include <abi/types.h>

struct lwp;
struct pgrp;
struct proc;
struct proc_siginfo;

/* NetBSD's numbers, of those that procsrv speaks of. */
#define SIGHUP 1
#define SIGINT 2
#define SIGILL 4
#define SIGTRAP 5
#define SIGABRT 6
#define SIGKILL 9
#define SIGBUS 10
#define SIGSEGV 11
#define SIGALRM 14
#define SIGURG 16
#define SIGSTOP 17
#define SIGTSTP 18
#define SIGCONT 19
#define SIGCHLD 20
#define SIGTTIN 21
#define SIGTTOU 22
#define SIGIO 23
#define SIGXCPU 24
#define SIGVTALRM 26
#define SIGPROF 27
#define SIGWINCH 28
#define SIGINFO 29
#define SIGPWR 32
#define SIGRTMIN 33

/*
 * Send a signal to a process, to whichever LWP takes it; a zombie, or one of
 * the system, takes any and nothing happens.  Lists of processes and of LWPs
 * stay as they are: who is to die does so at the end of the request.
 */
void signal_proc(struct proc *proc, const struct proc_siginfo *info);

/* The same to one LWP. */
void signal_lwp(struct lwp *lwp, const struct proc_siginfo *info);

/* The same to all of a group but init and the system's. */
void signal_pgrp(struct pgrp *pgrp, const struct proc_siginfo *info);

/*
 * Whether an LWP has a signal to take.  Whoever is about to block one asks,
 * and answers its call with signal_error() instead.
 */
bool signal_waits(const struct lwp *lwp);

/*
 * EINTR or ERESTART: what a call that can be made again is answered with.
 * The LWP takes its signal before it sees the answer.
 */
int signal_error(struct lwp *lwp);

/* An LWP that was interrupted has arrived, in the call with this token. */
void signal_ast(struct lwp *lwp, token_t token);

/*
 * Have an LWP that runs, or is in a call that no signal ends, come by before
 * it goes on; cancels what it waits for elsewhere.  For signals and
 * _lwp_suspend().
 */
void signal_interrupt(struct lwp *lwp);

/*
 * Let an LWP that is STOPPED go on and take its signals, unless its process
 * is stopped or it is suspended.
 */
void signal_resume(struct lwp *lwp);

/*
 * An LWP is about to leave its process, which stays: others take what it
 * would have, and who waited for it to stop need not.
 */
void signal_lwp_gone(struct lwp *lwp);

/* Give a new LWP the mask and alternate stack of the one that made it. */
void signal_lwp_inherit(const struct lwp *from, struct lwp *to);

/* exec, and the end of a process: F74, F73.  Neither can fail. */
struct sigacts;
void signal_exec(struct lwp *lwp, struct sigacts *acts);
void signal_exit(struct proc *proc);

/*
 * A process, with its final status, tells its parent (F73); nothing if it has
 * no exit signal.
 */
void signal_child(struct proc *proc);

/*
 * Whether the children of a process become init's when they die: it ignores
 * SIGCHLD or has set SA_NOCLDWAIT (F71).
 */
bool signal_disowns(const struct proc *parent);

/*
 * A thread did what can't be gone on from, in the call with this token: it
 * takes the signal at once, and dies of it if it holds or ignores it.
 */
void signal_fault(
    struct lwp *lwp, token_t token, const struct proc_siginfo *info);

/* The signal for an exception: its words, by scause (Priv. ISA, table 4.2). */
void signal_of_exception(const uint64_t *words, struct proc_siginfo *info);

#endif
