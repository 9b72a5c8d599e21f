/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ptimer.h - the timers that a process makes: timer_create() and its kin.
 *
 * A process has at most PROC_TIMER_MAX.  They are not inherited by fork, and
 * end with an exec.  A timer whose last signal is still pending sends no other:
 * it counts an overrun.
 */
#ifndef TINE_PROCSRV_PTIMER_H
#define TINE_PROCSRV_PTIMER_H

#include <abi/types.h>

struct proc;
struct proc_timer_create_req;
struct proc_timer_set_rep;
struct proc_timer_set_req;

/* A new timer, which does not run; its id, from 1.  EINVAL, EAGAIN. */
int ptimer_create(
    struct proc *proc, const struct proc_timer_create_req *req, int32_t *idp);

/* Ask what is left of a timer and, depending on how, set it.  EINVAL. */
int ptimer_set(struct proc *proc, const struct proc_timer_set_req *req,
    struct proc_timer_set_rep *rep);

/* EINVAL: there is no such timer.  A signal that is pending stays so. */
int ptimer_delete(struct proc *proc, int32_t id);

/* The overruns of the signal that was taken last.  EINVAL. */
int ptimer_overrun(const struct proc *proc, int32_t id, uint32_t *countp);

/* Delete all. */
void ptimers_delete(struct proc *proc);

/* Timers that there are; for tests. */
uint32_t ptimer_count(void);

#endif
