/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * proc_sim.h - procsrv and its model, side by side.
 *
 *	proc_sim.c		who does what next; the comparison
 *	proc_sim_proc.c		requests about processes
 *	proc_sim_signal.c	requests about signals and LWPs
 *
 * Messages come one at a time, in any order that the kernel can bring about:
 * an LWP that was interrupted comes by some time later, ttysrv and vmsrv
 * answer, or hand on, whenever they like.
 */
#ifndef TINE_TESTS_PROC_SIM_H
#define TINE_TESTS_PROC_SIM_H

#include "proc_client_signal.h"
#include "proc_model.h"
#include "sim.h"

/* A request of an LWP, which may be answered later; its token is kept. */
#define ASK(l, name, ...) \
	((l)->out = M_PENDING, \
	    (l)->token = client_call_as((l)->identity, proc_##name##_call, \
		&(struct proc_##name##_req){__VA_ARGS__}, \
		sizeof(struct proc_##name##_req)))

/* The same for one without anything to be asked. */
#define ASK_PLAIN(l, name) \
	((l)->out = M_PENDING, (l)->token = client_call_as( \
				   (l)->identity, proc_##name##_call, "", 0))

/*
 * The end of each request: what it returns in the model.  Whoever is to die
 * does so before the answer.
 */
static inline void
settle(struct m_lwp *l, int answer)
{
	m_doomed();
	if (l->used && answer != M_LATER)
		m_end(l, answer);
}

/* The answer that an LWP's request has had; it must have had one. */
#define ANSWER(l, name) \
	(*(const struct proc_##name##_rep *)(const void *)fake_answer( \
	    (l)->token))

/* How LWPs are spoken of. */
#define WHO "pid %d lwp %d: "
#define WHOSE(l) (l)->proc->pid, (l)->lid

/* Whether an LWP is init's first, which goes on whatever happens. */
static inline bool
is_monitor(const struct m_lwp *l)
{
	return l->proc == m_init() && l->lid == 1;
}

/* A request; may do nothing if it can't be made now. */
typedef void sim_request(struct m_lwp *l, const struct sim_op *op);

sim_request sim_fork, sim_exit, sim_wait, sim_exec, sim_setpgid, sim_setsid,
    sim_setids, sim_setrlimit, sim_sysctl, sim_ids, sim_list, sim_foreground,
    sim_priority;
sim_request sim_kill, sim_sigqueue, sim_sigaction, sim_sigmask, sim_sigpending,
    sim_sigsuspend, sim_sigwait, sim_sigreturn, sim_stack, sim_sleep,
    sim_itimer, sim_exception, sim_lwp_create, sim_lwp_exit, sim_lwp_wait,
    sim_lwp_detach, sim_lwp_suspend, sim_lwp_kill, sim_lwp_park, sim_lwp_unpark,
    sim_futex_wait, sim_futex_wake;

/* A process's pid, more often one that there is. */
int32_t sim_pid(uint32_t random);
int32_t sim_lid(const struct m_lwp *l, uint32_t random);
int32_t sim_signal(uint32_t random);
uint64_t sim_set(uint32_t random);
uint64_t sim_deadline(uint32_t random);

/* Have the next but some of a step fail; 0 of `often` times not. */
struct sim_failure {
	enum fake_step step;
	int error; /* 0: none was asked for */
};
struct sim_failure sim_fail_arm(
    uint32_t random, const enum fake_step *steps, uint32_t count, int error);
/* Whether it has failed. */
bool sim_failed(const struct sim_failure *failure);

#endif
