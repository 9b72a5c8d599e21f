/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * wait.c - waiting for children.
 */
#include "internal.h"
#include "point.h"
#include "ticks.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/wait.h>

#include <abi/types.h>
#include <ipc/proc.h>

_Static_assert(WNOHANG == PROC_WAIT_NOHANG, "sys/wait.h");
_Static_assert(WUNTRACED == PROC_WAIT_UNTRACED, "sys/wait.h");
_Static_assert(WALTSIG == PROC_WAIT_ALTSIG, "sys/wait.h");
_Static_assert(WALLSIG == PROC_WAIT_ALLSIG, "sys/wait.h");
_Static_assert(WCONTINUED == PROC_WAIT_CONTINUED, "sys/wait.h");
_Static_assert(WEXITED == PROC_WAIT_EXITED, "sys/wait.h");
_Static_assert(WTRAPPED == PROC_WAIT_TRAPPED, "sys/wait.h");
_Static_assert(WNOWAIT == PROC_WAIT_NOWAIT, "sys/wait.h");
_Static_assert(WNOZOMBIE == PROC_WAIT_NOZOMBIE, "sys/wait.h");
_Static_assert((int)P_ALL == PROC_P_ALL, "sys/idtype.h");
_Static_assert((int)P_PID == PROC_P_PID, "sys/idtype.h");
_Static_assert((int)P_PGID == PROC_P_PGID, "sys/idtype.h");

/* What procsrv writes to prove that it can be written. */
#define WINDOW_BYTES sizeof(int32_t)

/*
 * Whether memory can certainly be written: it is in the page of the caller's
 * frame, as a status mostly is.
 */
static bool
is_writable(const void *memory)
{
	uintptr_t frame = (uintptr_t)__builtin_frame_address(0);
	uintptr_t first = (uintptr_t)memory;

	return ((first ^ frame) | ((first + WINDOW_BYTES - 1) ^ frame)) <
	       PAGE_SIZE;
}

/*
 * Returns an error, or 0 and the reply; its pid is 0: with WNOHANG, none.
 * Result (NULL: none) is what the caller has for the status: no news is
 * consumed if it can't be written.
 */
static int
wait_for(idtype_t idtype, id_t id, int options, void *result,
    struct proc_wait_rep *rep)
{
	struct proc_wait_req req = {
	    .idtype = (uint32_t)idtype,
	    .id = (int32_t)id,
	    .options = (uint32_t)options,
	    .write = result != NULL && !is_writable(result),
	};

	return POINT(TINE_RESTARTED(
	    proc_wait(SLOT_PROC, &req, rep, result, WINDOW_BYTES)));
}

/* Only times are counted. */
static struct rusage
usage_of(uint64_t user, uint64_t system)
{
	uint64_t frequency = __tine_timebase();

	if (frequency == 0)
		return (struct rusage){};
	return (struct rusage){
	    .ru_utime = ticks_to_timeval(user, frequency),
	    .ru_stime = ticks_to_timeval(system, frequency),
	};
}

/* si_code and si_status of a wait status. */
static void
siginfo_set_status(siginfo_t *info, int status)
{
	if (WIFEXITED(status)) {
		info->si_code = CLD_EXITED;
		info->si_status = WEXITSTATUS(status);
	} else if (WIFCONTINUED(status)) {
		info->si_code = CLD_CONTINUED;
		info->si_status = SIGCONT;
	} else if (WIFSTOPPED(status)) {
		info->si_code = CLD_STOPPED;
		info->si_status = WSTOPSIG(status);
	} else {
		info->si_code = WCOREDUMP(status) ? CLD_DUMPED : CLD_KILLED;
		info->si_status = WTERMSIG(status);
	}
}

/* What waitid() tells; all zeros if there was no child. */
static siginfo_t
siginfo_of(const struct proc_wait_rep *rep)
{
	siginfo_t info = {};

	if (rep->pid != 0) {
		info.si_signo = SIGCHLD;
		info.si_pid = rep->pid;
		info.si_uid = rep->uid;
		siginfo_set_status(&info, rep->status);
	}
	return info;
}

/*
 * Wait for a child that does what options select.  Returns its pid; 0 with
 * WNOHANG and none that has; or -1 with errno
 *	ECHILD	there is no such child
 *	EFAULT	the pointer for the status (without one, that for info) is bad:
 *		the child is still to be waited for
 *	EINTR	a handler ran
 *	EINVAL	unknown options, or none that selects; unknown idtype
 */
pid_t
wait6(idtype_t idtype, id_t id, int *status, int options, struct wrusage *usage,
    siginfo_t *info)
{
	struct proc_wait_rep rep;
	int error;

	error = wait_for(idtype, id, options,
	    status != NULL ? (void *)status : (void *)info, &rep);
	if (error)
		return __tine_fail(error);
	if (rep.pid != 0 && status != NULL)
		*status = rep.status;
	if (rep.pid != 0 && usage != NULL) {
		usage->wru_self = usage_of(rep.user, rep.system);
		usage->wru_children =
		    usage_of(rep.children_user, rep.children_system);
	}
	if (info != NULL)
		*info = siginfo_of(&rep);
	return rep.pid;
}

/* The same, but returns 0; info says for whom. */
int
waitid(idtype_t idtype, id_t id, siginfo_t *info, int options)
{
	return wait6(idtype, id, NULL, options, NULL, info) < 0 ? -1 : 0;
}

/*
 * Wait for a child to end (or, with options, to stop or to go on).  pid > 0:
 * this one; -1: any; 0 and less: of a process group.  The usage is that of
 * the child and of all that it waited for.  Otherwise as wait6().
 */
pid_t
wait4(pid_t pid, int *status, int options, struct rusage *usage)
{
	idtype_t idtype = P_PGID;
	struct proc_wait_rep rep;
	int error;

	if (pid > 0)
		idtype = P_PID;
	else if (pid == WAIT_ANY)
		idtype = P_ALL;
	error =
	    wait_for(idtype, pid > 0 ? (id_t)pid : (id_t)(0u - (unsigned)pid),
		options | WEXITED | WTRAPPED, status, &rep);
	if (error)
		return __tine_fail(error);
	if (rep.pid != 0 && status != NULL)
		*status = rep.status;
	if (rep.pid != 0 && usage != NULL)
		*usage = usage_of(rep.user + rep.children_user,
		    rep.system + rep.children_system);
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
