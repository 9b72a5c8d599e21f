/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sys/wait.h - waiting for children.  The numbers are NetBSD's.
 */
#ifndef _SYS_WAIT_H
#define _SYS_WAIT_H

#include <sys/_wait.h>
#include <sys/cdefs.h>
#include <sys/idtype.h>
#include <sys/resource.h>
#include <sys/siginfo.h>
#include <sys/types.h>

#define WAIT_ANY (-1)
#define WAIT_MYPGRP 0

__BEGIN_DECLS

pid_t wait(int *);
pid_t waitpid(pid_t, int *, int);
pid_t wait3(int *, int, struct rusage *);
pid_t wait4(pid_t, int *, int, struct rusage *);
int waitid(idtype_t, id_t, siginfo_t *, int);
pid_t wait6(idtype_t, id_t, int *, int, struct wrusage *, siginfo_t *);

__END_DECLS

#endif
