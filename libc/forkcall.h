/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * forkcall.h - procsrv's fork request in numbers that assembly understands.
 *
 * process.c asserts that they are those of the protocol.
 */
#ifndef TINE_LIBC_FORKCALL_H
#define TINE_LIBC_FORKCALL_H

#define FORKCALL_SYSCALL 1 /* SYS_call */
#define FORKCALL_SLOT 1 /* SLOT_PROC */
#define FORKCALL_INFO 0x20001 /* MSG_INFO(proc_fork_call, 2) */
#define FORKCALL_LABEL_BITS 16
#define FORKCALL_PPWAIT 0x01
#define FORKCALL_SHAREVM 0x02
#define FORKCALL_EXITSIG 20 /* SIGCHLD */
#define FORKCALL_NSIG 64

/* The flags of clone(), and how far they are from those of fork. */
#define FORKCALL_CSIGNAL 0xff
#define FORKCALL_VM 0x100
#define FORKCALL_SIGHAND 0x800
#define FORKCALL_REFUSED 0x3000 /* CLONE_PID, CLONE_PTRACE */
#define FORKCALL_SHARES 0x1e /* FORK_SHAREVM to _SHARESIGS */
#define FORKCALL_SHARES_SHIFT 7
#define FORKCALL_VFORK_SHIFT 14

#endif
