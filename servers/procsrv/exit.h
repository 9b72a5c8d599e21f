/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * exit.h - the end of processes.
 */
#ifndef TINE_PROCSRV_EXIT_H
#define TINE_PROCSRV_EXIT_H

#include <abi/types.h>

struct lwp;
struct proc;

/* wait()'s status of a process that exited, or that a signal ended. */
#define STATUS_EXIT(code) (((code)&0xff) << 8)
#define STATUS_SIGNAL(signal) (signal)

/*
 * End a process with a status: its LWPs end, it becomes a zombie, its
 * children init's, and its parent learns of it.  The record may be gone on
 * return.  If LWPs of it wait for vfork children, they alone are left, and
 * the zombie comes when those exec or exit (F50); it is EXITING until then,
 * and the status stays the first one.
 */
void exit1(struct proc *proc, int32_t status);

/*
 * Have a process die of a signal soon: exit_doomed() does it.  Until then it
 * stays as it is, so that lists may be walked meanwhile.  Nothing happens to
 * one that is doomed or EXITING.
 */
void proc_doom(struct proc *proc, int32_t signal);

/* End all processes that are doomed; at the end of each request. */
void exit_doomed(void);

/*
 * An LWP of a process has come to the end of a wait in which it can't be
 * ended.  True: the process is exiting, and the LWP ends rather than go on.
 */
bool exit_resume(struct proc *proc);

/* Let go on who waits for proc as its vfork child; nobody: nothing (F53). */
void vfork_wake(struct proc *proc);

/*
 * End all LWPs of a process, but one (NULL: those that wait for vfork
 * children) that does not use this space.  With the last of those that do
 * the process's use of the space ends.
 */
void exit_lwps(struct proc *proc, const struct lwp *but, uint64_t space);

/* Destroy a thread in a space that its process goes on using. */
void exit_thread(uint64_t space, uint64_t thread);

/* Drop one use of a space, with the last thread of a process in it. */
void exit_memory(uint64_t space, uint64_t thread);

#endif
