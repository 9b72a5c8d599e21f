/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * forktree.c - a tree of processes that prints itself.
 *
 *	forktree [DEPTH]
 *
 * Each process above the last level forks two children, one after the other,
 * and exits with the number of processes below and including itself.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define DEPTH 3
#define DEPTH_MAX 6 /* an exit status counts up to 255 processes */
#define CHILDREN 2
#define INDENT 4

static int grow(int level, int depth);

/* Fork a subtree and wait for it; returns how many processes it had. */
static int
subtree(int level, int depth)
{
	int status;
	pid_t pid;

	pid = fork();
	if (pid < 0)
		err(255, "fork");
	if (pid == 0)
		exit(grow(level, depth));
	if (waitpid(pid, &status, 0) != pid)
		err(255, "waitpid");
	return WIFEXITED(status) ? WEXITSTATUS(status) : 0;
}

static int
grow(int level, int depth)
{
	int count = 1;

	printf("%*s%d, child of %d\n", level * INDENT, "", (int)getpid(),
	    (int)getppid());
	for (int i = 0; level < depth && i < CHILDREN; i++)
		count += subtree(level + 1, depth);
	return count;
}

int
main(int argc, char **argv)
{
	long depth = argc > 1 ? strtol(argv[1], NULL, 10) : DEPTH;
	int expected, count;

	if (depth < 0 || depth > DEPTH_MAX)
		errx(1, "DEPTH is 0 to %d", DEPTH_MAX);
	expected = (CHILDREN << depth) - 1;
	count = grow(0, (int)depth);
	printf("%d processes\n", count);
	if (count != expected)
		errx(1, "there should be %d", expected);
	return 0;
}
