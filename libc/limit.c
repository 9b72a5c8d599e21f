/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * limit.c - limits of a process, and values of the system.
 */
#include "internal.h"

#include <errno.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/sysctl.h>

#include <ipc/proc.h>

_Static_assert(RLIM_INFINITY == PROC_LIMIT_INFINITY, "sys/resource.h");
_Static_assert(RLIMIT_NPROC == PROC_LIMIT_NPROC, "sys/resource.h");
_Static_assert(RLIMIT_AS == PROC_LIMIT_AS, "sys/resource.h");
_Static_assert(RLIM_NLIMITS == PROC_LIMIT_COUNT, "sys/resource.h");

/* Returns 0, or -1 with errno EINVAL: no such resource. */
int
getrlimit(int resource, struct rlimit *limit)
{
	struct proc_getrlimit_req req = {.resource = (uint32_t)resource};
	struct proc_getrlimit_rep rep;
	int error;

	error = proc_getrlimit(SLOT_PROC, &req, &rep);
	if (error)
		return __tine_fail(error);
	limit->rlim_cur = rep.soft;
	limit->rlim_max = rep.hard;
	return 0;
}

/*
 * Returns 0, or -1 with errno EINVAL: no such resource, or soft above hard;
 * EPERM: only root may raise the hard limit.
 */
int
setrlimit(int resource, const struct rlimit *limit)
{
	struct proc_setrlimit_req req = {
	    .resource = (uint32_t)resource,
	    .soft = limit->rlim_cur,
	    .hard = limit->rlim_max,
	};
	struct proc_setrlimit_rep rep;

	return tine_result(proc_setrlimit(SLOT_PROC, &req, &rep));
}

static const struct sysctl {
	const char *name;
	enum proc_sysctl_name number;
	size_t size; /* of the value: int or int64_t */
} sysctls[] = {
    {"kern.maxproc", SYSCTL_MAXPROC, sizeof(int)},
    {"kern.forkfsleep", SYSCTL_FORKFSLEEP, sizeof(int)},
    {"kern.nprocs", SYSCTL_NPROCS, sizeof(int)},
    {"kern.forks", SYSCTL_FORKS, sizeof(int64_t)},
    {"kern.forks_ppwait", SYSCTL_FORKS_PPWAIT, sizeof(int64_t)},
    {"kern.forks_sharevm", SYSCTL_FORKS_SHAREVM, sizeof(int64_t)},
};

static const struct sysctl *
sysctl_lookup(const char *name)
{
	for (size_t i = 0; i < sizeof(sysctls) / sizeof(sysctls[0]); i++) {
		if (strcmp(sysctls[i].name, name) == 0)
			return &sysctls[i];
	}
	return NULL;
}

static int64_t
value_get(const void *value, size_t size)
{
	int64_t wide;
	int narrow;

	if (size == sizeof(narrow)) {
		memcpy(&narrow, value, sizeof(narrow));
		return narrow;
	}
	memcpy(&wide, value, sizeof(wide));
	return wide;
}

static void
value_put(void *value, size_t size, int64_t wide)
{
	int narrow = (int)wide;

	memcpy(value, size == sizeof(narrow) ? (void *)&narrow : (void *)&wide,
	    size);
}

/*
 * Read and, with newp, set a value.  Returns 0, or -1 with errno
 *	ENOENT	no such name
 *	ENOMEM	the old value does not fit into *oldlenp bytes
 *	EINVAL	newlen is not the value's size, or the value is not accepted
 *	EPERM	only root may set it
 */
int
sysctlbyname(const char *name, void *oldp, size_t *oldlenp, const void *newp,
    size_t newlen)
{
	const struct sysctl *entry = sysctl_lookup(name);
	struct proc_sysctl_req req = {.set = newp != NULL};
	struct proc_sysctl_rep rep;
	int error;

	if (entry == NULL)
		return __tine_fail(ENOENT);
	if (newp != NULL && newlen != entry->size)
		return __tine_fail(EINVAL);
	if (oldp != NULL && *oldlenp < entry->size)
		return __tine_fail(ENOMEM);
	req.name = entry->number;
	if (newp != NULL)
		req.value = value_get(newp, entry->size);
	error = proc_sysctl(SLOT_PROC, &req, &rep);
	if (error)
		return __tine_fail(error);
	if (oldp != NULL)
		value_put(oldp, entry->size, rep.old);
	if (oldlenp != NULL)
		*oldlenp = entry->size;
	return 0;
}
