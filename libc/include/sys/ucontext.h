/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sys/ucontext.h - the state of a thread, as a signal handler's third
 * argument shows it and as setcontext() takes it up.
 *
 * The layout is that of struct proc_ucontext and the kernel's struct regs
 * behind it.  What a handler changes in uc_sigmask and uc_mcontext holds once
 * it returns.
 */
#ifndef _SYS_UCONTEXT_H_
#define _SYS_UCONTEXT_H_

#include <sys/_sigset.h>
#include <sys/types.h>

#ifndef _SIGSET_T_DECLARED
#define _SIGSET_T_DECLARED
typedef __sigset_t sigset_t;
#endif

typedef struct sigaltstack {
	void *ss_sp;
	size_t ss_size;
	int ss_flags;
} stack_t;

typedef __uint64_t __greg_t;
typedef __greg_t __gregset_t[32];
typedef union {
	double __d;
	__uint64_t __u64;
} __fpreg_t;
typedef __fpreg_t __fregset_t[33];

/* Indices into __gregs; x0 is always 0 and its place is the pc's. */
#define _REG_PC 0
#define _REG_RA 1
#define _REG_SP 2
#define _REG_GP 3
#define _REG_TP 4
#define _REG_T0 5
#define _REG_S0 8
#define _REG_A0 10
#define _REG_RV _REG_A0
#define _REG_A7 17
#define _REG_S2 18
#define _REG_T3 28
#define _REG_T6 31

/* Indices into __fregs. */
#define _REG_F0 0
#define _REG_F31 31
#define _REG_FPCSR 32

typedef struct mcontext {
	__gregset_t __gregs;
	__fregset_t __fregs;
} mcontext_t;

typedef struct __ucontext ucontext_t;
struct __ucontext {
	unsigned long uc_flags;
	ucontext_t *uc_link; /* what goes on when this one's function returns */
	sigset_t uc_sigmask;
	stack_t uc_stack;
	__uint64_t __spare;
	mcontext_t uc_mcontext;
};

#define _UC_MACHINE_PC(uc) ((uc)->uc_mcontext.__gregs[_REG_PC])
#define _UC_MACHINE_SP(uc) ((uc)->uc_mcontext.__gregs[_REG_SP])
#define _UC_MACHINE_FP(uc) ((uc)->uc_mcontext.__gregs[_REG_S0])
#define _UC_MACHINE_INTRV(uc) ((uc)->uc_mcontext.__gregs[_REG_RV])

#endif
