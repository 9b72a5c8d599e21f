/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sys/syslimits.h - picolibc's, with the limits of Tine.
 */
#ifndef _TINE_SYS_SYSLIMITS_H
#define _TINE_SYS_SYSLIMITS_H

#include_next <sys/syslimits.h>
#undef CHILD_MAX
#define CHILD_MAX 160 /* the default of RLIMIT_NPROC */
#define NZERO 20 /* the nice value that getpriority() tells as 0 */
#define SSIZE_MAX __LONG_MAX__
#define TIMER_MAX 32
#define DELAYTIMER_MAX 0x7fffffff

#endif
