/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sysctl.c - values that can be read, and set by root.
 */
#include "sysctl.h"

#include <abi/errors.h>
#include <ipc/proc.h>

#include "cred.h"
#include "fork.h"
#include "limit.h"
#include "proc.h"
#include "sleep.h"

int
sysctl_get(uint32_t name, int64_t *oldp)
{
	switch (name) {
	case SYSCTL_MAXPROC:
		*oldp = maxproc;
		return 0;
	case SYSCTL_NPROCS:
		*oldp = nprocs;
		return 0;
	case SYSCTL_FORKS:
		*oldp = (int64_t)fork_statistics.forks;
		return 0;
	case SYSCTL_FORKS_PPWAIT:
		*oldp = (int64_t)fork_statistics.ppwait;
		return 0;
	case SYSCTL_FORKS_SHAREVM:
		*oldp = (int64_t)fork_statistics.sharevm;
		return 0;
	case SYSCTL_FORKFSLEEP:
		*oldp = forkfsleep;
		return 0;
	default:
		return TINE_ENOENT;
	}
}

/* F16: set a value that is in effect at once. */
static int
value_set(uint32_t *variable, int64_t value, int64_t most)
{
	if (value < 0 || value > most)
		return TINE_EINVAL;
	*variable = (uint32_t)value;
	return 0;
}

int
sysctl_set(const struct proc *proc, uint32_t name, int64_t value)
{
	int64_t old;
	int error;

	error = sysctl_get(name, &old);
	if (error)
		return error;
	if (proc->cred->euid != 0)
		return TINE_EPERM;
	switch (name) {
	case SYSCTL_MAXPROC:
		/* It may be below the present count: then nobody forks. */
		return value_set(&maxproc, value, PROC_PID_MAX - 1);
	case SYSCTL_FORKFSLEEP:
		return value_set(&forkfsleep, value, FORKFSLEEP_MAX);
	default:
		return TINE_EPERM;
	}
}
