/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * job.c - programs of the monitor: in the foreground, in the background,
 * stopped.
 */
#include "init.h"

#include <err.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* What a terminal sends. */
static const int terminal_signals[] = {
    SIGINT, SIGQUIT, SIGTSTP, SIGTTIN, SIGTTOU};
#define TERMINAL_SIGNALS \
	(sizeof(terminal_signals) / sizeof(terminal_signals[0]))

/* What had been typed is forgotten; the read of the next line goes on. */
static void
prompt_again(int signal)
{
	static const char prompt[] = "\n" PROMPT;

	(void)signal;
	(void)!write(STDOUT_FILENO, prompt, sizeof(prompt) - 1);
}

void
job_init(void)
{
	struct sigaction action = {
	    .sa_handler = prompt_again, .sa_flags = SA_RESTART};

	for (size_t i = 0; i < TERMINAL_SIGNALS; i++)
		(void)signal(terminal_signals[i], SIG_IGN);
	if (sigaction(SIGINT, &action, NULL) != 0 || setpgid(0, 0) != 0 ||
	    tcsetpgrp(STDIN_FILENO, getpgrp()) != 0)
		warn("terminal");
}

static void
report(pid_t pid, int status)
{
	if (WIFSTOPPED(status))
		printf("[%d] stopped by signal %d (%s)\n", (int)pid,
		    WSTOPSIG(status), strsignal(WSTOPSIG(status)));
	else if (WIFSIGNALED(status))
		printf("[%d] killed by signal %d (%s)\n", (int)pid,
		    WTERMSIG(status), strsignal(WTERMSIG(status)));
	else if (WEXITSTATUS(status) != 0)
		printf("[%d] exit status %d\n", (int)pid, WEXITSTATUS(status));
	else
		printf("[%d] done\n", (int)pid);
}

void
job_reap(pid_t pid)
{
	for (;;) {
		int status;
		pid_t ended =
		    waitpid(-1, &status, WUNTRACED | (pid != 0 ? 0 : WNOHANG));

		if (ended <= 0)
			return;
		if (ended != pid || status != 0)
			report(ended, status);
		if (ended == pid)
			return;
	}
}

/* Let a process group have the terminal, wait for it, and take it back. */
static void
foreground(pid_t pid)
{
	job_reap(pid);
	if (tcsetpgrp(STDIN_FILENO, getpgrp()) != 0)
		warn("terminal");
}

/*
 * What a child does before it becomes the program.  The parent does some of it
 * too, since nobody knows which of them is first.
 */
static noreturn void
child(char *const argv[], bool background)
{
	(void)setpgid(0, 0);
	(void)setpriority(PRIO_PROCESS, 0, 0);
	if (!background)
		(void)tcsetpgrp(STDIN_FILENO, getpgrp());
	for (size_t i = 0; i < TERMINAL_SIGNALS; i++)
		(void)signal(terminal_signals[i], SIG_DFL);
	run_program(argv);
}

void
job_run(char *const argv[], bool background)
{
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid < 0) {
		warn("fork");
		return;
	}
	if (pid == 0)
		child(argv, background);
	/* EACCES: it has become the program, and did so itself before. */
	(void)setpgid(pid, pid);
	if (background) {
		printf("[%d]\n", (int)pid);
		return;
	}
	(void)tcsetpgrp(STDIN_FILENO, pid);
	foreground(pid);
}

void
job_continue(pid_t pid)
{
	int status;
	pid_t ended = waitpid(pid, &status, WNOHANG);

	if (ended > 0) {
		report(pid, status);
		return;
	}
	if (ended < 0 || tcsetpgrp(STDIN_FILENO, pid) != 0) {
		warn("%d", (int)pid);
		return;
	}
	if (killpg(pid, SIGCONT) != 0)
		warn("%d", (int)pid);
	foreground(pid);
}
