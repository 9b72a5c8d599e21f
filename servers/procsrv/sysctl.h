/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sysctl.h - values that can be read, and set by root.
 */
#ifndef TINE_PROCSRV_SYSCTL_H
#define TINE_PROCSRV_SYSCTL_H

#include <abi/types.h>

struct proc;

/*
 * The value of an enum proc_sysctl_name, in *oldp.  ENOENT: no such name.
 */
int sysctl_get(uint32_t name, int64_t *oldp);

/*
 * Set one.  ENOENT: no such name; EPERM: not root, or not to be set; EINVAL:
 * not a value that it may have (F16).
 */
int sysctl_set(const struct proc *proc, uint32_t name, int64_t value);

#endif
