/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sigset.h - sets of signals, and what signals do by default.
 *
 * Bit n - 1 of a set stands for signal n.  What is in none of these sets
 * terminates by default; SIGCONT lets a stopped process go on, whatever else
 * it does.
 */
#ifndef TINE_PROCSRV_SIGSET_H
#define TINE_PROCSRV_SIGSET_H

#include "proc.h"
#include "signal.h"

#define SIGBIT(signal) (1ul << ((signal)-1))

/* Can be neither held, caught nor ignored. */
#define SIGSET_CANTMASK (SIGBIT(SIGKILL) | SIGBIT(SIGSTOP))
/* Stop by default; those of a terminal, and all. */
#define SIGSET_TTYSTOP (SIGBIT(SIGTSTP) | SIGBIT(SIGTTIN) | SIGBIT(SIGTTOU))
#define SIGSET_STOP (SIGSET_TTYSTOP | SIGBIT(SIGSTOP))
/* Ignored by default. */
#define SIGSET_IGNORE \
	(SIGBIT(SIGURG) | SIGBIT(SIGCHLD) | SIGBIT(SIGIO) | SIGBIT(SIGWINCH) | \
	    SIGBIT(SIGINFO) | SIGBIT(SIGPWR))
/* Stay caught in spite of SA_RESETHAND. */
#define SIGSET_NORESET (SIGBIT(SIGILL) | SIGBIT(SIGTRAP) | SIGBIT(SIGPWR))
/* Queued as often as they are sent: SIGRTMIN and up. */
#define SIGSET_QUEUED (~0ul << (SIGRTMIN - 1))

/*
 * The lowest signal of a set that is not empty.  rv64gc has no instruction that
 * counts zeros: the highest six bits of a de Bruijn sequence of 64 bits, times
 * a power of two, are another number for each power.
 */
static inline int32_t
sigset_first(uint64_t set)
{
	static const uint8_t signals[64] = {1, 2, 49, 3, 58, 50, 29, 4, 62, 59,
	    51, 43, 39, 30, 18, 5, 63, 56, 60, 37, 54, 52, 44, 23, 46, 40, 34,
	    31, 25, 19, 13, 6, 64, 48, 57, 28, 61, 42, 38, 17, 55, 36, 53, 22,
	    45, 33, 24, 12, 47, 27, 41, 16, 35, 21, 32, 11, 26, 15, 20, 10, 14,
	    9, 8, 7};

	return signals[(set & -set) * 0x03f79d71b4cb0a89ul >> 58];
}

/* What an LWP does not take now: a vfork child no stops of a terminal (F54). */
static inline uint64_t
lwp_held(const struct lwp *lwp)
{
	return lwp->sigmask | (lwp->proc->vfork_lwp != 0 ? SIGSET_TTYSTOP : 0);
}

/* What an LWP is to take. */
static inline uint64_t
lwp_signals(const struct lwp *lwp)
{
	return (lwp->sigpending | lwp->proc->sigpending) & ~lwp_held(lwp);
}

/* Whether an LWP waits here, and a signal ends that. */
static inline bool
lwp_interruptible(const struct lwp *lwp)
{
	switch (lwp->state) {
	case LWP_FREE:
	case LWP_RUNNING:
	case LWP_VFORKING:
	case LWP_STOPPED:
	case LWP_DEAD:
		return false;
	default:
		return (lwp->flags & LWPF_NOINTR) == 0;
	}
}

#endif
