/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * send.c - signals to processes and to all those of a user.
 */
#include "send.h"

#include <ctype.h>
#include <err.h>
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <ipc/proc.h>

#define STATUS_USAGE 2

static int
usage(void)
{
	warnx("usage: kill [-s SIGNAL | -SIGNAL] [-u] ID... | kill -l");
	return STATUS_USAGE;
}

/* A number, with all of the text.  False: it is none, which has been said. */
static bool
number(const char *text, int *value)
{
	char *end;
	long found = strtol(text, &end, 10);

	*value = (int)found;
	if (end != text && *end == '\0' && found >= INT_MIN && found <= INT_MAX)
		return true;
	warnx("'%s' is not a number", text);
	return false;
}

/* A signal by its number or name; false as above. */
static bool
signal_number(const char *text, int *signal)
{
	const char *name = text;

	if (isdigit((unsigned char)*text))
		return number(text, signal);
	if (strncasecmp(name, "SIG", 3) == 0)
		name += 3;
	for (*signal = 1; *signal < NSIG; (*signal)++) {
		if (sys_signame[*signal] != NULL &&
		    strcasecmp(sys_signame[*signal], name) == 0)
			return true;
	}
	warnx("'%s' is not a signal", text);
	return false;
}

static int
list(void)
{
	for (int signal = 1; signal < NSIG; signal++) {
		if (sys_signame[signal] != NULL)
			printf("%2d %s\n", signal, sys_signame[signal]);
	}
	return 0;
}

/* Send it to a process or to a user's; an exit status. */
static int
kill_one(const char *text, int signal, bool user)
{
	struct proc_kill_user_req req = {.signal = signal};
	struct proc_kill_user_rep rep;
	int error = 0;
	int id;

	if (!number(text, &id))
		return STATUS_USAGE;
	req.uid = (uint32_t)id;
	if (user)
		error = proc_kill_user(SLOT_PROC, &req, &rep);
	else if (kill(id, signal) != 0)
		error = errno;
	if (error != 0)
		warnx("%s: %s", text, strerror(error));
	return error != 0;
}

int
kill_command(char *const argv[])
{
	int signal = SIGTERM;
	int status = 0;
	bool user = false;
	const char *name = NULL;
	char *const *word = argv + (argv[0] != NULL);

	if (*word != NULL && strcmp(*word, "-l") == 0)
		return list();
	if (*word != NULL && strcmp(*word, "-s") == 0 && word[1] != NULL) {
		name = word[1];
		word += 2;
	} else if (*word != NULL && word[1] != NULL && **word == '-' &&
		   strcmp(*word, "-u") != 0 && strcmp(*word, "--") != 0) {
		name = *word++ + 1;
	}
	if (name != NULL && !signal_number(name, &signal))
		return STATUS_USAGE;
	if (*word != NULL && strcmp(*word, "-u") == 0) {
		user = true;
		word++;
	} else if (*word != NULL && strcmp(*word, "--") == 0) {
		word++;
	}
	if (*word == NULL)
		return usage();
	for (; *word != NULL; word++)
		status |= kill_one(*word, signal, user);
	return status;
}
