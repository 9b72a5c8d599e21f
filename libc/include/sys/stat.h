/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sys/stat.h - picolibc's, with a function that some releases hide.
 */
#ifndef _TINE_SYS_STAT_H
#define _TINE_SYS_STAT_H

#include_next <sys/stat.h>
#include <sys/cdefs.h>

__BEGIN_DECLS

int lstat(const char *__restrict, struct stat *__restrict);

__END_DECLS

#endif
