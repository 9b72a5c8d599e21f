/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sys/mman.h - mappings.  The numbers are NetBSD's.
 */
#ifndef _SYS_MMAN_H
#define _SYS_MMAN_H

#include <sys/cdefs.h>
#include <sys/types.h>

#define PROT_NONE 0x00
#define PROT_READ 0x01
#define PROT_WRITE 0x02
#define PROT_EXEC 0x04

#define MAP_SHARED 0x0001
#define MAP_PRIVATE 0x0002
#define MAP_FIXED 0x0010
#define MAP_ANON 0x1000
#define MAP_ANONYMOUS MAP_ANON

#define MAP_FAILED ((void *)-1)

/* What a forked child gets of a range: minherit(). */
#define MAP_INHERIT_SHARE 0 /* the same memory */
#define MAP_INHERIT_COPY 1 /* a copy (the default of private mappings) */
#define MAP_INHERIT_NONE 2 /* nothing */
#define MAP_INHERIT_ZERO 4 /* zeros */

#define MADV_NORMAL 0
#define MADV_RANDOM 1
#define MADV_SEQUENTIAL 2
#define MADV_WILLNEED 3
#define MADV_DONTNEED 4
#define MADV_FREE 6

#define MS_ASYNC 0x01
#define MS_INVALIDATE 0x02
#define MS_SYNC 0x04

__BEGIN_DECLS

void *mmap(void *, size_t, int, int, int, off_t);
int munmap(void *, size_t);
int mprotect(void *, size_t, int);
int minherit(void *, size_t, int);
int madvise(void *, size_t, int);
int mlock(const void *, size_t);
int munlock(const void *, size_t);
int msync(void *, size_t, int);

__END_DECLS

#endif
