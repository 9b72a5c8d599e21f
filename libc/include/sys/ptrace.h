/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sys/ptrace.h - tracing processes.  The numbers are NetBSD's.
 */
#ifndef _SYS_PTRACE_H_
#define _SYS_PTRACE_H_

#include <sys/cdefs.h>
#include <sys/siginfo.h>
#include <sys/types.h>

#define PT_TRACE_ME 0
#define PT_READ_I 1
#define PT_READ_D 2
#define PT_WRITE_I 4
#define PT_WRITE_D 5
#define PT_CONTINUE 7
#define PT_KILL 8
#define PT_ATTACH 9
#define PT_DETACH 10
#define PT_IO 11
#define PT_DUMPCORE 12
#define PT_LWPINFO 13
#define PT_SYSCALL 14
#define PT_SYSCALLEMU 15
#define PT_SET_EVENT_MASK 16
#define PT_GET_EVENT_MASK 17
#define PT_GET_PROCESS_STATE 18
#define PT_SET_SIGINFO 19
#define PT_GET_SIGINFO 20
#define PT_RESUME 21
#define PT_SUSPEND 22
#define PT_STOP 23
/* Of the machine. */
#define PT_FIRSTMACH 32
#define PT_STEP (PT_FIRSTMACH + 0)
#define PT_GETREGS (PT_FIRSTMACH + 1)
#define PT_SETREGS (PT_FIRSTMACH + 2)
#define PT_GETFPREGS (PT_FIRSTMACH + 3)
#define PT_SETFPREGS (PT_FIRSTMACH + 4)

/* Events that a tracer is told of. */
#define PTRACE_FORK 0x0001
#define PTRACE_VFORK 0x0002
#define PTRACE_VFORK_DONE 0x0004
#define PTRACE_LWP_CREATE 0x0008
#define PTRACE_LWP_EXIT 0x0010

#ifndef _LWPID_T_DECLARED
#define _LWPID_T_DECLARED
typedef __int32_t lwpid_t;
#endif

/* PT_SET_EVENT_MASK, PT_GET_EVENT_MASK */
typedef struct ptrace_event {
	int pe_set_event;
} ptrace_event_t;

/* PT_GET_PROCESS_STATE */
typedef struct ptrace_state {
	int pe_report_event;
	union {
		pid_t _pe_other_pid;
		lwpid_t _pe_lwp;
	} _option;
} ptrace_state_t;
#define pe_other_pid _option._pe_other_pid
#define pe_lwp _option._pe_lwp

/* PT_IO */
struct ptrace_io_desc {
	int piod_op;
	void *piod_offs; /* in the traced process */
	void *piod_addr; /* in the tracer */
	size_t piod_len; /* in: wanted; out: done */
};
#define PIOD_READ_D 1
#define PIOD_WRITE_D 2
#define PIOD_READ_I 3
#define PIOD_WRITE_I 4
#define PIOD_READ_AUXV 5

/* PT_LWPINFO */
struct ptrace_lwpinfo {
	lwpid_t pl_lwpid;
	int pl_event;
};
#define PL_EVENT_NONE 0
#define PL_EVENT_SIGNAL 1
#define PL_EVENT_SUSPENDED 2

/* PT_SET_SIGINFO, PT_GET_SIGINFO */
typedef struct ptrace_siginfo {
	siginfo_t psi_siginfo;
	lwpid_t psi_lwpid; /* 0: of the process */
} ptrace_siginfo_t;

__BEGIN_DECLS

int ptrace(int, pid_t, void *, int);

__END_DECLS

#endif
