/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * proc_model.h - what procsrv should do, written plainly.
 *
 * It shares no code with procsrv and knows nothing of its records: processes,
 * LWPs, groups and users are found by looking at all of them, counts are
 * counted when they are asked for.  Only numbers of the protocol are common.
 *
 *	proc_model.c		tables; fork, exit, exec, what is counted
 *	proc_model_wait.c	wait6()
 *	proc_model_group.c	groups, sessions, the terminal, ids, limits,
 *				nice values
 *	proc_model_signal.c	signals, stops, the ends of waits
 *	proc_model_take.c	an LWP takes a signal
 *	proc_model_lwp.c	LWPs
 *
 * Each function m_NAME() is one request by an LWP.  It returns the error with
 * which it is answered at once, or M_LATER: then, as for all other LWPs whose
 * calls end with it, the answer is in lwp->out.
 */
#ifndef TINE_TESTS_PROC_MODEL_H
#define TINE_TESTS_PROC_MODEL_H

#include <stdbool.h>
#include <stdint.h>

#include <abi/errors.h>
#include <ipc/proc.h>

#define M_PROCS 48
#define M_LWPS 6 /* of a process */
#define M_QUEUE 32 /* records of pending signals, NetBSD's SIGQUEUE_MAX */
#define M_LATER (-1)
#define M_FOREVER PROC_FOREVER

#define M_HUP 1
#define M_ILL 4
#define M_KILL 9
#define M_BUS 10
#define M_SEGV 11
#define M_ALRM 14
#define M_TERM 15
#define M_STOP 17
#define M_TSTP 18
#define M_CONT 19
#define M_CHLD 20
#define M_TTIN 21
#define M_TTOU 22
#define M_USR1 30
#define M_RT 33 /* the first that is queued */
#define M_BIT(signal) (1ul << ((signal)-1))

/* Records of one kind in an order that matters. */
struct m_list {
	int n;
	void *item[M_PROCS + 2];
};

struct m_info {
	int32_t signo, code, status, pid;
	uint32_t uid;
	uint64_t value;
};

/* Pending signals, in the order of arrival. */
struct m_queue {
	int n;
	struct m_info info[M_QUEUE];
	uint64_t bare; /* pending too, but there was no room for a record */
};

/* How a call ends whose LWP takes a signal. */
enum m_how {
	M_PLAIN, /* with success */
	M_RESTART, /* EINTR, or with SA_RESTART ERESTART */
	M_INTR, /* EINTR */
};

enum m_where {
	M_USER, /* its own program, or what is being served */
	M_TTY, /* waits for ttysrv */
	M_VM, /* for vmsrv */
	M_WAIT,
	M_VFORK,
	M_SUSPEND, /* sigsuspend */
	M_SIGWAIT,
	M_SLEEP,
	M_REFUSED, /* a fork that was refused, and sleeps */
	M_PARK,
	M_JOIN,
	M_FUTEX,
	M_STOPPED,
	M_DEAD, /* and nobody waited for it yet */
};

/* What an LWP's call was, or will be, answered with. */
enum m_out {
	M_PENDING,
	M_ERROR, /* and words, with error 0 */
	M_HANDLER,
	M_REGS,
};

struct m_proc;

struct m_lwp {
	bool used;
	struct m_proc *proc;
	int32_t lid;
	enum m_where where;
	enum m_how stopped; /* M_STOPPED */
	bool ast; /* it was interrupted */
	bool cancelled; /* out of ttysrv, before that */
	bool detached, suspended, unparked;
	uint64_t mask;
	bool has_old;
	uint64_t old; /* the mask that sigsuspend() puts back */
	struct m_queue pending;
	uint64_t sigwait;
	uint64_t deadline; /* M_FOREVER: none */
	uint64_t deadline_set; /* the order of equal ones */
	uint32_t idtype, options; /* M_WAIT */
	int32_t id;
	int32_t join;
	uint64_t futex; /* M_FUTEX: the address */
	int32_t vfork_pid;
	int handlers; /* it is in so many */
	bool no_stack; /* no handler's frame can be written */

	enum m_out out;
	int error;
	bool has_word;
	uint64_t word; /* the first of the answer, if it is to be compared */
	struct m_info info; /* M_HANDLER; or of sigtimedwait */
	uint64_t saved; /* mask in the frame */
	int label; /* what the interrupted call returns */
	int tty_label; /* what ttysrv's answer was, if cancelled */
	bool tty_kept; /* it is in the frame */

	/* The simulator's own. */
	uint64_t identity, token;
};

struct m_action {
	uint64_t handler, mask;
	uint32_t flags;
};

struct m_actions {
	struct m_action of[PROC_NSIG];
};

enum m_state { M_FREE, M_ACTIVE, M_PSTOPPED, M_ZOMBIE };

struct m_group {
	bool used;
	int32_t pgid, sid;
	struct m_list members;
};

struct m_proc {
	enum m_state state;
	int32_t pid, exitsig, status;
	struct m_proc *parent;
	struct m_list children; /* latest born or dead first */
	struct m_list lwps;
	struct m_group *group;
	uint32_t ruid, euid, suid;
	int32_t nice;
	bool sugid, nocldwait, cldsigign, nocldstop, afork;
	bool doomed, exiting;
	int32_t exit_status;
	int stop; /* the signal it stops by, or 0 */
	bool report_stop, report_cont;
	bool is_vfork; /* not yet exec'd or exited */
	struct m_lwp *vforker; /* NULL: gone */
	struct m_actions *actions; /* shared with SHARESIGS */
	struct m_queue pending;
	uint64_t soft[PROC_LIMIT_COUNT], hard[PROC_LIMIT_COUNT];
	int space; /* a number; shared with SHAREVM */
	int32_t last_lid;
	uint64_t alarm, alarm_set, interval; /* alarm M_FOREVER: none */
};

struct m_world {
	struct m_proc proc[M_PROCS]; /* the first is init */
	struct m_lwp lwp[M_PROCS * M_LWPS];
	struct m_group group[M_PROCS];
	struct m_actions actions[M_PROCS];
	uint64_t now, timers_set;
	int64_t maxproc, forkfsleep;
	int64_t forks, forks_ppwait, forks_sharevm;
	int spaces_made;
	int32_t foreground; /* 0: none */
	struct m_list doomed;
	struct m_lwp *last; /* whose handler is yet to be entered */
	bool last_bad; /* or who has no registers to go on with */
	/* Tokens of calls that died with their LWP. */
	int ngone;
	uint64_t gone[M_PROCS * M_LWPS];
	uint32_t pid_slots; /* as many as the table of pids has: kill(-1) */
};
extern struct m_world m;

/* Lists. */
void m_insert(struct m_list *list, int at, void *item);
void m_remove(struct m_list *list, const void *item);
int m_index(const struct m_list *list, const void *item); /* -1 */

/* proc_model.c */
void m_start(void);
struct m_proc *m_init(void);
struct m_proc *m_find(int32_t pid); /* zombies too */
struct m_lwp *m_lwp_new(struct m_proc *p);
void m_lwp_gone(struct m_lwp *l); /* its thread ends, and the record */
int m_lwps_alive(const struct m_proc *p);
bool m_ending(const struct m_proc *p);
int m_count_procs(void);
int m_count_user(uint32_t uid);
int m_fork_refused(const struct m_proc *p); /* 0 or EAGAIN */
int m_fork_check(uint32_t flags, int32_t exitsig);
int m_fork_sleeps(struct m_lwp *l); /* what a refused fork returns */
/* After all checks; the child gets its pid from outside. */
struct m_proc *m_fork(
    struct m_lwp *l, uint32_t flags, int32_t exitsig, int32_t pid);
void m_exit(struct m_proc *p, int32_t status);
void m_exec(struct m_lwp *l);
bool m_exec_over(const struct m_proc *p);
void m_doom(struct m_proc *p, int signal);
void m_doomed(void); /* the end of each request */
void m_last(struct m_lwp *l, bool bad);
bool m_resumed(struct m_proc *p); /* exits rather than go on */
void m_time(uint64_t now);
void m_reap(struct m_proc *p);
void m_leave_group(struct m_proc *p);
struct m_actions *m_actions_new(const struct m_actions *from);
void m_actions_drop(struct m_proc *p);
int m_actions_refs(const struct m_actions *actions);

/* proc_model_wait.c */
int m_wait(struct m_lwp *l, uint32_t idtype, int32_t id, uint32_t options);
/* The same, and its answer is lost: nothing is consumed by it. */
void m_wait_lost(
    struct m_lwp *l, uint32_t idtype, int32_t id, uint32_t options);
void m_wait_again(struct m_proc *p);

/* proc_model_group.c */
struct m_group *m_group(int32_t pgid);
int m_setpgid(struct m_lwp *l, int32_t pid, int32_t pgid);
int m_setsid(struct m_lwp *l);
int m_foreground(const struct m_lwp *l, bool set, int32_t pgid, int32_t *now);
void m_key(int signal);
bool m_orphaned(const struct m_group *g, const struct m_proc *leaving);
void m_orphans_exit(const struct m_proc *p);
int m_setids(struct m_proc *p, uint32_t which, uint32_t a, uint32_t b);
int m_setrlimit(
    struct m_proc *p, uint32_t resource, uint64_t soft, uint64_t hard);
/* *nicep: to be set; then the lowest of them. */
int m_priority(const struct m_proc *p, uint32_t which, uint32_t who, bool set,
    int32_t *nicep);

/* proc_model_signal.c */
uint64_t m_set(const struct m_queue *q);
void m_drop(struct m_queue *q, uint64_t set);
uint64_t m_held(const struct m_lwp *l);
uint64_t m_due(const struct m_lwp *l); /* signals that it is to take */
bool m_caught(const struct m_proc *p, int signal);
bool m_ignored(const struct m_proc *p, int signal);
bool m_interruptible(const struct m_lwp *l);
void m_interrupt(struct m_lwp *l);
int m_interrupted(struct m_lwp *l); /* what a wait is refused with */
int m_send(struct m_proc *p, struct m_lwp *only, const struct m_info *info,
    struct m_lwp *self);
void m_pass_on(struct m_lwp *l);
int m_kill(
    struct m_lwp *l, int32_t pid, int32_t signal, int32_t code, uint64_t value);
int m_sigaction(struct m_proc *p, int signal, const struct m_action *action);
void m_mask(struct m_lwp *l, uint64_t mask);
void m_stop_begin(struct m_proc *p, int signal);
void m_stop_end(struct m_proc *p);
void m_stop_check(struct m_proc *p);
void m_stop_forget(struct m_proc *p);
void m_stop_lwp(struct m_lwp *l);

/* proc_model_take.c */
void m_wake(struct m_lwp *l, const struct m_lwp *self);
void m_answer(struct m_lwp *l, enum m_how how);
enum m_how m_how_of(const struct m_lwp *l);
int m_done(struct m_lwp *l, int error); /* the end of kill() and its like */
void m_enter(struct m_lwp *l, enum m_how how, const struct m_info *info);
void m_resume(struct m_lwp *l);
void m_ast(struct m_lwp *l);
void m_fault(struct m_lwp *l, const struct m_info *info);
int m_sigsuspend(struct m_lwp *l, uint64_t set);
int m_sigwait(struct m_lwp *l, uint64_t set, uint64_t deadline);
int m_sigreturn(struct m_lwp *l, uint64_t mask);
int m_sleep(struct m_lwp *l, uint64_t deadline);
void m_block(struct m_lwp *l, enum m_where where, uint64_t deadline);
void m_end(struct m_lwp *l, int error); /* of a wait */
void m_word(struct m_lwp *l, uint32_t low, int32_t high); /* result */

/* proc_model_lwp.c */
struct m_lwp *m_lwp(const struct m_proc *p, int32_t lid);
int m_lwp_create_check(const struct m_lwp *l, uint32_t flags);
struct m_lwp *m_lwp_create(struct m_lwp *l, uint32_t flags);
void m_lwp_exit(struct m_lwp *l);
int m_lwp_wait(struct m_lwp *l, int32_t lid, int32_t *endedp);
int m_lwp_detach(struct m_lwp *l, int32_t lid);
int m_lwp_suspend(struct m_lwp *l, int32_t lid);
int m_lwp_continue(struct m_lwp *l, int32_t lid);
int m_lwp_kill(struct m_lwp *l, int32_t lid, int32_t signal);
int m_lwp_park(struct m_lwp *l, uint64_t deadline, int32_t unpark);
int m_lwp_unpark(struct m_proc *p, int32_t lid);
/* same: the word has the value. */
int m_futex_wait(
    struct m_lwp *l, uint64_t address, uint64_t deadline, bool same);
int m_futex_wake(
    struct m_lwp *l, uint64_t address, uint32_t count, uint32_t *wokenp);

#endif
