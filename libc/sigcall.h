/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sigcall.h - procsrv's sigreturn request, what lies on a handler's stack,
 * and contexts, in numbers that assembly understands.
 *
 * sigframe.c asserts that they are those of the protocol.
 */
#ifndef TINE_LIBC_SIGCALL_H
#define TINE_LIBC_SIGCALL_H

#define SIGCALL_SYSCALL 1 /* SYS_call */
#define SIGCALL_SLOT 1 /* SLOT_PROC */
/* MSG_INFO(proc_sigreturn_call, 1) | MSG_WINDOW_READ */
#define SIGCALL_INFO 0x101001b
#define SIGCALL_REGS_BYTES 520 /* sizeof(struct regs) */

/* From the base of the frame: struct proc_sigframe, then struct regs. */
#define SIGFRAME_MASK 80
#define SIGFRAME_REGS 128

/* In a ucontext_t. */
#define UCONTEXT_X 64
#define UCONTEXT_F 320
#define UCONTEXT_FCSR 576

/* In a sigjmp_buf. */
#define SIGJMP_SAVED 224

#endif
