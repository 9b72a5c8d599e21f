/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * unistd.h - picolibc's, with what NetBSD has besides.
 */
#ifndef _TINE_UNISTD_H
#define _TINE_UNISTD_H

#include_next <unistd.h>
#include <sys/options.h>

__BEGIN_DECLS

int brk(void *);
int getpagesize(void);
const char *getprogname(void);
void setprogname(const char *);

/*
 * vfork() as 4.4BSD had it: the parent waits until the child executes a
 * program or exits, but the child has its own copy of the memory.
 */
pid_t __vfork44(void) __attribute__((__returns_twice__));

__END_DECLS

#endif
