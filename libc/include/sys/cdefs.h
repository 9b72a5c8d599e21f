/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sys/cdefs.h - picolibc's, with what BSD has besides.
 *
 * Some releases of picolibc have these two names and some do not.
 */
#ifndef _TINE_SYS_CDEFS_H
#define _TINE_SYS_CDEFS_H

#include_next <sys/cdefs.h>

#ifndef __BEGIN_DECLS
#ifdef __cplusplus
#define __BEGIN_DECLS extern "C" {
#define __END_DECLS }
#else
#define __BEGIN_DECLS
#define __END_DECLS
#endif
#endif

#endif
