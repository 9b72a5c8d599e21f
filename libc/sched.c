/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sched.c - scheduling.
 */
#include <sched.h>

#include <ipc/sys.h>

int
sched_yield(void)
{
	(void)sys_yield();
	return 0;
}
