/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * process.c - the end of processes.
 */
#include "internal.h"
#include "forkcall.h"

#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <unistd.h>

#include <abi/syscalls.h>
#include <ipc/proc.h>

_Static_assert(FORKCALL_SYSCALL == SYS_call, "syscalls.def");
_Static_assert(FORKCALL_SLOT == SLOT_PROC, "slots.h");
#define FORK_WORDS IPC_COUNT(sizeof(struct proc_fork_req))
_Static_assert(FORKCALL_INFO == MSG_INFO(proc_fork_call, FORK_WORDS), "");
_Static_assert(1ul << FORKCALL_LABEL_BITS == MSG_LABEL_MASK + 1, "msg.h");
_Static_assert(offsetof(struct proc_fork_req, flags) == 0, "proc.def");
_Static_assert(offsetof(struct proc_fork_req, exitsig) == 4, "proc.def");
_Static_assert(offsetof(struct proc_fork_rep, pid) == 0, "proc.def");
_Static_assert(FORKCALL_PPWAIT == FORK_PPWAIT, "proc.h");
_Static_assert(FORKCALL_SHAREVM == FORK_SHAREVM, "proc.h");
_Static_assert(FORKCALL_EXITSIG == SIGCHLD, "signal.h");
_Static_assert(FORKCALL_NSIG == NSIG, "signal.h");
_Static_assert(FORKCALL_CSIGNAL == CLONE_CSIGNAL, "sched.h");
_Static_assert(FORKCALL_VM == CLONE_VM, "sched.h");
_Static_assert(FORKCALL_SIGHAND == CLONE_SIGHAND, "sched.h");
_Static_assert(FORKCALL_REFUSED == (CLONE_PID | CLONE_PTRACE), "sched.h");
#define SHARE(flag) ((flag) >> FORKCALL_SHARES_SHIFT)
_Static_assert(SHARE(CLONE_VM) == FORK_SHAREVM, "sched.h");
_Static_assert(SHARE(CLONE_FS) == FORK_SHARECWD, "sched.h");
_Static_assert(SHARE(CLONE_FILES) == FORK_SHAREFILES, "sched.h");
_Static_assert(SHARE(CLONE_SIGHAND) == FORK_SHARESIGS, "sched.h");
_Static_assert(
    FORKCALL_SHARES == SHARE(CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND),
    "sched.h");
_Static_assert(CLONE_VFORK >> FORKCALL_VFORK_SHIFT == FORK_PPWAIT, "sched.h");

/* End without further ado: nothing is flushed, no handler runs. */
void
_exit(int status)
{
	struct proc_exit_req req = {.status = status};
	struct proc_exit_rep rep;

	(void)proc_exit(SLOT_PROC, &req, &rep);
	/* Nobody answers that; whoever gets here has lost procsrv. */
	__builtin_trap();
}
