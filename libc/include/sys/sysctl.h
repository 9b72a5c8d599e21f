/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sys/sysctl.h - values of the system, by name.
 *
 *	kern.maxproc		int	processes there may be; root sets it
 *	kern.forkfsleep		int	milliseconds that a refused fork takes;
 *					root sets it
 *	kern.nprocs		int	processes there are
 *	kern.forks		int64_t	successful forks of every kind
 *	kern.forks_ppwait	int64_t	... with the parent waiting
 *	kern.forks_sharevm	int64_t	... that shared memory
 */
#ifndef _SYS_SYSCTL_H_
#define _SYS_SYSCTL_H_

#include <sys/cdefs.h>
#include <sys/types.h>

__BEGIN_DECLS

int sysctlbyname(const char *, void *, size_t *, const void *, size_t);

__END_DECLS

#endif
