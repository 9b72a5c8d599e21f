/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * times.h - the time that processes ran.
 *
 * The kernel counts a thread's time in cycles, which it can read at no cost;
 * procsrv speaks of ticks of rdtime, whose rate is known.  What a cycle is in
 * ticks is measured once, at the start.
 */
#ifndef TINE_PROCSRV_TIMES_H
#define TINE_PROCSRV_TIMES_H

#include <abi/types.h>

struct lwp;
struct proc;

/* Take the clock's rate, and measure the cycles' against it. */
void times_init(uint64_t ticks_in_a_second);

/* So many milliseconds in ticks, not less than one. */
uint64_t times_milliseconds(uint64_t milliseconds);

/* Longer than any machine is on; sums with it do not overflow. */
#define TICKS_MAX (1ul << 62)

/*
 * Ticks that a caller asked for, as such that there can be: 0 stays 0, and no
 * time is so short that signals are all that there is time for.
 */
uint64_t times_clip(uint64_t ticks);

/* Ticks that a process has run: LWPs that are there, and that were. */
uint64_t times_proc(const struct proc *proc);

/* Ticks that an LWP has run; 0: it is DEAD. */
uint64_t times_lwp(const struct lwp *lwp);

/* An LWP's thread is about to be destroyed: keep the time that it ran. */
void times_lwp_gone(struct lwp *lwp);

/* A zombie is about to be reaped: its time goes to its parent. */
void times_reap(const struct proc *proc);

/*
 * Be busy for some ticks; how many it were, and how many cycles.  In clock.c,
 * or a fake.
 */
void clock_measure(uint64_t ticks, uint64_t *ticksp, uint64_t *cyclesp);

#endif
