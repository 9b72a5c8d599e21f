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
	default:
		return TINE_ENOENT;
	}
}

int
sysctl_set(const struct proc *proc, uint32_t name, int64_t value)
{
	int64_t old;
	int error;

	error = sysctl_get(name, &old);
	if (error)
		return error;
	if (proc->cred->euid != 0 || name != SYSCTL_MAXPROC)
		return TINE_EPERM;
	if (value < 0 || value >= PROC_PID_MAX)
		return TINE_EINVAL;
	/* It may be below the present count: then nobody forks. */
	maxproc = (uint32_t)value;
	return 0;
}
