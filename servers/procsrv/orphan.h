/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * orphan.h - process groups that nobody looks after any more.
 *
 * A process looks after its children's groups, those in its session other
 * than its own: that is what a shell with job control does.  A group that
 * nobody looks after is orphaned (POSIX).  If that happens to it while it has
 * stopped members, who might never go on, all get SIGHUP and SIGCONT (F73).
 */
#ifndef TINE_PROCSRV_ORPHAN_H
#define TINE_PROCSRV_ORPHAN_H

#include <abi/types.h>

struct proc;
struct session;

/* What a process was and did in this before something changed. */
struct care {
	const struct session *session;
	int32_t pgid;
	bool cared_for; /* its parent looked after its group, thanks to it */
};
struct care orphans_care(const struct proc *proc);

/*
 * A process has changed its group or session, or leaves it: tell the groups
 * that this made orphans.
 */
void orphans_tell(const struct proc *proc, const struct care *before,
    const struct proc *leaving);

/* A process exits; its children are still its own. */
void orphans_exit(const struct proc *proc);

#endif
