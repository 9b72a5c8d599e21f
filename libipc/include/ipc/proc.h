/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * proc.h - the protocol of procsrv; see proc.def.
 */
#ifndef TINE_IPC_PROC_H
#define TINE_IPC_PROC_H

#define IPC_PROTOCOL proc
#define IPC_DEF <ipc/proc.def>
#include <ipc/expand.h>
#undef IPC_PROTOCOL
#undef IPC_DEF

/* How a child comes to be: NetBSD's sys/proc.h. */
#define FORK_PPWAIT 0x01u
#define FORK_SHAREVM 0x02u
#define FORK_SHARECWD 0x04u
#define FORK_SHAREFILES 0x08u
#define FORK_SHARESIGS 0x10u
#define FORK_NOWAIT 0x20u
#define FORK_CLEANFILES 0x40u
#define FORK_SYSTEM 0x80u

/* Which identity proc_setids() sets. */
enum proc_setid {
	PROC_SETUID = 1, /* setuid(a) */
	PROC_SETEUID = 2, /* seteuid(a) */
	PROC_SETREUID = 3, /* setreuid(a, b); -1: leave */
	PROC_SETGID = 4,
	PROC_SETEGID = 5,
	PROC_SETREGID = 6,
};

/* Values that proc_sysctl() reads and, for root, sets. */
enum proc_sysctl_name {
	SYSCTL_MAXPROC = 1, /* kern.maxproc */
	SYSCTL_NPROCS = 2, /* processes now, process 0 and zombies included */
	SYSCTL_FORKS = 3, /* successful forks of every kind */
	SYSCTL_FORKS_PPWAIT = 4,
	SYSCTL_FORKS_SHAREVM = 5,
	SYSCTL_FORKFSLEEP = 6, /* kern.forkfsleep, milliseconds (F13) */
};

/* States in proc_list()'s reply. */
enum proc_state {
	PROC_IDLE = 1, /* being created */
	PROC_ACTIVE = 2,
	PROC_STOPPED = 3,
	PROC_ZOMBIE = 4,
};

#define PROC_NAME_MAX 24

/* Resources of proc_getrlimit(): NetBSD's sys/resource.h. */
enum proc_limit {
	PROC_LIMIT_CPU = 0,
	PROC_LIMIT_FSIZE = 1,
	PROC_LIMIT_DATA = 2,
	PROC_LIMIT_STACK = 3,
	PROC_LIMIT_CORE = 4,
	PROC_LIMIT_RSS = 5,
	PROC_LIMIT_MEMLOCK = 6,
	PROC_LIMIT_NPROC = 7,
	PROC_LIMIT_NOFILE = 8,
	PROC_LIMIT_SBSIZE = 9,
	PROC_LIMIT_AS = 10,
	PROC_LIMIT_NTHR = 11,
	PROC_LIMIT_COUNT
};
#define PROC_LIMIT_INFINITY (~0ul >> 1)

/* Options of proc_wait(): NetBSD's sys/wait.h. */
#define PROC_WAIT_NOHANG 0x00000001u
#define PROC_WAIT_UNTRACED 0x00000002u
#define PROC_WAIT_ALTSIG 0x00000004u
#define PROC_WAIT_ALLSIG 0x00000008u
#define PROC_WAIT_CONTINUED 0x00000010u
#define PROC_WAIT_EXITED 0x00000020u
#define PROC_WAIT_TRAPPED 0x00000040u
#define PROC_WAIT_NOWAIT 0x00010000u
#define PROC_WAIT_NOZOMBIE 0x00020000u

/* Whom proc_wait() waits for: NetBSD's idtype_t, of those that there are. */
enum proc_idtype {
	PROC_P_ALL = 0, /* P_ALL */
	PROC_P_PID = 1, /* P_PID */
	PROC_P_PGID = 4, /* P_PGID; id 0: the caller's group */
};

/* Whom proc_priority() is about: NetBSD's sys/resource.h. */
enum proc_priority_which {
	PROC_PRIO_PROCESS = 0,
	PROC_PRIO_PGRP = 1,
	PROC_PRIO_USER = 2,
};

/* NetBSD's sys/signal.h and sys/sigtypes.h. */
#define PROC_SIG_DFL 0ul
#define PROC_SIG_IGN 1ul
#define PROC_SIG_BLOCK 1u
#define PROC_SIG_UNBLOCK 2u
#define PROC_SIG_SETMASK 3u
#define PROC_SA_ONSTACK 0x01u
#define PROC_SA_RESTART 0x02u
#define PROC_SA_RESETHAND 0x04u
#define PROC_SA_NOCLDSTOP 0x08u
#define PROC_SA_NODEFER 0x10u
#define PROC_SA_NOCLDWAIT 0x20u
#define PROC_SA_SIGINFO 0x40u
#define PROC_SA_ALL 0x7fu
#define PROC_SS_ONSTACK 1u
#define PROC_SS_DISABLE 4u
#define PROC_MINSIGSTKSZ 2048u

/* si_code: NetBSD's sys/siginfo.h. */
#define PROC_SI_USER 0
#define PROC_SI_QUEUE (-1)
#define PROC_SI_TIMER (-2)
#define PROC_SI_LWP (-5)

/* NetBSD's sys/lwp.h. */
#define PROC_LWP_DETACHED 0x40u
#define PROC_LWP_SUSPENDED 0x80u

/* Interval timers: NetBSD's sys/time.h. */
#define PROC_ITIMER_REAL 0u
#define PROC_ITIMER_VIRTUAL 1u
#define PROC_ITIMER_PROF 2u

/* proc_timer_create(): timers of a process, and the most overruns told. */
#define PROC_TIMER_MAX 32
#define PROC_TIMER_OVERRUNS 0x7fffffffu

/* What proc_timer_set() does. */
#define PROC_TIMER_ASK 0u
#define PROC_TIMER_RELATIVE 1u
#define PROC_TIMER_ABSOLUTE 2u

/* Whose time proc_cputime() tells. */
#define PROC_CPUTIME_PROCESS 0u
#define PROC_CPUTIME_LWP 1u

/* A deadline that never comes. */
#define PROC_FOREVER (~0ul)

/*
 * What a handler finds on its stack, below the saved struct regs: the head of
 * reply_signal.  libc's siginfo_t and ucontext_t have this layout.
 */
struct proc_siginfo {
	int32_t signo;
	int32_t code;
	int32_t error; /* si_errno: always 0 */
	int32_t status; /* of SIGCHLD */
	int32_t pid;
	uint32_t uid;
	uint64_t value; /* si_value */
	uint64_t address; /* si_addr, of faults */
	uint64_t spare[3];
};
struct proc_ucontext {
	uint64_t flags; /* 0 */
	uint64_t link; /* 0 */
	uint64_t mask; /* to be put back, as uc_sigmask's first two words */
	uint64_t mask_high; /* the other two: 0 */
	uint64_t stack_sp;
	uint64_t stack_size;
	uint32_t stack_flags;
	uint32_t unused;
	uint64_t spare;
	/* Then struct regs: uc_mcontext. */
};
struct proc_sigframe {
	struct proc_siginfo info;
	struct proc_ucontext context;
};
_Static_assert(sizeof(struct proc_sigframe) % 16 == 0, "a head of a delivery");
_Static_assert(sizeof(struct proc_sigframe) <= SIGNAL_HEAD_MAX, "likewise");

/* Pids, exec's strings with their pointers, and a path with its NUL. */
#define PROC_PID_MAX 30000
#define PROC_CHILD_MAX 160
#define PROC_ARG_MAX 65536
#define PROC_PATH_MAX 1024
#define PROC_NSIG 64

#endif
