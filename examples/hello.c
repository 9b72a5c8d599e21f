/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * hello.c - the smallest program that shows fork().
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int
main(void)
{
	int status;
	pid_t pid;

	printf("Hello from process %d.\n", (int)getpid());
	pid = fork();
	if (pid < 0) {
		perror("fork");
		return 1;
	}
	if (pid == 0) {
		printf("Hello from its child, %d.\n", (int)getpid());
		exit(42);
	}
	if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status)) {
		perror("waitpid");
		return 1;
	}
	printf("The child said %d.\n", WEXITSTATUS(status));
	return 0;
}
