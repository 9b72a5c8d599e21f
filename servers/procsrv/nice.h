/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * nice.h - which processes run before others (F24).
 *
 * A process's nice value is inherited and outlives exec.  The kernel's
 * priorities are strict: who has a lower value runs before all with a higher
 * one on its hart.  Servers are above all of them.
 */
#ifndef TINE_PROCSRV_NICE_H
#define TINE_PROCSRV_NICE_H

#include <abi/types.h>

struct proc;

/*
 * The lowest nice value of a process, the members of a group or the processes
 * of an effective uid (which: enum proc_priority_which; who 0: the caller, its
 * group, its effective uid).  EINVAL: which; ESRCH: there is none.
 */
int nice_get(
    const struct proc *caller, uint32_t which, uint32_t who, int32_t *nicep);

/*
 * Set that of all of them to a value, which is brought into the range.  The
 * errors are NetBSD's: EINVAL, ESRCH; EPERM: neither uid of the caller is the
 * effective one of the process, and neither is root's; EACCES: likewise but the
 * real one is root's, or the value is lower than it is, and the caller is not
 * root.  Those that may be changed are, whatever the others are.
 */
int nice_set(
    const struct proc *caller, uint32_t which, uint32_t who, int32_t nice);

#endif
