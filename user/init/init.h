/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * init.h - what init and its monitor share.
 */
#ifndef TINE_USER_INIT_H
#define TINE_USER_INIT_H

#include <stdbool.h>
#include <stdnoreturn.h>
#include <sys/types.h>

/* Exit statuses of a program that could not be started, as in the shell. */
#define STATUS_NOT_FOUND 127
#define STATUS_NOT_RUN 126
/* A signal that ended a program is added to this. */
#define STATUS_SIGNAL 128

#define PROMPT "tine> "

/* What a status of wait() is as an exit status. */
int status_code(int status);

/* Become a program, or say why not and exit with the status for that. */
noreturn void run_program(char *const argv[]);

/*
 * Switch the machine off, or with POWER_RESET on again.  Returns when the board
 * can't, and has said so.
 */
void power(unsigned int how, int status);

/*
 * Programs of the monitor; each is a process group.  The one that is waited for
 * has the terminal: what is typed as a signal goes to it.
 */

/* Be a process group of our own, in the foreground, that ^C does not end. */
void job_init(void);

/* Run a program and, unless in the background, wait until it ends or stops. */
void job_run(char *const argv[], bool background);

/* Let a process go on that was stopped, and wait for it. */
void job_continue(pid_t pid);

/*
 * Report children that have ended or stopped; with pid not 0, wait until that
 * one has.
 */
void job_reap(pid_t pid);

/* Take commands from the console; does not return. */
noreturn void monitor(void);

#endif
