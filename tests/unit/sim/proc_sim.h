/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * proc_sim.h - procsrv and its model, side by side.
 *
 *	proc_sim.c		who does what next; the comparison
 *	proc_sim_proc.c		requests about processes
 *	proc_sim_signal.c	requests about signals and LWPs
 *	proc_sim_alone.c	vmsrv as it is made up for procsrv_sim
 *	both_sim.c		the real one, for both_sim
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
    sim_sigsuspend, sim_sigwait, sim_sigreturn, sim_stack, sim_altstack,
    sim_sleep, sim_itimer, sim_exception, sim_lwp_create, sim_lwp_exit,
    sim_lwp_wait, sim_lwp_detach, sim_lwp_suspend, sim_lwp_kill, sim_lwp_park,
    sim_lwp_unpark, sim_futex_wait, sim_futex_wake;

/*
 * vmsrv, which is made up or the real one; sim_memory_*() is its part of each
 * step, and what they say of themselves.
 */
extern const struct sim_memory_plan {
	const char *name;
	uint32_t length, operations; /* as struct sim's */
	uint64_t limit_unit; /* bytes, of a limit of memory */
	int processes; /* at most; fewer do more each */
} sim_memory_plan;
void sim_memory_start(void);
void sim_memory_step(const struct sim_op *op); /* before anything else */
/* An LWP calls vmsrv, or faults; false: it would rather not. */
bool sim_memory_call(struct m_lwp *l, const struct sim_op *op);
/* vmsrv does something about an LWP that waits for it. */
void sim_memory_answer(struct m_lwp *l, const struct sim_op *op);
void sim_memory_compare(void);
void sim_memory_finish(void); /* only init is left */
/* Whether what was to fail last, as it was asked of vmsrv, did not. */
bool sim_memory_missed(void);
/* Where an LWP can have a stack, one of some places. */
uint64_t sim_stack_pointer(const struct m_lwp *l, uint32_t place);

/*
 * Whose request is being served, if it is one; it may have had its answer when
 * the model has not heard of it.
 */
extern const struct m_lwp *sim_current;

/* procsrv hears of a fault that vmsrv hands on, and the model. */
void sim_fault(struct m_lwp *l, int signal, int code);

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
