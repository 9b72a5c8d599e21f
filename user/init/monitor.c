/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * monitor.c - the prompt: runs programs, shows what goes on, powers off.
 *
 * It runs before all programs, so it answers whatever they do; those that it
 * starts are as all others (job.c).
 *
 * Not a shell: a line is a program and its arguments, set apart by blanks,
 * and perhaps "&" at the end.  What ends processes is done by the monitor
 * itself: when memory or processes are used up it could not start a program.
 */
#include "init.h"

#include <err.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include <abi/page.h>
#include <ipc/vm.h>

#include "../kill/send.h"
#include "../ps/list.h"

#define LINE_BYTES 512
#define WORDS_MAX 64
#define PAGE_KIB 4
#define STATUS_MAX 255
#define BLANKS " \t\r\n"

struct command {
	const char *name;
	void (*run)(char **argv);
	const char *what;
};

static void command_help(char **argv);
static void command_free(char **argv);
static void command_ps(char **argv);
static void command_kill(char **argv);
static void command_fg(char **argv);
static void command_poweroff(char **argv);
static void command_reboot(char **argv);

static const struct command commands[] = {
    {"help", command_help, "this text"},
    {"free", command_free, "how much memory there is"},
    {"ps", command_ps, "list the processes"},
    {"kill", command_kill,
	"[-SIGNAL] PID... | [-SIGNAL] -u UID: end processes"},
    {"fg", command_fg, "PID: let a program go on, in the foreground"},
    {"poweroff", command_poweroff, "[STATUS]: switch the machine off"},
    {"exit", command_poweroff, "the same"},
    {"reboot", command_reboot, "reset the machine; scripts/run ends then too"},
};
#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

static void
command_help(char **argv)
{
	(void)argv;
	for (size_t i = 0; i < COMMANDS; i++)
		printf("%-10s%s\n", commands[i].name, commands[i].what);
	puts("PROGRAM [ARGUMENT...] [&]\n"
	     "          run a program of /bin, or a full path; with & don't\n"
	     "          wait for it");
}

static void
command_free(char **argv)
{
	struct vm_info_req req = {};
	struct vm_info_rep rep;
	int error;

	(void)argv;
	error = vm_info(SLOT_VM, &req, &rep);
	if (error) {
		warnx("%s", strerror(error));
		return;
	}
	printf("%lu KiB, %lu KiB free, %lu KiB not promised to anybody\n",
	    (unsigned long)rep.pages * PAGE_KIB,
	    (unsigned long)rep.free * PAGE_KIB,
	    (unsigned long)rep.available * PAGE_KIB);
}

static void
command_ps(char **argv)
{
	(void)argv;
	(void)ps_command();
}

static void
command_kill(char **argv)
{
	(void)kill_command(argv);
}

static void
command_fg(char **argv)
{
	char *end;
	long pid = argv[1] ? strtol(argv[1], &end, 10) : 0;

	if (pid <= 0 || pid > INT_MAX || *end != '\0')
		warnx("usage: fg PID");
	else
		job_continue((pid_t)pid);
}

static void
command_poweroff(char **argv)
{
	char *end = NULL;
	long status = argv[1] ? strtol(argv[1], &end, 10) : 0;

	if (status < 0 || status > STATUS_MAX || (end != NULL && *end != '\0'))
		warnx("usage: %s [STATUS], up to %d", argv[0], STATUS_MAX);
	else
		power(POWER_OFF, (int)status);
}

static void
command_reboot(char **argv)
{
	(void)argv;
	power(POWER_RESET, 0);
}

/* Split a line into words; argv[count] becomes NULL. */
static int
split(char *line, char *argv[WORDS_MAX])
{
	int count = 0;
	char *rest;
	char *word;

	for (word = strtok_r(line, BLANKS, &rest); word != NULL;
	     word = strtok_r(NULL, BLANKS, &rest)) {
		if (count == WORDS_MAX - 1) {
			warnx("more than %d words", WORDS_MAX - 1);
			return 0;
		}
		argv[count++] = word;
	}
	argv[count] = NULL;
	return count;
}

/* The last word may be "&", or end with it. */
static bool
take_ampersand(char *argv[WORDS_MAX], int *count)
{
	char *last = argv[*count - 1];
	size_t length = strlen(last);

	if (last[length - 1] != '&')
		return false;
	last[length - 1] = '\0';
	if (length == 1)
		argv[--*count] = NULL;
	return true;
}

static void
execute(char *line)
{
	char *argv[WORDS_MAX];
	bool background;
	int count;

	count = split(line, argv);
	if (count == 0)
		return;
	background = take_ampersand(argv, &count);
	if (count == 0)
		return;
	for (size_t i = 0; i < COMMANDS; i++) {
		if (strcmp(commands[i].name, argv[0]) == 0) {
			commands[i].run(argv);
			return;
		}
	}
	job_run(argv, background);
}

noreturn void
monitor(void)
{
	char line[LINE_BYTES];

	job_init();
	if (setpriority(PRIO_PROCESS, 0, PRIO_MIN) != 0)
		warn("priority");
	puts("Tine.  \"help\" lists the commands.");
	for (;;) {
		job_reap(0);
		fputs(PROMPT, stdout);
		fflush(stdout);
		if (fgets(line, sizeof(line), stdin) == NULL)
			exit(0);
		execute(line);
	}
}
