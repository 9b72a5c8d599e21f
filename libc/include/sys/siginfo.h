/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sys/siginfo.h - why a signal came.  The numbers are NetBSD's.
 *
 * Which members say something depends on the signal and si_code.  The layout
 * is that of struct proc_siginfo, which procsrv writes on a handler's stack.
 */
#ifndef _SYS_SIGINFO_H_
#define _SYS_SIGINFO_H_

#include <sys/types.h>

union sigval {
	int sival_int;
	void *sival_ptr;
};
typedef union sigval sigval_t;

typedef struct siginfo {
	int si_signo;
	int si_code;
	int si_errno; /* always 0 */
	int si_status; /* SIGCHLD: exit code, or the signal */
	pid_t si_pid; /* who sent it, or the child */
	uid_t si_uid; /* likewise; the real one */
	union sigval si_value; /* of sigqueue() */
	void *si_addr; /* where a fault was */
	__uint64_t __spare[3];
} siginfo_t;
#define si_sigval si_value

/* si_code of any signal. */
#define SI_USER 0 /* kill() */
#define SI_QUEUE (-1) /* sigqueue() */
#define SI_TIMER (-2) /* a timer */
#define SI_ASYNCIO (-3) /* asynchronous input or output has ended */
#define SI_MESGQ (-4) /* a message came to an empty queue */
#define SI_LWP (-5) /* _lwp_kill() or raise() */
#define SI_NOINFO 32767 /* there is nothing to tell */

/* SIGILL */
#define ILL_ILLOPC 1 /* illegal opcode */
#define ILL_ILLOPN 2 /* illegal operand */
#define ILL_ILLADR 3 /* illegal addressing mode */
#define ILL_ILLTRP 4 /* illegal trap */
#define ILL_PRVOPC 5 /* privileged opcode */
#define ILL_PRVREG 6 /* privileged register */
#define ILL_COPROC 7 /* coprocessor */
#define ILL_BADSTK 8 /* stack */

/* SIGFPE; RISC-V's floating point and division do not trap. */
#define FPE_INTDIV 1 /* integer divided by zero */
#define FPE_INTOVF 2 /* integer overflow */
#define FPE_FLTDIV 3 /* divided by zero */
#define FPE_FLTOVF 4 /* overflow */
#define FPE_FLTUND 5 /* underflow */
#define FPE_FLTRES 6 /* inexact */
#define FPE_FLTINV 7 /* invalid operation */
#define FPE_FLTSUB 8 /* subscript out of range */

/* SIGSEGV */
#define SEGV_MAPERR 1 /* nothing is mapped there */
#define SEGV_ACCERR 2 /* not for that access */

/* SIGBUS */
#define BUS_ADRALN 1 /* alignment */
#define BUS_ADRERR 2 /* no such physical address */
#define BUS_OBJERR 3 /* an error of the hardware */

/* SIGTRAP */
#define TRAP_BRKPT 1 /* breakpoint */
#define TRAP_TRACE 2 /* single step */
#define TRAP_EXEC 3 /* a program is executed */
#define TRAP_CHLD 4 /* fork, vfork or clone */
#define TRAP_LWP 5 /* an LWP begins or ends */
#define TRAP_DBREG 6 /* hardware debug register */
#define TRAP_SCE 7 /* system call entry */
#define TRAP_SCX 8 /* system call exit */

/* SIGCHLD */
#define CLD_EXITED 1
#define CLD_KILLED 2
#define CLD_DUMPED 3 /* killed, with a core file */
#define CLD_TRAPPED 4 /* a traced child has stopped */
#define CLD_STOPPED 5
#define CLD_CONTINUED 6

#endif
