/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * exitcall.h - procsrv's exit request in numbers that assembly understands.
 *
 * tine-bench.c asserts that they are those of the protocol.
 */
#ifndef TINE_BENCH_EXITCALL_H
#define TINE_BENCH_EXITCALL_H

#define EXITCALL_SYSCALL 1 /* SYS_call */
#define EXITCALL_SLOT 1 /* SLOT_PROC */
#define EXITCALL_INFO 0x10002 /* MSG_INFO(proc_exit_call, 1) */

#endif
