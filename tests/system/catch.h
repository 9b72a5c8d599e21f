/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * catch.h - catching signals in tests: a handler that notes what it saw.
 */
#ifndef TINE_TESTS_CATCH_H
#define TINE_TESTS_CATCH_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Milliseconds: long enough for others to run, if they do. */
#define A_WHILE 30

/* What the handler saw: how often it ran, and at last ... */
extern volatile sig_atomic_t calls, last;
extern siginfo_t seen; /* ... with SA_SIGINFO */
extern sigset_t held; /* ... held while it ran */

/* The handler. */
void note(int signal);
/* Set it for a signal, and forget what it saw. */
void catch_signal(int signal, int flags);

/* Of two signals; 0: of one. */
sigset_t set_of(int a, int b);
void hold(int a, int b);
void unhold(int a, int b);

bool is_held(int signal);
bool is_pending(int signal);

/*
 * A child that sends its parent a signal, which is held, a little later, and
 * exits with 0.
 */
pid_t send_later(int signal);

/*
 * One that sends it every little while until it is ended: for a wait that may
 * not have begun when the first one comes.
 */
pid_t nag(int signal);
void nag_end(pid_t pid);

uint64_t milliseconds(void);

#endif
