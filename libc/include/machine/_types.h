/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * machine/_types.h - widths of the identity types, ahead of picolibc's.
 *
 * picolibc's users, groups, devices and inodes have 16 bits; ours are
 * NetBSD's.
 */
#ifndef _MACHINE__TYPES_H
#define _MACHINE__TYPES_H

#include <machine/_default_types.h>

typedef __uint32_t __uid_t;
#define __machine_uid_t_defined
typedef __uint32_t __gid_t;
#define __machine_gid_t_defined
typedef __uint64_t __dev_t;
#define __machine_dev_t_defined
typedef __uint64_t __ino_t;
typedef __uint64_t __ino64_t;
#define __machine_ino_t_defined
#define _CLOCKID_T_ int
#define __machine_clockid_t_defined

#endif
