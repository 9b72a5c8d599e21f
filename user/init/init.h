/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * init.h - what init and its monitor share.
 */
#ifndef TINE_USER_INIT_H
#define TINE_USER_INIT_H

#include <stdnoreturn.h>

/* Exit statuses of a program that could not be started, as in the shell. */
#define STATUS_NOT_FOUND 127
#define STATUS_NOT_RUN 126
/* A signal that ended a program is added to this. */
#define STATUS_SIGNAL 128

/* What a status of wait() is as an exit status. */
int status_code(int status);

/* Become a program, or say why not and exit with the status for that. */
noreturn void run_program(char *const argv[]);

/* Switch the machine off, or with POWER_RESET on again. */
noreturn void power(unsigned int how, int status);

/* Take commands from the console; does not return. */
noreturn void monitor(void);

#endif
