/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kill.c - send a signal, SIGTERM or one by number, to processes.
 */
#include <err.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>

/* A number, with all of the text; what is none ends the program. */
static int
number(const char *text)
{
	char *end;
	long value = strtol(text, &end, 10);

	if (end == text || *end != '\0' || value < INT_MIN || value > INT_MAX)
		errx(2, "'%s' is not a number", text);
	return (int)value;
}

int
main(int argc, char **argv)
{
	int signal = SIGTERM;
	int status = 0;
	int first = 1;

	if (argc > 2 && argv[1][0] == '-')
		signal = number(argv[first++] + 1);
	if (first >= argc)
		errx(2, "usage: kill [-SIGNAL] PID...");
	for (int i = first; i < argc; i++) {
		if (kill(number(argv[i]), signal) != 0) {
			warn("%s", argv[i]);
			status = 1;
		}
	}
	return status;
}
