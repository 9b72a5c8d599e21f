/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * nice.c - run a program with another nice value.
 *
 *	nice [-n INCREMENT] PROGRAM [ARGUMENT...]
 *
 * The increment is 10 if none is given; only root may use one below 0.  If it
 * is refused the program runs all the same, as POSIX says.  The status is the
 * program's; 127: it is not found; 126: it can't be run; 125: bad usage.
 */
#include <err.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define INCREMENT 10

enum status {
	STATUS_USAGE = 125,
	STATUS_NOT_RUN = 126,
	STATUS_NOT_FOUND = 127,
};

static int
increment_of(const char *word)
{
	char *end;
	long value;

	errno = 0;
	value = strtol(word, &end, 10);
	if (end == word || *end != '\0')
		errx(STATUS_USAGE, "%s: not a number", word);
	/* What is out of range is brought into it by nice(), too. */
	if (value > INT_MAX)
		return INT_MAX;
	return value < INT_MIN ? INT_MIN : (int)value;
}

int
main(int argc, char **argv)
{
	int increment = INCREMENT;

	argv++;
	if (argc > 2 && strcmp(argv[0], "-n") == 0) {
		increment = increment_of(argv[1]);
		argv += 2;
	}
	if (argv[0] == NULL || argv[0][0] == '-') {
		fputs("usage: nice [-n INCREMENT] PROGRAM [ARGUMENT...]\n",
		    stderr);
		return STATUS_USAGE;
	}
	errno = 0;
	if (nice(increment) == -1 && errno != 0)
		warn("%d", increment);
	execvp(argv[0], argv);
	err(errno == ENOENT ? STATUS_NOT_FOUND : STATUS_NOT_RUN, "%s", argv[0]);
}
