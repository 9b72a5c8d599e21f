/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kill.c - send a signal, SIGTERM or another, to processes.
 *
 *	kill [-s SIGNAL | -SIGNAL] PID...
 *	kill -l
 *
 * A signal is a number or a name, with or without SIG, in any case.
 */
#include <ctype.h>
#include <err.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define STATUS_USAGE 2

static _Noreturn void
usage(void)
{
	errx(
	    STATUS_USAGE, "usage: kill [-s SIGNAL | -SIGNAL] PID... | kill -l");
}

/* A number, with all of the text; what is none ends the program. */
static int
number(const char *text)
{
	char *end;
	long value = strtol(text, &end, 10);

	if (end == text || *end != '\0' || value < INT_MIN || value > INT_MAX)
		errx(STATUS_USAGE, "'%s' is not a number", text);
	return (int)value;
}

/* A signal by its number or name; what is neither ends the program. */
static int
signal_number(const char *text)
{
	const char *name = text;

	if (isdigit((unsigned char)*text))
		return number(text);
	if (strncasecmp(name, "SIG", 3) == 0)
		name += 3;
	for (int signal = 1; signal < NSIG; signal++) {
		if (sys_signame[signal] != NULL &&
		    strcasecmp(sys_signame[signal], name) == 0)
			return signal;
	}
	errx(STATUS_USAGE, "'%s' is not a signal", text);
}

static void
list(void)
{
	for (int signal = 1; signal < NSIG; signal++) {
		if (sys_signame[signal] != NULL)
			printf("%2d %s\n", signal, sys_signame[signal]);
	}
}

int
main(int argc, char **argv)
{
	int signal = SIGTERM;
	int status = 0;
	int first = 1;

	if (argc == 2 && strcmp(argv[1], "-l") == 0) {
		list();
		return 0;
	}
	if (argc > 2 && strcmp(argv[1], "-s") == 0) {
		signal = signal_number(argv[2]);
		first = 3;
	} else if (argc > 2 && strcmp(argv[1], "--") == 0) {
		first = 2;
	} else if (argc > 2 && argv[1][0] == '-') {
		signal = signal_number(argv[1] + 1);
		first = 2;
	}
	if (first >= argc)
		usage();
	for (int i = first; i < argc; i++) {
		if (kill(number(argv[i]), signal) != 0) {
			warn("%s", argv[i]);
			status = 1;
		}
	}
	return status;
}
