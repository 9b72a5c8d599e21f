/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * spawn.c - posix_spawn(): what the new process gets, and what goes wrong.
 *
 * The program runs itself: with an argument it is the child, whose status
 * says what it found.
 */
#include "tap.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define SELF "/test/spawn"
#define GOOD 42
#define NOBODY 29999 /* no group */

static bool
is_held(int signal)
{
	sigset_t mask;

	(void)sigprocmask(SIG_BLOCK, NULL, &mask);
	return sigismember(&mask, signal) > 0;
}

static bool
is_ignored(int signal)
{
	struct sigaction action;

	(void)sigaction(signal, NULL, &action);
	return action.sa_handler == SIG_IGN;
}

/* In the child. */
static int
be_child(const char *what)
{
	const char *colour = getenv("COLOUR");
	bool good = false;

	if (strcmp(what, "plain") == 0)
		good = getpgrp() != getpid() && is_ignored(SIGUSR1) &&
		       !is_held(SIGUSR2) && !is_held(SIGHUP);
	else if (strcmp(what, "group") == 0)
		good = getpgrp() == getpid();
	else if (strcmp(what, "default") == 0)
		good = !is_ignored(SIGUSR1);
	else if (strcmp(what, "mask") == 0)
		good = is_held(SIGUSR2);
	else if (strcmp(what, "environment") == 0)
		good = colour != NULL && strcmp(colour, "blue") == 0;
	return good ? GOOD : 1;
}

/* Run the program with what it is to look at: its status, or -1. */
static int
spawned(const posix_spawnattr_t *attributes, const char *what)
{
	char *argv[] = {(char[]){SELF}, strdup(what), NULL};
	char *envp[] = {(char[]){"COLOUR=blue"}, NULL};
	pid_t pid;
	int error;

	error = posix_spawn(&pid, SELF, NULL, attributes, argv, envp);
	free(argv[1]);
	return error ? -1 : status_of(pid);
}

static void
handler(int signal)
{
	(void)signal;
}

static void
test_attributes(void)
{
	posix_spawnattr_t attributes;
	sigset_t set;

	(void)signal(SIGUSR1, SIG_IGN);
	(void)signal(SIGUSR2, handler);
	is(spawned(NULL, "plain"), EXITED(GOOD), "a child is as its parent");
	is(spawned(NULL, "environment"), EXITED(GOOD),
	    "but for its environment");
	(void)posix_spawnattr_init(&attributes);
	is(spawned(&attributes, "plain"), EXITED(GOOD),
	    "attributes without flags change nothing");
	(void)posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
	is(spawned(&attributes, "group"), EXITED(GOOD),
	    "a child can lead a group");
	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGUSR1);
	(void)posix_spawnattr_setsigdefault(&attributes, &set);
	(void)posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
	is(spawned(&attributes, "default"), EXITED(GOOD),
	    "not ignore a signal");
	(void)sigaddset(&set, SIGUSR2);
	(void)posix_spawnattr_setsigmask(&attributes, &set);
	(void)posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
	is(spawned(&attributes, "mask"), EXITED(GOOD), "or hold one");
	ok(is_ignored(SIGUSR1) && !is_held(SIGUSR2),
	    "which is not seen in the parent");
	is(posix_spawnattr_setflags(&attributes, 0x4000), EINVAL,
	    "flags that there are not are refused");
}

static void
test_errors(void)
{
	char *argv[] = {(char[]){"echo"}, (char[]){"# found"}, NULL};
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	pid_t pid = 0;

	errno = 0;
	is(posix_spawn(&pid, "/bin/nosuch", NULL, NULL, argv, environ), ENOENT,
	    "errors of exec are returned");
	ok(pid == 0 && errno == 0, "not in errno");
	(void)posix_spawnattr_init(&attributes);
	(void)posix_spawnattr_setpgroup(&attributes, NOBODY);
	(void)posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
	is(posix_spawnp(&pid, "echo", NULL, &attributes, argv, environ), EPERM,
	    "so are those of attributes");
	ok(waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD,
	    "and no child is left");
	is(posix_spawnp(&pid, "echo", NULL, NULL, argv, environ), 0,
	    "posix_spawnp() looks in PATH");
	is(status_of(pid), 0, "for what it runs");
	(void)posix_spawn_file_actions_init(&actions);
	is(posix_spawn_file_actions_addclose(&actions, 3), ENOSYS,
	    "descriptors can't be changed yet");
}

int
main(int argc, char **argv)
{
	if (argc > 1)
		return be_child(argv[1]);
	test_attributes();
	test_errors();
	return tap_end();
}
