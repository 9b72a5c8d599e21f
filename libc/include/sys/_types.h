/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sys/_types.h - picolibc's, but with room for more than 65535 links.
 */
#ifndef _TINE_SYS__TYPES_H
#define _TINE_SYS__TYPES_H

/* picolibc has no guard around this type, so it gets another name there. */
#define __nlink_t __picolibc_nlink_t
#include_next <sys/_types.h>
#undef __nlink_t
typedef __uint32_t __nlink_t;

#endif
