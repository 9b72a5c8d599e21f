/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ps.c - list the processes.
 */
#include "list.h"

int
main(void)
{
	return ps_command();
}
