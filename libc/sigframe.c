/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sigframe.c - that a handler's arguments are laid out as procsrv and the
 * kernel write them.
 */
#include "sigcall.h"

#include <setjmp.h>
#include <signal.h>
#include <stddef.h>
#include <ucontext.h>

#include <abi/syscalls.h>
#include <abi/types.h>
#include <ipc/proc.h>

#define SIZE(type, member) sizeof(((type *)0)->member)
#define SAME(type, member, theirs, field) \
	_Static_assert(offsetof(type, member) == offsetof(theirs, field) && \
			   SIZE(type, member) == SIZE(theirs, field), \
	    #member)

#define INFO(member, field) SAME(siginfo_t, member, struct proc_siginfo, field)
INFO(si_signo, signo);
INFO(si_code, code);
INFO(si_errno, error);
INFO(si_status, status);
INFO(si_pid, pid);
INFO(si_uid, uid);
INFO(si_value, value);
INFO(si_addr, address);
_Static_assert(sizeof(siginfo_t) == sizeof(struct proc_siginfo), "");
_Static_assert(SI_USER == PROC_SI_USER, "sys/siginfo.h");
_Static_assert(SI_QUEUE == PROC_SI_QUEUE, "sys/siginfo.h");
_Static_assert(SI_TIMER == PROC_SI_TIMER, "sys/siginfo.h");
_Static_assert(SI_LWP == PROC_SI_LWP, "sys/siginfo.h");

#define CONTEXT(member, field) \
	SAME(ucontext_t, member, struct proc_ucontext, field)
CONTEXT(uc_flags, flags);
CONTEXT(uc_link, link); /* NOLINT: a pointer's size is meant */
CONTEXT(uc_stack.ss_sp, stack_sp);
CONTEXT(uc_stack.ss_size, stack_size);
CONTEXT(uc_stack.ss_flags, stack_flags);
_Static_assert(
    offsetof(ucontext_t, uc_sigmask) == offsetof(struct proc_ucontext, mask),
    "");
_Static_assert(
    SIZE(ucontext_t, uc_sigmask) == 2 * SIZE(struct proc_ucontext, mask), "");
_Static_assert(
    offsetof(ucontext_t, uc_mcontext) == sizeof(struct proc_ucontext), "");
SAME(mcontext_t, __gregs, struct regs, x);
_Static_assert(offsetof(mcontext_t, __fregs) == offsetof(struct regs, f), "");
_Static_assert(sizeof(mcontext_t) == sizeof(struct regs), "");

_Static_assert(SIGCALL_SYSCALL == SYS_call, "syscalls.def");
_Static_assert(SIGCALL_SLOT == SLOT_PROC, "slots.h");
_Static_assert(
    SIGCALL_INFO == (MSG_INFO(proc_sigreturn_call,
			 IPC_COUNT(sizeof(struct proc_sigreturn_req))) |
			WINDOW_IN),
    "proc.def");
_Static_assert(SIGCALL_REGS_BYTES == sizeof(struct regs), "types.h");
_Static_assert(
    SIGFRAME_MASK == offsetof(struct proc_sigframe, context.mask), "");
_Static_assert(SIGFRAME_REGS == sizeof(struct proc_sigframe), "");
_Static_assert(UCONTEXT_X == offsetof(ucontext_t, uc_mcontext.__gregs), "");
_Static_assert(UCONTEXT_F == offsetof(ucontext_t, uc_mcontext.__fregs), "");
_Static_assert(
    UCONTEXT_FCSR == offsetof(ucontext_t, uc_mcontext.__fregs[32]), "");

_Static_assert(offsetof(struct __sigjmp, __registers) == 0, "sigsetjmp.S");
_Static_assert(SIGJMP_SAVED == offsetof(struct __sigjmp, __saved), "");
