/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * exit.h - the end of processes.
 */
#ifndef TINE_PROCSRV_EXIT_H
#define TINE_PROCSRV_EXIT_H

#include <abi/types.h>

struct proc;

/* wait()'s status of a process that exited, or that a signal ended. */
#define STATUS_EXIT(code) (((code)&0xff) << 8)
#define STATUS_SIGNAL(signal) (signal)

/*
 * End a process with a status: it becomes a zombie, its children init's, and
 * its parent learns of it.  The record may be gone on return.
 */
void exit1(struct proc *proc, int32_t status);

/*
 * Have a process die of a signal soon: exit_doomed() does it.  Until then it
 * stays as it is, so that lists may be walked meanwhile.  While it waits for
 * a vfork child, its death is put off until that execs or exits (F50).
 */
void proc_doom(struct proc *proc, int32_t signal);

/* End all processes that are doomed; at the end of each request. */
void exit_doomed(void);

/* Let go on who waits for proc as its vfork child; nobody: nothing (F53). */
void vfork_wake(struct proc *proc);

/* Drop one use of a space, with a thread in it. */
void exit_memory(uint64_t space, uint64_t thread);

#endif
