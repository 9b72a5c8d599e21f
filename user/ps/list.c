/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * list.c - the list of processes.
 */
#include "list.h"

#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <ipc/proc.h>

static const char *
state_name(uint32_t state)
{
	switch (state) {
	case PROC_IDLE:
		return "new";
	case PROC_ACTIVE:
		return "active";
	case PROC_STOPPED:
		return "stopped";
	case PROC_ZOMBIE:
		return "zombie";
	default:
		return "?";
	}
}

int
ps_command(void)
{
	struct proc_list_req req = {.from = 0};
	struct proc_list_rep rep;
	int error;

	printf("%5s %5s %5s %-8s%s\n", "PID", "PPID", "UID", "STATE", "NAME");
	for (;;) {
		error = proc_list(SLOT_PROC, &req, &rep);
		if (error == ESRCH)
			return 0;
		if (error) {
			warnx("%s", strerror(error));
			return 1;
		}
		printf("%5d %5d %5u %-8s%.*s\n", (int)rep.pid, (int)rep.ppid,
		    (unsigned int)rep.uid, state_name(rep.state),
		    (int)sizeof(rep.name), rep.name);
		req.from = rep.pid + 1;
	}
}
