/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * list.h - what the program ps does, for init's monitor too.
 */
#ifndef TINE_USER_LIST_H
#define TINE_USER_LIST_H

/* Print the list.  Needs no process.  Returns an exit status. */
int ps_command(void);

#endif
