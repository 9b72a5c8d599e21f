/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * init.c - process 1.
 *
 *	init			start the monitor
 *	init PROGRAM [ARG...]	run the program, then power off with its status
 *
 * Either runs in a child: init itself only ever waits, so that the orphans
 * that come to it are reaped at once.
 */
#include "init.h"

#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <abi/page.h>
#include <ipc/proc.h>

#define STATUS_TROUBLE 125 /* nothing could be run at all */

static char *environment[] = {
    (char[]){"PATH=/bin:/sbin"},
    (char[]){"HOME=/"},
    NULL,
};

int
status_code(int status)
{
	if (WIFEXITED(status))
		return WEXITSTATUS(status);
	return STATUS_SIGNAL + WTERMSIG(status);
}

noreturn void
run_program(char *const argv[])
{
	int error;

	execvp(argv[0], argv);
	error = errno;
	warn("%s", argv[0]);
	exit(error == ENOENT ? STATUS_NOT_FOUND : STATUS_NOT_RUN);
}

void
power(unsigned int how, int status)
{
	struct proc_power_req req = {.how = how, .status = status};
	struct proc_power_rep rep;
	int error;

	error = proc_power(SLOT_PROC, &req, &rep);
	warnx("cannot %s: %s", how == POWER_OFF ? "power off" : "reset",
	    strerror(error));
}

/* Not every board can be switched off: then there is just nothing more. */
static noreturn void
end(int status)
{
	power(POWER_OFF, status);
	for (;;)
		pause();
}

static pid_t
start(char *const argv[])
{
	pid_t pid = fork();

	if (pid < 0) {
		warn("fork");
		end(STATUS_TROUBLE);
	}
	if (pid == 0 && argv[0] != NULL)
		run_program(argv);
	if (pid == 0)
		monitor();
	return pid;
}

/* Reap whoever ends, until pid has; returns its status. */
static int
wait_for(pid_t pid)
{
	int status = 0;

	for (;;) {
		pid_t ended = wait(&status);

		if (ended == pid)
			return status;
		if (ended < 0) {
			warn("wait");
			end(STATUS_TROUBLE);
		}
	}
}

int
main(int argc, char **argv)
{
	int status;

	if (getpid() != 1)
		errx(1, "only process 1 may be init");
	environ = environment;
	do {
		status = wait_for(start(argv + (argc > 0)));
		/* A monitor that was killed is followed by another. */
	} while (argc < 2 && WIFSIGNALED(status));
	end(status_code(status));
}
