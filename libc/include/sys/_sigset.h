/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sys/_sigset.h - a set of signals: bit N - 1 stands for signal N.
 */
#ifndef _SYS__SIGSET_H_
#define _SYS__SIGSET_H_

#include <sys/_types.h>

typedef struct {
	__uint32_t __bits[4];
} __sigset_t;

#endif
