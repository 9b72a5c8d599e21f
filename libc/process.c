/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * process.c - the end of processes, and waiting for it.
 */
#include "internal.h"
#include "forkcall.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
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
_Static_assert(WNOHANG == PROC_WAIT_NOHANG, "sys/wait.h");
_Static_assert(WUNTRACED == PROC_WAIT_UNTRACED, "sys/wait.h");
_Static_assert(WCONTINUED == PROC_WAIT_CONTINUED, "sys/wait.h");
_Static_assert(WNOZOMBIE == PROC_WAIT_NOZOMBIE, "sys/wait.h");
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
_Static_assert(FORKCALL_SHARES == SHARE(CLONE_VM | CLONE_FS | CLONE_FILES |
	CLONE_SIGHAND), "sched.h");
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

static struct timeval
ticks_to_timeval(uint64_t ticks)
{
	uint64_t timebase = __tine_timebase();
	struct timeval result = {0};

	if (timebase != 0) {
		result.tv_sec = (time_t)(ticks / timebase);
		result.tv_usec =
		    (suseconds_t)(ticks % timebase * 1000000 / timebase);
	}
	return result;
}

/*
 * Wait for a child to end (or, with options, to stop).  Returns its pid; 0
 * with WNOHANG and none that has; or -1 with errno
 *	ECHILD	there is no such child
 *	EINVAL	unknown options
 */
pid_t
wait4(pid_t pid, int *status, int options, struct rusage *usage)
{
	struct proc_wait_req req = {
	    .idtype = pid > 0	   ? PROC_P_PID
		      : pid == -1 ? PROC_P_ALL
				  : PROC_P_PGID,
	    .id = pid > 0 ? pid : (int32_t)(0u - (uint32_t)pid),
	    .options = (uint32_t)options,
	};
	struct proc_wait_rep rep;
	int error;

	error = proc_wait(SLOT_PROC, &req, &rep);
	if (error)
		return __tine_fail(error);
	if (rep.pid != 0 && status != NULL)
		*status = rep.status;
	if (rep.pid != 0 && usage != NULL) {
		memset(usage, 0, sizeof(*usage));
		usage->ru_utime = ticks_to_timeval(rep.user);
		usage->ru_stime = ticks_to_timeval(rep.system);
	}
	return rep.pid;
}

pid_t
wait3(int *status, int options, struct rusage *usage)
{
	return wait4(WAIT_ANY, status, options, usage);
}

pid_t
waitpid(pid_t pid, int *status, int options)
{
	return wait4(pid, status, options, NULL);
}

pid_t
wait(int *status)
{
	return wait4(WAIT_ANY, status, 0, NULL);
}
