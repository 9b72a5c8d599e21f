/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * send.h - what the program kill does, for init's monitor too.
 */
#ifndef TINE_USER_SEND_H
#define TINE_USER_SEND_H

/*
 * Do as the words of a command, NULL at their end, tell.  Needs no memory and no
 * process.  Returns an exit status; what is wrong has been said.
 */
int kill_command(char *const argv[]);

#endif
