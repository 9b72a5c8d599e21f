/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * echo.c - write the arguments; with -n, no newline after them.
 */
#include <stdio.h>
#include <string.h>

int
main(int argc, char **argv)
{
	int first = argc > 1 && strcmp(argv[1], "-n") == 0 ? 2 : 1;

	for (int i = first; i < argc; i++) {
		if (i > first)
			putchar(' ');
		fputs(argv[i], stdout);
	}
	if (first == 1)
		putchar('\n');
	fflush(stdout);
	return ferror(stdout) ? 1 : 0;
}
