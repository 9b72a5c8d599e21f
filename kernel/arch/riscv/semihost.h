/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * semihost.h - calls to a debugger or emulator that hosts the machine.
 *
 * Without one the first of them is a breakpoint exception, so they are for
 * use only where the boot arguments have the word "semihosting".
 */
#ifndef TINE_ARCH_SEMIHOST_H
#define TINE_ARCH_SEMIHOST_H

#include <abi/types.h>

/* Write a string to the host's log. */
void semihost_write(const char *string);

/* End the emulation with an exit status.  Returns if the host refuses. */
void semihost_exit(int status);

#endif
