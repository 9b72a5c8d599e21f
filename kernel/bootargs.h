/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bootargs.h - the words of the boot arguments.
 *
 * Words are separated by blanks.  The word "--" ends them: all that follows
 * is the command for init, and is not looked at.
 */
#pragma once

#include <abi/types.h>

/* Whether a word is among the arguments. */
bool bootargs_has(const char *args, const char *word);
