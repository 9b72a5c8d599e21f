/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * restart.c - end a server as if it had failed, so that it is started again.
 *
 *	restart SERVER
 */
#include <err.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <ipc/proc.h>
#include <ipc/slots.h>

#define STATUS_USAGE 2

static const struct {
	const char *name;
	uint32_t badge;
} servers[] = {
    {"vm", BADGE_VM},
    {"proc", BADGE_PROC},
    {"tty", BADGE_TTY},
    {"fs", BADGE_FS},
};

/* A server by its name; what is none ends the program. */
static uint32_t
badge_of(const char *name)
{
	for (size_t i = 0; i < sizeof(servers) / sizeof(servers[0]); i++) {
		if (strcmp(servers[i].name, name) == 0)
			return servers[i].badge;
	}
	errx(STATUS_USAGE, "'%s' is not a server: vm, proc, tty, fs", name);
}

int
main(int argc, char **argv)
{
	struct proc_restart_req req = {};
	struct proc_restart_rep rep;
	int error;

	if (argc != 2)
		errx(STATUS_USAGE, "usage: restart SERVER");
	req.badge = badge_of(argv[1]);
	error = proc_restart(SLOT_PROC, &req, &rep);
	if (error)
		errx(1, "%s: %s", argv[1], strerror(error));
	return 0;
}
