/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * utime.h - picolibc's, which forgets the types that it needs.
 */
#ifndef _TINE_UTIME_H
#define _TINE_UTIME_H

#include <sys/types.h>

#include_next <utime.h>

#endif
